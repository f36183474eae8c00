#include "payload/unpack.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "payload/archive_reader.hpp"
#include "payload/entry_path.hpp"
#include "payload/gzip_buffer.hpp"

namespace winnow {

namespace {

// Why an entry of this kind cannot become a file of the payload; "" when it can, or is to be passed over.
std::string_view refusal_of(const ArchiveEntry& entry, SymbolicLinks links) {
  switch (entry.kind) {
    case ArchiveEntryKind::file:
      return "";
    case ArchiveEntryKind::directory:
      return entry.size == 0 ? "" : "it is a folder with content";
    case ArchiveEntryKind::symbolic_link:
      return links == SymbolicLinks::left_out ? "" : "it is a symbolic link";
    case ArchiveEntryKind::hard_link:
      return "it is a hard link";
    case ArchiveEntryKind::sparse_file:
      return "it is a sparse file";
    case ArchiveEntryKind::special:
      break;
  }
  return "it is a device, a FIFO or a socket";
}

// The file that `entry` is; nothing for what has no content of its own.
Result<std::optional<PayloadEntry>> take_entry(ArchiveReader& reader, const ArchiveEntry& entry, SymbolicLinks links) {
  const std::string_view refused = refusal_of(entry, links);
  if (!refused.empty()) return fail(reader.refusal(std::string(refused)));
  Result<std::string> path = parse_entry_path(entry.path);
  if (!path) return fail(reader.refusal(path.error().faults().front().message));
  if (entry.kind != ArchiveEntryKind::file) return std::optional<PayloadEntry>();
  if (path->empty()) return fail(reader.refusal("it is a file without a name"));
  WINNOW_TRY(SharedBytes bytes, reader.read());
  return std::optional(PayloadEntry{std::move(*path), Content::of_shared(std::move(bytes.owner), bytes.view)});
}

}  // namespace

ByteCount unpacked_limit(ByteCount archive_size) {
  return std::min(kMaxUnpackedBytes, std::max(kMinUnpackedLimit, archive_size * kMaxUnpackedRatio));
}

Result<SharedBytes> map_archive(const std::filesystem::path& file) {
  WINNOW_TRY(MappedFile mapped, MappedFile::open(file));
  if (mapped.bytes().size() > kMaxArchiveBytes) {
    return fail("cannot unpack " + file.string() + ": it is larger than " + std::to_string(kMaxArchiveBytes) +
                " bytes");
  }
  const auto owner = std::make_shared<const MappedFile>(std::move(mapped));
  return SharedBytes{owner, owner->bytes()};
}

Result<std::vector<PayloadEntry>> unpack_archive(const SharedBytes& archive, const std::string& name,
                                                 SymbolicLinks links) {
  const ByteCount limit = unpacked_limit(archive.view.size());
  const SharedBytes bytes = unpack_gzip(archive.view, limit).value_or(archive);
  WINNOW_TRY(ArchiveReader reader, ArchiveReader::open(bytes, name, ArchiveFormats::tar_and_zip, limit));
  return take_entries(reader, name, links);
}

Result<std::vector<PayloadEntry>> take_entries(ArchiveReader& reader, const std::string& name, SymbolicLinks links) {
  std::vector<PayloadEntry> entries;
  for (std::size_t count = 0;; ++count) {
    WINNOW_TRY(const std::optional<ArchiveEntry> entry, reader.next());
    if (!entry) break;
    if (count == kMaxArchiveEntries) {
      return fail("cannot unpack " + name + ": it has more than " + std::to_string(kMaxArchiveEntries) + " entries");
    }
    WINNOW_TRY(std::optional<PayloadEntry> taken, take_entry(reader, *entry, links));
    if (taken) entries.push_back(std::move(*taken));
  }
  WINNOW_CHECK(sort_entries(entries, name));
  return entries;
}

Result<void> sort_entries(std::vector<PayloadEntry>& entries, const std::string& name) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  const auto same_path = [](const auto& a, const auto& b) { return a.path == b.path; };
  const auto twice = std::adjacent_find(entries.begin(), entries.end(), same_path);
  if (twice == entries.end()) return {};
  return fail("cannot take " + quote_entry_name(twice->path) + " from " + name + ": it occurs twice");
}

}  // namespace winnow
