#include "payload/payload_source.hpp"

#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "base/parallel.hpp"
#include "payload/cabinet.hpp"
#include "payload/entry_path.hpp"
#include "payload/unpack.hpp"

namespace winnow {

namespace {

Result<Payload> load_folder(const std::filesystem::path& folder) {
  WINNOW_TRY(const std::vector<DirectoryEntry> listed, list_tree(folder));
  Payload payload;
  for (const DirectoryEntry& entry : listed) {
    // A name that is harmless here ("..\x") may not be where '\' separates.
    Result<std::string> path = parse_entry_path(entry.path);
    if (!path) {
      return fail("cannot take " + quote_entry_name(entry.path) + " from " + folder.string() + ": " +
                  path.error().faults().front().message);
    }
    if (entry.is_directory) continue;
    payload.entries.push_back({std::move(*path), Content::of_file(folder / entry.path, entry.size)});
  }
  WINNOW_CHECK(sort_entries(payload.entries, folder.string()));
  return payload;
}

Result<std::vector<PayloadEntry>> unpack(const SharedBytes& archive, const std::string& name) {
  if (is_cabinet(archive.view)) return unpack_cabinet(archive, name);
  if (!is_debian_package(archive.view)) return unpack_archive(archive, name, SymbolicLinks::refused);
  WINNOW_TRY(DebianPackage package, unpack_debian_package(archive, name));
  return std::move(package.entries);
}

}  // namespace

Result<Payload> load_payload(const std::filesystem::path& source, const std::optional<Digest>& expected) {
  std::error_code ignored;
  if (std::filesystem::is_directory(source, ignored)) {
    if (expected) return fail("cannot use " + source.string() + ": it is a folder, which has no SHA-256 to compare");
    return load_folder(source);
  }
  WINNOW_TRY(const SharedBytes archive, map_archive(source));
  Digest digest;
  Result<std::vector<PayloadEntry>> entries;
  parallel_for(2, [&](std::size_t task) {
    if (task == 0) digest = sha256(archive.view);
    if (task == 1) entries = unpack(archive, source.string());
  });
  // First of all: bytes that are not the ones asked for are no reason to talk about what is wrong inside them.
  if (expected && digest != *expected) {
    return fail("cannot use " + source.string() + ": its SHA-256 is " + digest.hex() + ", expected " + expected->hex());
  }
  if (!entries) return fail(std::move(entries).error());
  return Payload{std::move(*entries), digest};
}

}  // namespace winnow
