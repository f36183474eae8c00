#include "image/disk/check/ntfs_check.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "formats/upcase_table.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr std::size_t kMaxBootFiles = 10'000;
constexpr std::u16string_view kBootStore = u"Boot\\BCD";

bool is_boot_file(std::string_view name) {
  return name == "bootmgr" || name.ends_with(".efi") || name == "winload.exe" || name.ends_with(".wim") ||
         name.ends_with(".sdi");
}

std::vector<std::string> find_boot_files(const NtfsState& state) {
  std::vector<std::string> files;
  for (const NameFacts& name : state.names) {
    if (files.size() >= kMaxBootFiles || !is_boot_file(ascii_lower(printable(name.name)))) continue;
    files.push_back(ascii_lower(state.path_of(name.record)));
  }
  return files;
}

// The passes that need the MFT. `upcase` outlives the state.
void run_passes(NtfsState& state, std::u16string& upcase, NtfsResult& result) {
  check_records(state);
  check_system_files(state, upcase);
  if (upcase.size() == ntfs::kUpcaseUnits) state.upcase = upcase;
  check_names(state);
  check_security(state);
  check_extend(state);
  check_bitmaps(state);
  check_contents(state);
  result.records =
      static_cast<std::size_t>(std::count_if(state.files.begin(), state.files.end(), [](const FileFacts& facts) {
        return facts.state != RecordState::unused;
      }));
  result.boot_files = find_boot_files(state);
  if (const auto record = find_path(state, kBootStore)) result.boot_store = read_content(state, *record);
}

}  // namespace

NtfsResult check_ntfs(const DiskView& disk, const NtfsPlace& place, Findings& findings) {
  NtfsResult result;
  NtfsFindings own;
  const auto geometry = check_boot_sector(disk, place.hidden, own);
  if (!geometry) {
    own.flush(findings, place.prefix, [](std::uint64_t) { return std::string(); });
    return result;
  }
  NtfsVolume volume(disk, *geometry);
  auto mft = find_mft(volume, own);
  if (mft) volume.set_mft(std::move(*mft));
  std::u16string upcase(ntfs::upcase_table().begin(), ntfs::upcase_table().end());
  const std::u16string canonical = upcase;
  NtfsState state(volume, own);
  state.upcase = canonical;
  if (volume.record_count() > 0) run_passes(state, upcase, result);
  own.flush(findings, place.prefix, [&](std::uint64_t record) { return state.path_of(record); });
  return result;
}

}  // namespace winnow::check
