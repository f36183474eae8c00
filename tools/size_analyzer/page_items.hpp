// The smallest things of an image that have bytes, merged with those of a baseline. Below page_data.hpp.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "size_analyzer/image_facts.hpp"

namespace winnow {

inline constexpr std::size_t kNoDirectory = static_cast<std::size_t>(-1);

// Folders of all items; [0] is the root. Below kMaxDepth the rest of a path is one name.
class PageDirectories {
 public:
  static constexpr std::size_t kMaxDepth = 64;

  struct Directory {
    std::size_t parent = 0;
    std::string name;
  };
  struct Place {
    std::size_t directory = 0;
    std::string name;
  };
  // Makes the folders that are not there yet.
  [[nodiscard]] Place place_of(const std::string& path);
  [[nodiscard]] const std::vector<Directory>& all() const { return all_; }

 private:
  std::vector<Directory> all_ = {{0, ""}};
  std::map<std::pair<std::size_t, std::string>, std::size_t> index_;
};

struct PageOwner {
  const OwnerFacts* facts = nullptr;  // the image's where it has it, else the baseline's
  const OwnerFacts* old = nullptr;    // the baseline's
};

struct PageItem {
  PageDirectories::Place place;  // directory is kNoDirectory for bytes of no file
  std::string part;              // "" for the file itself
  std::size_t owner = 0;         // index into PageItems::owners
  ByteKind kind = ByteKind::data;
  std::string language;
  std::string architecture;
  bool is_shadowed = false;
  bool is_now = false;
  bool is_then = false;
  Sizes now;
  Sizes then;
};

class PageItems {
 public:
  // The image first, then the baseline. The facts must outlive this object.
  void add_image(const ImageFacts& facts) { add(facts, false); }
  void add_baseline(const ImageFacts& facts) { add(facts, true); }

  [[nodiscard]] const std::vector<PageItem>& items() const { return items_; }
  [[nodiscard]] const std::vector<PageOwner>& owners() const { return owners_; }
  [[nodiscard]] const PageDirectories& directories() const { return directories_; }

 private:
  // Path as Windows compares it, part, kind of a part, owner, shadowed.
  using Key = std::tuple<std::u16string, std::string, int, std::size_t, bool>;

  void add(const ImageFacts& facts, bool is_baseline);
  void add_file(const FileFacts& file, const std::vector<std::size_t>& owners, bool is_baseline);
  void put(const Key& key, const PageItem& item, const std::string& path, const Sizes& sizes, bool is_baseline);
  [[nodiscard]] std::vector<std::size_t> take_owners(const ImageFacts& facts, bool is_baseline);

  PageDirectories directories_;
  std::vector<PageItem> items_;
  std::map<Key, std::size_t> index_;
  std::vector<PageOwner> owners_;
  std::map<std::tuple<OwnerType, std::string, std::string>, std::size_t> owner_index_;
};

}  // namespace winnow
