#include "payload/content.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

ByteView LoadedContent::bytes() const {
  if (const auto* mapped = std::get_if<MappedFile>(&holder_)) return mapped->bytes();
  return std::get<SharedBytes>(holder_).view;
}

namespace {

using SharedSource = std::shared_ptr<const ContentSource>;

Result<LoadedContent> load_source(const ContentSource& source) {
  const auto bytes = std::make_shared<Bytes>(static_cast<std::size_t>(source.size()));
  WINNOW_CHECK(source.read(0, *bytes));
  return LoadedContent(bytes, ByteView(*bytes));
}

}  // namespace

Content Content::of_file(const std::filesystem::path& path, ByteCount size, std::optional<FileStamp> stamp) {
  return Content(File{path.string(), size, stamp});
}

Content Content::of_source(std::shared_ptr<const ContentSource> source) { return Content(std::move(source)); }

Content Content::of_bytes(Bytes bytes) {
  auto owner = std::make_shared<const Bytes>(std::move(bytes));
  const ByteView view = *owner;
  return of_shared(std::move(owner), view);
}

Content Content::of_shared(std::shared_ptr<const void> owner, ByteView view) {
  return Content(SharedBytes{std::move(owner), view});
}

ByteCount Content::size() const {
  if (const auto* file = std::get_if<File>(&source_)) return file->size;
  if (const auto* source = std::get_if<SharedSource>(&source_)) return (*source)->size();
  return std::get<SharedBytes>(source_).view.size();
}

Result<LoadedContent> Content::load() const {
  if (const auto* memory = std::get_if<SharedBytes>(&source_)) return LoadedContent(memory->owner, memory->view);
  if (const auto* source = std::get_if<SharedSource>(&source_)) return load_source(**source);
  return load_file(std::get<File>(source_));
}

Result<LoadedContent> Content::load_file(const File& file) {
  WINNOW_CHECK(read_file_part(file, 0, {}));  // is it what it was?
  WINNOW_TRY(MappedFile mapped, MappedFile::open(file.path));
  if (mapped.bytes().size() != file.size) {
    return fail("cannot read " + file.path + ": it has " + std::to_string(mapped.bytes().size()) + " bytes, expected " +
                std::to_string(file.size));
  }
  return LoadedContent(std::move(mapped));
}

Result<void> Content::read(ByteCount offset, std::span<std::uint8_t> out) const {
  if (const auto* memory = std::get_if<SharedBytes>(&source_)) {
    std::copy_n(memory->view.data() + offset, out.size(), out.data());
    return {};
  }
  if (const auto* source = std::get_if<SharedSource>(&source_)) return (*source)->read(offset, out);
  return read_file_part(std::get<File>(source_), offset, out);
}

Result<void> Content::read_file_part(const File& file, ByteCount offset, std::span<std::uint8_t> out) {
  WINNOW_TRY(const InputFile input, InputFile::open(file.path));
  const auto check = [&]() -> Result<void> {
    WINNOW_TRY(const FileState state, input.state());
    if (state.size != file.size) {
      return fail("cannot read " + file.path + ": it has " + std::to_string(state.size) + " bytes, expected " +
                  std::to_string(file.size));
    }
    if (file.stamp && state.modified != *file.stamp) {
      return fail("cannot read " + file.path + ": it was changed after it was planned");
    }
    return {};
  };
  WINNOW_CHECK(check());
  WINNOW_CHECK(input.read_at(offset, out));
  return check();
}

Result<LoadedContent> Content::load_verified(const Digest& expected) const {
  WINNOW_TRY(LoadedContent loaded, load());
  const Digest actual = sha256(loaded.bytes());
  if (actual != expected) {
    const auto* file = std::get_if<File>(&source_);
    const std::string name = file != nullptr ? file->path : "bytes in memory";
    return fail("cannot use " + name + ": its SHA-256 is " + actual.hex() + ", expected " + expected.hex());
  }
  return loaded;
}

}  // namespace winnow
