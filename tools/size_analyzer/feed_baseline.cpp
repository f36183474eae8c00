#include "size_analyzer/feed_baseline.hpp"

#include <algorithm>
#include <array>

#include "base/file_system.hpp"
#include "base/utf16.hpp"

namespace winnow {

namespace {
constexpr ByteCount kMaxIndexBytes = 256ull << 20;
}

FileClass classify(std::string_view path) {
  constexpr std::array<std::string_view, 13> kModules = {"dll", "exe", "sys", "drv", "ocx",      "cpl", "acm",
                                                         "tlb", "ax",  "ds",  "com", "msstyles", "efi"};
  const std::size_t dot = path.rfind('.');
  const std::string extension = dot == std::string_view::npos ? "" : ascii_lower(path.substr(dot + 1));
  if (std::find(kModules.begin(), kModules.end(), extension) != kModules.end()) return FileClass::module;
  return extension == "nls" ? FileClass::table : FileClass::other;
}

Result<FeedBaseline> FeedBaseline::load(const std::filesystem::path& feed) {
  const std::filesystem::path file = feed / "index.xml";
  WINNOW_TRY(const Bytes text, read_file(file, kMaxIndexBytes));
  FeedBaseline baseline;
  WINNOW_TRY(baseline.index_, parse_feed_index(as_text(text), file.string()));
  for (std::size_t i = 0; i < baseline.index_.components.size(); ++i) {
    for (const IndexedFile& entry : baseline.index_.components[i].files) {
      WINNOW_TRY(WindowsPath path, WindowsPath::parse(entry.path));
      baseline.files_.emplace(std::move(path), Place{i, entry.digest});
    }
  }
  return baseline;
}

const IndexedComponent* FeedBaseline::owner_of(const WindowsPath& path, const Digest& digest) const {
  const auto [begin, end] = files_.equal_range(path);
  const auto found = std::find_if(begin, end, [&](const auto& item) { return item.second.digest == digest; });
  return found == end ? nullptr : &index_.components[found->second.component];
}

}  // namespace winnow
