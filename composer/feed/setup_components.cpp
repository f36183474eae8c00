#include "feed/setup_components.hpp"

#include <algorithm>
#include <utility>

#include "base/utf16.hpp"
#include "feed/copied_files.hpp"
#include "feed/inf_registry.hpp"
#include "feed/wine_services.hpp"

namespace winnow {
namespace {

constexpr std::string_view kPlatformSuffix = ".ntamd64";
// The section whose values say what version of Windows this is; an image replaces them with those of its os.version.
constexpr std::string_view kVersionSection = "VersionInfo";

std::string without_platform(const std::string& section) {
  const bool has_suffix = section.size() > kPlatformSuffix.size() &&
                          ascii_iequals(section.substr(section.size() - kPlatformSuffix.size()), kPlatformSuffix);
  return has_suffix ? section.substr(0, section.size() - kPlatformSuffix.size()) : section;
}

ComponentDraft* find_module(std::vector<ComponentDraft>& modules, const std::string& name) {
  const auto found = std::find_if(modules.begin(), modules.end(),
                                  [&](const ComponentDraft& draft) { return ascii_iequals(draft.module, name); });
  return found == modules.end() ? nullptr : &*found;
}

}  // namespace

Result<WineSetup> parse_wine_setup(std::string_view text, const std::string& file) {
  WINNOW_TRY(InfFile inf, InfFile::parse(text, file));
  WineSetup setup{std::move(inf), {}};
  for (const std::string name : {"PreInstall", "DefaultInstall"}) {
    const std::string section = name + std::string(kPlatformSuffix);
    if (setup.inf.has_section(section)) setup.install_sections.push_back(section);
  }
  if (setup.install_sections.empty())
    return fail({file, 0, 0}, "cannot use INF file: it has no [DefaultInstall.ntamd64]");
  return setup;
}

Result<std::vector<ComponentDraft>> make_table_components(const std::map<std::string, Content>& tables,
                                                          const DraftFactory& factory) {
  WINNOW_TRY(const Destination system, destination_below("11", ""));
  std::vector<ComponentDraft> drafts;
  for (const auto& [name, content] : tables) {
    WINNOW_TRY(const LoadedContent loaded, content.load());
    ComponentDraft draft = factory.draft("Wine-" + name, "National language support table " + name);
    WINNOW_CHECK(factory.add_file(draft, name, loaded.bytes(), {system}));
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

Result<std::vector<ComponentDraft>> make_copied_file_components(const WineSetup& setup,
                                                                const std::vector<ComponentDraft>& modules,
                                                                const DraftFactory& factory) {
  WINNOW_TRY(const std::vector<CopiedFile> copied, read_copied_files(setup.inf, setup.install_sections));
  std::vector<ComponentDraft> drafts;
  for (const CopiedFile& file : copied) {
    const auto module = std::find_if(modules.begin(), modules.end(), [&](const ComponentDraft& draft) {
      return ascii_iequals(draft.module, file.module) && draft.data_files.contains(file.resource);
    });
    if (file.module.empty() || module == modules.end()) continue;
    const std::string name = "Wine-" + file.section;
    if (drafts.empty() || drafts.back().manifest.identity.name != name) {
      drafts.push_back(factory.draft(name, "Files that wine.inf copies: [" + file.section + "]"));
    }
    WINNOW_CHECK(factory.add_file(drafts.back(), file.name, module->data_files.at(file.resource), {file.destination}));
  }
  return drafts;
}

ComponentDraft make_folders_component(const ModulePlaces& places, const DraftFactory& factory) {
  ComponentDraft draft = factory.draft("Wine-Folders", "Folders that wine.inf makes");
  for (const std::string& path : places.folders()) draft.manifest.directories.push_back({path, 0, false, ""});
  return draft;
}

Result<std::vector<ComponentDraft>> make_registry_components(const InfFile& inf, const std::string& install_section,
                                                             const DraftFactory& factory) {
  std::vector<ComponentDraft> drafts;
  for (const std::string& section : inf.values(install_section, "AddReg")) {
    const std::string name = without_platform(section);
    ComponentDraft draft = factory.draft("Wine-Registry-" + name, "Registry section [" + section + "] of wine.inf");
    RegistryKeys keys;
    WINNOW_TRY(draft.ignored_lines, add_inf_registry(inf, section, "", keys));
    draft.manifest.registry_keys = std::move(keys).take();
    if (ascii_iequals(name, kVersionSection)) {
      for (ComponentRegistryKey& key : draft.manifest.registry_keys) {
        for (ComponentRegistryValue& value : key.values) value.overridable = true;
      }
    }
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

Result<std::vector<std::string>> attach_services(const WineSetup& setup, std::vector<ComponentDraft>& modules) {
  WINNOW_TRY(std::vector<WineService> services, read_wine_services(setup.inf, setup.install_sections));
  std::vector<std::string> left_out;
  for (WineService& service : services) {
    ComponentDraft* const program = find_module(modules, service.program);
    ComponentDraft* owner = service.service_dll.empty() ? nullptr : find_module(modules, service.service_dll);
    if (owner == nullptr) owner = program;
    if (owner == nullptr || program == nullptr) {
      left_out.push_back(service.service.name);
      continue;
    }
    ComponentManifest& manifest = owner->manifest;
    if (owner != program)
      manifest.dependencies.push_back({program->manifest.identity, DependencyType::install, false, 0});
    manifest.services.push_back(std::move(service.service));
    for (ComponentRegistryKey& key : service.registry_keys) manifest.registry_keys.push_back(std::move(key));
  }
  return left_out;
}

}  // namespace winnow
