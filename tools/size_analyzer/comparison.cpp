#include "size_analyzer/comparison.hpp"

#include <set>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

struct Count {
  std::uint64_t files = 0;
  ByteCount bytes = 0;

  void add(ByteCount size) {
    ++files;
    bytes += size;
  }
};

// One side of a comparison.
struct Tally {
  Count modules;
  Count tables;
  Count others;
  Count outside;  // in no measure
  std::uint64_t components = 0;

  void add(std::string_view path, ByteCount size) {
    switch (classify(path)) {
      case FileClass::module:
        return modules.add(size);
      case FileClass::table:
        return tables.add(size);
      case FileClass::other:
        return others.add(size);
    }
  }
  [[nodiscard]] std::uint64_t files() const { return modules.files + tables.files + others.files; }
  [[nodiscard]] ByteCount bytes() const { return modules.bytes + tables.bytes + others.bytes; }
};

std::vector<ComparedMeasure> measures(const Tally& image, const Tally& baseline) {
  return {
      {"PE files", false, image.modules.files, baseline.modules.files},
      {"PE bytes", true, image.modules.bytes, baseline.modules.bytes},
      {"NLS tables", false, image.tables.files, baseline.tables.files},
      {"NLS bytes", true, image.tables.bytes, baseline.tables.bytes},
      {"all files", false, image.files(), baseline.files()},
      {"all bytes", true, image.bytes(), baseline.bytes()},
  };
}

// A component may put one file in several places; it is stored once, so it counts once.
class DistinctFiles {
 public:
  [[nodiscard]] bool is_new(const IndexedComponent& component, const Digest& digest) {
    return seen_.emplace(&component, digest).second;
  }

 private:
  std::set<std::pair<const IndexedComponent*, Digest>> seen_;
};

Tally tally_feed(const FeedIndex& index) {
  Tally tally;
  DistinctFiles distinct;
  for (const IndexedComponent& component : index.components) {
    for (const IndexedFile& file : component.files) {
      if (distinct.is_new(component, file.digest)) tally.add(file.path, file.size);
    }
  }
  tally.components = index.components.size();
  return tally;
}

// "An open-source Win32 userland: the …" -> "an open-source Win32 userland", to stand inside a sentence.
std::string opening_words(const std::string& text) {
  std::string words = text.substr(0, text.find_first_of(":.;\n"));
  if (!words.empty()) words.front() = ascii_lower(words.substr(0, 1)).front();
  return words;
}

Tally tally_image(const ImageInfo& image, const Ownership& owners) {
  Tally tally;
  for (const ImageFile& file : image.files) {
    if (file.is_directory) continue;
    const bool is_app = owners.owner_of(file).kind == SizeKind::application;
    if (is_app) tally.outside.add(file.size);
    if (!is_app) tally.add(file.path, file.size);
  }
  return tally;
}

std::string counts_text(const Tally& tally) {
  return grouped_digits(tally.modules.files) + " PE files, " + human_size(tally.modules.bytes);
}

}  // namespace

SizeComparison compare_with_feed(const ImageInfo& image, const FeedBaseline& baseline) {
  const FeedIndex& index = baseline.index();
  const Tally whole = tally_feed(index);
  Tally part;
  std::set<const IndexedComponent*> components;
  DistinctFiles distinct;
  for (const ImageFile& file : image.files) {
    if (file.is_directory) continue;
    const auto path = WindowsPath::parse(file.path);
    const IndexedComponent* owner = path ? baseline.owner_of(*path, file.digest) : nullptr;
    if (owner == nullptr) {
      part.outside.add(file.size);
      continue;
    }
    components.insert(owner);
    if (distinct.is_new(*owner, file.digest)) part.add(file.path, file.size);
  }
  SizeComparison comparison;
  comparison.baseline =
      index.name + " feed " + index.version + ": " + opening_words(index.description) + ", " + counts_text(whole);
  comparison.measures = measures(part, whole);
  comparison.measures.push_back({"components", false, components.size(), whole.components});
  comparison.outside_files = part.outside.files;
  comparison.outside_bytes = part.outside.bytes;
  return comparison;
}

SizeComparison compare_with_image(const ImageInfo& image, const Ownership& owners, const ImageInfo& other,
                                  const Ownership& other_owners, const std::string& other_name) {
  const Tally ours = tally_image(image, owners);
  const Tally theirs = tally_image(other, other_owners);
  SizeComparison comparison;
  comparison.baseline =
      "image " + other_name + (other.tag.empty() ? "" : " (" + other.tag + ")") + ": " + counts_text(theirs);
  comparison.measures = measures(ours, theirs);
  comparison.measures.push_back({"image on disk, app included", true, image.stored, other.stored});
  comparison.outside_files = ours.outside.files;
  comparison.outside_bytes = ours.outside.bytes;
  return comparison;
}

}  // namespace winnow
