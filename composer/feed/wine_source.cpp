#include "feed/wine_source.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/file_system.hpp"
#include "payload/payload_source.hpp"

namespace winnow {
namespace {

// Paths of the Debian packages.
constexpr std::string_view kModulesFolder = "usr/lib/x86_64-linux-gnu/wine/x86_64-windows/";
constexpr std::string_view kTablesFolder = "usr/share/wine/nls/";
constexpr std::string_view kSetupFile = "usr/share/wine/wine.inf";
constexpr std::string_view kStatusFile = "var/lib/dpkg/status";
constexpr std::string_view kZlibModule = "usr/x86_64-w64-mingw32/lib/zlib1.dll";
constexpr std::string_view kWinePackage = "libwine";
constexpr std::string_view kZlibPackage = "libz-mingw-w64";

constexpr ByteCount kMaxStatusBytes = 256u << 20;
constexpr ByteCount kMaxModuleBytes = 256u << 20;

// winebuild --builtin: the 32 bytes after the DOS header are the signature and zeros.
constexpr std::size_t kSignatureOffset = 64;
constexpr std::string_view kBuiltinSignature{"Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32};

// The value of `field` in the paragraph of dpkg's status file that begins with "Package: <package>".
std::optional<std::string> installed_version(std::string_view status, std::string_view package) {
  constexpr std::string_view kField = "Version: ";
  const std::string heading = "Package: " + std::string(package) + "\n";
  for (std::size_t at = 0; at < status.size();) {
    const std::size_t end = std::min(status.find("\n\n", at), status.size());
    const std::string_view paragraph = status.substr(at, end - at);
    at = end + 2;
    if (!paragraph.starts_with(heading) || paragraph.find("\nStatus: install ok installed\n") == paragraph.npos)
      continue;
    const std::size_t line = paragraph.find("\n" + std::string(kField));
    if (line == std::string_view::npos) return std::nullopt;
    const std::string_view rest = paragraph.substr(line + 1 + kField.size());
    return std::string(rest.substr(0, rest.find('\n')));
  }
  return std::nullopt;
}

Result<std::map<std::string, Content>> list_folder(const std::filesystem::path& folder) {
  WINNOW_TRY(const std::vector<DirectoryEntry> entries, list_tree(folder));
  std::map<std::string, Content> files;
  for (const DirectoryEntry& entry : entries) {
    if (!entry.is_directory) files.emplace(entry.path, Content::of_file(folder / entry.path, entry.size));
  }
  return files;
}

Result<void> check_complete(const WineSource& source, const std::string& where) {
  if (source.modules.empty()) return fail("cannot read libwine from " + where + ": it has no modules");
  if (source.tables.empty()) return fail("cannot read libwine from " + where + ": it has no NLS tables");
  return {};
}

// What libwine's postinst does with the modules of other packages.
Result<Content> as_builtin(const PayloadEntry& entry) {
  WINNOW_TRY(const LoadedContent loaded, entry.content.load());
  Bytes bytes(loaded.bytes().begin(), loaded.bytes().end());
  if (bytes.size() < kSignatureOffset + kBuiltinSignature.size() || bytes.size() > kMaxModuleBytes) {
    return fail("cannot use " + entry.path + ": it is no PE file");
  }
  std::copy(kBuiltinSignature.begin(), kBuiltinSignature.end(), bytes.begin() + kSignatureOffset);
  return Content::of_bytes(std::move(bytes));
}

std::optional<std::string> name_below(std::string_view path, std::string_view folder) {
  if (!path.starts_with(folder) || path.find('/', folder.size()) != std::string_view::npos) return std::nullopt;
  return std::string(path.substr(folder.size()));
}

Result<void> add_package(const DebianPackage& package, WineSource& source, std::optional<Content>& setup) {
  for (const PayloadEntry& entry : package.entries) {
    if (const auto module = name_below(entry.path, kModulesFolder)) {
      source.modules.emplace(*module, entry.content);
    } else if (const auto table = name_below(entry.path, kTablesFolder)) {
      source.tables.emplace(*table, entry.content);
    } else if (entry.path == kSetupFile) {
      setup = entry.content;
    } else if (entry.path == kZlibModule) {
      WINNOW_TRY(Content zlib, as_builtin(entry));
      source.modules.insert_or_assign(std::filesystem::path(entry.path).filename().string(), std::move(zlib));
    }
  }
  return {};
}

}  // namespace

Result<WineSource> load_installed_wine(const std::filesystem::path& root) {
  WINNOW_TRY(const Bytes status, read_file(root / kStatusFile, kMaxStatusBytes));
  auto version = installed_version(as_text(status), kWinePackage);
  if (!version) {
    return fail("cannot read libwine from " + root.string() + ": the package is not installed there",
                {"install it (apt install libwine), or give its .deb file"});
  }
  WINNOW_TRY(auto modules, list_folder(root / kModulesFolder));
  WINNOW_TRY(auto tables, list_folder(root / kTablesFolder));
  const std::filesystem::path setup = root / kSetupFile;
  std::error_code missing;
  const std::uintmax_t size = std::filesystem::file_size(setup, missing);
  if (missing) return fail("cannot read " + setup.string() + ": " + missing.message());
  WineSource source{std::move(*version), std::move(modules), std::move(tables), Content::of_file(setup, size)};
  WINNOW_CHECK(check_complete(source, root.string()));
  return source;
}

Result<WineSource> load_wine_packages(const std::vector<std::filesystem::path>& packages) {
  WineSource source{"", {}, {}, Content::of_bytes({})};
  std::optional<Content> setup;
  bool has_zlib = false;
  for (const std::filesystem::path& file : packages) {
    WINNOW_TRY(const DebianPackage package, load_debian_package(file));
    if (package.name == kWinePackage) source.version = package.version;
    if (package.name == kWinePackage && package.architecture != "amd64") {
      return fail("cannot use " + file.string() + ": its architecture is " + package.architecture + ", not amd64");
    }
    has_zlib = has_zlib || package.name == kZlibPackage;
    WINNOW_CHECK(add_package(package, source, setup));
  }
  const std::string where = "the given packages";
  if (source.version.empty() || !setup)
    return fail("cannot read libwine from " + where + ": libwine is not among them");
  if (!has_zlib) {
    return fail("cannot read libwine from " + where + ": libz-mingw-w64 is not among them",
                {"libwine takes zlib1.dll from it when it is installed; give its .deb file too"});
  }
  source.setup = *setup;
  WINNOW_CHECK(check_complete(source, where));
  return source;
}

Result<Version> feed_version(const std::string& debian_version) {
  const auto unusable = [&](const std::string& reason) {
    return fail("cannot use version \"" + debian_version + "\": " + reason);
  };
  std::string_view upstream = debian_version;
  if (const std::size_t colon = upstream.find(':'); colon != upstream.npos) upstream.remove_prefix(colon + 1);
  const std::size_t dash = upstream.rfind('-');
  const std::string_view revision = dash == upstream.npos ? "" : upstream.substr(dash + 1);
  if (dash != upstream.npos) upstream = upstream.substr(0, dash);
  Version version;
  const auto read_part = [](std::string_view& text, std::uint16_t& part) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), part);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return fault;
  };
  for (std::size_t i = 0; i < 3; ++i) {
    if (read_part(upstream, version.parts[i]) != std::errc())
      return unusable("it does not begin with numbers up to 65535");
    if (upstream.size() < 2 || upstream[0] != '.' || upstream[1] < '0' || upstream[1] > '9') break;
    upstream.remove_prefix(1);
  }
  std::string_view rest = revision;
  if (!revision.empty() && read_part(rest, version.parts[3]) == std::errc::result_out_of_range) {
    return unusable("its revision is above 65535");
  }
  return version;
}

}  // namespace winnow
