#include "feed/feed_description.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {
namespace {

constexpr std::string_view kSpace = " \t\r";
constexpr std::size_t kNoRole = std::numeric_limits<std::size_t>::max();

// The first word of `rest`, taken off it.
std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
  const std::size_t end = std::min(rest.find_first_of(kSpace), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace, end), rest.size()));
  while (!rest.empty() && kSpace.find(rest.back()) != std::string_view::npos) rest.remove_suffix(1);
  return word;
}

class DescriptionReader {
 public:
  DescriptionReader(const std::string& file, Diagnostics& faults) : place_{file, 0, 0}, faults_(faults) {}

  FeedDescription read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++place_.line;
      read_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    check_includes();
    return std::move(description_);
  }

 private:
  enum class Block { none, feed, role, component };

  void refuse(const std::string& reason) { faults_.add(place_, "cannot read feed description: " + reason); }

  // A line that is not indented opens a block; an indented one says something about it.
  void read_line(std::string_view line) {
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view keyword = take_word(line);
    if (keyword.empty() || keyword.starts_with('#')) return;
    if (!indented) return open_block(keyword, line);
    const bool known = block_ == Block::feed        ? read_feed(keyword, line)
                       : block_ == Block::role      ? read_role(keyword, line)
                       : block_ == Block::component ? read_component(keyword, line)
                                                    : false;
    if (!known) refuse("\"" + std::string(keyword) + "\" is not known here");
  }

  void open_block(std::string_view keyword, std::string_view name) {
    if (keyword == "feed") {
      block_ = Block::feed;
    } else if (keyword == "role" && !name.empty()) {
      block_ = Block::role;
      if (find_role(name)) refuse("role \"" + std::string(name) + "\" is described twice");
      description_.roles.emplace_back().name = name;
    } else if (keyword == "component" && !name.empty()) {
      block_ = Block::component;
      description_.needs.push_back({{std::string(name), place_}, {}});
    } else {
      block_ = Block::none;
      refuse("a block begins with \"feed\", \"role NAME\" or \"component NAME\"");
    }
  }

  bool read_feed(std::string_view keyword, std::string_view rest) {
    if (keyword != "description") return false;
    append_text(description_.text, rest);
    return true;
  }

  bool read_role(std::string_view keyword, std::string_view rest) {
    RoleDescription& role = description_.roles.back();
    if (keyword == "title") {
      role.title = rest;
    } else if (keyword == "description") {
      append_text(role.description, rest);
    } else if (keyword == "product") {
      role.product = true;
    } else if (keyword == "rest") {
      role.rest = true;
    } else if (keyword == "members") {
      append_names(role.members, rest);
    } else if (keyword == "includes") {
      append_names(role.includes, rest);
    } else {
      return false;
    }
    return true;
  }

  bool read_component(std::string_view keyword, std::string_view rest) {
    if (keyword != "needs") return false;
    append_names(description_.needs.back().needs, rest);
    return true;
  }

  // A text goes on in the next line of the same keyword.
  static void append_text(std::string& text, std::string_view more) {
    text += (text.empty() ? "" : " ") + std::string(more);
  }

  void append_names(std::vector<DescribedName>& names, std::string_view rest) {
    while (!rest.empty()) names.push_back({std::string(take_word(rest)), place_});
  }

  [[nodiscard]] bool find_role(std::string_view name) const {
    return std::any_of(description_.roles.begin(), description_.roles.end(),
                       [&](const RoleDescription& role) { return role.name == name; });
  }

  void check_includes() {
    for (const RoleDescription& role : description_.roles) {
      for (const DescribedName& included : role.includes) {
        if (included.text == "*" || find_role(included.text)) continue;
        faults_.add(included.place, "cannot read feed description: role \"" + included.text + "\" is not described");
      }
    }
  }

  Place place_;
  Diagnostics& faults_;
  Block block_ = Block::none;
  FeedDescription description_;
};

// Indexes of the components that answer to `pattern`, ascending.
std::vector<std::size_t> matching(const std::vector<std::string>& names, std::string_view pattern) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (matches_pattern(member_name(names[i]), pattern)) found.push_back(i);
  }
  return found;
}

}  // namespace

Result<FeedDescription> parse_feed_description(std::string_view text, const std::string& file) {
  Diagnostics faults;
  FeedDescription description = DescriptionReader(file, faults).read(text);
  if (!faults.empty()) return fail(std::move(faults).error());
  return description;
}

bool matches_pattern(std::string_view name, std::string_view pattern) {
  // Greedy with one way back, to the last '*': linear in name and pattern for each star.
  std::size_t at = 0;
  std::size_t want = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_at = 0;
  while (at < name.size()) {
    if (want < pattern.size() && pattern[want] == '*') {
      star = want++;
      star_at = at;
    } else if (want < pattern.size() &&
               (pattern[want] == '?' || ascii_iequals(pattern.substr(want, 1), name.substr(at, 1)))) {
      ++want;
      ++at;
    } else if (star != std::string_view::npos) {
      want = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', want) == std::string_view::npos;
}

std::string_view member_name(std::string_view component_name) {
  return component_name.substr(std::min(component_name.find('-') + 1, component_name.size()));
}

Result<RoleMembers> assign_roles(const FeedDescription& description, const std::vector<std::string>& component_names) {
  RoleMembers result;
  result.first_role.assign(component_names.size(), kNoRole);
  Diagnostics faults;
  for (std::size_t r = 0; r < description.roles.size(); ++r) {
    const RoleDescription& role = description.roles[r];
    std::vector<bool> chosen(component_names.size());
    for (const DescribedName& pattern : role.members) {
      const std::vector<std::size_t> found = matching(component_names, pattern.text);
      if (found.empty()) result.unmatched.push_back(pattern);
      if (found.empty() && role.product) {
        faults.add(pattern.place, "cannot use member \"" + pattern.text + "\": role " + role.name +
                                      " cannot do without it and the source does not have it");
      }
      for (const std::size_t component : found) chosen[component] = true;
    }
    std::vector<std::size_t>& members = result.members.emplace_back();
    for (std::size_t c = 0; c < component_names.size(); ++c) {
      if (!chosen[c] && !(role.rest && result.first_role[c] == kNoRole)) continue;
      members.push_back(c);
      result.first_role[c] = std::min(result.first_role[c], r);
    }
  }
  for (std::size_t c = 0; c < component_names.size(); ++c) {
    if (result.first_role[c] == kNoRole) {
      faults.add({}, "cannot place component " + component_names[c] + ": no role of the feed description names it");
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return result;
}

}  // namespace winnow
