#include "size_analyzer/exposure/exposed_subject.hpp"

#include <algorithm>
#include <array>

#include "base/utf16.hpp"

namespace winnow {
namespace {

std::string last_name(std::string_view path) { return ascii_lower(path.substr(path.rfind('/') + 1)); }

// Words of a tag or of a component's name, without those that say nothing.
std::vector<std::string> words_of(std::string_view text) {
  constexpr std::array<std::string_view, 10> kEmpty = {"microsoft", "windows",   "component", "components", "driver",
                                                       "drivers",   "subsystem", "protocols", "service",    "services"};
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty() && std::find(kEmpty.begin(), kEmpty.end(), word) == kEmpty.end()) words.push_back(word);
    word.clear();
  };
  for (const char c : ascii_lower(text)) {
    const bool joins = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (joins) {
      word += c;
    } else {
      finish();
    }
  }
  finish();
  return words;
}

bool begins_with(const std::vector<std::string>& words, const std::vector<std::string>& start) {
  return start.size() <= words.size() && std::equal(start.begin(), start.end(), words.begin());
}

std::string first_fitting(const std::set<std::string>& names, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (names.contains(pattern)) return pattern;
    if (pattern.find_first_of("*?[") == std::string::npos) continue;
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const std::string& name) { return fits_pattern(pattern, name); });
    if (found != names.end()) return *found;
  }
  return {};
}

std::string few(const std::vector<std::string>& names) {
  constexpr std::size_t kFew = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kFew); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kFew ? text + " and " + std::to_string(names.size() - kFew) + " more" : text;
}

}  // namespace

std::string_view to_string(MatchBasis basis) {
  constexpr std::array<std::string_view, 5> kWords = {"product only", "tag map", "component name", "file",
                                                      "whole product"};
  return kWords[static_cast<std::size_t>(basis)];
}

std::string_view to_string(Touch touch) {
  constexpr std::array<std::string_view, 3> kWords = {"no", "unknown", "yes"};
  return kWords[static_cast<std::size_t>(touch)];
}

ExposedSubject ExposedSubject::product(std::string name) {
  ExposedSubject subject;
  subject.name_ = std::move(name);
  subject.is_product_ = true;
  return subject;
}

ExposedSubject ExposedSubject::image(const ImageFacts& facts) {
  ExposedSubject subject;
  subject.name_ = facts.name;
  subject.os_version_ = facts.os_version;
  subject.is_container_ = facts.format == "container image";
  for (const FeedFacts& feed : facts.feeds) subject.feeds_.push_back(feed.name);
  // An app brings files of its own, whatever they are called: they are no part of Windows.
  for (const FileFacts& file : facts.files) {
    const bool is_app = facts.owners[file.owner].kind == OwnerType::app;
    if (!is_app && !file.is_shadowed) subject.files_.insert(last_name(file.path));
  }
  for (const OwnerFacts& owner : facts.owners) {
    if (owner.kind != OwnerType::component) continue;
    subject.components_.insert(ascii_lower(owner.name));
    if (!owner.package.empty()) subject.components_.insert(ascii_lower(owner.package));
  }
  for (const ServiceFacts& service : facts.services) {
    if (service.owner >= facts.owners.size() || facts.owners[service.owner].kind != OwnerType::app) {
      subject.services_.insert(ascii_lower(service.name));
    }
  }
  return subject;
}

bool ExposedSubject::has_file(const std::string& name, const TagMap& tags) const {
  return files_.contains(name) || files_.contains(tags.known_name(name));
}

// Only names in Microsoft's pattern say by their words what they are: Microsoft-Windows-Hyper-V-….
std::string ExposedSubject::component_of(const std::string& tag) const {
  const std::vector<std::string> wanted = words_of(tag);
  if (wanted.empty()) return {};
  for (const std::string& name : components_) {
    if (name.starts_with("microsoft-") && begins_with(words_of(name), wanted)) return name;
  }
  return {};
}

Match ExposedSubject::match_meaning(const TagMeaning& meaning) const {
  const std::string said = "\"" + meaning.tag + "\" means ";
  const std::string file = first_fitting(files_, meaning.files);
  if (!file.empty()) return {Touch::yes, MatchBasis::tag_map, said + "file " + file};
  const std::string component = first_fitting(components_, meaning.components);
  if (!component.empty()) return {Touch::yes, MatchBasis::tag_map, said + "component " + component};
  const std::string service = first_fitting(services_, meaning.services);
  if (!service.empty()) return {Touch::yes, MatchBasis::tag_map, said + "service " + service};
  std::vector<std::string> all = meaning.files;
  all.insert(all.end(), meaning.components.begin(), meaning.components.end());
  all.insert(all.end(), meaning.services.begin(), meaning.services.end());
  return {Touch::no, MatchBasis::tag_map, said + few(all) + ": not there"};
}

// From the surest to the least sure; what is certain ends the search, both ways.
Match ExposedSubject::match(const VulnerabilityEvidence& evidence, const TagMap& tags) const {
  if (is_product_) return {Touch::yes, MatchBasis::whole, "all of the product"};
  const auto find_in = [&](const std::vector<std::string>& files) {
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return has_file(file, tags); });
    return found == files.end() ? std::string() : *found;
  };
  std::string file = find_in(evidence.listed_files);
  if (!file.empty()) return {Touch::yes, MatchBasis::file, "file " + file + ", listed as affected"};
  file = find_in(evidence.named_files);
  if (!file.empty()) return {Touch::yes, MatchBasis::file, "file " + file + ", named in the title"};
  file = find_in(evidence.mentioned_files);
  if (!file.empty()) return {Touch::yes, MatchBasis::file, "file " + file + ", mentioned in the text"};
  std::vector<std::string> certain = evidence.listed_files;
  certain.insert(certain.end(), evidence.named_files.begin(), evidence.named_files.end());
  if (!certain.empty()) return {Touch::no, MatchBasis::file, "files " + few(certain) + ": not there"};
  for (const std::string& tag : evidence.tags) {
    const std::string component = component_of(tag);
    if (!component.empty()) return {Touch::yes, MatchBasis::component, "component " + component};
  }
  for (const std::string& tag : evidence.tags) {
    if (const TagMeaning* meaning = tags.find(tag)) return match_meaning(*meaning);
  }
  const std::string tag = evidence.tags.empty() ? std::string() : evidence.tags.front();
  return {Touch::unknown, MatchBasis::product, tag.empty() ? "it has no tag" : "no meaning known of \"" + tag + "\""};
}

}  // namespace winnow
