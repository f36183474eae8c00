// Names of known modules in the strings of a binary: what LoadLibrary and its like will be asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace winnow {

// Finds module names that end at ".dll" anywhere in a file, in ASCII and UTF-16LE, in any case.
//
// Programs keep strings in two ways. C and .NET end each with a NUL; Go and Rust lay them end to end, so
// "ws2_32.dll" may read "…getsocknamecrypt32.dllmswsock.dllsecur32.dll…". Therefore the longest known name that ends at
// ".dll" counts, even in the middle of other letters; except in a string that is clearly a name of its own, that is one
// with NUL (or a path separator) before it and NUL behind it: "mykernel32.dll" does not name kernel32.dll.
class ModuleNameFinder {
 public:
  // `modules`: lower case, with extension; those not ending in ".dll" are not looked for.
  explicit ModuleNameFinder(const std::set<std::string, std::less<>>& modules);

  // The known names in `bytes`, sorted. Uses all cores for large files; the result does not depend on their number.
  [[nodiscard]] std::vector<std::string> find(ByteView bytes) const;

 private:
  // A trie of the names before ".dll", last character first, so that the longest name ending at a place is found by
  // walking back from it.
  struct Node {
    char character = 0;
    bool ends_name = false;
    std::uint32_t name = 0;     // index into names_ when ends_name
    std::uint32_t child = 0;    // first child, 0 = none
    std::uint32_t sibling = 0;  // next child of the same parent, 0 = none
  };
  struct Text;

  void insert(std::string_view stem, std::uint32_t name);
  [[nodiscard]] std::uint32_t child(std::uint32_t node, char character) const;
  void find_in(ByteView bytes, std::size_t begin, std::size_t end, std::vector<bool>& found) const;
  void match(const Text& text, std::vector<bool>& found) const;

  std::vector<std::string> names_;
  std::vector<Node> nodes_;
};

}  // namespace winnow
