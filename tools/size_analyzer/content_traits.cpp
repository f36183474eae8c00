#include "size_analyzer/content_traits.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/utf16.hpp"
#include "binary/binary_needs.hpp"
#include "binary/pe_file.hpp"
#include "binary/pe_imports.hpp"
#include "binary/pe_resources.hpp"
#include "formats/pe.hpp"
#include "size_analyzer/hive_space.hpp"
#include "size_analyzer/pe_parts.hpp"

namespace winnow {

namespace {

std::string extension_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return "";
  return ascii_lower(path.substr(dot + 1));
}

template <std::size_t N>
bool is_one_of(const std::string& text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr std::array<std::string_view, 8> kFontExtensions = {"ttf", "ttc", "otf", "otc",
                                                             "fon", "fnt", "pfb", "compositefont"};
constexpr std::array<std::string_view, 4> kHiveLogs = {"log1", "log2", "blf", "regtrans-ms"};

std::string version_text(const std::array<std::uint16_t, 4>& version) {
  std::string text;
  for (const std::uint16_t part : version) text += (text.empty() ? "" : ".") + std::to_string(part);
  return text == "0.0.0.0" ? "" : text;
}

std::string architecture_name(std::uint16_t machine) {
  switch (machine) {
    case 0x14c:
      return "x86";
    case 0x1c0:
    case 0x1c4:
      return "arm";
    case 0x200:
      return "ia64";
    case 0x8664:
      return "amd64";
    case 0xaa64:
      return "arm64";
    default:
      return "";
  }
}

std::vector<std::string> module_names(const Result<std::vector<ImportedModule>>& modules, std::string& warning) {
  if (!modules) {
    warning = modules.error().faults().front().message;
    return {};
  }
  std::set<std::string> names;
  for (const ImportedModule& module : *modules) {
    const std::string name = ascii_lower(module.name);
    names.insert(name.find('.') == std::string::npos ? name + ".dll" : name);
  }
  return {names.begin(), names.end()};
}

class PeExaminer {
 public:
  PeExaminer(const PeImage& image, ContentTraits& traits) : image_(image), traits_(traits) {}

  void examine() {
    traits_.is_pe = true;
    traits_.architecture = architecture_name(image_.machine());
    const bool is_dll = (image_.characteristics() & pe::CoffHeader::kIsDll) != 0;
    traits_.kind = is_dll ? ByteKind::library : ByteKind::executable;
    traits_.is_driver_like = optional_field<std::uint16_t>(pe::OptionalHeader::kSubsystem) == pe::kSubsystemNative;
    traits_.parts = parts_of_pe(image_);
    traits_.imports = module_names(read_imports(image_), traits_.warning);
    traits_.delay_imports = module_names(read_delay_imports(image_), traits_.warning);
    read_version();
    read_language();
  }

 private:
  template <class T>
  [[nodiscard]] T optional_field(std::size_t offset) const {
    const auto start = read_le<std::uint32_t>(image_.bytes(), pe::DosHeader::kPeOffset);
    const std::uint64_t header = std::uint64_t{start.value_or(0)} + pe::kSignature.size() + pe::CoffHeader::kSize;
    return read_le<T>(image_.bytes(), header + offset).value_or(0);
  }

  void read_version() {
    const auto version = read_version_info(image_);
    if (!version || !*version) return;  // damaged ones are of no interest here
    traits_.company = (*version)->company_name;
    traits_.product = (*version)->product_name;
    traits_.version = version_text((*version)->file_version);
  }

  // A module without code whose resources, beside version and manifest, are all of one language.
  void read_language() {
    const bool has_code = optional_field<std::uint32_t>(pe::OptionalHeader::kEntryPoint) != 0 ||
                          image_.directory(pe::Directory::exports).rva != 0 || !traits_.imports.empty() ||
                          image_.directory(pe::Directory::clr).rva != 0;
    if (has_code) return;
    const auto resources = read_resources(image_);
    if (!resources) return;
    const std::string version = "#" + std::to_string(pe::kResourceVersion);
    const std::string manifest = "#" + std::to_string(pe::kResourceManifest);
    std::set<std::uint16_t> languages;
    for (const Resource& resource : *resources) {
      if (resource.type != version && resource.type != manifest) languages.insert(resource.language);
    }
    if (languages.size() != 1) return;
    const std::string language = language_of_number(*languages.begin());
    if (language.empty()) return;
    traits_.kind = ByteKind::language;
    traits_.language = language;
  }

  const PeImage& image_;
  ContentTraits& traits_;
};

void examine_hive(ByteView content, ContentTraits& traits) {
  const HiveSpace space = measure_hive(content);
  traits.kind = ByteKind::registry_hive;
  if (space.free_cells != 0) traits.parts.push_back({ByteKind::slack, "free cells", space.free_cells});
  if (space.behind_bins != 0) traits.parts.push_back({ByteKind::slack, "behind the last bin", space.behind_bins});
  traits.warning = space.fault;
}

bool is_below(const std::string& path, std::string_view folder) {
  return path.size() > folder.size() && path[folder.size()] == '/' &&
         ascii_iequals(std::string_view(path).substr(0, folder.size()), folder);
}

}  // namespace

ByteKind kind_of_path(const std::string& path) {
  const std::string extension = extension_of(path);
  if (is_one_of(extension, kFontExtensions)) return ByteKind::font;
  if (extension == "nls") return ByteKind::nls;
  if (extension == "mui") return ByteKind::language;
  const bool is_hive_log = is_one_of(extension, kHiveLogs);
  if (is_hive_log && (is_below(path, "Windows/System32/config") || is_below(path, "Users"))) {
    return ByteKind::registry_hive;
  }
  if (is_below(path, "Windows/servicing") || is_below(path, "Windows/SoftwareDistribution")) {
    return ByteKind::update_payload;
  }
  return ByteKind::data;
}

ContentTraits examine_content(const std::string& path, ByteView content) {
  ContentTraits traits;
  traits.kind = kind_of_path(path);
  const bool is_by_path = traits.kind != ByteKind::data;
  if (looks_like_hive(content)) {
    examine_hive(content, traits);
  } else if (looks_like_pe(content)) {
    const auto image = PeImage::parse(content, path);
    if (image) {
      const ByteKind by_path = traits.kind;
      PeExaminer(*image, traits).examine();
      if (is_by_path) traits.kind = by_path;
    } else {
      traits.warning = image.error().faults().front().message;
    }
  }
  const std::string folder_language = language_of_path(path);
  if (!folder_language.empty()) traits.language = folder_language;
  return traits;
}

}  // namespace winnow
