// Figures that others published about Windows images (packages/baselines/published.json), each with its source and
// date. They are shown beside what was measured, and never divided by it: only figures of one set (one source, one
// way of counting) make a percentage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

inline constexpr std::string_view kPublishedSchema = "winnow-published-1";
inline constexpr std::string_view kPublishedPrefix = "published:";  // of a baseline's name on the command line

struct PublishedFigure {
  std::string measure;  // "critical bulletins"
  std::string unit;     // "bytes", "bulletins", "reboots", "percent"
  std::uint64_t value = 0;
  std::string as_published;  // "3.85GB"
};

struct PublishedBaseline {
  std::string name;  // "servercore-ltsc2022"
  std::string set;   // "container-unpacked-2023-02"
  std::string product;
  std::string confidence;  // "high", "medium", "low"
  std::string note;
  std::string source_title, publisher, url, date;
  std::vector<PublishedFigure> figures;
};

class PublishedBaselines {
 public:
  // Errors: "cannot read <name>: <reason>".
  [[nodiscard]] static Result<PublishedBaselines> parse(std::string_view text, const std::string& name);
  [[nodiscard]] static Result<PublishedBaselines> load(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<PublishedBaseline>& all() const { return baselines_; }
  // Error "cannot find the published baseline …", with the nearest name or all of them.
  [[nodiscard]] Result<PublishedBaseline> find(const std::string& name) const;

 private:
  std::vector<PublishedBaseline> baselines_;
};

// The image's own three sizes, then the figures with their source, then what they make against the others of their
// set. Ends in a line end.
[[nodiscard]] std::string print_published(const PublishedBaselines& all, const PublishedBaseline& baseline,
                                          const ImageFacts& image);

}  // namespace winnow
