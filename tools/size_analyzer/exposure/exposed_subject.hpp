// What a vulnerability is matched with: an image's files, components and services, or a whole product. Each match says
// what it was concluded from, and how surely.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "size_analyzer/exposure/security_document.hpp"
#include "size_analyzer/exposure/tag_map.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// In rising order of confidence.
enum class MatchBasis {
  product,    // nothing but the product is known: counted in the upper bound only
  tag_map,    // packages/exposure/tag-map.xml says what the tag means
  component,  // a component's name begins with the words of the tag
  file,       // the document names files
  whole,      // the subject is the whole product
};
[[nodiscard]] std::string_view to_string(MatchBasis basis);

enum class Touch { no, unknown, yes };
[[nodiscard]] std::string_view to_string(Touch touch);

struct Match {
  Touch touch = Touch::unknown;
  MatchBasis basis = MatchBasis::product;
  std::string because;  // "file http.sys, named in the title"
  friend bool operator==(const Match&, const Match&) = default;
};

// What a vulnerability says of files and components, for some products.
struct VulnerabilityEvidence {
  std::vector<std::string> listed_files;  // in the lists of its fixes that are of this vulnerability, not of the update
  std::vector<std::string> named_files;   // in the title or as the tag
  std::vector<std::string> mentioned_files;  // in the explanations: tells what is touched, never what is not
  std::vector<std::string> tags;             // the tag, then components in names of products: "Internet Explorer 11"
};

class ExposedSubject {
 public:
  [[nodiscard]] static ExposedSubject product(std::string name);
  [[nodiscard]] static ExposedSubject image(const ImageFacts& facts);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_product() const { return is_product_; }
  [[nodiscard]] bool is_container() const { return is_container_; }
  [[nodiscard]] const std::string& os_version() const { return os_version_; }
  [[nodiscard]] const std::vector<std::string>& feeds() const { return feeds_; }

  [[nodiscard]] Match match(const VulnerabilityEvidence& evidence, const TagMap& tags) const;

 private:
  [[nodiscard]] bool has_file(const std::string& name, const TagMap& tags) const;
  [[nodiscard]] std::string component_of(const std::string& tag) const;
  [[nodiscard]] Match match_meaning(const TagMeaning& meaning) const;

  std::string name_, os_version_;
  bool is_product_ = false;
  bool is_container_ = false;
  std::vector<std::string> feeds_;
  std::set<std::string> files_;       // lower case, without folder
  std::set<std::string> components_;  // lower case: names of owners and of their packages
  std::set<std::string> services_;    // lower case
};

}  // namespace winnow
