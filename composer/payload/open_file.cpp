#include "payload/open_file.hpp"

#include <memory>
#include <utility>

#include "base/file_system.hpp"

namespace winnow {

namespace {

class OpenFile final : public ContentSource {
 public:
  OpenFile(InputFile file, ByteCount size) : file_(std::move(file)), size_(size) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    return file_.read_at(offset, out);
  }

 private:
  InputFile file_;
  ByteCount size_;
};

}  // namespace

Result<Content> open_file_content(const std::filesystem::path& file) {
  WINNOW_TRY(InputFile input, InputFile::open(file));
  WINNOW_TRY(const FileState state, input.state());
  return Content::of_source(std::make_shared<OpenFile>(std::move(input), state.size));
}

}  // namespace winnow
