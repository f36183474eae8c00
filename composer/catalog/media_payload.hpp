// The bytes of the files of media, found when they are asked for. Payload that a component store keeps compressed is
// expanded when it is read.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "catalog/lazy.hpp"
#include "catalog/media_index.hpp"
#include "payload/content.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

// The media, opened when the first file is asked for that lies in no folder of the host.
class OpenedMedia {
 public:
  OpenedMedia(std::filesystem::path path, MediaOptions options)
      : path_(std::move(path)), options_(std::move(options)) {}

  [[nodiscard]] Result<const MediaSet*> find(const std::string& name) const;

 private:
  std::filesystem::path path_;
  MediaOptions options_;
  mutable Lazy<Media> media_;
};

// The files of one source by path, read when the first of them is asked for. Any number of threads at once.
class MediaSource {
 public:
  MediaSource(std::shared_ptr<const OpenedMedia> media, std::string name)
      : media_(std::move(media)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  // A file of an expanded folder is opened where it lies; all else needs the media opened.
  [[nodiscard]] Result<Content> find(const std::string& path) const;
  // What the file stands for: itself, or what it is once expanded. Looked at once. Errors also of
  // expand_stored_file().
  [[nodiscard]] Result<Content> expanded(const std::string& path) const;

 private:
  std::shared_ptr<const OpenedMedia> media_;
  std::string name_;
  mutable Lazy<std::map<std::string, Content>> files_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Result<Content>> expanded_;  // guarded by the mutex
};

// The bytes of a file as they lie there. Error when it has not `size` any more.
[[nodiscard]] Content media_content(std::shared_ptr<const MediaSource> source, std::string path, ByteCount size);
// The bytes of a file of a component, expanded.
[[nodiscard]] Content payload_content(const std::shared_ptr<const MediaSource>& source, const MediaFile& file);
// How many these are; of one that cannot be read or expanded, which reading it says, what is stored.
[[nodiscard]] ByteCount payload_size(const MediaSource& source, const MediaFile& file);
// Whether reading it would come to them: it is there, and in a form that can be expanded.
[[nodiscard]] bool has_payload(const MediaSource& source, const MediaFile& file);
// What reading it comes to; it counts as one byte, so that reading it asks.
[[nodiscard]] Content content_that_fails(std::string message);

}  // namespace winnow
