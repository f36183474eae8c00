// Whose a file of an image is: by the image's own provenance, else by a feed that has the very same file, else
// nobody's.
#pragma once

#include <optional>
#include <string>

#include "image_reader/image_reader.hpp"
#include "image_reader/provenance.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

struct FileOwner {
  SizeKind kind = SizeKind::unclaimed;  // packages, application, own, registry or unclaimed
  std::string group;                    // package identifier; folder of an unclaimed file; "" for the other kinds
  std::string name;                     // component, app, or hive; "" when unclaimed
};

class Ownership {
 public:
  // `baseline` may be null. Error when the provenance of the image cannot be read.
  [[nodiscard]] static Result<Ownership> create(const ImageInfo& info, const FeedBaseline* baseline);

  [[nodiscard]] OwnerSource source() const;
  // Precondition: `file` is no directory, and its path is one WindowsPath takes (read_image() gives no other).
  [[nodiscard]] FileOwner owner_of(const ImageFile& file) const;
  [[nodiscard]] const std::optional<Provenance>& provenance() const { return provenance_; }

 private:
  std::optional<Provenance> provenance_;
  const FeedBaseline* baseline_ = nullptr;
};

}  // namespace winnow
