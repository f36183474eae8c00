#include "image_reader/wim_space.hpp"

#include <wimlib.h>

#include <memory>
#include <set>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "formats/wim.hpp"

namespace winnow {

namespace {

constexpr ByteCount kStoredSizeMask = wim::kMaxStoredSize;

struct Resources {
  WimSpace space;
  std::set<ByteCount> solid;  // places of solid resources that were counted
};

int add_resource(const wimlib_resource_entry* entry, void* context) {
  auto& found = *static_cast<Resources*>(context);
  if (entry->is_missing != 0) return 0;
  if (entry->packed != 0) {
    if (found.solid.insert(entry->raw_resource_offset_in_wim).second) {
      found.space.contents += entry->raw_resource_compressed_size;
    }
    return 0;
  }
  const ByteCount stored = entry->is_compressed != 0 ? entry->compressed_size : entry->uncompressed_size;
  (entry->is_metadata != 0 ? found.space.metadata : found.space.contents) += stored;
  return 0;
}

struct WimFree {
  void operator()(WIMStruct* wim) const { wimlib_free(wim); }
};

tl::unexpected<Error> refuse(const std::filesystem::path& file, int code) {
  return fail("cannot read image " + file.string() +
              ": libwim: " + ascii_lower(std::string(wimlib_get_error_string(static_cast<wimlib_error_code>(code)))));
}

}  // namespace

Result<WimSpace> measure_wim(const std::filesystem::path& file) {
  WIMStruct* made = nullptr;
  if (const int code = wimlib_open_wim(file.c_str(), 0, &made); code != 0) return refuse(file, code);
  const std::unique_ptr<WIMStruct, WimFree> wim(made);
  wimlib_wim_info info{};
  if (const int code = wimlib_get_wim_info(made, &info); code != 0) return refuse(file, code);
  Resources found;
  if (const int code = wimlib_iterate_lookup_table(made, 0, add_resource, &found); code != 0) return refuse(file, code);
  Bytes header(wim::kHeaderSize);
  WINNOW_TRY(const InputFile input, InputFile::open(file));
  WINNOW_CHECK(input.read_at(0, header));
  const auto stored_at = [&header](std::size_t offset) {
    return *read_le<std::uint64_t>(header, offset) & kStoredSizeMask;
  };
  found.space.header = wim::kHeaderSize;
  found.space.blob_table = stored_at(wim::kBlobTableOffset);
  found.space.xml = stored_at(wim::kXmlOffset);
  found.space.integrity = stored_at(wim::kIntegrityOffset);
  found.space.images = info.image_count;
  return found.space;
}

}  // namespace winnow
