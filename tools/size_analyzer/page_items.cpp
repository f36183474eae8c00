#include "size_analyzer/page_items.hpp"

#include "base/utf16.hpp"

namespace winnow {

namespace {

Sizes minus(Sizes whole, const Sizes& part) {
  whole.logical -= part.logical;
  whole.allocated -= part.allocated;
  whole.stored -= part.stored;
  return whole;
}

}  // namespace

PageDirectories::Place PageDirectories::place_of(const std::string& path) {
  std::size_t directory = 0;
  std::size_t begin = 0;
  for (std::size_t depth = 0; depth < kMaxDepth; ++depth) {
    const std::size_t end = path.find('/', begin);
    if (end == std::string::npos) break;
    const auto [at, is_new] = index_.try_emplace({directory, path.substr(begin, end - begin)}, all_.size());
    if (is_new) all_.push_back({directory, at->first.second});
    directory = at->second;
    begin = end + 1;
  }
  return {directory, path.substr(begin)};
}

std::vector<std::size_t> PageItems::take_owners(const ImageFacts& facts, bool is_baseline) {
  std::vector<std::size_t> numbers;
  numbers.reserve(facts.owners.size());
  for (const OwnerFacts& owner : facts.owners) {
    const auto [at, is_new] = owner_index_.try_emplace({owner.kind, owner.package, owner.name}, owners_.size());
    if (is_new) owners_.push_back({&owner, nullptr});
    if (is_baseline) owners_[at->second].old = &owner;
    numbers.push_back(at->second);
  }
  return numbers;
}

void PageItems::put(const Key& key, const PageItem& item, const std::string& path, const Sizes& sizes,
                    bool is_baseline) {
  const auto [at, is_new] = index_.try_emplace(key, items_.size());
  if (is_new) {
    items_.push_back(item);
    if (item.place.directory != kNoDirectory) items_.back().place = directories_.place_of(path);
  }
  PageItem& merged = items_[at->second];
  (is_baseline ? merged.then : merged.now) += sizes;
  (is_baseline ? merged.is_then : merged.is_now) = true;
}

void PageItems::add_file(const FileFacts& file, const std::vector<std::size_t>& owners, bool is_baseline) {
  PageItem item;
  item.owner = owners[file.owner];
  item.kind = file.kind;
  item.language = file.language;
  item.architecture = file.architecture;
  item.is_shadowed = file.is_shadowed;
  const std::u16string path = case_key(file.path);
  Sizes own = file.sizes;
  for (const FilePart& part : file.parts) own = minus(own, part.sizes);
  put({path, "", -1, item.owner, file.is_shadowed}, item, file.path, own, is_baseline);
  for (const FilePart& part : file.parts) {
    item.owner = owners[part.owner == kNobody ? file.owner : part.owner];
    item.kind = part.kind;
    item.part = part.name.empty() ? std::string(to_string(part.kind)) : part.name;
    put({path, item.part, static_cast<int>(part.kind), item.owner, file.is_shadowed}, item, file.path, part.sizes,
        is_baseline);
  }
}

void PageItems::add(const ImageFacts& facts, bool is_baseline) {
  const std::vector<std::size_t> owners = take_owners(facts, is_baseline);
  for (const FileFacts& file : facts.files) add_file(file, owners, is_baseline);
  for (const OverheadFacts& overhead : facts.overheads) {
    PageItem item;
    item.place = {kNoDirectory, overhead.name};
    item.kind = overhead.kind;
    item.owner = owners[kNobody];
    put({u"", overhead.name, static_cast<int>(overhead.kind), 0, false}, item, "", overhead.sizes, is_baseline);
  }
}

}  // namespace winnow
