// The components that wine.inf describes: NLS tables and other copied files, folders, registry sections, services.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/component_draft.hpp"
#include "feed/module_places.hpp"
#include "manifest/inf_file.hpp"
#include "payload/content.hpp"

namespace winnow {

// wine.inf and the install sections that Wine runs for a 64-bit prefix, in their order.
struct WineSetup {
  InfFile inf;
  std::vector<std::string> install_sections;
};
[[nodiscard]] Result<WineSetup> parse_wine_setup(std::string_view text, const std::string& file);

// "Wine-<table>", one for each table. All go into system32, although wine.inf copies sortdefault.nls elsewhere: Wine's
// loader looks for every table in one folder, and an image holds each once.
[[nodiscard]] Result<std::vector<ComponentDraft>> make_table_components(const std::map<std::string, Content>& tables,
                                                                        const DraftFactory& factory);

// "Wine-<section>" for each CopyFiles section whose files are resources of `modules`. A file whose module or resource
// is not there is left out.
[[nodiscard]] Result<std::vector<ComponentDraft>> make_copied_file_components(
    const WineSetup& setup, const std::vector<ComponentDraft>& modules, const DraftFactory& factory);

// "Wine-Folders": the folders that wine.inf makes.
[[nodiscard]] ComponentDraft make_folders_component(const ModulePlaces& places, const DraftFactory& factory);

// "Wine-Registry-<section>" for each AddReg section of install section `install_section`.
[[nodiscard]] Result<std::vector<ComponentDraft>> make_registry_components(const InfFile& inf,
                                                                           const std::string& install_section,
                                                                           const DraftFactory& factory);

// Gives each service to the module that does its work: the service's DLL, or the program where there is none. A service
// none of whose modules is there is left out; their names are returned. A module whose service runs in another program
// depends on that program.
[[nodiscard]] Result<std::vector<std::string>> attach_services(const WineSetup& setup,
                                                               std::vector<ComponentDraft>& modules);

}  // namespace winnow
