#include <algorithm>
#include <map>

#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"
#include "image/security_check.hpp"

namespace winnow::check {

namespace {

constexpr std::size_t kAlignment = 16;
constexpr std::size_t kIndexData = 20;  // what $SII and $SDH keep of an $SDS entry: its header
constexpr std::uint16_t kSelfRelative = 0x8000;

// An $SDS entry's header, as it is also in $SII and $SDH.
using SdsHeader = std::array<std::uint8_t, ntfs::sds::kHeader>;

struct SdsEntries {
  std::map<std::uint32_t, SdsHeader> by_id;
};

std::uint32_t hash_of(ByteView descriptor) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i + 4 <= descriptor.size(); i += 4) {
    hash = (hash << 3 | hash >> 29) + *read_le<std::uint32_t>(descriptor, i);
  }
  return hash;
}

class SdsCheck {
 public:
  SdsCheck(NtfsState& state, ByteView bytes) : state_(state), bytes_(bytes) {}

  SdsEntries run() {
    for (std::size_t block = 0; block < bytes_.size(); block += 2 * ntfs::sds::kBlock) check_block(block);
    return std::move(entries_);
  }

 private:
  void fault(std::size_t offset, const std::string& message) const {
    state_.findings.add(ntfs::kSecure, "$DATA:$SDS: the entry at offset " + std::to_string(offset) + ": " + message);
  }

  // A block of entries and its mirror behind it.
  void check_block(std::size_t block) {
    std::size_t offset = block;
    std::size_t last = block;  // where the last entry ends
    const std::size_t end = std::min(bytes_.size(), block + ntfs::sds::kBlock);
    while (offset + ntfs::sds::kHeader <= end) {
      const auto length = *read_le<std::uint32_t>(bytes_, offset + ntfs::sds::kLength);
      const auto id = *read_le<std::uint32_t>(bytes_, offset + ntfs::sds::kId);
      if (length == 0 && id == 0) break;
      const auto entry = slice(bytes_.first(end), offset, length);
      if (!entry || length <= ntfs::sds::kHeader) {
        fault(offset,
              "length is " + std::to_string(length) + ", of " + std::to_string(end - offset) + " to the block's end");
        return;
      }
      check_entry(offset, *entry, id);
      last = offset + length;
      offset += (length + kAlignment - 1) / kAlignment * kAlignment;
    }
    check_mirror(block, last);
  }

  void check_entry(std::size_t offset, ByteView entry, std::uint32_t id) {
    const ByteView descriptor = entry.subspan(ntfs::sds::kHeader);
    const auto hash = *read_le<std::uint32_t>(entry, ntfs::sds::kHash);
    const auto own = *read_le<std::uint64_t>(entry, ntfs::sds::kOffset);
    if (own != offset) fault(offset, differs("offset", own, offset));
    if (hash != hash_of(descriptor)) fault(offset, differs_hex("descriptor hash", hash, hash_of(descriptor)));
    if (id < ntfs::sds::kFirstId) fault(offset, "security id is " + std::to_string(id) + ", expected at least 256");
    if (const std::string broken = find_descriptor_fault(descriptor); !broken.empty()) {
      fault(offset, "security descriptor " + std::to_string(id) + ": " + broken);
    }
    SdsHeader header{};
    std::copy_n(entry.begin(), header.size(), header.begin());
    if (!entries_.by_id.emplace(id, header).second)
      fault(offset, "security id " + std::to_string(id) + " is there twice");
  }

  void check_mirror(std::size_t block, std::size_t end) {
    const auto mirror = slice(bytes_, block + ntfs::sds::kBlock, end - block);
    if (!mirror) {
      state_.findings.add(ntfs::kSecure, "$DATA:$SDS: the mirror of the block at " + std::to_string(block) +
                                             " ends before its " + std::to_string(end - block) + " bytes");
      return;
    }
    const ByteView entries = bytes_.subspan(block, end - block);
    const auto at = std::mismatch(entries.begin(), entries.end(), mirror->begin()).first - entries.begin();
    if (static_cast<std::size_t>(at) != entries.size()) {
      state_.findings.add(ntfs::kSecure, "$DATA:$SDS: offset " + std::to_string(block + static_cast<std::size_t>(at)) +
                                             " differs from its mirror 256 KiB further");
    }
  }

  NtfsState& state_;
  ByteView bytes_;
  SdsEntries entries_;
};

int compare_u32s(ByteView a, ByteView b) {
  for (std::size_t i = 0; i + 4 <= std::min(a.size(), b.size()); i += 4) {
    const auto left = *read_le<std::uint32_t>(a, i);
    const auto right = *read_le<std::uint32_t>(b, i);
    if (left != right) return left < right ? -1 : 1;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

// $SII (`has_hash` false: the key is the id) or $SDH (hash, id) against $SDS.
void check_security_index(NtfsState& state, const NtfsFile& file, const SdsEntries& entries, bool has_hash) {
  const std::u16string name = has_hash ? u"$SDH" : u"$SII";
  const std::size_t key_size = has_hash ? 8 : 4;
  const auto id_of = [=](ByteView key) { return *read_le<std::uint32_t>(key, has_hash ? 4 : 0); };
  const RecordReport report(&state.findings, ntfs::kSecure);
  const std::string text = "index " + printable(name) + ": ";
  const IndexRules rules{0, has_hash ? ntfs::index_root::kCollateSecurityHash : ntfs::index_root::kCollateU32,
                         compare_u32s, [=](ByteView key) { return key.size() == key_size; },
                         [=](ByteView key) { return "security id " + std::to_string(id_of(key)); }};
  std::size_t count = 0;
  const auto visit = [&](const IndexEntry& entry) {
    ++count;
    const std::uint32_t id = id_of(entry.key);
    const auto found = entries.by_id.find(id);
    if (found == entries.by_id.end()) {
      report(text + "security id " + std::to_string(id) + " is not in $SDS");
    } else if (entry.data.size() < kIndexData ||
               !std::equal(found->second.begin(), found->second.end(), entry.data.begin())) {
      report(text + "the data of security id " + std::to_string(id) + " differs from the header in $SDS");
    } else if (has_hash && *read_le<std::uint32_t>(entry.key, 0) != *read_le<std::uint32_t>(found->second, 0)) {
      report(text + "the hash of security id " + std::to_string(id) + " differs from the one in $SDS");
    }
  };
  if (!walk_index(state.volume, file, name, rules, visit, report)) {
    report(text + "it is missing");
  } else if (count != entries.by_id.size()) {
    report(text + differs("number of entries", count, entries.by_id.size()) + ", as in $SDS");
  }
}

void check_uses(NtfsState& state, const SdsEntries& entries) {
  for (std::size_t number = 0; number < state.files.size(); ++number) {
    const FileFacts& facts = state.files[number];
    if (facts.state != RecordState::base) continue;
    if (facts.security_id != 0 && !entries.by_id.contains(facts.security_id)) {
      state.findings.add(
          number, "$STANDARD_INFORMATION: security id " + std::to_string(facts.security_id) + " is not in $Secure");
    } else if (facts.security_id == 0 && !facts.has_old_descriptor && !facts.is_system) {
      state.findings.add(number, "it has neither a security id nor a $SECURITY_DESCRIPTOR");
    }
  }
}

// The revision of the ACL at `field`'s offset, when the descriptor has one.
std::string find_acl_fault(ByteView descriptor, std::size_t field, const char* name) {
  const auto offset = *read_le<std::uint32_t>(descriptor, field);
  if (offset == 0) return "";
  const auto acl = slice(descriptor, offset, 8);
  if (!acl) return std::string(name) + " lies outside it";
  const unsigned revision = (*acl)[0];
  if (revision < 2 || revision > 4)
    return std::string(name) + " revision is " + std::to_string(revision) + ", expected 2 to 4";
  if (*read_le<std::uint16_t>(*acl, 2) % 4 != 0) return std::string(name) + " size is no multiple of 4";
  return "";
}

}  // namespace

std::string find_descriptor_fault(ByteView descriptor) {
  if (const auto fault = find_security_fault(descriptor)) return *fault;
  const auto control = *read_le<std::uint16_t>(descriptor, 2);
  if ((control & kSelfRelative) == 0) return "it is not self-relative";
  if (const std::string fault = find_acl_fault(descriptor, 12, "SACL"); !fault.empty()) return fault;
  return find_acl_fault(descriptor, 16, "DACL");
}

void check_security(NtfsState& state) {
  const auto file = load_file(state.volume, ntfs::kSecure);
  const Stream* stream = file ? file->find(ntfs::kData, u"$SDS") : nullptr;
  const auto bytes = stream == nullptr ? std::nullopt : state.volume.read_all(*stream);
  if (!bytes) {
    state.findings.add(ntfs::kSecure, "$DATA:$SDS is missing or cannot be read");
    return;
  }
  const SdsEntries entries = SdsCheck(state, *bytes).run();
  check_security_index(state, *file, entries, false);
  check_security_index(state, *file, entries, true);
  check_uses(state, entries);
}

}  // namespace winnow::check
