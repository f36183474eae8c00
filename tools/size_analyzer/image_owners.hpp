// Whose each file of an image is: by its provenance, else the component store, else a feed's index, else the file's own
// version resource, else the folder of a program; else nobody's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "image_reader/provenance.hpp"
#include "size_analyzer/owner_table.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

class ImageOwners {
 public:
  [[nodiscard]] static Result<ImageOwners> create(const ScannedImage& image);

  // By index into ImageInfo::files; `names` are all names of its content (hard links), itself among them.
  [[nodiscard]] OwnerIndex owner_of(std::size_t file, const std::vector<std::size_t>& names);
  [[nodiscard]] const std::optional<Provenance>& provenance() const { return provenance_; }
  // Of an owner in the provenance.
  [[nodiscard]] OwnerIndex number(std::size_t owner) const { return numbers_[owner]; }
  [[nodiscard]] OwnerTable& table() { return table_; }

 private:
  explicit ImageOwners(const ScannedImage& image) : image_(&image) {}
  [[nodiscard]] Result<void> read_provenance();
  void add_components(const FeedIndex& index);
  [[nodiscard]] std::optional<OwnerIndex> by_provenance(const ImageFile& file);
  [[nodiscard]] std::optional<OwnerIndex> by_component_store(const std::vector<std::size_t>& names);
  [[nodiscard]] std::optional<OwnerIndex> by_feed(const ImageFile& file);
  [[nodiscard]] std::optional<OwnerIndex> by_version(std::size_t first);
  [[nodiscard]] std::optional<OwnerIndex> by_path(const std::string& path);

  const ScannedImage* image_;
  OwnerTable table_;
  std::optional<Provenance> provenance_;
  std::vector<OwnerIndex> numbers_;
};

}  // namespace winnow
