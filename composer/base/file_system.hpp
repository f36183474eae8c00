// Files of the machine winnow runs on: reading them whole or mapped, listing folders in a fixed order, and writing
// outputs that are there complete or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// The whole file. Error "cannot read <path>: <reason>", also when it holds more than `limit` bytes.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, ByteCount limit);

// A regular file mapped read-only; the view lives as long as the object (which may be moved).
class MappedFile {
 public:
  [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  [[nodiscard]] ByteView bytes() const { return {data_, size_}; }

 private:
  MappedFile(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  const std::uint8_t* data_;
  std::size_t size_;
};

struct FileState {
  ByteCount size = 0;
  std::int64_t modified = 0;  // ns since 1970
};

// A regular file open for reading at any place, by several threads at once.
class InputFile {
 public:
  // Errors of all three: "cannot read <path>: <reason>".
  [[nodiscard]] static Result<InputFile> open(const std::filesystem::path& path);
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;

  [[nodiscard]] Result<FileState> state() const;
  // All of `out`, from `offset` on; a file that ends before is an error.
  [[nodiscard]] Result<void> read_at(ByteCount offset, std::span<std::uint8_t> out) const;
  [[nodiscard]] int descriptor() const { return fd_; }

 private:
  InputFile(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::filesystem::path path_;
  int fd_;
};

struct DirectoryEntry {
  std::string path;  // relative to the listed folder, '/' between components
  bool is_directory = false;
  ByteCount size = 0;  // 0 for directories
};

// Everything below `root`, sorted bytewise by path, directories included. A symbolic link or special file is an error:
// "cannot take <path>: it is neither a file nor a folder".
[[nodiscard]] Result<std::vector<DirectoryEntry>> list_tree(const std::filesystem::path& root);

// An output file that appears under its name only when commit() succeeds; until then nothing of it is left behind,
// not even when the process is killed (O_TMPFILE where the file system has it).
// A target that exists and is no regular file (a FIFO, /dev/stdout, a device, a symbolic link) is written through:
// opened as it is, never renamed over, never removed.
class OutputFile {
 public:
  [[nodiscard]] static Result<OutputFile> create(const std::filesystem::path& target);
  // For outputs that are not written front to back: a pipe or a terminal is an error.
  [[nodiscard]] static Result<OutputFile> create_seekable(const std::filesystem::path& target);
  ~OutputFile();
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) noexcept;

  // Error "cannot write <target>: <reason>".
  [[nodiscard]] Result<void> write(ByteView bytes);
  // The rest but commit() is for seekable outputs; several threads may write at once.
  [[nodiscard]] Result<void> write_at(ByteCount offset, ByteView bytes);
  // Has the kernel copy bytes of the file open as `source` to `offset`. Returns how many it copied, from the front:
  // fewer than `length`, even 0, where it cannot; the rest is then the caller's to read and write.
  [[nodiscard]] Result<ByteCount> copy_range_at(int source, ByteCount source_offset, ByteCount length,
                                                ByteCount offset);
  // Sets the length; what was never written reads as zeros. A device must be at least that large.
  [[nodiscard]] Result<void> resize(ByteCount size);
  // False on a device: where nothing is written its old bytes stay.
  [[nodiscard]] bool starts_empty() const;
  [[nodiscard]] Result<void> commit();

 private:
  struct State;
  explicit OutputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Writes `bytes` as one OutputFile.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& target, ByteView bytes);

// An output folder, filled under a name of its own beside the target and renamed at commit(). An existing target is
// replaced only when it is an empty folder or holds a file named `marker` (what an earlier run of ours left there).
class OutputDirectory {
 public:
  [[nodiscard]] static Result<OutputDirectory> create(const std::filesystem::path& target, const std::string& marker);
  ~OutputDirectory();
  OutputDirectory(OutputDirectory&&) noexcept;
  OutputDirectory& operator=(OutputDirectory&&) noexcept;

  [[nodiscard]] const std::filesystem::path& path() const;  // where to write until commit()
  [[nodiscard]] Result<void> commit();

 private:
  struct State;
  explicit OutputDirectory(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A new empty folder, removed with all it holds when the object dies.
class TemporaryDirectory {
 public:
  [[nodiscard]] static Result<TemporaryDirectory> create(const std::string& prefix);
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory&&) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) noexcept;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace winnow
