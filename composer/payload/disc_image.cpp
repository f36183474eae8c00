#include "payload/disc_image.hpp"

#include <map>
#include <memory>
#include <utility>

#include "base/file_system.hpp"
#include "payload/archive_reader.hpp"
#include "payload/entry_path.hpp"
#include "payload/open_file.hpp"
#include "payload/udf_volume.hpp"
#include "payload/unpack.hpp"

namespace winnow {

namespace {

// The volume recognition sequence: descriptors of 2048 bytes from byte 32768 on, each with a name at its byte 1.
constexpr ByteCount kSequenceAt = 32768, kDescriptorSize = 2048;
constexpr std::size_t kMaxDescriptors = 64;

struct DiscKinds {
  bool udf = false, iso9660 = false;
};

Result<DiscKinds> kinds_of(const Content& content) {
  DiscKinds kinds;
  for (std::size_t i = 0; i < kMaxDescriptors; ++i) {
    const ByteCount at = kSequenceAt + i * kDescriptorSize;
    if (content.size() < at + kDescriptorSize) break;
    Bytes start(6);
    WINNOW_CHECK(content.read(at, start));
    const std::string_view name = as_text(start).substr(1);
    if (name == "CD001") kinds.iso9660 = true;
    if (name == "NSR02" || name == "NSR03") kinds.udf = true;
    if (name != "CD001" && name != "NSR02" && name != "NSR03" && name != "BEA01" && name != "TEA01" &&
        name != "BOOT2") {
      break;
    }
  }
  return kinds;
}

Result<std::vector<PayloadEntry>> read_iso9660(const std::filesystem::path& file) {
  const std::string name = file.string();
  WINNOW_TRY(MappedFile mapped, MappedFile::open(file));
  const auto owner = std::make_shared<const MappedFile>(std::move(mapped));
  const SharedBytes disc{owner, owner->bytes()};
  // What lies on the disc as it is costs nothing, whatever its size; the limit is for what is compressed on it.
  WINNOW_TRY(ArchiveReader reader,
             ArchiveReader::open(disc, name, ArchiveFormats::disc, unpacked_limit(disc.view.size())));
  std::vector<PayloadEntry> files;
  std::map<std::string, std::size_t, std::less<>> places;
  for (std::size_t count = 0;; ++count) {
    WINNOW_TRY(const std::optional<ArchiveEntry> entry, reader.next());
    if (!entry) break;
    if (count == kMaxDiscEntries) {
      return fail("cannot read " + name + ": it holds more than " + std::to_string(kMaxDiscEntries) + " entries");
    }
    if (entry->kind != ArchiveEntryKind::file && entry->kind != ArchiveEntryKind::hard_link) continue;
    auto path = parse_entry_path(entry->path);
    if (!path) return fail(reader.refusal(path.error().faults().front().message));
    if (entry->kind == ArchiveEntryKind::hard_link) {
      const auto first = places.find(entry->link_target);
      if (first == places.end()) return fail(reader.refusal("it is a link to a file that is not there"));
      const Content shared = files[first->second].content;
      files.push_back({std::move(*path), shared});
      continue;
    }
    WINNOW_TRY(SharedBytes content, reader.read());
    places.emplace(entry->path, files.size());
    files.push_back({std::move(*path), Content::of_shared(std::move(content.owner), content.view)});
  }
  return files;
}

}  // namespace

Result<bool> is_disc(const Content& content) {
  WINNOW_TRY(const DiscKinds kinds, kinds_of(content));
  return kinds.udf || kinds.iso9660;
}

Result<std::vector<PayloadEntry>> read_disc(const std::filesystem::path& file) {
  WINNOW_TRY(const Content content, open_file_content(file));
  WINNOW_TRY(const DiscKinds kinds, kinds_of(content));
  if (!kinds.udf && !kinds.iso9660) return fail("cannot read " + file.string() + ": it is no disc image");
  WINNOW_TRY(std::vector<PayloadEntry> files, kinds.udf ? read_udf_volume(content, file.string()) : read_iso9660(file));
  WINNOW_CHECK(sort_entries(files, file.string()));
  return files;
}

}  // namespace winnow
