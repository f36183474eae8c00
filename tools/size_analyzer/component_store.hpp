// The component store (Windows\WinSxS) as names of files tell it: which component a folder or manifest belongs to.
#pragma once

#include <optional>
#include <string>

namespace winnow {

inline constexpr std::string_view kComponentStore = "Windows/WinSxS";

// "amd64_microsoft-windows-foo_31bf3856ad364e35_10.0.17763.1_en-us_0123456789abcdef": of a component. Long names stand
// there shortened in the middle ("microsoft-windows-c..shell-cmdlets"), as Windows shortens them.
struct StoreName {
  std::string architecture;
  std::string name;
  std::string token;
  std::string version;
  std::string language;  // "" = neutral ("none")
};
[[nodiscard]] std::optional<StoreName> parse_store_name(const std::string& text);

// The component of a file in the store by its path: a folder below WinSxS, a manifest or catalog by its name; a
// package's files in Windows\servicing\Packages. Nothing for all else.
struct StorePlace {
  StoreName component;
  bool is_package = false;  // `name` is a package's
  bool is_payload = false;  // a file of the component, not its manifest
  bool is_delta = false;    // in a folder "f", "r" or "n" of deltas
};
[[nodiscard]] std::optional<StorePlace> place_in_store(const std::string& path);

// Whether version `a` is older than `b`: four numbers compared as numbers.
[[nodiscard]] bool is_older(const std::string& a, const std::string& b);

}  // namespace winnow
