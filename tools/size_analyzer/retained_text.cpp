#include "size_analyzer/retained_text.hpp"

#include <algorithm>

#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr std::size_t kNamedOwners = 6;  // of a list in a line
constexpr std::size_t kNamedNeeds = 5;   // of a cut
constexpr std::size_t kNumberWidth = 15;

std::string count_of(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

std::string padded(const std::string& text) { return right_aligned(text, kNumberWidth); }

// Names come from images.
std::string name_of(const ImageFacts& facts, OwnerIndex owner) { return plain_name(facts.owners[owner].name); }

// "a, b, c and 4 more"
std::string names_of(const ImageFacts& facts, const std::vector<OwnerIndex>& owners) {
  std::string text;
  for (std::size_t i = 0; i < owners.size() && i < kNamedOwners; ++i) {
    text += (i == 0 ? "" : ", ") + name_of(facts, owners[i]);
  }
  if (owners.size() > kNamedOwners) text += " and " + std::to_string(owners.size() - kNamedOwners) + " more";
  return text;
}

std::string keeper_of(const ImageFacts& facts, const Retained& row) {
  if (row.kept_by != kNobody) return "only here because of " + name_of(facts, row.kept_by);
  return facts.owners[row.owner].is_requested ? "requested" : "several need it";
}

Json sizes_json(const Sizes& sizes) {
  return {{"logical", sizes.logical}, {"allocated", sizes.allocated}, {"stored", sizes.stored}};
}

Json names_json(const ImageFacts& facts, const std::vector<OwnerIndex>& owners) {
  Json names = Json::array();
  for (const OwnerIndex owner : owners) names.push_back(facts.owners[owner].name);
  return names;
}

std::string print_cut(const ImageFacts& facts, const Cut& cut) {
  std::string text = "  without " + names_of(facts, cut.removed) + ": frees " + grouped_digits(cut.freed.logical) +
                     " bytes of files, " + grouped_digits(cut.freed.allocated) + " allocated, " +
                     grouped_digits(cut.freed.stored) + " stored\n";
  if (cut.registry.logical > 0) {
    text += "    and " + grouped_digits(cut.registry.logical) + " bytes of registry (hives shrink by whole 4,096)\n";
  }
  if (!cut.takes.empty()) {
    text += "    takes " + count_of(cut.takes.size(), "other") + " with it: " + names_of(facts, cut.takes) + "\n";
  }
  if (cut.breaks.empty()) return text + "    breaks nothing that this image knows of\n";
  text += "    breaks " + count_of(cut.hard, "hard need") + " and " + std::to_string(cut.breaks.size() - cut.hard) +
          " on demand:\n";
  for (std::size_t i = 0; i < cut.breaks.size() && i < kNamedNeeds; ++i) {
    const BrokenNeed& need = cut.breaks[i];
    const std::string from = need.from == kNobody ? "" : " (" + name_of(facts, need.from) + ")";
    text += "      " + (need.text.empty() ? need.kind + " of " + name_of(facts, need.to) : plain_name(need.text)) +
            from + "\n";
  }
  if (cut.breaks.size() > kNamedNeeds) {
    text += "      and " + std::to_string(cut.breaks.size() - kNamedNeeds) + " more\n";
  }
  return text;
}

}  // namespace

std::string print_retained(const ImageFacts& facts, const std::vector<Retained>& rows, Measure measure,
                           std::size_t most) {
  std::string text = plain_name(facts.name) + ": what leaves with each owner, in " + std::string(to_string(measure)) +
                     " bytes\n\n" + padded("retained") + padded("own") + "   takes  owner\n";
  for (std::size_t i = 0; i < rows.size() && i < most; ++i) {
    const Retained& row = rows[i];
    const std::string takes = std::to_string(row.takes.size());
    text += padded(grouped_digits(value_of(row.retained, measure))) +
            padded(grouped_digits(value_of(row.own, measure))) + right_aligned(takes, 8) + "  " +
            name_of(facts, row.owner) + ", " + keeper_of(facts, row) + "\n";
  }
  if (rows.size() > most) text += "and " + count_of(rows.size() - most, "smaller owner") + "\n";
  return text;
}

std::string print_cuts(const ImageFacts& facts, const std::vector<Cut>& cuts) {
  std::string text = plain_name(facts.name) + ": what taking components out would free and break\n";
  for (const Cut& cut : cuts) text += "\n" + print_cut(facts, cut);
  return text;
}

Json retained_json(const ImageFacts& facts, const std::vector<Retained>& rows) {
  Json list = Json::array();
  for (const Retained& row : rows) {
    list.push_back({{"owner", facts.owners[row.owner].name},
                    {"own", sizes_json(row.own)},
                    {"retained", sizes_json(row.retained)},
                    {"keptBy", row.kept_by == kNobody ? "" : facts.owners[row.kept_by].name},
                    {"takes", names_json(facts, row.takes)}});
  }
  return {{"schema", "winnow-retained-1"}, {"image", facts.name}, {"owners", list}};
}

Json cuts_json(const ImageFacts& facts, const std::vector<Cut>& cuts) {
  Json list = Json::array();
  for (const Cut& cut : cuts) {
    Json breaks = Json::array();
    for (const BrokenNeed& need : cut.breaks) {
      breaks.push_back({{"from", need.from == kNobody ? "" : facts.owners[need.from].name},
                        {"to", facts.owners[need.to].name},
                        {"kind", need.kind},
                        {"text", need.text}});
    }
    list.push_back({{"removed", names_json(facts, cut.removed)},
                    {"takes", names_json(facts, cut.takes)},
                    {"freed", sizes_json(cut.freed)},
                    {"registry", sizes_json(cut.registry)},
                    {"hardNeeds", cut.hard},
                    {"breaks", breaks}});
  }
  return {{"schema", "winnow-cuts-1"}, {"image", facts.name}, {"cuts", list}};
}

}  // namespace winnow
