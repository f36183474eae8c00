// What a program and its loader say on stderr about modules they miss (texts of Wine 8, Go, .NET).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "run_image/run_image.hpp"

namespace winnow {

// The missing module one line of stderr (without line end) is about, if any.
[[nodiscard]] std::optional<MissingModule> parse_loader_line(std::string_view line);
// Whether the line only says that something absent on purpose is absent: there is no wineboot.exe in most images, and
// that is no fault of theirs.
[[nodiscard]] bool is_harmless_line(std::string_view line);

// Reads stderr as it comes and passes it on at once; harmless lines are kept back.
class LoaderMessages {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit LoaderMessages(Sink sink) : sink_(std::move(sink)) {}
  void feed(std::string_view text);
  void finish();  // what is left without a line end
  [[nodiscard]] const std::vector<MissingModule>& missing() const { return missing_; }

 private:
  void end_line(std::string_view line_end);
  void pass_partial_line();

  Sink sink_;
  std::string line_;        // without line end; the first kMaxLine bytes
  std::size_t passed_ = 0;  // bytes of it that went on already
  std::vector<MissingModule> missing_;
};

}  // namespace winnow
