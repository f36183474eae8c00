#include "size_analyzer/load_facts.hpp"

#include <algorithm>
#include <system_error>

#include "base/file_system.hpp"
#include "image_reader/image_reader.hpp"
#include "size_analyzer/facts_json.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLookAhead = 512;

// Stored reports are the only text a path may name.
Result<bool> is_stored_report(const fs::path& path) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return false;
  WINNOW_TRY(const InputFile file, InputFile::open(path));
  WINNOW_TRY(const FileState state, file.state());
  Bytes start(static_cast<std::size_t>(std::min<ByteCount>(state.size, kLookAhead)));
  WINNOW_CHECK(file.read_at(0, start));
  return looks_like_facts(as_text(start));
}

std::string file_name(const fs::path& path) {
  const fs::path plain = path.lexically_normal();
  return (plain.has_filename() ? plain : plain.parent_path()).filename().string();
}

}  // namespace

Result<ImageFacts> load_facts(const fs::path& path, const MeasureOptions& options) {
  WINNOW_TRY(const bool is_report, is_stored_report(path));
  if (is_report) {
    WINNOW_TRY(const Bytes text, read_file(path, kMaxFactsBytes));
    return parse_facts(as_text(text), path.string());
  }
  WINNOW_TRY(const ScannedImage image, scan_image(path, options));
  return assemble_facts(image, file_name(path));
}

}  // namespace winnow
