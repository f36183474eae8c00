#include <algorithm>

#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

int compare_u32s(ByteView a, ByteView b) {
  for (std::size_t i = 0; i + 4 <= std::min(a.size(), b.size()); i += 4) {
    const auto left = *read_le<std::uint32_t>(a, i);
    const auto right = *read_le<std::uint32_t>(b, i);
    if (left != right) return left < right ? -1 : 1;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

int compare_bytes(ByteView a, ByteView b) {
  const bool less = std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  return less ? -1 : std::equal(a.begin(), a.end(), b.begin(), b.end()) ? 0 : 1;
}

IndexRules view_rules(std::uint32_t collation, std::size_t key_size, int (*compare)(ByteView, ByteView)) {
  return {0, collation, compare, [=](ByteView key) { return key_size == 0 ? !key.empty() : key.size() == key_size; },
          [](ByteView key) { return "key " + to_hex(key); }};
}

// A file below $Extend, by name; nothing when there is none.
std::optional<NtfsFile> extend_file(const NtfsState& state, std::u16string_view name, std::uint64_t& record) {
  const auto found = find_path(state, u"$Extend\\" + std::u16string(name));
  if (!found) return std::nullopt;
  record = *found;
  return load_file(state.volume, record);
}

void check_reparse_index(NtfsState& state) {
  std::uint64_t record = ntfs::kExtend;
  const auto file = extend_file(state, u"$Reparse", record);
  const RecordReport report(&state.findings, record);
  auto expected = state.reparse_points;
  const auto visit = [&](const IndexEntry& entry) {
    const auto tag = *read_le<std::uint32_t>(entry.key, 0);
    const auto reference = *read_le<std::uint64_t>(entry.key, 4);
    if (expected.erase({tag, reference}) == 0) {
      report("index $R: MFT record " + std::to_string(ntfs::record_of(reference)) + " has no reparse point " +
             hex(tag));
    }
  };
  const IndexRules rules = view_rules(ntfs::index_root::kCollateU32s, 12, compare_u32s);
  if (file && !walk_index(state.volume, *file, u"$R", rules, visit, report)) report("index $R: it is missing");
  for (const auto& [tag, reference] : expected) {
    state.findings.add(ntfs::record_of(reference),
                       "$REPARSE_POINT: tag " + hex(tag) + " is not in the index $R of $Reparse");
  }
}

void check_object_ids(NtfsState& state) {
  std::uint64_t record = ntfs::kExtend;
  const auto file = extend_file(state, u"$ObjId", record);
  const RecordReport report(&state.findings, record);
  auto expected = state.object_ids;
  const auto visit = [&](const IndexEntry& entry) {
    const auto reference = read_le<std::uint64_t>(entry.data, 0).value_or(0);
    const auto found = expected.find(Bytes(entry.key.begin(), entry.key.end()));
    if (found == expected.end() || found->second != reference) {
      report("index $O: MFT record " + std::to_string(ntfs::record_of(reference)) + " has no object id " +
             to_hex(entry.key));
    } else {
      expected.erase(found);
    }
  };
  const IndexRules rules = view_rules(ntfs::index_root::kCollateU32s, 16, compare_u32s);
  if (file && !walk_index(state.volume, *file, u"$O", rules, visit, report)) report("index $O: it is missing");
  for (const auto& [id, reference] : expected) {
    state.findings.add(ntfs::record_of(reference), "$OBJECT_ID: it is not in the index $O of $ObjId");
  }
}

void check_quota(NtfsState& state) {
  std::uint64_t record = ntfs::kExtend;
  const auto file = extend_file(state, u"$Quota", record);
  if (!file) return;
  const RecordReport report(&state.findings, record);
  std::set<std::uint32_t> owners;
  const IndexRules by_owner = view_rules(ntfs::index_root::kCollateU32, 4, compare_u32s);
  const auto add = [&](const IndexEntry& entry) { owners.insert(*read_le<std::uint32_t>(entry.key, 0)); };
  if (!walk_index(state.volume, *file, u"$Q", by_owner, add, report)) report("index $Q: it is missing");
  const IndexRules by_sid = view_rules(ntfs::index_root::kCollateSid, 0, compare_bytes);
  const auto find = [&](const IndexEntry& entry) {
    const auto owner = read_le<std::uint32_t>(entry.data, 0).value_or(0);
    if (!owners.contains(owner)) report("index $O: owner id " + std::to_string(owner) + " is not in $Q");
  };
  if (!walk_index(state.volume, *file, u"$O", by_sid, find, report)) report("index $O: it is missing");
}

}  // namespace

void check_extend(NtfsState& state) {
  check_reparse_index(state);
  check_object_ids(state);
  check_quota(state);
}

}  // namespace winnow::check
