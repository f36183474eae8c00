#include "feed/module_component.hpp"

#include <utility>

#include "base/utf16.hpp"
#include "binary/pe_file.hpp"
#include "feed/inf_registry.hpp"
#include "feed/rgs_script.hpp"

namespace winnow {
namespace {

// Resource types of Wine's modules (dlls/*/rsrc.rc).
constexpr std::string_view kScriptType = "WINE_REGISTRY";  // a registrar script
constexpr std::string_view kInfType = "REGINST";           // an INF file
constexpr std::string_view kDataFileType = "WINE_DATA_FILE";

// The AddReg sections that an INF resource's install sections name.
Result<void> add_inf_resource(const Resource& resource, const std::string& module, const InfFile& strings,
                              RegistryKeys& keys, std::uint32_t& ignored_lines) {
  std::string_view text = as_text(resource.data);
  while (text.ends_with('\0')) text.remove_suffix(1);
  WINNOW_TRY(InfFile inf, InfFile::parse(text, module + " (" + resource.type + ")"));
  for (const InfLine& line : strings.section(module)) inf.define(line.key, std::string(line.field(0)));
  for (const std::string& install_section : inf.section_names()) {
    for (const std::string& section : inf.values(install_section, "AddReg")) {
      WINNOW_TRY(const std::uint32_t ignored, add_inf_registry(inf, section, "", keys));
      ignored_lines += ignored;
    }
  }
  return {};
}

Result<void> add_resources(const PeFile& pe, const std::string& module, const ModuleSurroundings& surroundings,
                           ComponentDraft& draft) {
  // A module that goes to several places is registered from each; the last one stays.
  const std::string path = surroundings.places.destinations(module).back().text + "\\" + module;
  const std::map<std::string, std::string, std::less<>> replacements = {{"MODULE", path},
                                                                        {"SystemRoot", "C:\\windows"}};
  RegistryKeys keys;
  WINNOW_TRY(const std::vector<Resource> resources, pe.resources());
  for (const Resource& resource : resources) {
    if (resource.type == kScriptType) {
      const std::string file = module + " (" + resource.type + " " + resource.name + ")";
      WINNOW_CHECK(add_registrar_script(as_text(resource.data), file, replacements, keys));
    } else if (resource.type == kDataFileType) {
      draft.data_files.emplace(resource.name, Bytes(resource.data.begin(), resource.data.end()));
    }
  }
  // Wine runs the scripts of all modules first and lets single modules register themselves, from such a file,
  // afterwards.
  for (const Resource& resource : resources) {
    if (resource.type != kInfType) continue;
    WINNOW_CHECK(add_inf_resource(resource, module, surroundings.strings, keys, draft.ignored_lines));
  }
  draft.manifest.registry_keys = std::move(keys).take();
  return {};
}

Result<std::string> describe(const PeFile& pe, const std::string& module) {
  WINNOW_TRY(const std::optional<VersionInfo> info, pe.version_info());
  return info && !info->description.empty() ? info->description : "Wine's " + module;
}

}  // namespace

Result<ComponentDraft> make_wine_module(const std::string& name, const Content& module,
                                        const ModuleSurroundings& surroundings) {
  WINNOW_TRY(const Bytes bytes, strip_module(module, name, surroundings.scratch, surroundings.tools));
  WINNOW_TRY(const PeFile pe, PeFile::parse(bytes, name));
  if (!pe.is_wine_builtin()) return fail("cannot use module " + name + ": it is not marked as Wine's");
  if (pe.machine() != Machine::amd64) return fail("cannot use module " + name + ": it is not for x86-64");
  WINNOW_TRY(const std::string description, describe(pe, name));
  ComponentDraft draft = surroundings.factory.draft("Wine-" + name, description);
  draft.module = name;
  draft.bytes_before_stripping = module.size();
  WINNOW_CHECK(surroundings.factory.add_file(draft, name, bytes, surroundings.places.destinations(name)));
  WINNOW_CHECK(add_resources(pe, name, surroundings, draft));
  return draft;
}

Result<ComponentDraft> make_own_module(const std::string& stem, const std::filesystem::path& sources,
                                       const ModuleSurroundings& surroundings) {
  WINNOW_TRY(const Bytes bytes, compile_module(sources, stem, surroundings.scratch, surroundings.tools));
  const std::string name = stem + ".dll";
  ComponentDraft draft =
      surroundings.factory.draft("Winnow-" + name, "winnow's " + name + ", which Wine does not have");
  draft.module = name;
  draft.bytes_before_stripping = bytes.size();
  WINNOW_TRY(const Destination system, destination_below("11", ""));
  WINNOW_CHECK(surroundings.factory.add_file(draft, name, bytes, {system}));
  return draft;
}

}  // namespace winnow
