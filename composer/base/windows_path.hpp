// A path inside a Windows image: relative to the root of its volume, components joined by '\', compared without case.
// A WindowsPath cannot leave its root and holds only names NTFS and the container importer take
// (windows-formats.md 1.2).
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace winnow {

class WindowsPath {
 public:
  WindowsPath() = default;  // the root itself

  // Takes '\' and '/' as separators, an optional leading "C:" and leading separators; "" is the root.
  // Refused, with the reason in the message: "..", ".", empty and over-long components, the characters : * ? " < > |,
  // control characters, a component that ends in a dot or a space, another drive letter, text that is not UTF-8.
  // The message starts "cannot use path \"<text>\": ".
  [[nodiscard]] static Result<WindowsPath> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }  // "Windows\System32\kernel32.dll"
  [[nodiscard]] bool is_root() const { return text_.empty(); }
  [[nodiscard]] std::string_view name() const;                      // last component
  [[nodiscard]] WindowsPath parent() const;                         // the root is its own parent
  [[nodiscard]] std::vector<std::string_view> components() const;   // views into this object
  [[nodiscard]] std::string with_slashes() const;                   // "Windows/System32/kernel32.dll"
  [[nodiscard]] bool is_below(const WindowsPath& directory) const;  // strictly
  // Both parts are already valid, so joining cannot fail.
  [[nodiscard]] WindowsPath operator/(const WindowsPath& tail) const;

  // Order of the image: component by component, by upper-cased UTF-16 name, so a directory comes right before its
  // children. Equality follows the order: two names that differ only in case are equal.
  std::strong_ordering operator<=>(const WindowsPath& other) const { return key_ <=> other.key_; }
  bool operator==(const WindowsPath& other) const { return key_ == other.key_; }

 private:
  std::string text_;
  std::u16string key_;  // upper-cased; '\' is stored as U+0001, which no name holds, so it sorts before every letter
};

}  // namespace winnow
