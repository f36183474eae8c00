// The options that say what a disk is like: of compose and convert.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "image/image_writer.hpp"

namespace CLI {
class App;
}

namespace winnow {

// As typed; to_write_options() makes sense of it.
struct DiskCommandOptions {
  int generation = 0;  // 1, 2; 0 = the format's
  bool fixed = false;
  std::string size;
  std::string free_space;
  std::string compact;
  bool short_names = false;
  std::string label;
  bool test_signing = false;
  std::optional<int> boot_timeout;
  std::string wim_compression;
  bool solid = false;
};

// --gen, --fixed, --size, --free-space, --compact, …
void add_disk_options(CLI::App& app, DiskCommandOptions& options);

// Sets `write.disk` and `write.wim`. Error: "cannot use --size \"…\": …".
[[nodiscard]] Result<void> set_disk_options(const DiskCommandOptions& options, WriteOptions& write);

// "64M", "2GiB", "1048576": bytes. Error as above, naming `option`.
[[nodiscard]] Result<ByteCount> parse_size(const std::string& text, const std::string& option);

}  // namespace winnow
