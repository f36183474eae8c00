#include "size_analyzer/exposure/document_builder.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "size_analyzer/exposure/file_names.hpp"

namespace winnow {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Control characters count as blanks: what is printed must not steer a terminal.
bool is_blank(char c) { return c == ' ' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// "2016-04-12" of "2016-04-12T07:00:00Z"; "" when the text does not begin with a date.
std::string day_of(std::string_view text) {
  if (text.size() < 10) return {};
  const std::string_view day = text.substr(0, 10);
  for (std::size_t i = 0; i < day.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? day[i] != '-' : !is_digit(day[i])) return {};
  }
  const bool month = day.substr(5, 2) >= "01" && day.substr(5, 2) <= "12";
  const bool in_month = day.substr(8, 2) >= "01" && day.substr(8, 2) <= "31";
  return month && in_month ? std::string(day) : std::string();
}

std::optional<Severity> severity_of(std::string_view word) {
  if (word == "Critical") return Severity::critical;
  if (word == "Important") return Severity::important;
  if (word == "Moderate") return Severity::moderate;
  if (word == "Low") return Severity::low;
  if (word.empty() || word == "None") return Severity::unrated;
  return std::nullopt;
}

std::optional<Restart> restart_of(std::string_view word) {
  if (word == "Yes") return Restart::yes;
  if (word == "Maybe") return Restart::maybe;
  if (word == "No") return Restart::no;
  if (word.empty()) return Restart::unstated;
  return std::nullopt;
}

// No longer than a line, so that a hostile word does not fill the report.
std::string quoted(std::string_view word) {
  constexpr std::size_t kLongest = 60;
  std::string text = "\"";
  for (const char c : word.substr(0, kLongest)) text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return text + (word.size() > kLongest ? "…\"" : "\"");
}

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

std::string_view to_string(Severity severity) {
  constexpr std::array<std::string_view, 5> kWords = {"unrated", "low", "moderate", "important", "critical"};
  return kWords[static_cast<std::size_t>(severity)];
}

std::string_view to_string(Restart restart) {
  constexpr std::array<std::string_view, 4> kWords = {"no", "unstated", "maybe", "yes"};
  return kWords[static_cast<std::size_t>(restart)];
}

std::string squeeze(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string component_of_title(std::string_view title) {
  constexpr std::array<std::string_view, 10> kImpacts = {" Remote Code Execution",
                                                         " Elevation of Privilege",
                                                         " Information Disclosure",
                                                         " Denial of Service",
                                                         " Security Feature Bypass",
                                                         " Memory Corruption",
                                                         " Spoofing",
                                                         " Tampering",
                                                         " Defense in Depth",
                                                         " Cross-site Scripting"};
  std::size_t end = title.size();
  for (const std::string_view impact : kImpacts) end = std::min(end, title.find(impact));
  if (end == title.size() || end == 0) return {};
  return squeeze(title.substr(0, end));
}

void WarningCounter::add(const std::string& text, const std::string& where) {
  auto& entry = counts_.try_emplace(text, where, 0).first->second;
  ++entry.second;
}

void WarningCounter::add(const std::vector<DocumentWarning>& others) {
  for (const DocumentWarning& other : others) {
    counts_.try_emplace(other.text, other.first, 0).first->second.second += other.count;
  }
}

std::vector<DocumentWarning> WarningCounter::sorted() const {
  std::vector<DocumentWarning> all;
  for (const auto& [text, entry] : counts_) all.push_back({text, entry.first, entry.second});
  return all;
}

Result<void> DocumentBuilder::set_identity(std::string id, std::string title, const std::string& released) {
  document_.id = squeeze(id);
  document_.title = squeeze(title);
  document_.date = day_of(released);
  if (document_.id.empty()) return fail("cannot read " + file() + ": it has no id");
  if (document_.date.empty()) return fail("cannot read " + file() + ": its first release has no date");
  document_.month = document_.date.substr(0, 7);
  return {};
}

Result<void> DocumentBuilder::add_product(const std::string& id, const std::string& name, const std::string& where) {
  const auto index = static_cast<ProductIndex>(document_.products.size());
  const std::string clean = squeeze(name);
  const auto [place, is_new] = products_.try_emplace(id, index);
  if (is_new) {
    if (document_.products.size() == kMaxDocumentProducts) {
      return fail("cannot read " + file() + ": it has more than " + std::to_string(kMaxDocumentProducts) + " products");
    }
    document_.products.push_back({id, clean});
  } else if (document_.products[place->second].name != clean) {
    warn("a product id has two names; the first is taken", where);
  }
  return {};
}

std::vector<ProductIndex> DocumentBuilder::indexes_of(const std::vector<std::string>& ids, const std::string& where) {
  std::vector<ProductIndex> indexes;
  references_ += ids.size();
  for (const std::string& id : ids) {
    const auto found = products_.find(id);
    if (found == products_.end()) {
      warn("a product id is not in the product tree", where);
    } else {
      indexes.push_back(found->second);
    }
  }
  sort_unique(indexes);
  return indexes;
}

void DocumentBuilder::rate(const VulnerabilityText& text, Vulnerability& vulnerability) {
  for (const ProductIndex product : indexes_of(text.affected, text.location)) {
    vulnerability.affected.push_back({product, Severity::unrated, {}});
  }
  auto& affected = vulnerability.affected;
  for (const ThreatText& threat : text.threats) {
    if (threat.kind == ThreatKind::other) continue;
    const std::string word = squeeze(threat.text);
    const auto severity = threat.kind == ThreatKind::severity ? severity_of(word) : Severity::unrated;
    if (!severity) warn("the severity " + quoted(word) + " is unknown; counted as unrated", text.location);
    const auto apply = [&](AffectedProduct& product) {
      if (threat.kind == ThreatKind::impact) product.impact = std::max(product.impact, word);
      if (severity) product.severity = std::max(product.severity, *severity);
    };
    if (threat.products.empty()) std::for_each(affected.begin(), affected.end(), apply);
    for (const ProductIndex product : indexes_of(threat.products, text.location)) {
      const auto place = std::lower_bound(affected.begin(), affected.end(), product,
                                          [](const AffectedProduct& a, ProductIndex b) { return a.product < b; });
      if (place != affected.end() && place->product == product) apply(*place);
    }
  }
}

SecurityFix DocumentBuilder::fix_of(const FixText& text, const std::string& where) {
  SecurityFix fix;
  fix.update = squeeze(text.update);
  const bool numbered = !fix.update.empty() && std::all_of(fix.update.begin(), fix.update.end(), is_digit);
  if (numbered) fix.update = "KB" + fix.update;
  fix.sub_type = squeeze(text.sub_type);
  fix.fixed_build = squeeze(text.fixed_build);
  fix.supersedes = squeeze(text.supersedes);
  const std::string word = squeeze(text.restart);
  const auto restart = restart_of(word);
  if (!restart) warn("RestartRequired is " + quoted(word) + "; counted as unstated", where);
  fix.restart = restart.value_or(Restart::unstated);
  fix.products = indexes_of(text.products, where);
  fix.files = find_file_names(text.files);
  return fix;
}

Result<void> DocumentBuilder::add(const VulnerabilityText& text) {
  if (document_.vulnerabilities.size() == kMaxDocumentVulnerabilities) {
    return fail("cannot read " + file() + ": it has more than " + std::to_string(kMaxDocumentVulnerabilities) +
                " vulnerabilities");
  }
  Vulnerability vulnerability;
  vulnerability.id = squeeze(text.id);
  vulnerability.title = squeeze(text.title);
  vulnerability.location = text.location;
  vulnerability.tag = squeeze(text.tag);
  if (vulnerability.tag.empty()) {
    vulnerability.tag = component_of_title(vulnerability.title);
    vulnerability.tag_is_from_title = !vulnerability.tag.empty();
  }
  if (vulnerability.id.empty()) {
    warn("a vulnerability has no CVE; it is left out", text.location);
    return {};
  }
  for (const std::string& date : text.dates) {
    const std::string day = day_of(squeeze(date));
    if (!day.empty() && (vulnerability.date.empty() || day < vulnerability.date)) vulnerability.date = day;
  }
  rate(text, vulnerability);
  for (const FixText& fix : text.fixes) vulnerability.fixes.push_back(fix_of(fix, text.location));
  sort_unique(vulnerability.fixes);
  vulnerability.named_files = find_file_names(vulnerability.title + "\n" + vulnerability.tag);
  vulnerability.mentioned_files = find_file_names(text.description);
  vulnerability.bulletins =
      find_bulletin_ids(vulnerability.title + "\n" + text.description, document_.date.substr(0, 4));
  if (references_ > kMaxProductReferences) {
    return fail("cannot read " + text.location + ": the document names products more than " +
                std::to_string(kMaxProductReferences) + " times");
  }
  document_.vulnerabilities.push_back(std::move(vulnerability));
  return {};
}

}  // namespace winnow
