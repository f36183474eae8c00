#include "feed/component_draft.hpp"

#include <system_error>
#include <utility>

#include "base/file_system.hpp"

namespace winnow {
namespace {

// A token of our own, so that no component of this feed can be taken for one that Microsoft signed.
std::string public_key_token() {
  constexpr std::size_t kTokenBytes = 8;
  return to_hex(ByteView(sha256(as_bytes("winnow open feed")).bytes).first(kTokenBytes));
}

}  // namespace

AssemblyIdentity DraftFactory::identity(const std::string& name) const {
  static const std::string kToken = public_key_token();
  return {name, version_, "amd64", "neutral", kToken, "", "nonSxS"};
}

ComponentDraft DraftFactory::draft(const std::string& name, const std::string& description) const {
  ComponentDraft draft;
  draft.manifest.identity = identity(name);
  draft.manifest.description = description;
  return draft;
}

Result<void> DraftFactory::add_file(ComponentDraft& draft, const std::string& name, ByteView bytes,
                                    const std::vector<Destination>& destinations) const {
  const std::filesystem::path folder = folder_ / "payload" / key_form(draft.manifest.identity);
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) return fail("cannot make folder " + folder.string() + ": " + fault.message());
  WINNOW_CHECK(write_file(folder / name, bytes));
  ComponentFile file;
  file.name = name;
  file.source_name = name;
  file.size = bytes.size();
  file.digest = sha256(bytes);
  for (const Destination& destination : destinations) {
    file.destination = destination.macro_path;
    draft.manifest.files.push_back(file);
  }
  return {};
}

}  // namespace winnow
