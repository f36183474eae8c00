#include "image/disk/ntfs/security_store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

#include "image/disk/ntfs/fields.hpp"

namespace winnow::ntfs {

namespace {

constexpr std::size_t kDataOffsetById = 0x14;
constexpr std::size_t kDataOffsetByHash = 0x18;
constexpr std::uint32_t kByHashPadding = 0x00490049;  // "I", "I": what Windows and mkntfs leave there

constexpr std::array<std::uint8_t, 12> kSystemSid = {1, 1, 0, 0, 0, 0, 0, 5, 0x12, 0, 0, 0};
constexpr std::array<std::uint8_t, 16> kAdministratorsSid = {1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0};

// Allows SYSTEM and administrators `mask`.
Bytes small_descriptor(ByteView owner, ByteView group, std::uint32_t mask) {
  constexpr std::uint32_t kHeader = 20;
  constexpr std::uint16_t kSelfRelativeWithDacl = 0x8004;
  constexpr std::uint16_t kAceHeader = 8;
  const auto ace_size = [](ByteView sid) { return static_cast<std::uint16_t>(kAceHeader + sid.size()); };
  const auto acl_size = static_cast<std::uint16_t>(8 + ace_size(kSystemSid) + ace_size(kAdministratorsSid));
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.le16(1);  // revision
  writer.le16(kSelfRelativeWithDacl);
  writer.le32(kHeader + acl_size);
  writer.le32(kHeader + acl_size + static_cast<std::uint32_t>(owner.size()));
  writer.le32(0);
  writer.le32(kHeader);
  writer.le16(2);  // revision of the ACL
  writer.le16(acl_size);
  writer.le32(2);  // entries
  for (const ByteView sid : {ByteView(kSystemSid), ByteView(kAdministratorsSid)}) {
    writer.le16(0);  // allow, no flags
    writer.le16(ace_size(sid));
    writer.le32(mask);
    writer.bytes(sid);
  }
  writer.bytes(owner);
  writer.bytes(group);
  return bytes;
}

std::uint32_t access_mask(bool writable) { return writable ? 0x12019F : 0x120089; }

// Where an entry of `length` bytes may begin at or after `offset`: 16-aligned, not across the end of a block, not in a
// block's mirror.
std::uint64_t entry_place(std::uint64_t offset, std::uint64_t length) {
  offset = round_up(offset, 16);
  const std::uint64_t in_block = offset % (2 * sds::kBlock);
  return in_block + length > sds::kBlock ? round_up(offset + 1, 2 * sds::kBlock) : offset;
}

class DescriptorStore {
 public:
  std::uint32_t add(const Bytes& descriptor) {
    const auto [known, is_new] = ids_.emplace(descriptor, sds::kFirstId + static_cast<std::uint32_t>(ids_.size()));
    if (is_new) append(descriptor, known->second);
    return known->second;
  }

  // The stream, mirrors included.
  Bytes stream() && {
    for (std::uint64_t block = 0; block < end_; block += 2 * sds::kBlock) {
      const std::uint64_t used = std::min<std::uint64_t>(end_ - block, sds::kBlock);
      stream_.resize(std::max(stream_.size(), static_cast<std::size_t>(block + sds::kBlock + used)));
      std::copy_n(stream_.begin() + static_cast<std::ptrdiff_t>(block), used,
                  stream_.begin() + static_cast<std::ptrdiff_t>(block + sds::kBlock));
    }
    return std::move(stream_);
  }

  // Hash, id -> header.
  [[nodiscard]] const std::map<std::pair<std::uint32_t, std::uint32_t>, Bytes>& headers() const { return headers_; }

 private:
  void append(const Bytes& descriptor, std::uint32_t id) {
    const std::uint64_t length = sds::kHeader + descriptor.size();
    const std::uint64_t place = entry_place(end_, length);
    Bytes header(sds::kHeader);
    put_le<std::uint32_t>(header, sds::kHash, security_hash(descriptor));
    put_le<std::uint32_t>(header, sds::kId, id);
    put_le<std::uint64_t>(header, sds::kOffset, place);
    put_le<std::uint32_t>(header, sds::kLength, static_cast<std::uint32_t>(length));
    end_ = place + length;
    stream_.resize(static_cast<std::size_t>(end_));
    const auto at = stream_.begin() + static_cast<std::ptrdiff_t>(place);
    std::copy(descriptor.begin(), descriptor.end(), std::copy(header.begin(), header.end(), at));
    headers_.emplace(std::pair(security_hash(descriptor), id), std::move(header));
  }

  std::map<Bytes, std::uint32_t> ids_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Bytes> headers_;
  Bytes stream_;
  std::uint64_t end_ = 0;
};

Bytes view_entry(std::size_t length, std::size_t data_offset, ByteView key, ByteView data) {
  Bytes entry(length);
  put_le<std::uint16_t>(entry, 0, static_cast<std::uint16_t>(data_offset));
  put_le<std::uint16_t>(entry, 2, static_cast<std::uint16_t>(data.size()));
  put_le<std::uint16_t>(entry, index_entry::kLength, static_cast<std::uint16_t>(length));
  put_le<std::uint16_t>(entry, index_entry::kKeyLength, static_cast<std::uint16_t>(key.size()));
  std::copy(key.begin(), key.end(), entry.begin() + index_entry::kKey);
  std::copy(data.begin(), data.end(), entry.begin() + static_cast<std::ptrdiff_t>(data_offset));
  return entry;
}

}  // namespace

Bytes system_descriptor(bool writable) {
  return small_descriptor(kSystemSid, kAdministratorsSid, access_mask(writable));
}

std::uint32_t security_hash(ByteView descriptor) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at + 4 <= descriptor.size(); at += 4) {
    hash = std::rotl(hash, 3) + *read_le<std::uint32_t>(descriptor, at);
  }
  return hash;
}

void store_descriptors(VolumePlan& plan) {
  DescriptorStore store;
  for (const bool writable : {false, true}) {
    store.add(small_descriptor(kAdministratorsSid, kAdministratorsSid, access_mask(writable)));
  }
  for (const Bytes& descriptor : plan.tree.security_descriptors) plan.security_ids.push_back(store.add(descriptor));

  plan.by_hash = {u"$SDH", index_root::kCollateSecurityHash, {}, {}, {}, {}, {}};
  plan.by_id = {u"$SII", index_root::kCollateU32, {}, {}, {}, {}, {}};
  plan.by_id.entries.resize(store.headers().size());
  for (const auto& [key, header] : store.headers()) {
    const ByteView view = header;
    Bytes by_hash = view_entry(0x30, kDataOffsetByHash, view.first(8), view);
    put_le<std::uint32_t>(by_hash, 0x2C, kByHashPadding);
    plan.by_hash.entries.push_back(std::move(by_hash));
    plan.by_id.entries[key.second - sds::kFirstId] = view_entry(0x28, kDataOffsetById, view.subspan(4, 4), view);
  }
  plan.descriptor_stream = std::move(store).stream();
}

}  // namespace winnow::ntfs
