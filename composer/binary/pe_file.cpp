#include "binary/pe_file.hpp"

#include "binary/clr_metadata.hpp"
#include "binary/pe_exports.hpp"
#include "binary/pe_imports.hpp"
#include "binary/pe_resources.hpp"

namespace winnow {

Result<PeFile> PeFile::parse(ByteView bytes, const std::string& name) {
  PeFile file;
  WINNOW_TRY(file.image_, PeImage::parse(bytes, name));
  return file;
}

Machine PeFile::machine() const {
  switch (const auto machine = static_cast<Machine>(image_.machine())) {
    case Machine::x86:
    case Machine::arm64:
    case Machine::amd64:
      return machine;
    case Machine::unknown:
      break;
  }
  return Machine::unknown;
}

bool PeFile::is_dll() const { return (image_.characteristics() & pe::CoffHeader::kIsDll) != 0; }

bool PeFile::is_wine_builtin() const {
  const std::string_view text = as_text(image_.bytes());
  return text.substr(pe::DosHeader::kSize).starts_with(pe::DosHeader::kWineBuiltin);
}

bool PeFile::is_managed() const { return image_.directory(pe::Directory::clr).rva != 0; }

Result<std::vector<ImportedModule>> PeFile::imports() const { return read_imports(image_); }

Result<std::vector<ImportedModule>> PeFile::delay_imports() const {
  // Only winebuild leaves descriptors without a directory; in other files the same numbers would be chance.
  const bool hidden = is_wine_builtin() && image_.directory(pe::Directory::delay_imports).rva == 0;
  return hidden ? read_hidden_delay_imports(image_) : read_delay_imports(image_);
}

Result<std::vector<ExportedSymbol>> PeFile::exports() const { return read_exports(image_); }
Result<std::vector<Resource>> PeFile::resources() const { return read_resources(image_); }
Result<std::optional<VersionInfo>> PeFile::version_info() const { return read_version_info(image_); }
Result<std::optional<std::string>> PeFile::embedded_manifest() const { return read_embedded_manifest(image_); }
Result<std::vector<std::string>> PeFile::platform_invoke_modules() const { return read_module_refs(image_); }

std::optional<ByteView> PeFile::section(std::string_view name) const {
  const PeSection* found = image_.find_section(name);
  return found == nullptr ? std::nullopt : std::optional(found->raw);
}

}  // namespace winnow
