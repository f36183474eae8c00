#include "catalog/media_payload.hpp"

#include <algorithm>
#include <utility>

#include "payload/stored_file.hpp"

namespace winnow {

namespace {

// A file of a source, looked up when it is read.
class MediaContent final : public ContentSource {
 public:
  enum class Reading { as_stored, expanded };
  MediaContent(std::shared_ptr<const MediaSource> source, std::string path, ByteCount size, Reading reading)
      : source_(std::move(source)), path_(std::move(path)), size_(size), reading_(reading) {}

  ByteCount size() const override { return size_; }
  Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    WINNOW_TRY(const Content content, reading_ == Reading::expanded ? source_->expanded(path_) : source_->find(path_));
    if (content.size() != size_) return fail("cannot read " + source_->name() + "/" + path_ + ": it has changed");
    return content.read(offset, out);
  }

 private:
  std::shared_ptr<const MediaSource> source_;
  std::string path_;
  ByteCount size_;
  Reading reading_;
};

class FailingContent final : public ContentSource {
 public:
  explicit FailingContent(std::string message) : message_(std::move(message)) {}
  ByteCount size() const override { return 1; }
  Result<void> read(ByteCount, std::span<std::uint8_t>) const override { return fail(message_); }

 private:
  std::string message_;
};

}  // namespace

Result<const MediaSet*> OpenedMedia::find(const std::string& name) const {
  WINNOW_TRY(const Media* media, media_.get([&] { return open_media(path_, options_); }));
  const auto found =
      std::find_if(media->sets.begin(), media->sets.end(), [&](const MediaSet& set) { return set.name() == name; });
  if (found == media->sets.end()) return fail("cannot read " + name + ": it is gone");
  return &*found;
}

Result<Content> MediaSource::find(const std::string& path) const {
  std::error_code ignored;
  const std::filesystem::path direct = std::filesystem::path(name_) / path;
  if (std::filesystem::is_regular_file(direct, ignored)) {
    return Content::of_file(direct, std::filesystem::file_size(direct, ignored));
  }
  using Files = std::map<std::string, Content>;
  WINNOW_TRY(const Files* files, files_.get([&]() -> Result<Files> {
    WINNOW_TRY(const MediaSet* set, media_->find(name_));
    WINNOW_TRY(std::vector<PayloadEntry> entries, set->files());
    Files made;
    for (PayloadEntry& entry : entries) made.emplace(std::move(entry.path), std::move(entry.content));
    return made;
  }));
  const auto found = files->find(path);
  if (found == files->end()) return fail("cannot read " + name_ + "/" + path + ": it is gone");
  return found->second;
}

Result<Content> MediaSource::expanded(const std::string& path) const {
  {
    const std::lock_guard lock(mutex_);
    const auto known = expanded_.find(path);
    if (known != expanded_.end()) return known->second;
  }
  Result<Content> made = [&]() -> Result<Content> {
    WINNOW_TRY(const Content stored, find(path));
    return expand_stored_file(stored, name_ + "/" + path);
  }();
  const std::lock_guard lock(mutex_);
  return expanded_.emplace(path, std::move(made)).first->second;
}

Content media_content(std::shared_ptr<const MediaSource> source, std::string path, ByteCount size) {
  return Content::of_source(
      std::make_shared<MediaContent>(std::move(source), std::move(path), size, MediaContent::Reading::as_stored));
}

Content payload_content(const std::shared_ptr<const MediaSource>& source, const MediaFile& file) {
  if (file.form == PayloadForm::plain) return media_content(source, file.path, file.size);
  const ByteCount size = payload_size(*source, file);
  return Content::of_source(std::make_shared<MediaContent>(source, file.path, size, MediaContent::Reading::expanded));
}

ByteCount payload_size(const MediaSource& source, const MediaFile& file) {
  if (file.form != PayloadForm::unknown) return file.size;
  const Result<Content> expanded = source.expanded(file.path);
  return expanded ? expanded->size() : file.stored;
}

bool has_payload(const MediaSource& source, const MediaFile& file) {
  if (file.path.empty() || file.form == PayloadForm::closed) return false;
  return file.form != PayloadForm::unknown || source.expanded(file.path).has_value();
}

Content content_that_fails(std::string message) {
  return Content::of_source(std::make_shared<FailingContent>(std::move(message)));
}

}  // namespace winnow
