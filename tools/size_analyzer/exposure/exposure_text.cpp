// The report for a terminal and for Markdown.
#include <algorithm>
#include <functional>

#include "size_analyzer/exposure/exposure_report.hpp"
#include "size_analyzer/report_text.hpp"

namespace winnow {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string joined(const std::vector<std::string>& texts, const std::string& separator) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : separator) + text;
  return all;
}

std::string side_text(const ExposureSide& side) {
  const std::string products = joined(side.products, "; ");
  if (side.is_whole_product) return "all of " + products;
  return side.name + ", as " + products + (side.is_container ? " (container image)" : "");
}

std::string title_of(const ExposureReport& report) {
  const std::size_t count = report.documents.size();
  return "Exposure, " + report.from + " to " + report.to + ": " + std::to_string(count) +
         (count == 1 ? " document" : " documents");
}

// Files of the open feed only have the names of Windows' files.
std::string feed_note(const ExposureReport& report) {
  const auto& feeds = report.image.feeds;
  if (std::find(feeds.begin(), feeds.end(), "open") == feeds.end()) return {};
  return "The image is made from the open feed, which holds no file of Microsoft's: the rows say what Windows with "
         "files of the same names would have needed.";
}

std::string measures_table(const ExposureReport& report) {
  constexpr std::size_t kName = 36, kCount = 14, kPercent = 20;
  std::string out = padded("", kName) + right_aligned("image", kCount) + right_aligned("baseline", kCount) +
                    right_aligned("fewer", kPercent);
  out += "\n";
  for (const ExposureMeasure& measure : report.measures) {
    out += padded(measure.name, kName) + right_aligned(to_string(measure.image), kCount) +
           right_aligned(to_string(measure.baseline), kCount) +
           right_aligned(to_string(percent_fewer(measure)), kPercent) + "\n";
  }
  return out;
}

std::vector<const ExposedVulnerability*> rows_with(const ExposureReport& report, Touch touch) {
  std::vector<const ExposedVulnerability*> rows;
  for (const ExposedVulnerability& row : report.rows) {
    if (row.image.applies && row.image.match.touch == touch) rows.push_back(&row);
  }
  return rows;
}

std::string or_else(const std::string& text, const std::string& otherwise) { return text.empty() ? otherwise : text; }

std::string row_lines(const ExposedVulnerability& row) {
  return "  " + padded(row.id, 16) + padded(std::string(to_string(row.image.severity)), 11) + padded(row.day, 12) +
         or_else(row.tag, "(no tag)") + "\n      " + or_else(row.title, "(no title)") +
         (row.updates.empty() ? "" : " (" + joined(row.updates, ", ") + ")") + "\n      " +
         std::string(to_string(row.image.match.basis)) + ": " + row.image.match.because + "\n      " + row.location +
         "\n";
}

std::string section(const std::string& title, const std::vector<const ExposedVulnerability*>& rows, bool with_rows) {
  std::string out = "\n" + title + ": " + std::to_string(rows.size()) + "\n";
  if (!with_rows) return out;
  for (const ExposedVulnerability* row : rows) out += row_lines(*row);
  return out;
}

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '<' || c == '*' || c == '_' || c == '[') out += '\\';
    out += c;
  }
  return out;
}

void markdown_rows(const std::string& title, const std::vector<const ExposedVulnerability*>& rows, std::string& out) {
  if (rows.empty()) return;
  out += "\n<details><summary>" + title + ": " + std::to_string(rows.size()) + "</summary>\n\n";
  out += "| vulnerability | severity | component | match | document |\n|---|---|---|---|---|\n";
  for (const ExposedVulnerability* row : rows) {
    out += "| " + cell(row->id) + " | " + std::string(to_string(row->image.severity)) + " | " + cell(row->tag) + " | " +
           std::string(to_string(row->image.match.basis)) + ": " + cell(row->image.match.because) + " | " +
           cell(row->location) + " |\n";
  }
  out += "\n</details>\n";
}

std::string coverage_text(const ExposureReport& report) {
  return "tag map " + report.tag_map + " knows " + std::to_string(report.known_tags) + " of " +
         std::to_string(report.tags) + " tags";
}

}  // namespace

std::string print_exposure(const ExposureReport& report, bool all_rows) {
  std::string out = title_of(report) + "\n";
  out += "  image      " + side_text(report.image) + "\n";
  out += "  baseline   " + side_text(report.baseline) + "\n";
  out += "  bulletin   " + report.bulletin_unit + "\n";
  out += "  " + padded(report.restart_unit, 11) +
         (report.restart_unit == "reboots" ? "days whose fixes restart the machine" : "days that brought a fix") + "\n";
  out += "  ranges     from what surely touches to what may; " + coverage_text(report) + "\n";
  if (const std::string note = feed_note(report); !note.empty()) out += "  note       " + note + "\n";
  out += "\n" + measures_table(report);
  out += section("Touch the image", rows_with(report, Touch::yes), true);
  out +=
      section("May touch the image: nothing says which component they are of", rows_with(report, Touch::unknown), true);
  out += section("Do not touch the image", rows_with(report, Touch::no), all_rows);
  for (const DocumentWarning& warning : report.warnings) {
    out += (&warning == &report.warnings.front() ? "\nwarnings\n  " : "  ") + std::to_string(warning.count) + " x " +
           warning.text + " (" + warning.first + ")\n";
  }
  return out;
}

std::string exposure_markdown(const ExposureReport& report) {
  std::string out = "### " + title_of(report) + "\n\nImage: " + cell(side_text(report.image)) +
                    ". Baseline: " + cell(side_text(report.baseline)) + ". Bulletin: " + cell(report.bulletin_unit) +
                    ". A range is from what surely touches to what may; " + coverage_text(report) + ".\n";
  if (const std::string note = feed_note(report); !note.empty()) out += "\n" + note + "\n";
  out += "\n| | image | baseline | fewer |\n|---|---:|---:|---:|\n";
  for (const ExposureMeasure& measure : report.measures) {
    out += "| " + measure.name + " | " + to_string(measure.image) + " | " + to_string(measure.baseline) + " | " +
           to_string(percent_fewer(measure)) + " |\n";
  }
  markdown_rows("touch the image", rows_with(report, Touch::yes), out);
  markdown_rows("may touch the image", rows_with(report, Touch::unknown), out);
  return out;
}

}  // namespace winnow
