#include <algorithm>

#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

bool is_marked(ByteView bits, std::uint64_t number) {
  return number / 8 < bits.size() && (bits[static_cast<std::size_t>(number / 8)] >> (number % 8) & 1) != 0;
}

// Numbers 1 to 15 are their own sequence numbers, and mkntfs and Windows keep 1 for $MFT.
void check_system_sequence(const Record& record, const RecordReport& report) {
  const auto expected = record.number == 0 ? 1 : record.number;
  if (record.number < 16 && record.base == 0 && record.sequence != expected) {
    report(differs("sequence number", record.sequence, expected));
  }
}

void add_record(NtfsState& state, std::uint64_t number, Record record) {
  const RecordReport report(&state.findings, number);
  FileFacts& facts = state.files[static_cast<std::size_t>(number)];
  facts.sequence = record.sequence;
  if ((record.flags & ntfs::record::kInUse) == 0) return;
  check_system_sequence(record, report);
  facts.base = record.base;
  facts.is_directory = (record.flags & ntfs::record::kDirectory) != 0;
  facts.state = record.base != 0 ? RecordState::extension : RecordState::base;
  if (record.base != 0) return;
  check_file(state, gather_file(state.volume, std::move(record), report), report);
}

// An extension record must be named by its base record's list.
void check_extensions(NtfsState& state) {
  for (std::size_t number = 0; number < state.files.size(); ++number) {
    const FileFacts& facts = state.files[number];
    if (facts.state != RecordState::extension || facts.is_listed) continue;
    state.findings.add(number, "it is an extension of record " + std::to_string(ntfs::record_of(facts.base)) +
                                   ", whose attribute list does not name it");
  }
}

}  // namespace

void check_records(NtfsState& state) {
  const std::uint64_t count = state.volume.record_count();
  state.files.resize(static_cast<std::size_t>(count));
  const auto mft = load_file(state.volume, ntfs::kMft);
  const Stream* bitmap = mft ? mft->find(ntfs::kBitmapAttribute) : nullptr;
  const Bytes bits = bitmap == nullptr ? Bytes() : state.volume.read_all(*bitmap).value_or(Bytes());
  for (std::uint64_t number = 0; number < count; ++number) {
    auto raw = state.volume.raw_record(number);
    const RecordReport report(&state.findings, number);
    if (!raw) {
      report("it cannot be read");
      state.files[static_cast<std::size_t>(number)].state = RecordState::broken;
      continue;
    }
    const std::string magic = printable(as_text(*raw).substr(0, 4));
    const bool is_blank = is_zero(*raw);
    auto record = parse_record(number, std::move(*raw), state.volume.geometry(), report);
    if (record) {
      add_record(state, number, std::move(*record));
    } else if (is_marked(bits, number) || !is_blank) {
      report("its magic is \"" + magic + "\", expected \"FILE\"");
      state.files[static_cast<std::size_t>(number)].state = RecordState::broken;
    }
  }
  check_extensions(state);
  std::stable_sort(state.names.begin(), state.names.end(),
                   [](const NameFacts& a, const NameFacts& b) { return a.record < b.record; });
}

}  // namespace winnow::check
