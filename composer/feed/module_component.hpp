// One PE module as a component: stripped payload, destinations, and the registry it carries as resources.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "feed/component_draft.hpp"
#include "feed/module_places.hpp"
#include "feed/stripped_modules.hpp"
#include "manifest/inf_file.hpp"
#include "payload/content.hpp"

namespace winnow {

// What all modules of a feed are made with.
struct ModuleSurroundings {
  const DraftFactory& factory;
  const ModulePlaces& places;
  const InfFile& strings;                // sections named after modules: strings that a module's own code would supply
  const std::filesystem::path& scratch;  // for the tools
  const MingwTools& tools;
};

// "Wine-<name>". Error when `module` is no PE file of Wine, before or after stripping. Safe on several threads.
[[nodiscard]] Result<ComponentDraft> make_wine_module(const std::string& name, const Content& module,
                                                      const ModuleSurroundings& surroundings);

// "Winnow-<stem>.dll", compiled from `sources`/<stem>.c; goes into system32.
[[nodiscard]] Result<ComponentDraft> make_own_module(const std::string& stem, const std::filesystem::path& sources,
                                                     const ModuleSurroundings& surroundings);

}  // namespace winnow
