#include "payload/wim_blobs.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "formats/wim.hpp"
#include "payload/wim_file.hpp"

namespace winnow {

namespace {

constexpr std::size_t kResourceHeaderSize = 24;
constexpr std::size_t kPartAt = 24, kHashAt = 30;  // of an entry of the blob table
constexpr std::uint32_t kFlagSpanned = 0x8;
constexpr std::string_view kPipableMagic = std::string_view("WLPWM\0\0\0", 8);

template <class T>
T number(ByteView bytes, std::size_t offset) {
  return read_le<T>(bytes, offset).value_or(T{});
}

// A resource header: u56 stored size, u8 flags, u64 offset, u64 size.
struct ResourceHeader {
  ByteCount stored = 0, offset = 0, size = 0;
  std::uint8_t flags = 0;

  static ResourceHeader at(ByteView bytes, std::size_t start) {
    const auto first = number<std::uint64_t>(bytes, start);
    return {first & wim::kMaxStoredSize, number<std::uint64_t>(bytes, start + 8),
            number<std::uint64_t>(bytes, start + 16), static_cast<std::uint8_t>(first >> 56)};
  }
};

// Where a resource lies, when it lies inside the file.
Result<WimResourcePlace> place_of(const ResourceHeader& header, const Content& file, int format,
                                  std::uint32_t chunk_size) {
  if (header.offset > file.size() || header.stored > file.size() - header.offset) {
    return fail("a resource lies outside it: the file is truncated, or a part of it is missing");
  }
  WimResourcePlace place{header.offset, header.stored, header.size, false, false, format, chunk_size};
  place.is_compressed = (header.flags & wim::kResourceCompressed) != 0;
  place.is_solid = (header.flags & wim::kResourceSolid) != 0;
  if (!place.is_compressed && !place.is_solid && header.size != header.stored) {
    return fail("a resource that is not compressed has two sizes");
  }
  return place;
}

class BlobTableReader {
 public:
  BlobTableReader(const Content& file, const WimHeader& header) : file_(file), header_(header) {}

  Result<StoredBlobs> read() {
    WINNOW_TRY(const Bytes table, read_wim_resource(file_, header_.blob_table, kMaxWimBlobTable));
    if (table.size() % wim::kBlobEntrySize != 0) return fail("its table of contents is no whole number of entries");
    for (std::size_t at = 0; at < table.size(); at += wim::kBlobEntrySize) WINNOW_CHECK(add(table, at));
    if (out_.metadata.size() != header_.images) {
      return fail("it says it holds " + std::to_string(header_.images) + " images, and has folders of " +
                  std::to_string(out_.metadata.size()));
    }
    return std::move(out_);
  }

 private:
  Result<void> add(ByteView table, std::size_t at) {
    const ResourceHeader entry = ResourceHeader::at(table, at);
    if (number<std::uint16_t>(table, at + kPartAt) != 1) return fail("a resource lies in another part of a split WIM");
    Sha1Digest digest;
    std::memcpy(digest.bytes.data(), table.data() + at + kHashAt, digest.bytes.size());
    if ((entry.flags & wim::kResourceSolid) != 0) return add_solid(entry, digest);
    solid_run_.clear();
    if (entry.size > kMaxWimBlob) return fail("a content has more than " + std::to_string(kMaxWimBlob) + " bytes");
    WINNOW_TRY(const WimResourcePlace place, place_of(entry, file_, header_.format(), header_.chunk_size));
    if ((entry.flags & wim::kResourceMetadata) != 0) {
      out_.metadata.push_back(place);
      return {};
    }
    out_.blobs.emplace(digest, StoredBlob{add_resource(place), 0, entry.size});
    return {};
  }
  // A run of solid resources, then where each content lies in all of them together.
  Result<void> add_solid(const ResourceHeader& entry, const Sha1Digest& digest) {
    if (entry.size == wim::kSolidResourceSize) {
      WINNOW_TRY(WimResourcePlace place, place_of(entry, file_, 0, 0));
      Bytes size(8);
      if (place.stored < size.size()) return fail("a solid resource ends in its header");
      WINNOW_CHECK(file_.read(place.offset, size));
      place.size = number<std::uint64_t>(size, 0);
      place.is_compressed = true;
      if (place.size > kMaxWimSolidResource) {
        return fail("a solid resource has more than " + std::to_string(kMaxWimSolidResource) + " bytes");
      }
      if (has_solid_contents_) solid_run_.clear();
      has_solid_contents_ = false;
      solid_run_.push_back(add_resource(place));
      return {};
    }
    has_solid_contents_ = true;
    ByteCount offset = entry.offset;
    const ByteCount size = entry.stored;
    if (size > kMaxWimBlob) return fail("a content has more than " + std::to_string(kMaxWimBlob) + " bytes");
    for (const std::uint32_t resource : solid_run_) {
      const ByteCount whole = out_.resources[resource].size;
      if (offset <= whole && size <= whole - offset) {
        if ((entry.flags & wim::kResourceMetadata) != 0) return fail("the folders of an image lie in a solid resource");
        out_.blobs.emplace(digest, StoredBlob{resource, offset, size});
        return {};
      }
      offset -= std::min(offset, whole);
    }
    return fail("a content lies outside its solid resource");
  }
  std::uint32_t add_resource(const WimResourcePlace& place) {
    out_.resources.push_back(place);
    return static_cast<std::uint32_t>(out_.resources.size() - 1);
  }

  const Content& file_;
  const WimHeader& header_;
  StoredBlobs out_;
  std::vector<std::uint32_t> solid_run_;
  bool has_solid_contents_ = false;
};

}  // namespace

int WimHeader::format() const {
  if ((flags & wim::kFlagCompression) == 0) return 0;
  if ((flags & wim::kFlagXpress) != 0) return static_cast<int>(wim::kFormatXpress);
  if ((flags & wim::kFlagLzx) != 0) return static_cast<int>(wim::kFormatLzx);
  return (flags & wim::kFlagLzms) != 0 ? static_cast<int>(wim::kFormatLzms) : 0;
}

Result<WimHeader> read_wim_header(const Content& file) {
  Bytes bytes(wim::kHeaderSize);
  if (file.size() < bytes.size()) return fail("it ends in its header");
  WINNOW_CHECK(file.read(0, bytes));
  const std::string_view magic = as_text(bytes).substr(0, wim::kMagic.size());
  if (magic == kPipableMagic) return fail("it is a pipable WIM, which is not read here");
  if (magic != wim::kMagic || number<std::uint32_t>(bytes, 8) != wim::kHeaderSize) return fail("it is no WIM file");
  const auto version = number<std::uint32_t>(bytes, wim::kVersionOffset);
  if (version != wim::kVersion && version != wim::kVersionSolid) return fail("its version is not known");
  WimHeader header;
  header.flags = number<std::uint32_t>(bytes, wim::kFlagsOffset);
  header.chunk_size = number<std::uint32_t>(bytes, wim::kChunkSizeOffset);
  header.images = number<std::uint32_t>(bytes, wim::kImageCountOffset);
  if ((header.flags & kFlagSpanned) != 0 || number<std::uint16_t>(bytes, wim::kPartOffset + 2) != 1) {
    return fail("it is a part of a split WIM");
  }
  if (header.images > kMaxWimImages) return fail("it holds more than " + std::to_string(kMaxWimImages) + " images");
  const auto place = [&](std::size_t at) {
    return place_of(ResourceHeader::at(bytes, at), file, header.format(), header.chunk_size);
  };
  WINNOW_TRY(header.blob_table, place(wim::kBlobTableOffset));
  WINNOW_TRY(header.xml, place(wim::kXmlOffset));
  return header;
}

Result<StoredBlobs> read_wim_blobs(const Content& file, const WimHeader& header) {
  return BlobTableReader(file, header).read();
}

Result<Bytes> read_wim_resource(const Content& file, const WimResourcePlace& place, ByteCount limit) {
  if (place.size > limit) return fail("a resource of it has more than " + std::to_string(limit) + " bytes");
  if (place.is_solid) return fail("a table of it lies in a solid resource");
  Bytes bytes(static_cast<std::size_t>(place.size));
  WimResourceReader reader(file, place);
  if (!bytes.empty()) WINNOW_CHECK(reader.read(0, bytes));
  return bytes;
}

}  // namespace winnow
