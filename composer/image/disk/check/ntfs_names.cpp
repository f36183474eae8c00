#include <algorithm>

#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr std::uint32_t kReparseBit = 0x400;

bool is_name_key(ByteView key) {
  return key.size() > ntfs::file_name::kName &&
         key.size() == ntfs::file_name::kName + key[ntfs::file_name::kNameLength] * 2u;
}

std::u16string name_of(ByteView key) { return read_units(key.subspan(ntfs::file_name::kName)); }

IndexRules name_rules(const NtfsState& state) {
  return {ntfs::kFileName, ntfs::index_root::kCollateFileName,
          [&state](ByteView a, ByteView b) { return compare_names(state.upcase, name_of(a), name_of(b)); }, is_name_key,
          [](ByteView key) { return "\"" + printable(name_of(key)) + "\""; }};
}

// One directory's $I30 against what the files say.
class DirectoryCheck {
 public:
  DirectoryCheck(NtfsState& state, std::uint64_t record)
      : state_(state), record_(record), report_(&state.findings, record) {
    reference_ = ntfs::reference(record, state.files[static_cast<std::size_t>(record)].sequence);
  }

  void visit(const IndexEntry& entry) {
    const std::string what = "index $I30: entry \"" + printable(name_of(entry.key)) + "\"";
    const std::uint64_t target = ntfs::record_of(entry.reference);
    if (target >= state_.files.size() || state_.files[static_cast<std::size_t>(target)].state != RecordState::base) {
      report_(what + " points at MFT record " + std::to_string(target) + ", which is no file in use");
      return;
    }
    const FileFacts& facts = state_.files[static_cast<std::size_t>(target)];
    if (ntfs::sequence_of(entry.reference) != facts.sequence) {
      report_(what + ": " + differs("sequence number", ntfs::sequence_of(entry.reference), facts.sequence));
    }
    if (!mark_name(entry, target)) {
      report_(what + " points at MFT record " + std::to_string(target) + ", which has no such $FILE_NAME");
      return;
    }
    compare(entry.key, facts, what);
  }

 private:
  bool mark_name(const IndexEntry& entry, std::uint64_t target) {
    const auto [first, count] = state_.names_of(target);
    const std::u16string name = name_of(entry.key);
    const auto parent = *read_le<std::uint64_t>(entry.key, ntfs::file_name::kParent);
    for (std::size_t i = first; i < first + count; ++i) {
      NameFacts& known = state_.names[i];
      if (known.name != name || known.name_space != entry.key[ntfs::file_name::kNamespace]) continue;
      if (known.parent != parent || ntfs::record_of(parent) != record_) continue;
      ++known.times_indexed;
      return true;
    }
    return false;
  }

  void compare(ByteView key, const FileFacts& facts, const std::string& what) const {
    constexpr const char* kTimes[] = {"creation time", "modification time", "change time", "access time"};
    if (facts.is_system) return;  // kept up by nobody
    for (std::size_t i = 0; i < 4; ++i) {
      const auto time = *read_le<std::uint64_t>(key, ntfs::file_name::kCreated + i * 8);
      if (time != facts.times[i]) report_(what + ": " + differs(kTimes[i], time, facts.times[i]));
    }
    const auto allocated = *read_le<std::uint64_t>(key, ntfs::file_name::kAllocatedSize);
    const auto size = *read_le<std::uint64_t>(key, ntfs::file_name::kDataSize);
    if (allocated != facts.allocated) report_(what + ": " + differs("allocated size", allocated, facts.allocated));
    if (size != facts.size) report_(what + ": " + differs("data size", size, facts.size));
    const auto attributes = *read_le<std::uint32_t>(key, ntfs::file_name::kAttributes);
    const std::uint32_t expected = facts.attributes | (facts.is_directory ? ntfs::file_name::kDirectoryAttribute : 0);
    if (attributes != expected) report_(what + ": " + differs_hex("file attributes", attributes, expected));
    const auto tag = *read_le<std::uint32_t>(key, ntfs::file_name::kReparseTag);
    const std::uint32_t extra = (facts.attributes & kReparseBit) != 0 ? facts.reparse_tag : facts.ea_size;
    if (tag != extra) report_(what + ": " + differs_hex("reparse tag or EA size", tag, extra));
  }

  NtfsState& state_;
  std::uint64_t record_;
  RecordReport report_;
  std::uint64_t reference_;
};

void check_parents(NtfsState& state) {
  for (const NameFacts& name : state.names) {
    const std::uint64_t parent = ntfs::record_of(name.parent);
    const std::string what = "$FILE_NAME \"" + printable(name.name) + "\": ";
    if (parent >= state.files.size() || state.files[static_cast<std::size_t>(parent)].state != RecordState::base ||
        !state.files[static_cast<std::size_t>(parent)].is_directory) {
      state.findings.add(name.record, what + "parent MFT record " + std::to_string(parent) + " is no directory in use");
      continue;
    }
    const FileFacts& facts = state.files[static_cast<std::size_t>(parent)];
    if (ntfs::sequence_of(name.parent) != facts.sequence) {
      state.findings.add(name.record, what + differs("sequence number of the parent reference",
                                                     ntfs::sequence_of(name.parent), facts.sequence));
    }
    if (name.times_indexed != 1) {
      state.findings.add(name.record, what + "its parent's index (MFT record " + std::to_string(parent) + ") has it " +
                                          std::to_string(name.times_indexed) + " times, expected once");
    }
  }
}

// Every directory must lead to the root; `known` says which ones do.
void check_reachable(NtfsState& state) {
  enum : std::uint8_t { kUnknown, kOnPath, kGood, kLost };
  std::vector<std::uint8_t> known(state.files.size(), kUnknown);
  if (known.size() > ntfs::kRoot) known[ntfs::kRoot] = kGood;
  std::vector<std::uint64_t> path;
  for (const NameFacts& name : state.names) {
    std::uint64_t record = name.record;
    path.clear();
    while (record < known.size() && known[static_cast<std::size_t>(record)] == kUnknown) {
      known[static_cast<std::size_t>(record)] = kOnPath;
      path.push_back(record);
      const auto [first, count] = state.names_of(record);
      record = count == 0 ? known.size() : ntfs::record_of(state.names[first].parent);
    }
    const bool is_loop = record < known.size() && known[static_cast<std::size_t>(record)] == kOnPath;
    const bool is_good = record < known.size() && known[static_cast<std::size_t>(record)] == kGood;
    for (const std::uint64_t passed : path) known[static_cast<std::size_t>(passed)] = is_good ? kGood : kLost;
    if (is_loop) state.findings.add(record, "$FILE_NAME: its parents lead back to itself, not to the root");
  }
}

void check_root(NtfsState& state) {
  if (state.files.size() <= ntfs::kRoot || state.files[ntfs::kRoot].state != RecordState::base ||
      !state.files[ntfs::kRoot].is_directory) {
    state.findings.add(ntfs::kRoot, "the root directory is missing");
  }
}

}  // namespace

void check_names(NtfsState& state) {
  check_root(state);
  const IndexRules rules = name_rules(state);
  for (std::size_t number = 0; number < state.files.size(); ++number) {
    if (state.files[number].state != RecordState::base || !state.files[number].is_directory) continue;
    const auto file = load_file(state.volume, number);
    if (!file) continue;
    DirectoryCheck directory(state, number);
    (void)walk_index(
        state.volume, *file, u"$I30", rules, [&](const IndexEntry& e) { directory.visit(e); },
        RecordReport(&state.findings, number));
  }
  check_parents(state);
  check_reachable(state);
}

std::optional<std::uint64_t> find_path(const NtfsState& state, std::u16string_view path) {
  const auto same = [&](std::u16string_view a, std::u16string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](char16_t x, char16_t y) {
             return state.upcase[x] == state.upcase[y];
           });
  };
  std::uint64_t record = ntfs::kRoot;
  while (!path.empty()) {
    const std::size_t length = std::min(path.size(), path.find(u'\\'));
    const std::u16string_view part = path.substr(0, length);
    path.remove_prefix(std::min(path.size(), length + 1));
    const auto found = std::find_if(state.names.begin(), state.names.end(), [&](const NameFacts& name) {
      return ntfs::record_of(name.parent) == record && name.record != record && same(name.name, part);
    });
    if (found == state.names.end()) return std::nullopt;
    record = found->record;
  }
  return record;
}

std::optional<Bytes> read_content(const NtfsState& state, std::uint64_t record) {
  const auto file = load_file(state.volume, record);
  const Stream* data = file ? file->find(ntfs::kData) : nullptr;
  return data == nullptr ? std::nullopt : state.volume.read_all(*data);
}

}  // namespace winnow::check
