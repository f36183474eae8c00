// The bytes of one file of the image, wherever they are. Cheap to copy; nothing is read until load().
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/file_system.hpp"
#include "base/result.hpp"

namespace winnow {

// Bytes in memory or mapped; the view lives as long as this object.
class LoadedContent {
 public:
  explicit LoadedContent(MappedFile file) : holder_(std::move(file)) {}
  LoadedContent(std::shared_ptr<const Bytes> owner, ByteView view) : holder_(Shared{std::move(owner), view}) {}

  [[nodiscard]] ByteView bytes() const;

 private:
  struct Shared {
    std::shared_ptr<const Bytes> owner;
    ByteView view;
  };
  std::variant<MappedFile, Shared> holder_;
};

class Content {
 public:
  // A file on disk, to be mapped when loaded. `size` is what the plan counted on.
  [[nodiscard]] static Content of_file(std::filesystem::path path, ByteCount size);
  // Bytes in memory: all of `owner`, or the part `view` of it (an entry of an archive read whole).
  [[nodiscard]] static Content of_bytes(Bytes bytes);
  [[nodiscard]] static Content of_shared(std::shared_ptr<const Bytes> owner, ByteView view);

  [[nodiscard]] ByteCount size() const;
  // Error "cannot read <path>: …" when the file is gone or has changed its size since it was planned.
  [[nodiscard]] Result<LoadedContent> load() const;
  // load(), and an error when its SHA-256 is not `expected`:
  // "cannot use <path>: its SHA-256 is <a>, expected <b>".
  [[nodiscard]] Result<LoadedContent> load_verified(const Digest& expected) const;

 private:
  struct File {
    std::filesystem::path path;
    ByteCount size;
  };
  struct Memory {
    std::shared_ptr<const Bytes> owner;
    ByteView view;
  };
  explicit Content(std::variant<File, Memory> source) : source_(std::move(source)) {}
  std::variant<File, Memory> source_;
};

}  // namespace winnow
