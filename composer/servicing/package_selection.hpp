// The packages half of close_servicing(): which packages are applicable, which of their updates are on, and what those
// name.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "servicing/servicing_closure.hpp"

namespace winnow {

// References that nothing answers, with everybody who asked.
class MissingReferences {
 public:
  void add(PackageReference::Kind kind, const AssemblyIdentity& wanted, std::vector<Version> found, Asker asker);
  [[nodiscard]] std::vector<MissingReference> take() &&;

 private:
  struct Row {
    std::vector<Version> found;
    std::set<Asker> askers;
  };
  std::map<std::pair<PackageReference::Kind, AssemblyIdentity>, Row> rows_;
};

// A component or driver that an update which is on names.
struct ComponentRoot {
  PackageReference reference;
  Asker asker;
};

class PackageSelection {
 public:
  PackageSelection(const ServicingRepository& repository, const ServicingRequest& request, MissingReferences& missing)
      : repository_(repository), request_(request), missing_(missing) {}

  // Called once. Errors as close_servicing().
  [[nodiscard]] Result<void> run();

  [[nodiscard]] std::vector<PackageIndex> packages() const;
  [[nodiscard]] std::vector<InapplicablePackage> inapplicable() const;
  [[nodiscard]] const std::vector<ComponentRoot>& roots() const { return roots_; }
  [[nodiscard]] const std::vector<FeatureState>& features() const { return features_; }
  [[nodiscard]] std::uint32_t other_versions() const { return other_versions_; }

 private:
  struct Reached {
    std::set<Asker> askers;
    bool is_chosen = false;
    bool is_contained = true;  // only shipped inside others
  };

  [[nodiscard]] Result<void> add_requested();
  void reach(PackageIndex package, const Asker& asker, bool is_contained);
  void choose_what_is_applicable();
  void expand(PackageIndex package);
  void add_languages(PackageIndex package);
  void follow(PackageIndex package, const PackageReference& reference);
  [[nodiscard]] bool has_parent(const PackageParent& parent) const;
  [[nodiscard]] bool is_applicable(const PackageManifest& manifest) const;
  [[nodiscard]] std::vector<std::string> reasons_against(const PackageManifest& manifest) const;
  [[nodiscard]] std::string other_edition(const AssemblyIdentity& wanted) const;
  [[nodiscard]] Result<void> check_requested() const;
  [[nodiscard]] Result<void> check_loops() const;

  const ServicingRepository& repository_;
  const ServicingRequest& request_;
  MissingReferences& missing_;
  std::map<PackageIndex, Reached> reached_;
  std::vector<PackageIndex> waiting_;  // reached, not chosen
  std::vector<PackageIndex> requested_;
  std::map<PackageIndex, std::set<PackageIndex>> contents_;  // who names whom
  std::vector<ComponentRoot> roots_;
  std::vector<FeatureState> features_;
  std::uint32_t other_versions_ = 0;
};

}  // namespace winnow
