// A security update document of Microsoft as one value, whatever it was written in: CVRF XML, CVRF JSON, CSAF. Which
// products a vulnerability affects, how severely, and which updates fix it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// Microsoft's rating, in rising order.
enum class Severity { unrated, low, moderate, important, critical };
[[nodiscard]] std::string_view to_string(Severity severity);

// Whether installing an update restarts the machine, in rising order of what must be expected.
enum class Restart { no, unstated, maybe, yes };
[[nodiscard]] std::string_view to_string(Restart restart);

using ProductIndex = std::uint32_t;  // into SecurityDocument::products

struct SecurityProduct {
  std::string id;    // the document's own
  std::string name;  // "Internet Explorer 11 on Windows Server 2012 R2", runs of blanks as one
  auto operator<=>(const SecurityProduct&) const = default;
};

struct AffectedProduct {
  ProductIndex product = 0;
  Severity severity = Severity::unrated;
  std::string impact;  // "Remote Code Execution", "" when the document has none
  auto operator<=>(const AffectedProduct&) const = default;
};

// An update that fixes a vulnerability on some products.
struct SecurityFix {
  std::string update;  // "KB3147461"; what is no number stands as written: "Click to Run"
  std::string sub_type;
  std::string fixed_build;
  std::string supersedes;
  Restart restart = Restart::unstated;
  std::vector<ProductIndex> products;  // sorted, each once
  std::vector<std::string> files;      // what the document lists as affected; lower case, sorted, each once
  auto operator<=>(const SecurityFix&) const = default;
};

struct Vulnerability {
  std::string id;  // "CVE-2016-0088"
  std::string title;
  std::string tag;  // Microsoft's name of the component: "Windows Hyper-V"; of the title when the document has none
  bool tag_is_from_title = false;
  std::string date;                          // "2016-04-12", of its first revision; "" when the document has none
  std::string location;                      // "2016-Apr.xml.zst:362:3" or "2016-Apr.json#/Vulnerability/1"
  std::vector<std::string> bulletins;        // "MS16-045": those of the document's year that its text names
  std::vector<std::string> named_files;      // in the title or as the tag: "http.sys"
  std::vector<std::string> mentioned_files;  // in the description and the questions
  std::vector<AffectedProduct> affected;     // sorted by product, each once
  std::vector<SecurityFix> fixes;            // sorted
};

struct SecurityDocument {
  std::string file;                            // path below the folder it was found in
  std::string id;                              // "2016-Apr", "msrc_CVE-2025-29806"
  std::string title;                           // "April 2016 Security Updates"
  std::string date;                            // "2016-04-12", of its first release
  std::string month;                           // "2016-04"
  std::vector<SecurityProduct> products;       // in the order of the document
  std::vector<Vulnerability> vulnerabilities;  // in the order of the document
};

// Something that was met and not understood, or not counted.
struct DocumentWarning {
  std::string text;   // "a threat has the unknown type \"Rumour\""
  std::string first;  // where it was met first
  std::uint64_t count = 0;
};

}  // namespace winnow
