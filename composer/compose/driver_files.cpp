#include "compose/driver_files.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "manifest/inf_file.hpp"
#include "payload/security_catalog.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr ByteCount kMaxDriverFile = 1u << 30;
constexpr std::string_view kDriverFolder = "Windows\\Setup\\Drivers";

std::string quote(const fs::path& path) { return "\"" + path.string() + "\""; }

// An INF file is UTF-16 with a byte order mark, or text of the machine it was written on.
std::string inf_text(ByteView bytes) {
  if (bytes.size() >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) return from_utf16le(bytes.subspan(2)).value_or("");
  std::string text(as_text(bytes));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

// One INF file with the files it names.
class Driver {
 public:
  Driver(fs::path path, const std::string& architecture, bool takes_unsigned)
      : path_(std::move(path)), architecture_(architecture), takes_unsigned_(takes_unsigned) {}

  Result<void> read() {
    WINNOW_TRY(bytes_, read_file(path_, kMaxInfBytes));
    WINNOW_TRY(inf_, InfFile::parse(inf_text(bytes_), path_.string()));
    if (!inf_.has_section("Version")) return refuse("it has no [Version]");
    if (!is_for_architecture()) return refuse("it is not for " + architecture_);
    WINNOW_CHECK(check_services());
    files_.insert(path_.filename().string());
    WINNOW_CHECK(find_files());
    return check_catalog();
  }

  Result<void> place(std::size_t number, DriverFiles& out) const {
    const std::string folder = std::string(kDriverFolder) + "\\" + std::to_string(number);
    for (const std::string& name : files_) {
      WINNOW_TRY(const WindowsPath path, WindowsPath::parse(folder + "\\" + name));
      std::string relative = name;
      std::replace(relative.begin(), relative.end(), '\\', '/');
      WINNOW_TRY(const Bytes bytes, read_file(path_.parent_path() / relative, kMaxDriverFile));
      out.files.push_back({path, Content::of_file(path_.parent_path() / relative, bytes.size()), sha256(bytes), {}});
    }
    out.inf_paths.push_back(folder + "\\" + path_.filename().string());
    out.notes.push_back("driver " + path_.filename().string() + " is " + signature_);
    return {};
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse(const std::string& reason, const Place& place = {}) const {
    return fail(place, "cannot add driver " + quote(path_) + ": " + reason);
  }

  [[nodiscard]] std::string platform() const { return "nt" + architecture_; }  // "ntamd64"

  // [Manufacturer] names its targets "NTamd64.10.0"; a driver without devices decorates its install section.
  [[nodiscard]] bool is_for_architecture() const {
    for (const InfLine& line : inf_.section("Manufacturer")) {
      for (std::size_t i = 1; i < line.fields.size(); ++i) {
        if (ascii_lower(line.fields[i]).starts_with(platform())) return true;
      }
    }
    return std::any_of(inf_.section_names().begin(), inf_.section_names().end(), [&](const std::string& name) {
      const std::string lower = ascii_lower(name);
      return lower.starts_with("defaultinstall.") && lower.find(platform()) != std::string::npos;
    });
  }

  // Windows must find what it starts with before setup could add it.
  Result<void> check_services() const {
    for (const std::string& name : inf_.section_names()) {
      for (const InfLine& line : inf_.section(name)) {
        if (!ascii_iequals(line.key, "AddService")) continue;
        for (const std::string& start : inf_.values(line.field(2), "StartType")) {
          if (start != "0" && start != "0x0") continue;
          return refuse("its service " + inf_.expand(line.field(0)) +
                            " starts with Windows, before setup could add it; winnow cannot put it into DriverDatabase",
                        inf_.place(line));
        }
      }
    }
    return {};
  }

  // [SourceDisksFiles]: name = disk, subfolder. The decorated section counts for its architecture beside the other.
  Result<void> find_files() {
    for (const std::string& section : {std::string("SourceDisksFiles"), "SourceDisksFiles." + architecture_}) {
      for (const InfLine& line : inf_.section(section)) {
        const std::string folder = inf_.expand(line.field(1));
        WINNOW_TRY(const WindowsPath path,
                   WindowsPath::parse(folder.empty() ? inf_.expand(line.key) : folder + "\\" + inf_.expand(line.key)));
        std::error_code code;
        if (!fs::is_regular_file(path_.parent_path() / path.with_slashes(), code)) {
          return refuse("it names " + path.text() + ", which is not there", inf_.place(line));
        }
        files_.insert(path.text());
      }
    }
    return {};
  }

  Result<void> check_catalog() {
    std::vector<std::string> names = inf_.values("Version", "CatalogFile." + platform());
    if (names.empty()) names = inf_.values("Version", "CatalogFile");
    const fs::path catalog_path = names.empty() ? fs::path() : path_.parent_path() / names.front();
    std::error_code code;
    if (names.empty() || !fs::is_regular_file(catalog_path, code)) {
      return judge(names.empty() ? "unsigned: it names no catalog"
                                 : "unsigned: its catalog " + names.front() + " is not there");
    }
    WINNOW_TRY(const Bytes bytes, read_file(catalog_path, kMaxSecurityCatalog));
    WINNOW_TRY(const SecurityCatalog catalog, SecurityCatalog::parse(bytes, catalog_path.string()));
    files_.insert(names.front());
    if (!catalog.contains(bytes_)) return judge("unsigned: its catalog does not have it");
    const CatalogSignature signature = catalog.check_signature(TrustedRoots());
    const bool is_good =
        signature.state == CatalogSignature::State::unknown_root || signature.state == CatalogSignature::State::trusted;
    if (!is_good) return judge(to_string(signature));
    signature_ =
        "signed by \"" + signature.signer + "\" under \"" + signature.root + "\"; Windows decides whether to take it";
    return {};
  }

  Result<void> judge(const std::string& fault) {
    signature_ = fault;
    if (takes_unsigned_) return {};
    return fail("cannot add driver " + quote(path_) + ": it is " + fault, {"--development takes it all the same"});
  }

  fs::path path_;
  std::string architecture_;
  bool takes_unsigned_;
  Bytes bytes_;
  InfFile inf_;
  std::set<std::string> files_;  // names below the INF file's folder, '\' between
  std::string signature_;
};

Result<std::vector<fs::path>> inf_files(const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) return std::vector<fs::path>{path};
  WINNOW_TRY(const std::vector<DirectoryEntry> entries, list_tree(path));
  std::vector<fs::path> found;
  for (const DirectoryEntry& entry : entries) {
    if (!entry.is_directory && ascii_lower(entry.path).ends_with(".inf")) found.push_back(path / entry.path);
  }
  if (found.empty()) return fail("cannot add drivers of " + quote(path) + ": no INF file is in it");
  return found;
}

void add_at(Diagnostics& faults, const Error& error, const Place& place) {
  for (const Fault& fault : error.faults()) {
    faults.add(fault.place.file.empty() ? place : fault.place, fault.message, fault.notes);
  }
}

}  // namespace

Result<DriverFiles> load_drivers(const MachineSettings& settings, const std::string& architecture) {
  DriverFiles out;
  Diagnostics faults;
  std::size_t number = 0;
  for (const MachineFile& named : settings.drivers) {
    const auto paths = inf_files(named.path);
    if (!paths) {
      add_at(faults, paths.error(), named.place);
      continue;
    }
    for (const fs::path& path : *paths) {
      Driver driver(path, architecture, settings.development);
      auto read = driver.read();
      if (read) read = driver.place(++number, out);
      if (!read) add_at(faults, read.error(), named.place);
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  for (AppFile& file : out.files) file.place = settings.place_of("driver");
  return out;
}

}  // namespace winnow
