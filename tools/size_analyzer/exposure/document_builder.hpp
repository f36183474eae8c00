// What the readers of CVRF and CSAF have in common: texts as the documents spell them become one SecurityDocument, and
// words nobody knows become counted warnings.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/exposure/security_document.hpp"

namespace winnow {

// Limits against hostile documents. The largest month measured has 328 products and 69 vulnerabilities.
inline constexpr std::size_t kMaxDocumentProducts = 100'000;
inline constexpr std::size_t kMaxDocumentVulnerabilities = 100'000;
inline constexpr std::size_t kMaxProductReferences = 20'000'000;  // of one document

// Collects warnings; equal texts are counted.
class WarningCounter {
 public:
  void add(const std::string& text, const std::string& where);
  void add(const std::vector<DocumentWarning>& others);
  [[nodiscard]] std::vector<DocumentWarning> sorted() const;  // by text

 private:
  std::map<std::string, std::pair<std::string, std::uint64_t>> counts_;
};

enum class ThreatKind { impact, severity, other };
struct ThreatText {
  ThreatKind kind = ThreatKind::other;
  std::string text;
  std::vector<std::string> products;  // ids; none = all that are affected
};

struct FixText {
  std::string update, sub_type, fixed_build, supersedes, restart;
  std::vector<std::string> products;
  std::string files;  // any text with names
};

// A vulnerability as a document spells it.
struct VulnerabilityText {
  std::string id, title, tag;
  std::string description;  // and questions, mitigations: all that explains
  std::string location;
  std::vector<std::string> dates;     // of its revisions
  std::vector<std::string> affected;  // product ids
  std::vector<ThreatText> threats;
  std::vector<FixText> fixes;
};

class DocumentBuilder {
 public:
  explicit DocumentBuilder(std::string file) { document_.file = std::move(file); }

  // `released`: "2016-04-12T07:00:00Z". Error when it is no date: "cannot read <file>: …".
  [[nodiscard]] Result<void> set_identity(std::string id, std::string title, const std::string& released);
  // The second name of one id is a warning and not taken.
  [[nodiscard]] Result<void> add_product(const std::string& id, const std::string& name, const std::string& where);
  [[nodiscard]] Result<void> add(const VulnerabilityText& text);
  void warn(const std::string& text, const std::string& where) { warnings_.add(text, where); }
  [[nodiscard]] const std::string& file() const { return document_.file; }

  [[nodiscard]] const WarningCounter& warnings() const { return warnings_; }
  [[nodiscard]] SecurityDocument take() && { return std::move(document_); }

 private:
  std::vector<ProductIndex> indexes_of(const std::vector<std::string>& ids, const std::string& where);
  void rate(const VulnerabilityText& text, Vulnerability& vulnerability);
  SecurityFix fix_of(const FixText& text, const std::string& where);

  SecurityDocument document_;
  std::map<std::string, ProductIndex, std::less<>> products_;
  std::size_t references_ = 0;
  WarningCounter warnings_;
};

// "Windows Hyper-V" of "Windows Hyper-V Remote Code Execution Vulnerability".
[[nodiscard]] std::string component_of_title(std::string_view title);
// The text without blanks at its ends, and with runs of blanks inside as one.
[[nodiscard]] std::string squeeze(std::string_view text);

}  // namespace winnow
