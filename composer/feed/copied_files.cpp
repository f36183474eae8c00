#include "feed/copied_files.hpp"

#include <utility>

#include "base/utf16.hpp"

namespace winnow {
namespace {

// Where the files of `section` go: its line in [DestinationDirs], "folder[, subfolder]".
Result<Destination> section_destination(const InfFile& inf, const std::string& section) {
  for (const InfLine& line : inf.section("DestinationDirs")) {
    if (ascii_iequals(line.key, section))
      return destination_below(inf.expand(line.field(0)), inf.expand(line.field(1)));
  }
  return fail("cannot copy files of [" + section + "]: [DestinationDirs] does not say where to");
}

// "@C:\windows\system32\ws2_32.dll,-4": resource 4 of that module.
Result<void> read_source(std::string_view source, CopiedFile& file) {
  if (source.empty()) return {};
  const std::size_t comma = source.rfind(",-");
  if (!source.starts_with('@') || comma == std::string_view::npos) {
    return fail("cannot copy " + file.name + ": \"" + std::string(source) + "\" names no resource");
  }
  const std::string_view path = source.substr(1, comma - 1);
  file.module = ascii_lower(path.substr(path.rfind('\\') + 1));
  file.resource = "#" + std::string(source.substr(comma + 2));
  return {};
}

}  // namespace

Result<std::vector<CopiedFile>> read_copied_files(const InfFile& inf,
                                                  const std::vector<std::string>& install_sections) {
  std::vector<CopiedFile> files;
  Diagnostics faults;
  for (const std::string& install_section : install_sections) {
    for (const std::string& section : inf.values(install_section, "CopyFiles")) {
      const auto destination = section_destination(inf, section);
      if (!destination) {
        faults.add(destination.error());
        continue;
      }
      for (const InfLine& line : inf.section(section)) {
        CopiedFile file{section, inf.expand(line.field(0)), *destination, "", ""};
        const auto read = read_source(inf.expand(line.field(1)), file);
        if (!read) faults.add(inf.place(line), read.error().faults().front().message);
        if (read) files.push_back(std::move(file));
      }
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return files;
}

}  // namespace winnow
