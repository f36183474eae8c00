#include "size_analyzer/published_baselines.hpp"

#include <cstdio>
#include <set>

#include "base/file_system.hpp"
#include "base/json.hpp"
#include "base/nearest_name.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {
namespace {

constexpr ByteCount kMaxPublishedBytes = ByteCount{4} << 20;

// A field that must be there as text; what is wrong is said once, in `fault`.
std::string text_field(const Json& object, const std::string& key, std::string& fault) {
  if (object.is_object() && object.contains(key) && object[key].is_string()) return object[key].get<std::string>();
  if (fault.empty()) fault = "\"" + key + "\" is missing or no text";
  return {};
}

PublishedFigure figure_of(const Json& json, std::string& fault) {
  PublishedFigure figure;
  figure.measure = text_field(json, "measure", fault);
  figure.unit = text_field(json, "unit", fault);
  figure.as_published = text_field(json, "asPublished", fault);
  if (json.is_object() && json.contains("value") && json["value"].is_number_unsigned()) {
    figure.value = json["value"].get<std::uint64_t>();
  } else if (fault.empty()) {
    fault = "\"value\" is missing or no whole number";
  }
  return figure;
}

PublishedBaseline baseline_of(const Json& json, std::string& fault) {
  PublishedBaseline baseline;
  baseline.name = text_field(json, "name", fault);
  baseline.set = text_field(json, "set", fault);
  baseline.product = text_field(json, "product", fault);
  baseline.confidence = text_field(json, "confidence", fault);
  baseline.note = text_field(json, "note", fault);
  const Json source = json.is_object() && json.contains("source") ? json["source"] : Json();
  baseline.source_title = text_field(source, "title", fault);
  baseline.publisher = text_field(source, "publisher", fault);
  baseline.url = text_field(source, "url", fault);
  baseline.date = text_field(source, "date", fault);
  const bool has_figures = json.is_object() && json.contains("figures") && json["figures"].is_array();
  if (!has_figures && fault.empty()) fault = "\"figures\" is missing or no list";
  if (!has_figures) return baseline;
  for (const Json& figure : json["figures"]) baseline.figures.push_back(figure_of(figure, fault));
  return baseline;
}

std::string amount(const PublishedFigure& figure) {
  if (figure.unit != "bytes") return figure.as_published;
  return figure.as_published + " (" + grouped_digits(figure.value) + " bytes)";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string measured_line(const std::string& name, ByteCount bytes) {
  return "  " + padded(name, 44) + human_size(bytes) + " (" + grouped_digits(bytes) + " bytes)\n";
}

// "2 vs 23 critical bulletins: 91.3 % fewer than Server with Desktop Experience", of one set only.
std::string compared(const PublishedBaseline& mine, const PublishedBaseline& other) {
  std::string out;
  for (const PublishedFigure& figure : mine.figures) {
    for (const PublishedFigure& theirs : other.figures) {
      const bool same = figure.measure == theirs.measure && figure.unit == theirs.unit && figure.unit != "percent";
      if (!same || theirs.value <= figure.value) continue;
      char percent[32];
      std::snprintf(percent, sizeof percent, "%.1f",
                    100.0 * (1.0 - static_cast<double>(figure.value) / static_cast<double>(theirs.value)));
      out += "  " + figure.measure + ": " + figure.as_published + " vs " + theirs.as_published + ", " + percent +
             " % fewer than " + other.product + "\n";
    }
  }
  return out;
}

}  // namespace

Result<PublishedBaselines> PublishedBaselines::parse(std::string_view text, const std::string& name) {
  WINNOW_TRY(const Json json, parse_json(text, name));
  std::string fault;
  const std::string schema = text_field(json, "schema", fault);
  if (fault.empty() && schema != kPublishedSchema) {
    fault = "its schema is \"" + schema + "\", not " + std::string(kPublishedSchema);
  }
  PublishedBaselines all;
  if (fault.empty() && !(json.contains("baselines") && json["baselines"].is_array())) {
    fault = "\"baselines\" is missing or no list";
  }
  if (!fault.empty()) return fail("cannot read " + name + ": " + fault);
  std::set<std::string> names;
  for (const Json& entry : json["baselines"]) {
    all.baselines_.push_back(baseline_of(entry, fault));
    const std::string& own = all.baselines_.back().name;
    if (fault.empty() && !names.insert(own).second) fault = "\"" + own + "\" is there twice";
    if (!fault.empty()) {
      return fail("cannot read " + name + ": baseline " + std::to_string(all.baselines_.size()) + ": " + fault);
    }
  }
  return all;
}

Result<PublishedBaselines> PublishedBaselines::load(const std::filesystem::path& path) {
  WINNOW_TRY(const Bytes text, read_file(path, kMaxPublishedBytes));
  return parse({reinterpret_cast<const char*>(text.data()), text.size()}, path.string());
}

Result<PublishedBaseline> PublishedBaselines::find(const std::string& name) const {
  std::vector<std::string> names;
  for (const PublishedBaseline& baseline : baselines_) {
    if (baseline.name == name) return baseline;
    names.push_back(baseline.name);
  }
  const std::string nearest = nearest_name(name, names);
  std::string known;
  for (const std::string& other : names) known += (known.empty() ? "" : ", ") + other;
  std::vector<std::string> notes{nearest.empty() ? "there are " + known : "did you mean \"" + nearest + "\"?"};
  return fail("cannot find the published baseline \"" + name + "\": it is not in packages/baselines", std::move(notes));
}

std::string print_published(const PublishedBaselines& all, const PublishedBaseline& baseline, const ImageFacts& image) {
  std::string out = "Measured: " + image.name + "\n";
  out += measured_line("logical size (contents)", image.total.logical);
  out += measured_line("allocated size (clusters)", image.total.allocated);
  out += measured_line("stored size (the image as it lies on disk)", image.total.stored);
  out += "\nPublished, not measured: " + baseline.product + "\n";
  for (const PublishedFigure& figure : baseline.figures) {
    out += "  " + padded(figure.measure, 44) + amount(figure) + "\n";
  }
  out += "  source: " + baseline.source_title + "; " + baseline.publisher + ", " + baseline.date + "\n          " +
         baseline.url + "\n  confidence: " + baseline.confidence + (baseline.note.empty() ? "" : ". " + baseline.note) +
         "\n";
  std::string others;
  for (const PublishedBaseline& other : all.all()) {
    if (other.set == baseline.set && other.name != baseline.name) others += compared(baseline, other);
  }
  if (!others.empty()) out += "\nWithin the source (published against published)\n" + others;
  return out;
}

}  // namespace winnow
