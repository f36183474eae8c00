// Room for bytes that do not fit into memory and are needed again before the run ends.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// An unnamed file that grows at its end and is gone with the object; several threads may use it at once.
class SpillFile {
 public:
  // Error of all: "cannot use a temporary file in <folder>: <reason>".
  [[nodiscard]] static Result<std::shared_ptr<SpillFile>> create(const std::filesystem::path& folder);
  SpillFile(const std::filesystem::path& folder, int fd) : folder_(folder), fd_(fd) {}
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // Returns where the bytes begin.
  [[nodiscard]] Result<ByteCount> append(ByteView bytes);
  // Precondition of both: the place was appended.
  [[nodiscard]] Result<void> write_at(ByteCount offset, ByteView bytes);
  [[nodiscard]] Result<void> read_at(ByteCount offset, std::span<std::uint8_t> out) const;

 private:
  std::filesystem::path folder_;
  int fd_;
  std::atomic<ByteCount> end_ = 0;
};

}  // namespace winnow
