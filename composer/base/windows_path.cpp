#include "base/windows_path.hpp"

#include <algorithm>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxComponentUnits = 255;  // NTFS and FAT long names
constexpr std::size_t kMaxPathUnits = 32767;     // UNICODE_STRING
constexpr std::string_view kForbidden = ":*?\"<>|";
constexpr char16_t kKeySeparator = 1;

// Why `component` cannot be a file name on Windows; empty when it can.
std::string reason_against(std::string_view component) {
  if (component.empty()) return "it has an empty component";
  if (component == "." || component == "..") return "\"" + std::string(component) + "\" would leave its place";
  for (const char c : component) {
    if (kForbidden.find(c) != std::string_view::npos) return "Windows names cannot hold '" + std::string(1, c) + "'";
    if (static_cast<unsigned char>(c) < 32) return "Windows names cannot hold control characters";
  }
  if (component.back() == '.' || component.back() == ' ') return "a Windows name cannot end in a dot or a space";
  const auto units = to_utf16(component);
  if (!units) return "it is not well-formed UTF-8";
  if (units->size() > kMaxComponentUnits) return "a component is longer than 255 UTF-16 units";
  return {};
}

std::string_view strip_root(std::string_view text) {
  if (text.size() >= 2 && (text[0] == 'C' || text[0] == 'c') && text[1] == ':') text.remove_prefix(2);
  while (!text.empty() && (text[0] == '\\' || text[0] == '/')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\\' || text.back() == '/')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<WindowsPath> WindowsPath::parse(std::string_view text) {
  WindowsPath path;
  path.text_ = strip_root(text);
  std::replace(path.text_.begin(), path.text_.end(), '/', '\\');
  if (path.text_.empty()) return path;
  for (const std::string_view component : path.components()) {
    const std::string reason = reason_against(component);
    if (!reason.empty()) return fail("cannot use path \"" + std::string(text) + "\": " + reason);
  }
  path.key_ = case_key(path.text_);
  if (path.key_.size() > kMaxPathUnits) {
    return fail("cannot use path \"" + std::string(text) + "\": it is longer than 32767 UTF-16 units");
  }
  std::replace(path.key_.begin(), path.key_.end(), u'\\', kKeySeparator);
  return path;
}

std::string_view WindowsPath::name() const {
  const std::size_t separator = text_.rfind('\\');
  return separator == std::string::npos ? std::string_view(text_) : std::string_view(text_).substr(separator + 1);
}

WindowsPath WindowsPath::parent() const {
  WindowsPath path;
  const std::size_t separator = text_.rfind('\\');
  if (separator == std::string::npos) return path;
  path.text_ = text_.substr(0, separator);
  path.key_ = key_.substr(0, key_.rfind(kKeySeparator));
  return path;
}

std::vector<std::string_view> WindowsPath::components() const {
  std::vector<std::string_view> parts;
  std::string_view rest = text_;
  while (!rest.empty()) {
    const std::size_t separator = rest.find('\\');
    parts.push_back(rest.substr(0, separator));
    if (separator == std::string_view::npos) break;
    rest.remove_prefix(separator + 1);
  }
  return parts;
}

std::string WindowsPath::with_slashes() const {
  std::string out = text_;
  std::replace(out.begin(), out.end(), '\\', '/');
  return out;
}

bool WindowsPath::is_below(const WindowsPath& directory) const {
  if (directory.is_root()) return !is_root();
  return key_.size() > directory.key_.size() && key_.starts_with(directory.key_) &&
         key_[directory.key_.size()] == kKeySeparator;
}

WindowsPath WindowsPath::operator/(const WindowsPath& tail) const {
  if (is_root()) return tail;
  if (tail.is_root()) return *this;
  WindowsPath path;
  path.text_ = text_ + '\\' + tail.text_;
  path.key_ = key_ + kKeySeparator + tail.key_;
  return path;
}

}  // namespace winnow
