// A Debian package (deb(5)): an ar archive of debian-binary, control.tar.* and data.tar.*, in this order.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "payload/archive_reader.hpp"
#include "payload/payload_source.hpp"
#include "payload/unpack.hpp"

namespace winnow {

namespace {

constexpr std::string_view kArMagic = "!<arch>\n";  // ar(5), offset 0
constexpr std::string_view kFormatVersion = "2.";   // debian-binary: "2.0\n"; the minor number may grow
constexpr ByteCount kMaxControlBytes = 1u << 20;    // the file `control`
constexpr std::size_t kMaxPackageMembers = 64;      // deb(5) knows three and allows some more

struct DebianMembers {
  std::optional<SharedBytes> version;
  std::optional<SharedBytes> control;
  std::optional<SharedBytes> data;
  std::string control_name;
  std::string data_name;
};

Result<DebianMembers> read_members(const SharedBytes& package, const std::string& name) {
  WINNOW_TRY(ArchiveReader reader, ArchiveReader::open(package, name, ArchiveFormats::ar, package.view.size()));
  DebianMembers members;
  for (std::size_t count = 0; count < kMaxPackageMembers; ++count) {
    WINNOW_TRY(const std::optional<ArchiveEntry> entry, reader.next());
    if (!entry) return members;
    WINNOW_TRY(SharedBytes bytes, reader.read());
    if (entry->path == "debian-binary") {
      members.version = std::move(bytes);
    } else if (entry->path.starts_with("control.tar") && !members.control) {
      members.control = std::move(bytes);
      members.control_name = entry->path;
    } else if (entry->path.starts_with("data.tar") && !members.data) {
      members.data = std::move(bytes);
      members.data_name = entry->path;
    }
  }
  return fail("cannot unpack " + name + ": it has more than " + std::to_string(kMaxPackageMembers) + " members");
}

Result<void> check_members(const DebianMembers& members, const std::string& name) {
  const auto missing = [&](const std::string& member) {
    return fail("cannot unpack " + name + ": it is no Debian package: it has no " + member + " member");
  };
  if (!members.version) return missing("debian-binary");
  if (!as_text(members.version->view).starts_with(kFormatVersion)) {
    return fail("cannot unpack " + name + ": its Debian package format is not 2.0");
  }
  if (!members.control) return missing("control.tar");
  if (!members.data) return missing("data.tar");
  return {};
}

// The value of the one-line field `field` of a control file (deb-control(5)); "" when it has none.
std::string_view control_field(std::string_view control, std::string_view field) {
  while (!control.empty()) {
    const std::size_t end = std::min(control.find('\n'), control.size());
    std::string_view line = control.substr(0, end);
    control.remove_prefix(std::min(end + 1, control.size()));
    if (line.size() <= field.size() || !line.starts_with(field) || line[field.size()] != ':') continue;
    line.remove_prefix(field.size() + 1);
    constexpr std::string_view kBlank = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    return line.substr(0, line.find_last_not_of(kBlank) + 1);
  }
  return "";
}

Result<void> parse_control(const DebianMembers& members, const std::string& name, DebianPackage& package) {
  const std::string archive_name = name + " (" + members.control_name + ")";
  WINNOW_TRY(const auto entries, unpack_archive(*members.control, archive_name, SymbolicLinks::left_out));
  const auto control = std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.path == "control"; });
  if (control == entries.end()) return fail("cannot unpack " + archive_name + ": it has no file \"control\"");
  if (control->content.size() > kMaxControlBytes) {
    return fail("cannot take \"control\" from " + archive_name + ": it is larger than " +
                std::to_string(kMaxControlBytes) + " bytes");
  }
  WINNOW_TRY(const LoadedContent loaded, control->content.load());
  const std::array<std::pair<std::string_view, std::string*>, 3> fields = {
      {{"Package", &package.name}, {"Version", &package.version}, {"Architecture", &package.architecture}}};
  for (const auto& [field, value] : fields) {
    *value = control_field(as_text(loaded.bytes()), field);
    if (value->empty()) {
      return fail("cannot read \"control\" of " + archive_name + ": it has no field " + std::string(field));
    }
  }
  return {};
}

}  // namespace

bool is_debian_package(ByteView archive) { return as_text(archive).starts_with(kArMagic); }

Result<DebianPackage> unpack_debian_package(const SharedBytes& archive, const std::string& name) {
  WINNOW_TRY(const DebianMembers members, read_members(archive, name));
  WINNOW_CHECK(check_members(members, name));
  DebianPackage package;
  WINNOW_CHECK(parse_control(members, name, package));
  const std::string data_name = name + " (" + members.data_name + ")";
  WINNOW_TRY(package.entries, unpack_archive(*members.data, data_name, SymbolicLinks::left_out));
  return package;
}

Result<DebianPackage> load_debian_package(const std::filesystem::path& file) {
  WINNOW_TRY(const SharedBytes archive, map_archive(file));
  return unpack_debian_package(archive, file.string());
}

}  // namespace winnow
