#include "size_analyzer/image_examiner.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "binary/pe_file.hpp"
#include "size_analyzer/hive_space.hpp"

namespace winnow {

namespace {

constexpr std::string_view kApiSetSchema = "Windows/System32/apisetschema.dll";
constexpr std::size_t kMaxWarnings = 1000;

// Hives that configure this system, not templates and stores of programs.
bool is_system_hive(const std::string& path) {
  const std::string lower = ascii_lower(path);
  return (lower.starts_with("windows/system32/config/") && lower.rfind('/') == 23 &&
          lower.find('.') == std::string::npos) ||
         lower == "users/default/ntuser.dat";
}

}  // namespace

Result<void> ImageExaminer::see(const ImageFile& file, ByteView content) {
  if (file.is_directory || !file.link_target.empty()) {
    image_.traits.emplace_back();
    return {};
  }
  ContentTraits traits = examine_content(file.path, content);
  if (!traits.warning.empty()) image_.warnings.push_back(file.path + ": " + traits.warning);
  if (ascii_iequals(file.path, kApiSetSchema) && traits.is_pe) {
    const auto pe = PeFile::parse(content, file.path);
    const auto section = pe ? pe->section(".apiset") : std::nullopt;
    auto schema = section ? ApiSetSchema::parse(*section, file.path) : ApiSetSchema();
    if (schema) image_.api_sets = std::move(*schema);
  }
  image_.traits.push_back(std::move(traits));
  return looks_like_hive(content) && is_system_hive(file.path) ? see_hive(file, content) : Result<void>();
}

Result<void> ImageExaminer::see_hive(const ImageFile& file, ByteView content) {
  if (!folder_) {
    WINNOW_TRY(TemporaryDirectory made, TemporaryDirectory::create("winnow-hives"));
    folder_ = std::move(made);
  }
  const std::filesystem::path copy = folder_->path() / "hive";
  WINNOW_CHECK(write_file(copy, content));
  const auto hive = read_hive(copy, file.path);
  if (hive) {
    add_hive(*hive, file.path, image_.registry);
  } else {
    image_.warnings.push_back(file.path + ": " + hive.error().faults().front().message);
  }
  return {};
}

void ImageExaminer::finish() {
  std::sort(image_.warnings.begin(), image_.warnings.end());
  if (image_.warnings.size() <= kMaxWarnings) return;
  const std::size_t more = image_.warnings.size() - kMaxWarnings;
  image_.warnings.resize(kMaxWarnings);
  image_.warnings.push_back("and " + std::to_string(more) + " more");
}

}  // namespace winnow
