// A budget report for CI systems: JUnit XML, and commands that become annotations of GitHub Actions and Azure
// Pipelines.
#include <algorithm>
#include <array>
#include <utility>

#include "manifest/xml_writer.hpp"
#include "size_analyzer/budget_views.hpp"
#include "size_analyzer/report_text.hpp"

namespace winnow {

namespace {

using Replacement = std::pair<char, std::string_view>;

template <class Replacements>
std::string replaced(std::string_view text, const Replacements& replacements) {
  std::string result;
  for (const char c : text) {
    const auto found = std::find_if(replacements.begin(), replacements.end(),
                                    [&](const Replacement& replacement) { return replacement.first == c; });
    if (found == replacements.end()) {
      result += c;
    } else {
      result += found->second;
    }
  }
  return result;
}

// What @actions/core escapes in the message and in properties of a command.
std::string github_data(std::string_view text) {
  return replaced(text, std::array{Replacement{'%', "%25"}, Replacement{'\r', "%0D"}, Replacement{'\n', "%0A"}});
}
std::string github_property(std::string_view text) {
  return replaced(text, std::array{Replacement{'%', "%25"}, Replacement{'\r', "%0D"}, Replacement{'\n', "%0A"},
                                   Replacement{':', "%3A"}, Replacement{',', "%2C"}});
}

// What the Azure Pipelines task library escapes; '%' became %AZP25 there, because agents read %25 as text once.
std::string azure_data(std::string_view text) {
  return replaced(text, std::array{Replacement{'%', "%AZP25"}, Replacement{'\r', "%0D"}, Replacement{'\n', "%0A"}});
}
std::string azure_property(std::string_view text) {
  return replaced(text, std::array{Replacement{'%', "%AZP25"}, Replacement{'\r', "%0D"}, Replacement{'\n', "%0A"},
                                   Replacement{']', "%5D"}, Replacement{';', "%3B"}});
}

// Lines of plain text: names in it hold no line ends and no commands.
std::string details(const BudgetFinding& finding) {
  std::string text = plain_name(finding.text);
  if (!finding.message.empty()) text += "\n" + plain_name(finding.message);
  for (const std::string& line : cause_lines(finding)) text += "\nbecause: " + plain_name(line);
  for (const std::string& note : finding.notes) text += "\nnote: " + plain_name(note);
  return text;
}

std::string place_property(const char* name, std::uint32_t number, char separator) {
  return number == 0 ? "" : separator + std::string(name) + "=" + std::to_string(number);
}

struct TestCase {
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::vector<const BudgetFinding*> failures;
};

bool is_at(const BudgetFinding& finding, const BudgetRow& row) {
  return finding.place == row.place && finding.image == row.image;
}

// A case for each budget of the image, and one for each other finding.
std::vector<TestCase> cases_of(const BudgetReport& report, const std::string& image) {
  std::vector<TestCase> cases;
  for (const BudgetRow& row : report.rows) {
    if (row.image != image) continue;
    TestCase test{
        "line " + std::to_string(row.place.line) + ": " + row.scope + ", " + std::string(to_string(row.measure)),
        row.place.file,
        row.place.line,
        {}};
    for (const BudgetFinding& finding : report.findings) {
      if (finding.level == FindingLevel::error && is_at(finding, row)) test.failures.push_back(&finding);
    }
    cases.push_back(std::move(test));
  }
  for (const BudgetFinding& finding : report.findings) {
    const auto has_row =
        std::any_of(report.rows.begin(), report.rows.end(), [&](const BudgetRow& row) { return is_at(finding, row); });
    if (finding.level != FindingLevel::error || finding.image != image || has_row) continue;
    cases.push_back({std::string(to_string(finding.kind)) + ": " + finding.text,
                     finding.place.file,
                     finding.place.line,
                     {&finding}});
  }
  return cases;
}

void write_suite(XmlWriter& xml, const std::string& image, const std::vector<TestCase>& cases) {
  const auto failures =
      std::count_if(cases.begin(), cases.end(), [](const TestCase& test) { return !test.failures.empty(); });
  xml.open("testsuite");
  xml.attribute("name", "winnow budget " + image);
  xml.attribute("tests", std::to_string(cases.size()));
  xml.attribute("failures", std::to_string(failures));
  xml.attribute("errors", "0");
  xml.attribute("time", "0");
  for (const TestCase& test : cases) {
    xml.open("testcase");
    xml.attribute("name", test.name);
    xml.attribute("classname", "winnow.budget." + image);
    xml.attribute("time", "0");
    for (const BudgetFinding* finding : test.failures) {
      xml.open("failure");
      xml.attribute("message", plain_name(finding->text));
      xml.attribute("type", to_string(finding->kind));
      xml.text(to_string(finding->place) + ": " + details(*finding));
      xml.close();
    }
    xml.close();
  }
  xml.close();
}

}  // namespace

std::string print_budget_junit(const BudgetReport& report) {
  std::vector<std::string> images = report.images;
  for (const BudgetFinding& finding : report.findings) {
    if (finding.level != FindingLevel::error) continue;
    if (std::find(images.begin(), images.end(), finding.image) == images.end()) images.push_back(finding.image);
  }
  XmlWriter xml;
  xml.open("testsuites");
  for (const std::string& image : images) write_suite(xml, image, cases_of(report, image));
  xml.close();
  return std::move(xml).take();
}

std::string print_budget_github(const BudgetReport& report) {
  std::string text;
  for (const BudgetFinding& finding : report.findings) {
    const std::string command = finding.level == FindingLevel::note ? "notice" : std::string(to_string(finding.level));
    text += "::" + command + " file=" + github_property(finding.place.file) +
            place_property("line", finding.place.line, ',') + place_property("col", finding.place.column, ',') +
            ",title=" + github_property("Size budget: " + std::string(to_string(finding.kind))) +
            "::" + github_data(details(finding)) + "\n";
  }
  return text;
}

std::string print_budget_azure(const BudgetReport& report) {
  std::string text;
  for (const BudgetFinding& finding : report.findings) {
    // Notes are no issues there: they are plain lines of the log.
    if (finding.level == FindingLevel::note) continue;
    text += "##vso[task.logissue type=" + std::string(to_string(finding.level)) +
            ";sourcepath=" + azure_property(finding.place.file) +
            place_property("linenumber", finding.place.line, ';') +
            place_property("columnnumber", finding.place.column, ';') +
            ";code=" + std::string(to_string(finding.kind)) + "]" + azure_data(details(finding)) + "\n";
  }
  return text;
}

}  // namespace winnow
