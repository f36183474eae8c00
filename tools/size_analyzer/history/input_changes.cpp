#include "size_analyzer/history/input_changes.hpp"

#include <algorithm>

namespace winnow {

namespace {

std::string name_and_version(const FeedFacts& feed) {
  return feed.version.empty() ? feed.name : feed.name + " " + feed.version;
}

const FeedFacts* find_feed(const std::vector<FeedFacts>& feeds, const std::string& name) {
  const auto found = std::find_if(feeds.begin(), feeds.end(), [&](const FeedFacts& feed) { return feed.name == name; });
  return found == feeds.end() ? nullptr : &*found;
}

// Those of `more` that `less` does not have, with words in front.
std::string only_in(const std::vector<std::string>& more, const std::vector<std::string>& less, const char* words) {
  std::string text;
  for (const std::string& request : more) {
    if (std::find(less.begin(), less.end(), request) != less.end()) continue;
    text += (text.empty() ? words : ", ") + request;
  }
  return text;
}

}  // namespace

std::vector<std::string> feed_changes(const BuildRecord& before, const BuildRecord& now) {
  std::vector<std::string> changes;
  for (const FeedFacts& feed : now.feeds) {
    const FeedFacts* old = find_feed(before.feeds, feed.name);
    if (old == nullptr) {
      changes.push_back("feed " + name_and_version(feed) + " is new");
    } else if (old->version != feed.version) {
      changes.push_back("feed " + feed.name + " moved: " + old->version + " -> " + feed.version);
    } else if (old->digest != feed.digest) {
      changes.push_back("feed " + name_and_version(feed) + " has other content");
    }
  }
  for (const FeedFacts& feed : before.feeds) {
    if (find_feed(now.feeds, feed.name) == nullptr) changes.push_back("feed " + name_and_version(feed) + " is gone");
  }
  if (!before.os_version.empty() && !now.os_version.empty() && before.os_version != now.os_version) {
    changes.push_back("Windows version moved: " + before.os_version + " -> " + now.os_version);
  }
  return changes;
}

std::vector<std::string> manifest_changes(const BuildRecord& before, const BuildRecord& now) {
  const std::string added = only_in(now.requests, before.requests, "asks for ");
  const std::string removed = only_in(before.requests, now.requests, "no longer asks for ");
  const bool is_other =
      !before.manifest_digest.empty() && !now.manifest_digest.empty() && before.manifest_digest != now.manifest_digest;
  if (!is_other && added.empty() && removed.empty()) return {};
  std::string text = "manifest changed";
  if (!added.empty()) text += ": " + added;
  if (!removed.empty()) text += (added.empty() ? ": " : "; ") + removed;
  return {text};
}

}  // namespace winnow
