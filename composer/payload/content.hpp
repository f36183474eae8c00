// The bytes of one file of the image, wherever they are. Cheap to copy; nothing is read until load().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/file_system.hpp"
#include "base/result.hpp"

namespace winnow {

// A view and whatever keeps its bytes alive: a buffer, a mapped file.
struct SharedBytes {
  std::shared_ptr<const void> owner;
  ByteView view;
};

// Bytes in memory or mapped; the view lives as long as this object.
class LoadedContent {
 public:
  explicit LoadedContent(MappedFile file) : holder_(std::move(file)) {}
  LoadedContent(std::shared_ptr<const void> owner, ByteView view) : holder_(SharedBytes{std::move(owner), view}) {}

  [[nodiscard]] ByteView bytes() const;

 private:
  std::variant<MappedFile, SharedBytes> holder_;
};

// When a file was last modified: ns since 1970. Two reads that see the same stamp saw the same bytes.
using FileStamp = std::int64_t;

// Bytes that lie neither in memory nor in a file of their own: a stream of a disk image. Read by several threads at
// once.
class ContentSource {
 public:
  virtual ~ContentSource() = default;
  [[nodiscard]] virtual ByteCount size() const = 0;
  // Fills `out` from `offset` on. Precondition: all of it lies inside.
  [[nodiscard]] virtual Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const = 0;
};

class Content {
 public:
  // A file on disk, to be mapped when loaded. `size` is what the plan counted on, as is `stamp` where one is given.
  [[nodiscard]] static Content of_file(const std::filesystem::path& path, ByteCount size,
                                       std::optional<FileStamp> stamp = std::nullopt);
  // Bytes in memory: all of them, or the part `view` of what `owner` keeps alive (an entry of an archive read whole).
  [[nodiscard]] static Content of_bytes(Bytes bytes);
  [[nodiscard]] static Content of_shared(std::shared_ptr<const void> owner, ByteView view);
  [[nodiscard]] static Content of_source(std::shared_ptr<const ContentSource> source);

  [[nodiscard]] ByteCount size() const;
  // Error "cannot read <path>: …" when the file is gone or is not what it was when it was planned.
  [[nodiscard]] Result<LoadedContent> load() const;
  // Fills `out` with the bytes from `offset` on. Precondition: they are inside size(). Error "cannot read <path>: …"
  // when the file is gone, has another size or stamp than planned, or changes meanwhile.
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const;
  // load(), and an error when its SHA-256 is not `expected`:
  // "cannot use <path>: its SHA-256 is <a>, expected <b>".
  [[nodiscard]] Result<LoadedContent> load_verified(const Digest& expected) const;

 private:
  struct File {
    std::string path;  // no filesystem::path, which holds a kilobyte for eight components
    ByteCount size;
    std::optional<FileStamp> stamp;
  };
  using Source = std::variant<File, SharedBytes, std::shared_ptr<const ContentSource>>;
  [[nodiscard]] static Result<void> read_file_part(const File& file, ByteCount offset, std::span<std::uint8_t> out);
  [[nodiscard]] static Result<LoadedContent> load_file(const File& file);
  explicit Content(Source source) : source_(std::move(source)) {}
  Source source_;
};

}  // namespace winnow
