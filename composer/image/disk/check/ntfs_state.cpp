#include "image/disk/check/ntfs_state.hpp"

#include <algorithm>

#include "formats/ntfs.hpp"

namespace winnow::check {

std::pair<std::size_t, std::size_t> NtfsState::names_of(std::uint64_t record) const {
  const auto by_record = [](const NameFacts& name, std::uint64_t number) { return name.record < number; };
  const auto first = std::lower_bound(names.begin(), names.end(), record, by_record);
  auto last = first;
  while (last != names.end() && last->record == record) ++last;
  return {static_cast<std::size_t>(first - names.begin()), static_cast<std::size_t>(last - first)};
}

std::string NtfsState::path_of(std::uint64_t record) const {
  if (record < files.size() && files[record].state == RecordState::extension) {
    record = ntfs::record_of(files[record].base);
  }
  std::string path;
  for (std::size_t depth = 0; depth < kMaxPathDepth; ++depth) {
    if (record == ntfs::kRoot) return path.empty() ? "\\" : path;
    const auto [first, count] = names_of(record);
    if (count == 0) return path.empty() ? "" : "\\?" + path;
    const bool is_short = names[first].name_space == ntfs::file_name::kDos && count > 1;
    const NameFacts& name = names[is_short ? first + 1 : first];
    path.insert(0, "\\" + printable(name.name));
    record = ntfs::record_of(name.parent);
  }
  return "\\?" + path;
}

int compare_names(std::u16string_view upcase, std::u16string_view a, std::u16string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const char16_t left = upcase[a[i]];
    const char16_t right = upcase[b[i]];
    if (left != right) return left < right ? -1 : 1;
  }
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  const int exact = a.compare(b);
  return exact < 0 ? -1 : exact > 0 ? 1 : 0;
}

}  // namespace winnow::check
