#include "size_analyzer/match_facts.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/utf16.hpp"

namespace winnow {

namespace {

using Key = std::u16string;

// Pairs what has the same key on both sides, first with first; what is paired once stays so.
class Matcher {
 public:
  Matcher(std::size_t before, std::size_t after) : after_of_(before, kNoMatch), before_of_(after, kNoMatch) {}

  // `key_of(is_after, index)`: no key, no match. Returns the pairs it made, as indexes of `after`.
  std::vector<std::size_t> match(const std::function<std::optional<Key>(bool is_after, std::size_t index)>& key_of) {
    std::map<Key, std::vector<std::size_t>> open;  // unmatched of `before`, the last first
    for (std::size_t i = after_of_.size(); i-- > 0;) {
      if (after_of_[i] != kNoMatch) continue;
      if (auto key = key_of(false, i)) open[std::move(*key)].push_back(i);
    }
    std::vector<std::size_t> made;
    for (std::size_t i = 0; i < before_of_.size() && !open.empty(); ++i) {
      if (before_of_[i] != kNoMatch) continue;
      const auto key = key_of(true, i);
      if (!key) continue;
      const auto found = open.find(*key);
      if (found == open.end() || found->second.empty()) continue;
      before_of_[i] = found->second.back();
      after_of_[found->second.back()] = i;
      found->second.pop_back();
      made.push_back(i);
    }
    return made;
  }

  [[nodiscard]] std::vector<MatchedPair> pairs() const {
    std::vector<MatchedPair> pairs;
    for (std::size_t i = 0; i < before_of_.size(); ++i) pairs.push_back({before_of_[i], i});
    for (std::size_t i = 0; i < after_of_.size(); ++i) {
      if (after_of_[i] == kNoMatch) pairs.push_back({i, kNoMatch});
    }
    return pairs;
  }

 private:
  std::vector<std::size_t> after_of_;
  std::vector<std::size_t> before_of_;
};

Key join(std::initializer_list<std::string_view> parts) {
  Key key;
  for (const std::string_view part : parts) {
    key += case_key(part);
    key += u'\0';
  }
  return key;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string number_of(OwnerType kind) { return std::to_string(static_cast<int>(kind)); }

enum class OwnerRule { all, without_version, without_package, name };

Key owner_key(const OwnerFacts& owner, OwnerRule rule) {
  Key key = join({number_of(owner.kind), owner.name});
  if (rule <= OwnerRule::without_package) key += join({owner.architecture});
  if (rule <= OwnerRule::without_version) key += join({owner.package});
  if (rule == OwnerRule::all) key += join({owner.version});
  return key;
}

std::size_t count_apps(const ImageFacts& facts) {
  std::size_t count = 0;
  for (const OwnerFacts& owner : facts.owners) count += owner.kind == OwnerType::app ? 1 : 0;
  return count;
}

std::optional<Key> file_key(const ImageFacts& facts, const FileFacts& file, FileMatch match) {
  const bool has_content = !file.digest.empty() && file.sizes.logical > 0;
  switch (match) {
    case FileMatch::path_and_content:
      if (file.digest.empty()) return std::nullopt;
      return join({file.path, file.digest});
    case FileMatch::path:
      return join({file.path});
    case FileMatch::content_and_name:
      if (!has_content) return std::nullopt;
      return join({file.digest, file_name(file.path)});
    case FileMatch::content:
      if (!has_content) return std::nullopt;
      return join({file.digest});
    case FileMatch::owner_and_name: {
      if (file.owner == kNobody) return std::nullopt;
      const OwnerFacts& owner = facts.owners[file.owner];
      return join({number_of(owner.kind), owner.name, file_name(file.path)});
    }
    case FileMatch::none:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(FileMatch match) {
  switch (match) {
    case FileMatch::path_and_content:
      return "path and content";
    case FileMatch::path:
      return "path";
    case FileMatch::content_and_name:
      return "content and name";
    case FileMatch::content:
      return "content";
    case FileMatch::owner_and_name:
      return "owner and name";
    case FileMatch::none:
      break;
  }
  return "none";
}

std::vector<MatchedPair> match_owners(const ImageFacts& before, const ImageFacts& after) {
  Matcher matcher(before.owners.size(), after.owners.size());
  const auto owner = [&](bool is_after, std::size_t i) -> const OwnerFacts& {
    return is_after ? after.owners[i] : before.owners[i];
  };
  matcher.match([](bool, std::size_t i) { return i == kNobody ? std::optional<Key>(Key{}) : std::nullopt; });
  for (const OwnerRule rule :
       {OwnerRule::all, OwnerRule::without_version, OwnerRule::without_package, OwnerRule::name}) {
    matcher.match([&](bool is_after, std::size_t i) { return std::optional(owner_key(owner(is_after, i), rule)); });
  }
  if (count_apps(before) == 1 && count_apps(after) == 1) {
    matcher.match([&](bool is_after, std::size_t i) {
      return owner(is_after, i).kind == OwnerType::app ? std::optional<Key>(Key{}) : std::nullopt;
    });
  }
  return matcher.pairs();
}

std::vector<MatchedFiles> match_files(const ImageFacts& before, const ImageFacts& after) {
  Matcher matcher(before.files.size(), after.files.size());
  std::vector<FileMatch> match_of(after.files.size(), FileMatch::none);
  for (const FileMatch rule : {FileMatch::path_and_content, FileMatch::path, FileMatch::content_and_name,
                               FileMatch::content, FileMatch::owner_and_name}) {
    const auto made = matcher.match([&](bool is_after, std::size_t i) {
      const ImageFacts& facts = is_after ? after : before;
      return file_key(facts, facts.files[i], rule);
    });
    for (const std::size_t i : made) match_of[i] = rule;
  }
  std::vector<MatchedFiles> files;
  for (const MatchedPair& pair : matcher.pairs()) {
    files.push_back({pair, pair.after == kNoMatch ? FileMatch::none : match_of[pair.after]});
  }
  return files;
}

}  // namespace winnow
