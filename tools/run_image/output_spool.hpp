// A file that a program writes to and that is passed on while it grows. A Windows program under Wine needs a regular
// file here: without a console host in the image, node dies of a pipe ("open EBADF") and nothing written to a terminal
// appears.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace winnow {

class OutputSpool {
 public:
  using Sink = std::function<void(std::string_view)>;

  // Makes the file in `folder`; it has no name there, so nothing is left behind.
  [[nodiscard]] static Result<OutputSpool> create(const std::filesystem::path& folder, Sink sink);
  ~OutputSpool();
  OutputSpool(OutputSpool&& other) noexcept;
  OutputSpool& operator=(OutputSpool&&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }  // to write to, in append mode
  // Passes on what has come since; what was passed on no longer takes space.
  void pass_on();

 private:
  OutputSpool(int descriptor, Sink sink) : descriptor_(descriptor), sink_(std::move(sink)) {}

  int descriptor_;
  Sink sink_;
  std::int64_t passed_ = 0;
};

}  // namespace winnow
