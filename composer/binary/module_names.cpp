#include "binary/module_names.hpp"

#include <algorithm>
#include <cstring>

#include "base/parallel.hpp"
#include "base/utf16.hpp"

namespace winnow {
namespace {

constexpr std::string_view kExtension = ".dll";
constexpr std::size_t kChunk = std::size_t{4} << 20;  // what one task searches
constexpr std::size_t kMaxStem = 260;                 // MAX_PATH: no name of its own is longer

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_name_character(char c) {
  c = fold(c);
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '+';
}

// Are the three characters behind the dot at `dot` "dll", `unit` bytes each?
bool is_extension(const std::uint8_t* dot, std::size_t left, std::size_t unit) {
  if (left < kExtension.size() * unit) return false;
  for (std::size_t i = 1; i < kExtension.size(); ++i) {
    if ((dot[i * unit] | 0x20) != kExtension[i]) return false;
  }
  for (std::size_t i = 1; unit == 2 && i <= 2 * kExtension.size(); i += 2) {
    if (dot[i] != 0) return false;
  }
  return true;
}

}  // namespace

// The characters around a ".dll", whichever the encoding. Characters outside ASCII and places outside the file read as
// '\1' and '\0'.
struct ModuleNameFinder::Text {
  ByteView bytes;
  std::size_t dot;   // offset of the '.'
  std::size_t unit;  // bytes a character: 1 or 2

  [[nodiscard]] char at(std::size_t offset) const {
    const auto value = unit == 1 ? bytes[offset] : bytes[offset] | bytes[offset + 1] << 8;
    return value < 0x80 ? static_cast<char>(value) : '\1';
  }
  // The `count`th character before the dot (1 = right before it).
  [[nodiscard]] char before(std::size_t count) const { return count * unit > dot ? '\0' : at(dot - count * unit); }
  [[nodiscard]] char behind() const {
    const std::size_t end = dot + kExtension.size() * unit;
    return bytes.size() - end < unit ? '\0' : at(end);
  }
  // Does the run of name characters before the dot begin at a string's start or behind a path separator?
  [[nodiscard]] bool begins_cleanly() const {
    std::size_t count = 1;
    while (count <= kMaxStem && is_name_character(before(count))) ++count;
    const char c = before(count);
    return c == '\0' || c == '\\' || c == '/';
  }
};

ModuleNameFinder::ModuleNameFinder(const std::set<std::string, std::less<>>& modules) : nodes_(1) {
  for (const std::string& module : modules) {
    if (!module.ends_with(kExtension) || module.size() == kExtension.size()) continue;
    const auto index = static_cast<std::uint32_t>(names_.size());
    names_.push_back(module);
    insert(std::string_view(module).substr(0, module.size() - kExtension.size()), index);
  }
}

void ModuleNameFinder::insert(std::string_view stem, std::uint32_t name) {
  std::uint32_t node = 0;
  for (auto c = stem.rbegin(); c != stem.rend(); ++c) {
    std::uint32_t next = child(node, *c);
    if (next == 0) {
      next = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({*c, false, 0, 0, nodes_[node].child});
      nodes_[node].child = next;
    }
    node = next;
  }
  nodes_[node].ends_name = true;
  nodes_[node].name = name;
}

std::uint32_t ModuleNameFinder::child(std::uint32_t node, char character) const {
  std::uint32_t next = nodes_[node].child;
  while (next != 0 && nodes_[next].character != character) next = nodes_[next].sibling;
  return next;
}

void ModuleNameFinder::match(const Text& text, std::vector<bool>& found) const {
  std::uint32_t longest = 0;
  std::size_t length = 0;
  std::size_t count = 1;
  for (std::uint32_t node = child(0, fold(text.before(count))); node != 0;
       node = child(node, fold(text.before(count)))) {
    if (nodes_[node].ends_name) {
      longest = node;
      length = count;
    }
    ++count;
  }
  if (longest == 0) return;
  const bool is_part = is_name_character(text.before(length + 1));
  if (is_part && text.behind() == '\0' && text.begins_cleanly()) return;
  found[nodes_[longest].name] = true;
}

void ModuleNameFinder::find_in(ByteView bytes, std::size_t begin, std::size_t end, std::vector<bool>& found) const {
  const std::uint8_t* const data = bytes.data();
  for (std::size_t at = begin; at < end; ++at) {
    const void* const hit = std::memchr(data + at, '.', end - at);
    if (hit == nullptr) return;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - data);
    const std::size_t left = bytes.size() - at;
    if (is_extension(data + at, left, 1)) match({bytes, at, 1}, found);
    if (is_extension(data + at, left, 2)) match({bytes, at, 2}, found);
  }
}

std::vector<std::string> ModuleNameFinder::find(ByteView bytes) const {
  const std::size_t chunks = (bytes.size() + kChunk - 1) / kChunk;
  std::vector<std::vector<bool>> found(chunks, std::vector<bool>(names_.size()));
  parallel_for(chunks,
               [&](std::size_t i) { find_in(bytes, i * kChunk, std::min((i + 1) * kChunk, bytes.size()), found[i]); });
  std::vector<std::string> result;
  for (std::size_t name = 0; name < names_.size(); ++name) {
    if (std::any_of(found.begin(), found.end(), [&](const auto& chunk) { return chunk[name]; })) {
      result.push_back(names_[name]);
    }
  }
  return result;
}

}  // namespace winnow
