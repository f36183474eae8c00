// A volume as libwim sees it through libntfs-3g: captured into a WIM file, which hashes every stream.
#include <wimlib.h>

#include <memory>
#include <stdexcept>

#include "base/file_system.hpp"
#include "plan/file_tree.hpp"
#include "tree_facts.hpp"

namespace winnow::ntfs::testing {
namespace {

void call(const char* what, int code) {
  if (code == 0) return;
  throw std::runtime_error(std::string("libwim: ") + what + ": " +
                           wimlib_get_error_string(static_cast<wimlib_error_code>(code)));
}

constexpr std::uint32_t kNormal = WIMLIB_FILE_ATTRIBUTE_NORMAL;

struct Free {
  void operator()(WIMStruct* wim) const { wimlib_free(wim); }
};
using Wim = std::unique_ptr<WIMStruct, Free>;

struct Reading {
  TreeFacts facts;
  std::map<std::string, std::uint64_t> numbers;
  std::uint64_t next_alone = std::uint64_t{1} << 63;
};

std::string filetime(const timespec& time) {
  const auto seconds = static_cast<std::int64_t>(time.tv_sec);
  return std::to_string(to_filetime(seconds) + static_cast<std::uint64_t>(time.tv_nsec) / 100);
}

std::string stream_of(const wimlib_stream_entry& stream) {
  return stream_text(stream.resource.uncompressed_size, ByteView(stream.resource.sha1_hash));
}

int add(const wimlib_dir_entry* entry, void* context) {
  auto& reading = *static_cast<Reading*>(context);
  const std::string path = entry->full_path + 1;  // "/" before it
  Facts& facts = reading.facts[path];
  facts["attributes"] = std::to_string(entry->attributes & ~kNormal);  // its word for none
  facts["created"] = filetime(entry->creation_time);
  facts["modified"] = filetime(entry->last_write_time);
  facts["accessed"] = filetime(entry->last_access_time);
  facts["descriptor"] = stream_text(
      ByteView(reinterpret_cast<const std::uint8_t*>(entry->security_descriptor), entry->security_descriptor_size));
  if (entry->dos_name != nullptr && *entry->dos_name != 0) facts["short name"] = entry->dos_name;
  if ((entry->attributes & WIMLIB_FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
    facts["reparse tag"] = std::to_string(entry->reparse_tag);
    facts["reparse data"] = stream_of(entry->streams[0]);  // in the place of the content
    if ((entry->attributes & WIMLIB_FILE_ATTRIBUTE_DIRECTORY) == 0) facts["content"] = kNotShown;
  } else if ((entry->attributes & WIMLIB_FILE_ATTRIBUTE_DIRECTORY) == 0)
    facts["content"] = stream_of(entry->streams[0]);
  for (std::uint32_t i = 1; i <= entry->num_named_streams; ++i) {
    facts[std::string("stream ") + entry->streams[i].stream_name] = stream_of(entry->streams[i]);
  }
  reading.numbers[path] = entry->num_links > 1 ? entry->hard_link_group_id : reading.next_alone++;
  return 0;
}

}  // namespace

TreeFacts facts_by_libwim(const std::filesystem::path& volume) {
  const auto folder = TemporaryDirectory::create("winnow-wim").value();
  const std::filesystem::path file = folder.path() / "volume.wim";
  wimlib_set_print_errors(true);
  WIMStruct* made = nullptr;
  call("create", wimlib_create_new_wim(WIMLIB_COMPRESSION_TYPE_NONE, &made));
  Wim wim(made);
  call("add image", wimlib_add_image(made, volume.c_str(), "volume", nullptr,
                                     WIMLIB_ADD_FLAG_NTFS | WIMLIB_ADD_FLAG_NORPFIX | WIMLIB_ADD_FLAG_STRICT_ACLS));
  call("write", wimlib_write(made, file.c_str(), WIMLIB_ALL_IMAGES, 0, 1));
  WIMStruct* opened = nullptr;
  call("open", wimlib_open_wim(file.c_str(), 0, &opened));
  wim.reset(opened);
  Reading reading;
  call("iterate",
       wimlib_iterate_dir_tree(opened, 1, WIMLIB_WIM_ROOT_PATH, WIMLIB_ITERATE_DIR_TREE_FLAG_RECURSIVE, add, &reading));
  add_links(reading.facts, reading.numbers);
  // Names of a reparse point are files of their own to libwim.
  for (auto& [path, facts] : reading.facts) {
    if (facts.contains("reparse tag")) facts["links"] = kNotShown;
  }
  return std::move(reading.facts);
}

}  // namespace winnow::ntfs::testing
