#include "size_analyzer/comparison.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/size_report.hpp"

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
  std::set<std::string> components;
  std::set<std::string> paths;

  void add(const ImageFacts& facts, const FileFacts& file) {
    paths.insert(ascii_lower(file.path));
    const OwnerFacts& owner = facts.owners[file.owner];
    if (owner.kind == OwnerType::component) components.insert(owner.name);
    switch (classify(file.path)) {
      case FileClass::module:
        return modules.add(file.sizes.logical);
      case FileClass::table:
        return tables.add(file.sizes.logical);
      case FileClass::other:
        return others.add(file.sizes.logical);
    }
  }
  [[nodiscard]] std::uint64_t files() const { return modules.files + tables.files + others.files; }
  [[nodiscard]] ByteCount bytes() const { return modules.bytes + tables.bytes + others.bytes; }
};

bool is_feed(const ImageFacts& facts) { return facts.format == "feed"; }

// A component may put one file in several places; it is stored once, so it counts once.
class DistinctFiles {
 public:
  [[nodiscard]] bool is_new(const ImageFacts& facts, const FileFacts& file) {
    return seen_.emplace(facts.owners[file.owner].name, file.digest).second;
  }

 private:
  std::set<std::pair<std::string, std::string>> seen_;
};

Tally tally_all(const ImageFacts& facts) {
  Tally tally;
  DistinctFiles distinct;
  for (const FileFacts& file : facts.files) {
    if (facts.owners[file.owner].kind == OwnerType::app) {
      tally.outside.add(file.sizes.logical);
    } else if (!is_feed(facts) || distinct.is_new(facts, file)) {
      tally.add(facts, file);
    }
  }
  if (!is_feed(facts)) return tally;
  // Components of registry values only have no file to be seen by.
  for (const OwnerFacts& owner : facts.owners) {
    if (owner.kind == OwnerType::component) tally.components.insert(owner.name);
  }
  return tally;
}

Tally tally_of_feed(const ImageFacts& facts, const ImageFacts& feed) {
  std::map<std::pair<std::string, std::string>, const FileFacts*> known;  // by path and digest
  for (const FileFacts& file : feed.files) known.emplace(std::pair(ascii_lower(file.path), file.digest), &file);
  Tally tally;
  DistinctFiles distinct;
  for (const FileFacts& file : facts.files) {
    const auto found = known.find({ascii_lower(file.path), file.digest});
    if (found == known.end()) {
      tally.outside.add(file.sizes.logical);
      continue;
    }
    tally.components.insert(feed.owners[found->second->owner].name);
    if (distinct.is_new(feed, *found->second)) tally.add(feed, *found->second);
  }
  return tally;
}

template <class Item>
ComparedSet compare_sets(const std::string& name, const std::set<Item>& image, const std::set<Item>& baseline) {
  std::vector<Item> both;
  std::set_intersection(image.begin(), image.end(), baseline.begin(), baseline.end(), std::back_inserter(both));
  return {name, image.size() - both.size(), both.size(), baseline.size() - both.size()};
}

std::set<std::string> service_names(const ImageFacts& facts) {
  std::set<std::string> names;
  for (const ServiceFacts& service : facts.services) names.insert(ascii_lower(service.name));
  return names;
}

std::optional<std::uint64_t> count_of(const ImageFacts& facts, const std::string& name) {
  const auto found = std::find_if(facts.counts.begin(), facts.counts.end(),
                                  [&](const CountFacts& count) { return count.name == name; });
  return found == facts.counts.end() ? std::nullopt : std::optional(found->value);
}

std::string title_of(const ImageFacts& baseline, const std::string& name, const Tally& whole) {
  const std::string tag = baseline.tag.empty() ? "" : " (" + baseline.tag + ")";
  const std::string what = is_feed(baseline) ? "feed " + baseline.tag : baseline.format + " " + name + tag;
  return what + (what.find(": ") == std::string::npos ? ": " : ", ") + grouped_digits(whole.modules.files) +
         " PE files, " + human_size(whole.modules.bytes);
}

}  // namespace

SizeComparison compare_sizes(const ImageFacts& image, const ImageFacts& baseline, const std::string& name) {
  const Tally theirs = tally_all(baseline);
  const Tally ours = is_feed(baseline) ? tally_of_feed(image, baseline) : tally_all(image);
  SizeComparison result;
  result.baseline = title_of(baseline, name, theirs);
  result.measures = {
      {"PE files", false, ours.modules.files, theirs.modules.files},
      {"PE bytes", true, ours.modules.bytes, theirs.modules.bytes},
      {"NLS tables", false, ours.tables.files, theirs.tables.files},
      {"NLS bytes", true, ours.tables.bytes, theirs.tables.bytes},
      {"all files", false, ours.files(), theirs.files()},
      {"all bytes", true, ours.bytes(), theirs.bytes()},
      {"components", false, ours.components.size(), theirs.components.size()},
  };
  for (const CountFacts& count : baseline.counts) {
    const bool is_of_files = count.name == "files" || count.name == "executables" || count.name == "libraries";
    const auto own = count_of(image, count.name);
    if (own && !is_of_files) result.measures.push_back({count.name, false, *own, count.value});
  }
  if (!is_feed(baseline)) {
    result.measures.push_back({"image on disk, apps included", true, image.total.stored, baseline.total.stored});
  }
  result.sets.push_back(compare_sets("files", ours.paths, theirs.paths));
  result.sets.push_back(compare_sets("components", ours.components, theirs.components));
  if (!image.services.empty() && !baseline.services.empty()) {
    result.sets.push_back(compare_sets("services", service_names(image), service_names(baseline)));
  }
  result.outside_files = ours.outside.files;
  result.outside_bytes = ours.outside.bytes;
  return result;
}

}  // namespace winnow
