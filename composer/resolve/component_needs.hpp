// What one component, or one binary of the app, needs: each need with every component that would meet it, in the order
// of preference. Nothing is chosen here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "resolve/module_lookup.hpp"
#include "resolve/request.hpp"
#include "resolve/universe.hpp"

namespace winnow {

struct ComponentNeed {
  NeedKind kind = NeedKind::dependency;
  std::vector<ComponentId> any_of;  // empty = nobody provides it
  std::string what;                 // the module or component that was asked for
  std::string from;                 // "ws2_32.dll", "C:\app\node.exe", or the component's name
  std::string text;                 // "imports KERNEL32.dll", "depends on"
  Place place;
  std::string language;         // of NeedKind::language, lower case
  bool is_soft = false;         // may stay unmet
  std::optional<Fault> nobody;  // what to say of a hard need that nobody meets
};

// `text` says "conflicts with x LT 2.0.0.0".
struct ComponentExclusion {
  std::vector<ComponentId> others;
  std::string text;
  Place place;
};

class NeedReader {
 public:
  // `excluded`: components that must stay out. A need of resources does not ask for those.
  NeedReader(const Request& request, const Catalog& catalog, const ApiSetSchema& api_sets,
             const std::map<ComponentId, Place>& excluded);

  // Needs of a component: those its manifest states, then those of its binaries, file by file. Soft needs of binaries
  // are read only where the request's policy follows them.
  [[nodiscard]] Result<std::vector<ComponentNeed>> needs_of(ComponentId id) const;
  // What the component's manifest excludes.
  [[nodiscard]] Result<std::vector<ComponentExclusion>> exclusions_of(ComponentId id) const;
  // Needs of one of the app's own binaries. Nothing for a binary of another architecture.
  [[nodiscard]] Result<std::vector<ComponentNeed>> needs_of(const AppModule& module) const;
  [[nodiscard]] bool is_foreign(const AppModule& module) const { return lookup_.is_foreign(module.needs); }

 private:
  struct Binary {
    const BinaryNeeds& needs;
    const WindowsPath& path;
    std::optional<ComponentId> by;  // nothing for one of the app's own, which `place` brings
    Place place;
    bool with_soft = false;
  };
  void add_dependency(ComponentId id, const ComponentDependency& dependency, std::vector<ComponentNeed>& needs) const;
  [[nodiscard]] std::vector<ComponentId> newer_versions(ComponentId id) const;
  void add_languages(ComponentId id, const ComponentDependency& dependency, const ComponentNeed& need,
                     std::vector<ComponentNeed>& needs) const;
  [[nodiscard]] std::vector<ComponentId> selected(ComponentId by, const ComponentRelation& relation) const;
  void add_relation(ComponentId id, const ComponentRelation& relation, std::vector<ComponentNeed>& needs) const;
  [[nodiscard]] Result<void> add_binary(const Binary& binary, std::vector<ComponentNeed>& needs) const;
  [[nodiscard]] Result<void> add_module(const Binary& binary, const std::string& module, ComponentNeed need,
                                        std::vector<ComponentNeed>& needs) const;
  // Of several providers those that export all that the binary imports; all of them when none does.
  [[nodiscard]] Result<void> keep_exporting(const Binary& binary, const std::string& import, const Lookup& lookup,
                                            std::vector<ComponentId>& providers) const;
  // What the functions that are imported from `module` are forwarded to, and from there on: a module whose functions
  // are another's brings nothing without it. `need` is the import's. Only where one component provides the module.
  [[nodiscard]] Result<void> follow_forwarders(const Binary& binary, const std::string& import, const Lookup& lookup,
                                               const ComponentNeed& need, std::vector<ComponentNeed>& needs) const;
  // Does a file of the component import what `provider` provides?
  [[nodiscard]] Result<bool> imports_from(ComponentId id, ComponentId provider) const;
  [[nodiscard]] Fault nobody_has(const std::string& module, const Lookup& lookup, const ComponentNeed& need) const;

  const Request& request_;
  const Catalog& catalog_;
  const std::map<ComponentId, Place>& excluded_;
  ModuleLookup lookup_;
};

}  // namespace winnow
