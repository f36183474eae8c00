// The final kind of each file: what its content says, and what the rest of the image makes of it (services that name
// it, the component store it lies in).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

class FileKinds {
 public:
  explicit FileKinds(const ScannedImage& image);

  [[nodiscard]] ByteKind kind_of(const ContentGroup& group) const;

 private:
  [[nodiscard]] bool is_superseded(const std::string& path) const;

  const ScannedImage& image_;
  std::set<std::string> drivers_;              // paths in lower case that driver services name
  std::set<std::string> services_;             // those other services name
  std::map<std::string, std::string> newest_;  // component without its version to its newest version
};

}  // namespace winnow
