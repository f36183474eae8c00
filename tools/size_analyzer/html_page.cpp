#include "size_analyzer/html_page.hpp"

#include "base/file_system.hpp"
#include "size_analyzer/page_data.hpp"

// The bundled page, from page_bytes.S.
extern "C" {
extern const char winnow_page_begin[];
extern const char winnow_page_end[];
}

namespace winnow {

namespace {

constexpr std::string_view kTitleMarker = "@@TITLE@@";
constexpr std::string_view kReportMarker = "@@REPORT@@";

// bundle.mjs left each marker exactly once, the title's first.
Result<void> write_page(const std::string& title, const Json& data, const std::filesystem::path& output) {
  const std::string_view page(winnow_page_begin, static_cast<std::size_t>(winnow_page_end - winnow_page_begin));
  const std::size_t at_title = page.find(kTitleMarker);
  const std::size_t at_report = page.find(kReportMarker);
  const std::size_t after_title = at_title + kTitleMarker.size();
  std::string text(page.substr(0, at_title));
  text += element_text(title);
  text += page.substr(after_title, at_report - after_title);
  text += script_json(data);
  text += page.substr(at_report + kReportMarker.size());
  return write_file(output, as_bytes(text));
}

}  // namespace

Result<void> write_size_page(const ImageFacts& facts, const std::optional<ImageFacts>& baseline,
                             const std::filesystem::path& output) {
  return write_page(facts.name + " - winnow size", size_page_data(facts, baseline), output);
}

Result<void> write_history_page(const HistoryPage& history, const std::filesystem::path& output) {
  return write_page(history.title + " - winnow history", history_page_data(history), output);
}

}  // namespace winnow
