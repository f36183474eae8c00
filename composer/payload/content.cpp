#include "payload/content.hpp"

#include <utility>

namespace winnow {

ByteView LoadedContent::bytes() const {
  if (const auto* mapped = std::get_if<MappedFile>(&holder_)) return mapped->bytes();
  return std::get<SharedBytes>(holder_).view;
}

Content Content::of_file(std::filesystem::path path, ByteCount size) { return Content(File{std::move(path), size}); }

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
  return std::get<SharedBytes>(source_).view.size();
}

Result<LoadedContent> Content::load() const {
  if (const auto* memory = std::get_if<SharedBytes>(&source_)) return LoadedContent(memory->owner, memory->view);
  const File& file = std::get<File>(source_);
  WINNOW_TRY(MappedFile mapped, MappedFile::open(file.path));
  if (mapped.bytes().size() != file.size) {
    return fail("cannot read " + file.path.string() + ": it has " + std::to_string(mapped.bytes().size()) +
                " bytes, expected " + std::to_string(file.size));
  }
  return LoadedContent(std::move(mapped));
}

Result<LoadedContent> Content::load_verified(const Digest& expected) const {
  WINNOW_TRY(LoadedContent loaded, load());
  const Digest actual = sha256(loaded.bytes());
  if (actual != expected) {
    const auto* file = std::get_if<File>(&source_);
    const std::string name = file != nullptr ? file->path.string() : "bytes in memory";
    return fail("cannot use " + name + ": its SHA-256 is " + actual.hex() + ", expected " + expected.hex());
  }
  return loaded;
}

}  // namespace winnow
