#include <algorithm>

#include "formats/ntfs.hpp"
#include "formats/upcase_table.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr std::size_t kMirroredRecords = 4;
// $VOLUME_INFORMATION: u64 0, u8 major, u8 minor, u16 flags.
constexpr std::size_t kVolumeMajor = 8;
constexpr std::size_t kVolumeMinor = 9;
constexpr std::size_t kVolumeFlags = 10;
constexpr std::size_t kVolumeInformationSize = 12;
// $LogFile: two restart pages, then log pages; all FF as a formatter leaves it.
constexpr std::size_t kLogPage = 4096;
constexpr std::string_view kRestartMagic = "RSTR";
constexpr std::size_t kRestartArea = 24;    // u16, offset of the restart area in its page
constexpr std::size_t kRestartClient = 12;  // in the area: u16, first client in use, FFFF = none
constexpr std::size_t kRestartFlags = 14;   // u16, 2 = volume is clean
constexpr std::uint16_t kRestartClean = 2;
// $AttrDef: 160 bytes an entry.
constexpr std::size_t kDefinitionSize = 160;
constexpr std::size_t kDefinitionNameBytes = 128;
constexpr std::size_t kDefinitionMin = 144;
constexpr std::size_t kDefinitionMax = 152;

const Stream* stream_of(const std::optional<NtfsFile>& file, std::uint32_t type = ntfs::kData) {
  return file ? file->find(type) : nullptr;
}

std::optional<Bytes> content_of(const NtfsState& state, std::uint32_t record, const char* name) {
  const auto file = load_file(state.volume, record);
  const Stream* data = stream_of(file);
  auto bytes = data == nullptr ? std::nullopt : state.volume.read_all(*data);
  if (!bytes) state.findings.add(record, std::string(name) + " has no $DATA that can be read");
  return bytes;
}

void check_mirror(const NtfsState& state) {
  const auto mirror = content_of(state, ntfs::kMftMirror, "$MFTMirr");
  if (!mirror) return;
  const auto size = static_cast<std::size_t>(state.volume.geometry().record_size);
  if (mirror->size() < kMirroredRecords * size) {
    state.findings.add(ntfs::kMftMirror, "$DATA: " + differs("size", mirror->size(), kMirroredRecords * size));
  }
  const auto file = load_file(state.volume, ntfs::kMftMirror);
  const Stream* data = stream_of(file);
  const std::uint64_t cluster = data->runs.empty() ? 0 : data->runs[0].lcn;
  if (cluster != state.volume.geometry().mirror_cluster) {
    state.findings.add("boot sector", differs("$MFTMirr cluster", state.volume.geometry().mirror_cluster, cluster));
  }
  for (std::size_t i = 0; i < mirror->size() / size; ++i) {
    const auto record = state.volume.raw_record(i);
    if (!record) continue;
    const ByteView copy = ByteView(*mirror).subspan(i * size, size);
    const auto at = std::mismatch(record->begin(), record->end(), copy.begin()).first - record->begin();
    if (static_cast<std::size_t>(at) != size) {
      state.findings.add("$MFTMirr", "record " + std::to_string(i) + " differs from the one in $MFT from byte " +
                                         hex(static_cast<std::uint64_t>(at)) + " on");
    }
  }
  // Also where the boot sector says that it is, should $MFTMirr's own runs say otherwise.
  const auto first = state.volume.disk().read(
      state.volume.geometry().mirror_cluster * state.volume.geometry().cluster_size, ntfs::record::kMagic.size());
  if (!first || as_text(*first) != ntfs::record::kMagic) {
    state.findings.add("boot sector", "$MFTMirr cluster holds no MFT record");
  }
}

void check_volume(const NtfsState& state) {
  const auto file = load_file(state.volume, ntfs::kVolume);
  const Stream* info = stream_of(file, ntfs::kVolumeInformation);
  if (info == nullptr || info->value.size() != kVolumeInformationSize) {
    state.findings.add(ntfs::kVolume, "$VOLUME_INFORMATION is missing or not 12 bytes long");
    return;
  }
  const unsigned major = info->value[kVolumeMajor];
  const unsigned minor = info->value[kVolumeMinor];
  if (major != 3 || minor != 1) {
    state.findings.add(ntfs::kVolume, "$VOLUME_INFORMATION: version is " + std::to_string(major) + "." +
                                          std::to_string(minor) + ", expected 3.1");
  }
  const auto flags = *read_le<std::uint16_t>(info->value, kVolumeFlags);
  if (flags != 0) {
    state.findings.add(ntfs::kVolume, "$VOLUME_INFORMATION: " + differs_hex("flags", flags, 0) +
                                          ((flags & ntfs::kVolumeDirty) != 0 ? " (the volume is dirty)" : ""));
  }
}

// "" when `page` is a restart page of a log that nobody needs to replay.
std::string find_restart_fault(Bytes page) {
  const std::string torn = undo_update_sequence(page, *read_le<std::uint16_t>(page, ntfs::record::kUpdateOffset),
                                                *read_le<std::uint16_t>(page, ntfs::record::kUpdateCount));
  if (!torn.empty()) return torn;
  const auto area = *read_le<std::uint16_t>(page, kRestartArea);
  const auto client = read_le<std::uint16_t>(page, area + kRestartClient);
  const auto flags = read_le<std::uint16_t>(page, area + kRestartFlags);
  if (!client || !flags) return "its restart area lies outside it";
  if (*client != 0xFFFF && (*flags & kRestartClean) == 0) return "the log was not closed, it must be replayed";
  return "";
}

void check_log(const NtfsState& state) {
  const auto log = content_of(state, ntfs::kLogFile, "$LogFile");
  if (!log) return;
  if (is_filled(*log, 0xFF)) return;
  const auto other = std::find_if(log->begin(), log->end(), [](std::uint8_t b) { return b != 0xFF; });
  for (std::size_t i = 0; i < 2; ++i) {
    const auto page = slice(*log, i * kLogPage, kLogPage);
    const std::string where = "$DATA: restart page " + std::to_string(i + 1);
    if (!page || !as_text(*page).starts_with(kRestartMagic)) {
      state.findings.add(ntfs::kLogFile, where + " is none, and the log is not empty (all 0xff): byte " +
                                             hex(static_cast<std::uint64_t>(other - log->begin())) + " is " +
                                             hex(*other));
      return;
    }
    const std::string fault = find_restart_fault(Bytes(page->begin(), page->end()));
    if (!fault.empty()) state.findings.add(ntfs::kLogFile, where + ": " + fault);
  }
}

void check_definitions(const NtfsState& state) {
  const auto bytes = content_of(state, ntfs::kAttrDef, "$AttrDef");
  if (!bytes) return;
  std::uint32_t before = 0;
  std::size_t known = 0;
  for (std::size_t offset = 0; offset + kDefinitionSize <= bytes->size(); offset += kDefinitionSize) {
    const ByteView entry = ByteView(*bytes).subspan(offset, kDefinitionSize);
    const auto type = *read_le<std::uint32_t>(entry, kDefinitionNameBytes);
    if (type == 0) break;
    std::u16string name = read_units(entry.first(kDefinitionNameBytes));
    name.resize(std::min(name.size(), name.find(u'\0')));
    const std::string where = "$DATA: the entry at offset " + std::to_string(offset);
    if (type <= before) state.findings.add(ntfs::kAttrDef, where + ": type " + hex(type) + " is out of order");
    if (type <= ntfs::kEa && type % 0x10 == 0) {
      ++known;
      const std::string expected = attribute_name(type, {});
      if (printable(name) != expected) {
        state.findings.add(ntfs::kAttrDef, where + ": name is \"" + printable(name) + "\", expected " + expected);
      }
    }
    if (*read_le<std::uint64_t>(entry, kDefinitionMin) > *read_le<std::uint64_t>(entry, kDefinitionMax)) {
      state.findings.add(ntfs::kAttrDef, where + ": its smallest size is above its largest");
    }
    before = type;
  }
  if (known != ntfs::kEa / 0x10) {
    state.findings.add(ntfs::kAttrDef, "$DATA: " + differs("defined standard types", known, ntfs::kEa / 0x10));
  }
}

void check_upcase(const NtfsState& state, std::u16string& upcase) {
  const auto bytes = content_of(state, ntfs::kUpCase, "$UpCase");
  if (!bytes) return;
  if (bytes->size() != ntfs::kUpcaseUnits * 2) {
    state.findings.add(ntfs::kUpCase, "$DATA: " + differs("size", bytes->size(), ntfs::kUpcaseUnits * 2));
    return;
  }
  upcase = read_units(*bytes);
  const ntfs::UpcaseTable& expected = ntfs::upcase_table();
  std::size_t wrong = 0;
  std::size_t first = 0;
  for (std::size_t unit = 0; unit < expected.size(); ++unit) {
    if (upcase[unit] == expected[unit]) continue;
    if (wrong++ == 0) first = unit;
  }
  if (wrong == 0) return;
  state.findings.add(ntfs::kUpCase,
                     "$DATA: " + differs_hex("upper case of unit " + hex(first), upcase[first], expected[first]) +
                         " (" + std::to_string(wrong) + " units differ)");
}

}  // namespace

void check_system_files(NtfsState& state, std::u16string& upcase) {
  check_mirror(state);
  check_volume(state);
  check_log(state);
  check_definitions(state);
  check_upcase(state, upcase);
}

}  // namespace winnow::check
