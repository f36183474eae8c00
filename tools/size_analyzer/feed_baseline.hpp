// The feed an image is compared with, as its index describes it: which files it has, and whose they are.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "image_reader/image_reader.hpp"
#include "manifest/feed_index.hpp"

namespace winnow {

// What a file is, by its name: feeds hold modules and tables in known kinds.
enum class FileClass { module, table, other };  // PE, NLS, all else
[[nodiscard]] FileClass classify(std::string_view path);

class FeedBaseline {
 public:
  [[nodiscard]] static Result<FeedBaseline> load(const std::filesystem::path& feed);

  [[nodiscard]] const FeedIndex& index() const { return index_; }
  // The component that brings exactly this file (same path, same content); null when none does.
  [[nodiscard]] const IndexedComponent* owner_of(const WindowsPath& path, const Digest& digest) const;

 private:
  struct Place {
    std::size_t component = 0;
    Digest digest;
  };
  FeedIndex index_;
  std::multimap<WindowsPath, Place> files_;
};

}  // namespace winnow
