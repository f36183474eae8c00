#include "resolve/lock_file.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t kMostDifferences = 10;  // lines shown; the rest is counted

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::string> only_in_first(std::vector<std::string> first, std::vector<std::string> second) {
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  std::vector<std::string> difference;
  std::set_difference(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(difference));
  return difference;
}

}  // namespace

std::string print_lock(std::string_view image, std::string_view needs, const std::vector<LockedInput>& inputs,
                       const Catalog& catalog, const Solution& solution) {
  std::string text = "winnow-lock 1\nimage " + std::string(image) + "\nneeds " + std::string(needs) + "\n";
  for (const LockedInput& input : inputs) {
    text += input.kind + " " + input.name + " sha256:" + input.digest.hex() + "\n";
  }
  std::vector<std::string> feeds;
  for (const Feed& feed : catalog.feeds()) {
    feeds.push_back("feed " + feed.name + " " + feed.version + " sha256:" + feed.digest.hex() + "\n");
  }
  std::sort(feeds.begin(), feeds.end());  // the order of feeds decides nothing
  for (const std::string& feed : feeds) text += feed;
  for (const std::string& name : solution.omitted) text += "without " + name + "\n";
  for (const Member& member : solution.members) {
    const CatalogComponent& component = catalog.components()[member.id];
    text += "component " + to_string(component.identity) + " sha256:" + component.manifest_digest.hex() + "\n";
  }
  return text;
}

Result<void> check_lock(std::string_view locked, std::string_view actual, const std::string& file) {
  if (locked == actual) return {};
  std::vector<std::string> notes;
  for (const std::string& line : only_in_first(split_lines(locked), split_lines(actual)))
    notes.push_back("locked: " + line);
  for (const std::string& line : only_in_first(split_lines(actual), split_lines(locked)))
    notes.push_back("now:    " + line);
  if (notes.empty()) notes.push_back("the same lines stand in another order");
  if (notes.size() > kMostDifferences) {
    const std::size_t more = notes.size() - kMostDifferences;
    notes.resize(kMostDifferences);
    notes.push_back("and " + std::to_string(more) + " more lines");
  }
  notes.push_back("compose without --locked to accept the difference");
  return fail({file, 0, 0}, "cannot keep to the lock file: the inputs or the solution differ", std::move(notes));
}

}  // namespace winnow
