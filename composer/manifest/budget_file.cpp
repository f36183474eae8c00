#include "manifest/budget_file.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "base/file_system.hpp"
#include "base/nearest_name.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {
namespace {

constexpr std::uint32_t kMaxMilliPercent = 100'000'000;  // 100,000 %

using Names = std::vector<std::string_view>;

std::string tag(const XmlElement& element) { return "<" + std::string(element.name()) + ">"; }

class BudgetReader {
 public:
  explicit BudgetReader(Diagnostics& faults) : faults_(faults) {}

  void read(const XmlElement& root, BudgetFile& budget) {
    check_attributes(root, {}, {});
    check_no_text(root);
    for (const XmlElement& child : root.children()) {
      if (is_element(child, {"image"})) budget.images.push_back(read_image(child));
    }
    if (budget.images.empty()) faults_.add(root.place(), "cannot read <budgets>: it has no <image>");
  }

 private:
  ImageBudget read_image(const XmlElement& element) {
    check_attributes(element, {"name"}, {"name"});
    check_no_text(element);
    ImageBudget image{element.place(), element.attribute_text("name"), {}, {}};
    for (const XmlElement& child : element.children()) {
      if (!is_element(child, {"budget", "forbid"})) continue;
      if (child.name() == "budget") {
        image.rules.push_back(read_rule(child));
      } else {
        image.forbidden.push_back(read_forbidden(child));
      }
    }
    return image;
  }

  BudgetRule read_rule(const XmlElement& element) {
    check_attributes(element, {},
                     {"component", "owner", "kind", "language", "measure", "limit", "creep", "creep-percent",
                      "severity", "optional", "message"});
    BudgetRule rule;
    rule.place = element.place();
    rule.limit_place = element.place_of("limit");
    rule.scope = {element.attribute_text("component"), element.attribute_text("owner"), element.attribute_text("kind"),
                  element.attribute_text("language")};
    read_choice(element, "owner", {"component", "app", "winnow", "nobody"});
    rule.measure =
        static_cast<BudgetMeasure>(read_choice(element, "measure", {"normalised", "logical", "allocated", "stored"}));
    rule.limit = read_bytes(element, "limit");
    rule.creep = read_bytes(element, "creep");
    rule.creep_milli_percent = read_percent(element);
    rule.severity = read_severity(element);
    rule.is_optional = read_choice(element, "optional", {"false", "true"}) == 1;
    rule.message = element.attribute_text("message");
    if (!element.attribute("limit") && !element.attribute("creep") && !element.attribute("creep-percent")) {
      faults_.add(element.place(), "cannot read <budget>: it has neither limit nor creep nor creep-percent");
    }
    rule.waivers = read_waivers(element, true);
    return rule;
  }

  ForbiddenComponent read_forbidden(const XmlElement& element) {
    check_attributes(element, {"component"}, {"component", "severity", "message"});
    return {element.place(), element.attribute_text("component"), read_severity(element),
            element.attribute_text("message"), read_waivers(element, false)};
  }

  std::vector<BudgetWaiver> read_waivers(const XmlElement& element, bool has_bytes) {
    check_no_text(element);
    std::vector<BudgetWaiver> waivers;
    for (const XmlElement& child : element.children()) {
      if (is_element(child, {"waiver"})) waivers.push_back(read_waiver(child, has_bytes));
    }
    return waivers;
  }

  BudgetWaiver read_waiver(const XmlElement& element, bool has_bytes) {
    Names names = {"who", "why", "expires"};
    if (has_bytes) names.push_back("bytes");
    check_attributes(element, names, names);
    check_no_text(element);
    for (const XmlElement& child : element.children()) is_element(child, {});
    BudgetWaiver waiver{element.place(), element.attribute_text("who"), element.attribute_text("why"), 0,
                        element.attribute_text("expires")};
    if (has_bytes) waiver.bytes = read_bytes(element, "bytes").value_or(0);
    if (element.attribute("expires") && !is_date(waiver.expires)) {
      faults_.add(element.place_of("expires"),
                  "cannot read expires \"" + waiver.expires + "\": it is not a day like 2026-12-31");
    }
    return waiver;
  }

  bool is_element(const XmlElement& element, const Names& known) {
    if (element.namespace_uri() == kBudgetNamespace &&
        std::find(known.begin(), known.end(), element.name()) != known.end()) {
      return true;
    }
    std::vector<std::string> notes;
    if (const std::string nearest = nearest_name(element.name(), known); !nearest.empty()) {
      notes.push_back("did you mean <" + nearest + ">?");
    }
    faults_.add(element.place(), "cannot read " + tag(element) + ": it has no place here", std::move(notes));
    return false;
  }

  void check_attributes(const XmlElement& element, const Names& required, const Names& known) {
    for (const XmlAttribute& attribute : element.attributes()) {
      if (!attribute.namespace_uri.empty()) continue;  // xsi:schemaLocation
      if (std::find(known.begin(), known.end(), attribute.name) != known.end()) continue;
      std::vector<std::string> notes;
      if (const std::string nearest = nearest_name(attribute.name, known); !nearest.empty()) {
        notes.push_back("did you mean " + nearest + "?");
      }
      faults_.add(
          attribute.place,
          "cannot read attribute " + std::string(attribute.name) + ": " + tag(element) + " has none of that name",
          std::move(notes));
    }
    for (const std::string_view name : required) {
      if (!element.attribute_text(name).empty()) continue;
      faults_.add(element.place_of(name), "cannot read " + tag(element) + ": its " + std::string(name) + " is missing");
    }
  }

  void check_no_text(const XmlElement& element) {
    if (element.text().find_first_not_of(" \t\r\n") == std::string::npos) return;
    faults_.add(element.place(), "cannot read " + tag(element) + ": it holds text");
  }

  // The index of the attribute's value among `values`; 0 when it is absent or wrong.
  std::size_t read_choice(const XmlElement& element, std::string_view name, const Names& values) {
    const auto value = element.attribute(name);
    if (!value) return 0;
    const auto found = std::find(values.begin(), values.end(), *value);
    if (found != values.end()) return static_cast<std::size_t>(found - values.begin());
    std::string list;
    for (const std::string_view each : values) list += (list.empty() ? "" : ", ") + std::string(each);
    faults_.add(element.place_of(name),
                "cannot read " + std::string(name) + " \"" + std::string(*value) + "\": it is not one of " + list);
    return 0;
  }

  BudgetSeverity read_severity(const XmlElement& element) {
    return static_cast<BudgetSeverity>(read_choice(element, "severity", {"error", "warning"}));
  }

  std::optional<ByteCount> read_bytes(const XmlElement& element, std::string_view name) {
    const auto text = element.attribute(name);
    if (!text) return std::nullopt;
    const auto bytes = parse_byte_count(*text);
    if (!bytes) {
      faults_.add(element.place_of(name), "cannot read " + std::string(name) + " \"" + std::string(*text) +
                                              "\": it is not a number of bytes like 1500000, 1.5 MB or 4 KiB");
    }
    return bytes;
  }

  std::optional<std::uint32_t> read_percent(const XmlElement& element) {
    const auto text = element.attribute("creep-percent");
    if (!text) return std::nullopt;
    const auto milli = parse_byte_count(std::string(*text) + " kB");  // three decimals at most, as a whole number
    if (milli && *milli <= kMaxMilliPercent) return static_cast<std::uint32_t>(*milli);
    faults_.add(element.place_of("creep-percent"), "cannot read creep-percent \"" + std::string(*text) +
                                                       "\": it is not a number of percent like 5 or 0.25");
    return std::nullopt;
  }

  Diagnostics& faults_;
};

// The byte offset of a place: columns count characters.
std::optional<std::size_t> offset_of(std::string_view text, const Place& place) {
  std::size_t at = skip_byte_order_mark(text);
  for (std::uint32_t line = 1; line < place.line; ++line) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return std::nullopt;
    ++at;
  }
  for (std::uint32_t column = 1; column < place.column; ++column) {
    if (at >= text.size()) return std::nullopt;
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

}  // namespace

Result<BudgetFile> parse_budget_file(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  if (root.name() != "budgets" || root.namespace_uri() != kBudgetNamespace) {
    return fail(root.place(), "cannot read budget: its root is not <budgets> of " + std::string(kBudgetNamespace));
  }
  BudgetFile budget;
  budget.file = file;
  Diagnostics faults;
  BudgetReader(faults).read(root, budget);
  if (!faults.empty()) return fail(std::move(faults).error());
  return budget;
}

Result<BudgetFile> load_budget_file(const std::filesystem::path& file) {
  WINNOW_TRY(const Bytes bytes, read_file(file, kMaxBudgetFile));
  return parse_budget_file(as_text(bytes), file.string());
}

Result<std::string> replace_limits(std::string_view text, const std::string& file,
                                   const std::vector<std::pair<Place, ByteCount>>& limits) {
  std::vector<std::pair<std::size_t, std::string>> edits;  // from the offset of a quote on
  for (const auto& [place, limit] : limits) {
    const auto name = offset_of(text, place);
    const std::size_t quote = name ? text.find_first_of("\"'", *name) : std::string_view::npos;
    if (quote == std::string_view::npos || !text.substr(*name).starts_with("limit")) {
      return fail({file, place.line, place.column}, "cannot change budget: there is no limit");
    }
    edits.emplace_back(quote, std::to_string(limit));
  }
  std::sort(edits.begin(), edits.end());
  std::string result;
  std::size_t done = 0;
  for (const auto& [quote, limit] : edits) {
    const std::size_t end = text.find(text[quote], quote + 1);
    result += std::string(text.substr(done, quote + 1 - done)) + limit;
    done = end;
  }
  return result + std::string(text.substr(done));
}

}  // namespace winnow
