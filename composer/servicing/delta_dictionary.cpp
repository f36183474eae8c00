#include "servicing/delta_dictionary.hpp"

#include <string>

#include "base/file_system.hpp"
#include "binary/pe_file.hpp"

namespace winnow {

namespace {

constexpr std::string_view kType = "#614", kName = "#1";

}  // namespace

Result<Bytes> load_delta_dictionary(const std::filesystem::path& file) {
  WINNOW_TRY(const Bytes bytes, read_file(file, kMaxDictionarySource));
  return delta_dictionary_of(bytes, file.string());
}

Result<Bytes> delta_dictionary_of(ByteView bytes, const std::string& file) {
  const std::string what = "cannot read the dictionary of manifests from " + file + ": ";
  if (bytes.empty()) return fail(what + "it is empty");
  const auto magic = slice(bytes, 0, 2);
  if (!magic || as_text(*magic) != "MZ") return Bytes(bytes.begin(), bytes.end());
  WINNOW_TRY(const PeFile image, PeFile::parse(bytes, file));
  WINNOW_TRY(const std::vector<Resource> resources, image.resources());
  for (const Resource& resource : resources) {
    if (resource.type == kType && resource.name == kName) return Bytes(resource.data.begin(), resource.data.end());
  }
  return fail(what + "it has no resource 1 of type 0x266", {"Windows keeps it in wcp.dll of its servicing stack"});
}

}  // namespace winnow
