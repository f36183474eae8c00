#include "size_analyzer/waste.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

#include "base/utf16.hpp"
#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr std::string_view kStore = "windows/winsxs/";

// From the largest down; sizes first, then what makes the order total.
std::tuple<ByteCount, ByteCount, ByteCount> weight(const Sizes& sizes) {
  return {sizes.stored, sizes.logical, sizes.allocated};
}

void sort_rows(std::vector<WasteRow>& rows) {
  std::sort(rows.begin(), rows.end(), [](const WasteRow& a, const WasteRow& b) {
    if (weight(a.sizes) != weight(b.sizes)) return weight(a.sizes) > weight(b.sizes);
    return std::tie(a.path, a.detail) < std::tie(b.path, b.detail);
  });
}

void find_duplicates(const ImageFacts& facts, Waste& waste) {
  // Names of one content are one file: its bytes are what its names have together.
  struct Copy {
    std::string path;
    Sizes sizes;
  };
  std::map<std::string, std::map<std::pair<std::uint32_t, std::size_t>, Copy>> copies;  // by digest, then file
  for (std::size_t i = 0; i < facts.files.size(); ++i) {
    const FileFacts& file = facts.files[i];
    if (file.digest.empty() || file.is_shadowed) continue;
    const std::size_t own_number = file.content == kNoContent ? i : 0;
    Copy& copy = copies[file.digest][{file.content, own_number}];
    if (copy.path.empty()) copy.path = file.path;
    copy.sizes += file.sizes;
  }
  for (const auto& [digest, files] : copies) {
    if (files.size() < 2) continue;
    DuplicateContent duplicate{digest, {}, {}};
    Sizes largest;
    for (const auto& [key, copy] : files) {
      duplicate.paths.push_back(copy.path);
      duplicate.waste += copy.sizes;
      largest = std::max(largest, copy.sizes, [](const Sizes& a, const Sizes& b) { return weight(a) < weight(b); });
    }
    duplicate.waste.logical -= largest.logical;
    duplicate.waste.allocated -= largest.allocated;
    duplicate.waste.stored -= largest.stored;
    if (duplicate.waste.logical == 0) continue;  // empty files
    std::sort(duplicate.paths.begin(), duplicate.paths.end());
    waste.duplicate_bytes += duplicate.waste;
    waste.duplicates.push_back(std::move(duplicate));
  }
  std::sort(waste.duplicates.begin(), waste.duplicates.end(), [](const DuplicateContent& a, const DuplicateContent& b) {
    if (weight(a.waste) != weight(b.waste)) return weight(a.waste) > weight(b.waste);
    return a.paths < b.paths;
  });
}

void find_shadowed(const ImageFacts& facts, Waste& waste) {
  for (const FileFacts& file : facts.files) {
    if (!file.is_shadowed) continue;
    waste.shadowed.push_back({file.path, "of layer " + std::to_string(file.layer + 1), file.sizes});
    waste.shadowed_bytes += file.sizes;
  }
  sort_rows(waste.shadowed);
}

void find_parts(const ImageFacts& facts, ByteKind kind, std::vector<WasteRow>& rows, Sizes& sum) {
  for (const FileFacts& file : facts.files) {
    for (const FilePart& part : file.parts) {
      if (part.kind != kind) continue;
      rows.push_back({file.path, part.name, part.sizes});
      sum += part.sizes;
    }
  }
  sort_rows(rows);
}

// The folder of the store a file lies in; "" elsewhere.
std::string store_folder(const std::string& path) {
  if (path.size() <= kStore.size() || !ascii_iequals(path.substr(0, kStore.size()), kStore)) return "";
  const std::size_t end = path.find('/', kStore.size());
  return end == std::string::npos ? "" : path.substr(kStore.size(), end - kStore.size());
}

// Numbers of a version in their places; what is no number counts as 0.
std::array<std::uint32_t, 4> parts_of(std::string_view version) {
  std::array<std::uint32_t, 4> parts{};
  for (std::uint32_t& part : parts) {
    const std::size_t dot = std::min(version.find('.'), version.size());
    (void)std::from_chars(version.data(), version.data() + dot, part);
    version.remove_prefix(std::min(dot + 1, version.size()));
  }
  return parts;
}

void find_superseded(const ImageFacts& facts, Waste& waste) {
  std::map<std::string, std::string> newest;  // version of a component
  std::map<std::string, Sizes> folders;
  std::map<std::string, std::string> paths;
  for (const FileFacts& file : facts.files) {
    const std::string folder = store_folder(file.path);
    const std::string component = component_of_store_folder(folder);
    if (component.empty()) continue;
    folders[folder] += file.sizes;
    paths.emplace(folder, file.path.substr(0, kStore.size()) + folder);
    const std::string version = version_of_store_folder(folder);
    std::string& best = newest[component];
    if (best.empty() || parts_of(best) < parts_of(version)) best = version;
  }
  for (const auto& [folder, sizes] : folders) {
    const std::string& best = newest[component_of_store_folder(folder)];
    if (parts_of(best) == parts_of(version_of_store_folder(folder))) continue;
    waste.superseded.push_back({paths[folder], "superseded by " + best, sizes});
    waste.superseded_bytes += sizes;
  }
  sort_rows(waste.superseded);
}

// "1.2 %" of the image's stored bytes; of an image without bytes nothing is a share.
std::string share_text(const Sizes& part, const Sizes& total) {
  if (total.stored == 0) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ", %.1f %% of the image",
                100 * static_cast<double>(part.stored) / static_cast<double>(total.stored));
  return text.data();
}

class WasteText {
 public:
  WasteText(const Waste& waste, std::size_t most) : waste_(waste), most_(most) {}

  void head(const std::string& title, std::size_t count, const Sizes& sum) {
    text_ += title + ": ";
    if (count == 0) {
      text_ += "none\n";
      return;
    }
    text_ += human_size(sum.stored) + " stored (" + grouped_digits(sum.stored) + " bytes), " + human_size(sum.logical) +
             " logical, " + grouped_digits(count) + (count == 1 ? " row" : " rows") + share_text(sum, waste_.total) +
             "\n";
  }
  void row(const Sizes& sizes, const std::string& text) {
    text_ += right_aligned(grouped_digits(sizes.stored), 16) + right_aligned(grouped_digits(sizes.logical), 16) + "  " +
             text + "\n";
  }
  void rows(const std::string& title, const std::vector<WasteRow>& rows, const Sizes& sum) {
    head(title, rows.size(), sum);
    for (std::size_t i = 0; i < std::min(most_, rows.size()); ++i) {
      row(rows[i].sizes, plain_name(rows[i].path) + (rows[i].detail.empty() ? "" : ": " + rows[i].detail));
    }
    rest(rows.size());
  }
  void rest(std::size_t count) {
    if (count > most_) text_ += right_aligned("…", 16) + "  " + grouped_digits(count - most_) + " more\n";
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const Waste& waste_;
  std::size_t most_;
  std::string text_;
};

Json sizes_json(const Sizes& sizes) { return Json::array({sizes.logical, sizes.allocated, sizes.stored}); }

Json rows_json(const std::vector<WasteRow>& rows, const Sizes& sum) {
  Json list = Json::array();
  for (const WasteRow& row : rows) {
    list.push_back({{"path", row.path}, {"detail", row.detail}, {"sizes", sizes_json(row.sizes)}});
  }
  return {{"sizes", sizes_json(sum)}, {"rows", list}};
}

}  // namespace

// architecture_name_token_version_language_hash: the name may hold underscores, the last four parts none.
std::string version_of_store_folder(std::string_view name) {
  for (int parts = 0; parts < 2; ++parts) {
    const std::size_t bar = name.rfind('_');
    if (bar == std::string_view::npos) return "";
    name = name.substr(0, bar);
  }
  const std::size_t bar = name.rfind('_');
  if (bar == std::string_view::npos) return "";
  const std::string_view version = name.substr(bar + 1);
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string_view::npos) return "";
  return std::string(version);
}

std::string component_of_store_folder(std::string_view name) {
  const std::string version = version_of_store_folder(name);
  if (version.empty()) return "";
  const std::size_t hash = name.rfind('_');
  const std::size_t language = name.rfind('_', hash - 1);
  const std::size_t place = name.rfind('_', language - 1);
  const std::size_t minor = version.find('.', std::min(version.find('.'), version.size() - 1) + 1);
  std::string key(name.substr(0, place));
  key += "_" + version.substr(0, minor);
  key += name.substr(language, hash - language);
  for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return key;
}

Waste find_waste(const ImageFacts& facts) {
  Waste waste;
  waste.total = facts.total;
  find_duplicates(facts, waste);
  find_shadowed(facts, waste);
  find_superseded(facts, waste);
  find_parts(facts, ByteKind::debug_section, waste.debug_sections, waste.debug_bytes);
  find_parts(facts, ByteKind::signature, waste.signatures, waste.signature_bytes);
  return waste;
}

std::string print_waste(const Waste& waste, std::size_t most) {
  WasteText text(waste, most);
  text.head("copies of the same content", waste.duplicates.size(), waste.duplicate_bytes);
  for (std::size_t i = 0; i < std::min(most, waste.duplicates.size()); ++i) {
    const DuplicateContent& duplicate = waste.duplicates[i];
    text.row(duplicate.waste, duplicate.paths.front() + ", " + std::to_string(duplicate.paths.size() - 1) +
                                  (duplicate.paths.size() == 2 ? " copy: " : " copies: ") + duplicate.paths[1] +
                                  (duplicate.paths.size() > 2 ? ", …" : ""));
  }
  text.rest(waste.duplicates.size());
  text.rows("hidden by later layers", waste.shadowed, waste.shadowed_bytes);
  text.rows("superseded versions in the component store", waste.superseded, waste.superseded_bytes);
  text.rows("debug sections", waste.debug_sections, waste.debug_bytes);
  text.rows("signatures", waste.signatures, waste.signature_bytes);
  return text.text();
}

Json to_json(const Waste& waste) {
  Json duplicates = Json::array();
  for (const DuplicateContent& duplicate : waste.duplicates) {
    duplicates.push_back(
        {{"digest", duplicate.digest}, {"paths", duplicate.paths}, {"sizes", sizes_json(duplicate.waste)}});
  }
  return {{"duplicates", {{"sizes", sizes_json(waste.duplicate_bytes)}, {"rows", duplicates}}},
          {"shadowed", rows_json(waste.shadowed, waste.shadowed_bytes)},
          {"superseded", rows_json(waste.superseded, waste.superseded_bytes)},
          {"debugSections", rows_json(waste.debug_sections, waste.debug_bytes)},
          {"signatures", rows_json(waste.signatures, waste.signature_bytes)}};
}

}  // namespace winnow
