#include "binary/binary_needs.hpp"

#include <algorithm>
#include <array>

#include "base/utf16.hpp"
#include "binary/module_names.hpp"

namespace winnow {
namespace {

// Extensions of native modules in P/Invoke declarations; any other text behind a dot is part of the name, as in
// "System.Native", and ".dll" is added.
constexpr std::array<std::string_view, 7> kModuleExtensions{".dll", ".exe", ".drv", ".sys", ".cpl", ".ocx", ".acm"};
// Names that .NET gives its own runtime in P/Invoke declarations (coreclr's QCall.h, mono's loader.c).
constexpr std::array<std::string_view, 2> kRuntimeItself{"qcall", "__internal"};

std::string with_extension(const std::string& name) {
  const bool has_extension =
      std::any_of(kModuleExtensions.begin(), kModuleExtensions.end(), [&](auto end) { return name.ends_with(end); });
  return has_extension ? name : name + ".dll";
}

// The loader's rule for import tables.
std::string import_name(const ImportedModule& module) {
  const std::string name = ascii_lower(module.name);
  return name.find('.') == std::string::npos ? name + ".dll" : name;
}

std::set<std::string> module_names(const std::vector<ImportedModule>& modules) {
  std::set<std::string> names;
  for (const ImportedModule& module : modules) names.insert(import_name(module));
  return names;
}

std::map<std::string, std::vector<std::string>> functions_of(const std::vector<ImportedModule>& modules) {
  std::map<std::string, std::vector<std::string>> functions;
  for (const ImportedModule& module : modules) {
    std::vector<std::string>& names = functions[import_name(module)];
    names.insert(names.end(), module.functions.begin(), module.functions.end());
  }
  for (auto& [module, names] : functions) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }
  return functions;
}

std::set<std::string> native_modules(const std::vector<std::string>& references) {
  std::set<std::string> names;
  for (const std::string& reference : references) {
    const std::string name = ascii_lower(reference.substr(reference.find_last_of("\\/") + 1));
    const bool is_runtime = std::find(kRuntimeItself.begin(), kRuntimeItself.end(), name) != kRuntimeItself.end();
    if (!name.empty() && !is_runtime) names.insert(with_extension(name));
  }
  return names;
}

// Sorted, without the names that `stronger` already has.
std::vector<std::string> difference(const std::set<std::string>& names, const std::set<std::string>& stronger) {
  std::vector<std::string> result;
  std::set_difference(names.begin(), names.end(), stronger.begin(), stronger.end(), std::back_inserter(result));
  return result;
}

}  // namespace

Result<BinaryNeeds> read_binary_needs(ByteView bytes, const std::string& name,
                                      const std::set<std::string, std::less<>>& known_modules) {
  WINNOW_TRY(const PeFile file, PeFile::parse(bytes, name));
  WINNOW_TRY(const auto imported, file.imports());
  WINNOW_TRY(const auto delayed, file.delay_imports());
  WINNOW_TRY(const auto references, file.platform_invoke_modules());
  std::set<std::string> imports = module_names(imported);
  std::set<std::string> delay_imports = module_names(delayed);
  std::set<std::string> named = native_modules(references);
  const auto found = ModuleNameFinder(known_modules).find(bytes);
  named.insert(found.begin(), found.end());

  BinaryNeeds needs;
  needs.machine = file.machine();
  needs.managed = file.is_managed();
  needs.imports.assign(imports.begin(), imports.end());
  needs.functions = functions_of(imported);
  needs.delay_imports = difference(delay_imports, imports);
  imports.merge(delay_imports);
  needs.named = difference(named, imports);
  return needs;
}

Result<ExportNames> read_exports(ByteView bytes, const std::string& name) {
  WINNOW_TRY(const PeFile file, PeFile::parse(bytes, name));
  WINNOW_TRY(const auto exported, file.exports());
  ExportNames names;
  for (const ExportedSymbol& symbol : exported) {
    names.emplace("#" + std::to_string(symbol.ordinal), symbol.forwarder);
    if (!symbol.name.empty()) names.emplace(symbol.name, symbol.forwarder);
  }
  return names;
}

bool looks_like_pe(ByteView bytes) {
  if (!as_text(bytes).starts_with(pe::DosHeader::kMagic)) return false;
  const auto start = read_le<std::uint32_t>(bytes, pe::DosHeader::kPeOffset);
  if (!start) return false;
  const auto signature = slice(bytes, *start, pe::kSignature.size());
  return signature && as_text(*signature) == pe::kSignature;
}

}  // namespace winnow
