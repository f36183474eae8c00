// The folders that an INF file names by number (DIRID): under what macro a manifest spells them, and what Wine
// writes for them into the registry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace winnow {

struct WindowsFolder {
  std::uint32_t id = 0;
  std::string_view macro;  // as in a manifest's destinationPath: "$(runtime.system32)"
  std::string_view text;   // as Wine writes it into registry values: "C:\windows\system32"
};

// nullptr when winnow does not know the id.
[[nodiscard]] const WindowsFolder* find_windows_folder(std::uint32_t id);

// A place for files: a folder, or a folder below one.
struct Destination {
  std::string macro_path;  // "$(runtime.windows)\twain_64"
  std::string text;        // "C:\windows\twain_64"

  bool operator==(const Destination&) const = default;
};

// `id` is a DIRID as text, `subfolder` may be "". Error: "cannot use folder <id>: …".
[[nodiscard]] Result<Destination> destination_below(std::string_view id, std::string_view subfolder);

}  // namespace winnow
