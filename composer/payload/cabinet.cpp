#include "payload/cabinet.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "base/windows_path.hpp"
#include "formats/cabinet.hpp"
#include "payload/entry_path.hpp"
#include "payload/unpack.hpp"

namespace winnow {

namespace {

tl::unexpected<Error> refuse(const std::string& name, const std::string& reason) {
  return fail("cannot unpack " + name + ": " + reason);
}

Result<void> check_header(ByteView bytes, const std::string& name) {
  if (!is_cabinet(bytes)) return refuse(name, "it is not a cabinet");
  const auto size = read_le<std::uint32_t>(bytes, cabinet::kSizeAt);
  const auto version = read_le<std::uint16_t>(bytes, cabinet::kVersionAt);
  const auto flags = read_le<std::uint16_t>(bytes, cabinet::kFlagsAt);
  if (bytes.size() < cabinet::kHeaderSize || !size || !version || !flags) return refuse(name, "it ends in its header");
  if (*version != cabinet::kVersion) {
    return refuse(
        name, "its version is " + std::to_string(*version >> 8) + "." + std::to_string(*version & 255) + ", not 1.3");
  }
  if (*size > bytes.size()) {
    return refuse(name, "it has " + std::to_string(bytes.size()) + " bytes, its header says " + std::to_string(*size));
  }
  if ((*flags & (cabinet::kHasPrevious | cabinet::kHasNext)) != 0) {
    return refuse(name, "it is a part of a set of cabinets");
  }
  return {};
}

// CON, nul.txt, com1: a device wherever it stands.
bool is_device(std::string_view component) {
  std::string stem(component.substr(0, component.find('.')));
  for (char& c : stem) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  while (!stem.empty() && stem.back() == ' ') stem.pop_back();
  constexpr std::array<std::string_view, 6> kDevices = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  const std::string_view port = std::string_view(stem).substr(0, 3);
  return stem.size() == 4 && (port == "COM" || port == "LPT") && stem[3] >= '1' && stem[3] <= '9';
}

Result<void> check_names(const std::vector<PayloadEntry>& entries, const std::string& name) {
  std::map<WindowsPath, std::string> seen;
  for (const PayloadEntry& entry : entries) {
    const std::string what = "cannot take " + quote_entry_name(entry.path) + " from " + name + ": ";
    Result<WindowsPath> path = WindowsPath::parse(entry.path);
    if (!path) return fail(what + "Windows could not hold it", {path.error().faults().front().message});
    const auto components = path->components();
    if (std::any_of(components.begin(), components.end(), is_device)) return fail(what + "it is the name of a device");
    const auto [other, is_new] = seen.emplace(std::move(*path), entry.path);
    if (!is_new) return fail(what + "it differs from " + quote_entry_name(other->second) + " only in case");
  }
  return {};
}

}  // namespace

bool is_cabinet(ByteView bytes) {
  const auto magic = slice(bytes, 0, cabinet::kMagic.size());
  return magic && as_text(*magic) == cabinet::kMagic;
}

Result<std::vector<PayloadEntry>> unpack_cabinet(const SharedBytes& cabinet, const std::string& name) {
  WINNOW_CHECK(check_header(cabinet.view, name));
  const ByteCount limit = unpacked_limit(cabinet.view.size());
  WINNOW_TRY(ArchiveReader reader, ArchiveReader::open(cabinet, name, ArchiveFormats::cabinet, limit));
  WINNOW_TRY(std::vector<PayloadEntry> entries, take_entries(reader, name, SymbolicLinks::refused));
  WINNOW_CHECK(check_names(entries, name));
  return entries;
}

}  // namespace winnow
