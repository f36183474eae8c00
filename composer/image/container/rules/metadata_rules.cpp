#include <charconv>
#include <string_view>

#include "base/bytes.hpp"
#include "formats/pax.hpp"
#include "image/container/rules/layer_rules.hpp"
#include "image/security_check.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kDirectoryAttribute = 0x10;  // FILE_ATTRIBUTE_DIRECTORY

const std::string* find_record(const LayerEntry& entry, std::string_view key) {
  const auto found = entry.records.find(std::string(key));
  return found == entry.records.end() ? nullptr : &found->second;
}

std::optional<std::string> find_attribute_fault(const LayerEntry& entry) {
  const std::string* const text = find_record(entry, pax::kFileAttributes);
  if (text == nullptr) return "it has no " + std::string(pax::kFileAttributes);
  std::uint32_t attributes = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), attributes);
  if (code != std::errc() || end != text->data() + text->size())
    return "its attributes \"" + *text + "\" are no number";
  const bool is_directory = entry.type == pax::kDirectory;
  if (((attributes & kDirectoryAttribute) != 0) == is_directory) return std::nullopt;
  return "it is a " + std::string(is_directory ? "folder" : "file") + ", its attributes " + *text + " say otherwise";
}

std::optional<std::string> find_descriptor_fault(const LayerEntry& entry) {
  const std::string* const text = find_record(entry, pax::kSecurityDescriptor);
  if (text == nullptr) return std::nullopt;  // it inherits from its folder
  const auto descriptor = from_base64(*text);
  if (!descriptor) return "its security descriptor is no base64";
  const auto fault = find_security_fault(*descriptor);
  return fault ? std::optional("its security descriptor is wrong: " + *fault) : std::nullopt;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Seconds with at most seven fractional digits: [-]SEC[.FRACTION].
bool is_time(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return is_digits(text);
  const std::string_view fraction = text.substr(dot + 1);
  return is_digits(text.substr(0, dot)) && is_digits(fraction) && fraction.size() <= pax::kMaxFractionDigits;
}

void check_times(const LayerEntry& entry, std::vector<Violation>& violations) {
  if (!is_time(entry.time)) {
    violations.push_back(
        {12, entry.name, "its mtime \"" + entry.time + "\" is no time of at most 7 fractional digits"});
  }
  for (const std::string_view key : {pax::kAccessTime, pax::kChangeTime, pax::kCreationTime}) {
    const std::string* const time = find_record(entry, key);
    if (time == nullptr) {
      violations.push_back({12, entry.name, "it has no " + std::string(key)});
    } else if (!is_time(*time)) {
      violations.push_back(
          {12, entry.name, "its " + std::string(key) + " \"" + *time + "\" is no time of at most 7 fractional digits"});
    }
  }
}

}  // namespace

void check_metadata(const LayerEntry& entry, std::vector<Violation>& violations) {
  if (entry.type != pax::kFile && entry.type != pax::kDirectory) return;
  if (const auto fault = find_attribute_fault(entry)) violations.push_back({10, entry.name, *fault});
  if (const auto fault = find_descriptor_fault(entry)) violations.push_back({11, entry.name, *fault});
  check_times(entry, violations);
}

}  // namespace winnow
