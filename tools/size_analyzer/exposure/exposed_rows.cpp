#include "size_analyzer/exposure/exposed_rows.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "size_analyzer/exposure/document_builder.hpp"

namespace winnow {
namespace {

constexpr std::string_view kOn = " on ";

// One document with what is chosen of it.
struct DocumentView {
  const SecurityDocument& document;
  std::vector<bool> image;  // by product
  std::vector<bool> baseline;
  std::set<std::pair<std::string, std::vector<std::string>>> lists_of_updates;  // file lists of several tags
};

// Cumulative updates list the files of all they fix: such a list stands beside vulnerabilities of several tags, and
// says nothing of any one of them.
std::set<std::pair<std::string, std::vector<std::string>>> lists_of_updates(const SecurityDocument& document) {
  std::map<std::pair<std::string, std::vector<std::string>>, std::string> first_tag;
  std::set<std::pair<std::string, std::vector<std::string>>> lists;
  for (const Vulnerability& vulnerability : document.vulnerabilities) {
    for (const SecurityFix& fix : vulnerability.fixes) {
      if (fix.files.empty()) continue;
      const auto place = first_tag.try_emplace({fix.update, fix.files}, vulnerability.tag).first;
      if (place->second != vulnerability.tag) lists.insert(place->first);
    }
  }
  return lists;
}

DocumentView view_of(const SecurityDocument& document, const ChosenProducts& chosen) {
  DocumentView view{document, {}, {}, lists_of_updates(document)};
  for (const SecurityProduct& product : document.products) {
    view.image.push_back(chooses(chosen.image, product.name));
    view.baseline.push_back(chooses(chosen.baseline, product.name));
  }
  return view;
}

bool any_chosen(const std::vector<ProductIndex>& products, const std::vector<bool>& chosen) {
  return std::any_of(products.begin(), products.end(), [&](ProductIndex product) { return chosen[product]; });
}

void add_unique(std::vector<std::string>& all, const std::string& text) {
  if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
}

VulnerabilityEvidence evidence_of(const Vulnerability& vulnerability, const DocumentView& view,
                                  const std::vector<bool>& chosen) {
  VulnerabilityEvidence evidence;
  for (const SecurityFix& fix : vulnerability.fixes) {
    if (!any_chosen(fix.products, chosen) || view.lists_of_updates.contains({fix.update, fix.files})) continue;
    for (const std::string& file : fix.files) add_unique(evidence.listed_files, file);
  }
  std::sort(evidence.listed_files.begin(), evidence.listed_files.end());
  evidence.named_files = vulnerability.named_files;
  evidence.mentioned_files = vulnerability.mentioned_files;
  if (!vulnerability.tag.empty()) evidence.tags.push_back(vulnerability.tag);
  for (const AffectedProduct& affected : vulnerability.affected) {
    const std::string& name = view.document.products[affected.product].name;
    const std::size_t on = name.rfind(kOn);
    if (chosen[affected.product] && on != std::string::npos) add_unique(evidence.tags, name.substr(0, on));
  }
  return evidence;
}

SideExposure side_of(const Vulnerability& vulnerability, const DocumentView& view, const std::vector<bool>& chosen,
                     const ExposedSubject& subject, const TagMap& tags) {
  SideExposure side;
  for (const AffectedProduct& affected : vulnerability.affected) {
    if (!chosen[affected.product]) continue;
    side.applies = true;
    side.severity = std::max(side.severity, affected.severity);
  }
  if (!side.applies) return side;
  for (const SecurityFix& fix : vulnerability.fixes) {
    if (!any_chosen(fix.products, chosen)) continue;
    ++side.fixes;
    side.restart = std::max(side.restart, fix.restart);
  }
  side.match = subject.match(evidence_of(vulnerability, view, chosen), tags);
  return side;
}

// The day its fixes came out. Revisions that were written in another month are about the entry, not about the fix.
std::string day_of(const Vulnerability& vulnerability, const SecurityDocument& document) {
  return vulnerability.date.starts_with(document.month) ? vulnerability.date : document.date;
}

ExposedVulnerability row_of(const Vulnerability& vulnerability, const DocumentView& view) {
  ExposedVulnerability row;
  row.month = view.document.month;
  row.day = day_of(vulnerability, view.document);
  row.id = vulnerability.id;
  row.title = vulnerability.title;
  row.tag = vulnerability.tag;
  row.location = vulnerability.location;
  const auto either = [&](ProductIndex product) { return view.image[product] || view.baseline[product]; };
  for (const AffectedProduct& affected : vulnerability.affected) {
    if (either(affected.product)) row.impact = std::max(row.impact, affected.impact);
  }
  for (const SecurityFix& fix : vulnerability.fixes) {
    if (std::any_of(fix.products.begin(), fix.products.end(), either)) add_unique(row.updates, fix.update);
  }
  std::sort(row.updates.begin(), row.updates.end());
  return row;
}

// Rows that share an update, transitively.
class UpdateGroups {
 public:
  explicit UpdateGroups(std::size_t rows) : parents_(rows) { std::iota(parents_.begin(), parents_.end(), 0U); }
  std::size_t root(std::size_t row) {
    while (parents_[row] != row) row = parents_[row] = parents_[parents_[row]];
    return row;
  }
  // The smaller index stays: the first row names the group.
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace

bool chooses(const std::vector<std::string>& patterns, const std::string& product) {
  const std::size_t on = product.rfind(kOn);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return fits_pattern(pattern, product) ||
           (on != std::string::npos && fits_pattern(pattern, std::string_view(product).substr(on + kOn.size())));
  });
}

void collect_rows(const std::vector<const SecurityDocument*>& documents, const TagMap& tags,
                  const ExposureRequest& request, const ChosenProducts& chosen, ExposureReport& report) {
  WarningCounter warnings;
  warnings.add(report.warnings);
  std::set<std::string> ids;
  std::vector<std::pair<ExposedVulnerability, std::vector<std::string>>> rows;
  for (const SecurityDocument* document : documents) {
    const DocumentView view = view_of(*document, chosen);
    ExposureDocument counted{
        document->file, document->id, document->title, document->month, document->vulnerabilities.size(), 0};
    for (const Vulnerability& vulnerability : document->vulnerabilities) {
      ExposedVulnerability row = row_of(vulnerability, view);
      row.image = side_of(vulnerability, view, view.image, request.image, tags);
      row.baseline = side_of(vulnerability, view, view.baseline, request.baseline, tags);
      if (!row.image.applies && !row.baseline.applies) continue;
      ++counted.applicable;
      if (ids.insert(row.id).second) {
        rows.emplace_back(std::move(row), vulnerability.bulletins);
      } else {
        warnings.add("a vulnerability is in several documents; it is counted in the first", row.location);
      }
    }
    report.documents.push_back(std::move(counted));
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first.month, a.first.day, a.first.id) < std::tie(b.first.month, b.first.day, b.first.id);
  });
  std::vector<std::vector<std::string>> bulletins;
  for (auto& [row, named] : rows) {
    report.rows.push_back(std::move(row));
    bulletins.push_back(std::move(named));
  }
  report.warnings = warnings.sorted();
  group_bulletins(report, bulletins);
}

void group_bulletins(ExposureReport& report, const std::vector<std::vector<std::string>>& named_bulletins) {
  auto& rows = report.rows;
  const bool all_named = !rows.empty() && std::all_of(named_bulletins.begin(), named_bulletins.end(),
                                                      [](const auto& ids) { return ids.size() == 1; });
  if (all_named) {
    report.bulletin_unit = "a security bulletin, by the id that the documents name";
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].bulletin = named_bulletins[i].front();
    return;
  }
  report.bulletin_unit =
      "vulnerabilities of one month and tag whose updates have a KB in common (the documents name no bulletin ids)";
  UpdateGroups groups(rows.size());
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> first;  // by month, tag, update
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const std::string& update : rows[i].updates) {
      groups.join(i, first.try_emplace({rows[i].month, rows[i].tag, update}, i).first->second);
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ExposedVulnerability& head = rows[groups.root(i)];
    rows[i].bulletin = head.month + " " + (head.tag.empty() ? "(no tag)" : head.tag) + " " +
                       (head.updates.empty() ? head.id : head.updates.front());
  }
}

}  // namespace winnow
