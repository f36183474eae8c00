#include "plan/plan_image.hpp"

#include <algorithm>
#include <map>

#include "base/nearest_name.hpp"
#include "plan/component_planner.hpp"
#include "plan/component_store.hpp"
#include "plan/image_settings.hpp"
#include "plan/provenance.hpp"
#include "plan/registry_builder.hpp"
#include "plan/security_descriptor.hpp"
#include "plan/security_table.hpp"
#include "plan/tree_builder.hpp"

namespace winnow {

namespace {

constexpr OwnerId kWinnow = 0;
constexpr OwnerId kApp = 1;
constexpr OwnerId kFirstComponent = 2;  // components follow in the Solution's order

// Folders every Windows has and programs count on, beyond the parents of files: TEMP points to the first.
constexpr std::string_view kTemporaryFolder = "Windows\\Temp";

// The graph of the Solution: who of the owners needs whom, and whom the request names.
void add_needs(const PlanInput& input, std::vector<Owner>& owners) {
  const auto owner_of = [&](ComponentId id) {
    const auto& members = input.solution.members;
    return kFirstComponent + static_cast<OwnerId>(input.solution.find(id) - members.data());
  };
  owners[kApp].requested = true;
  for (const Member& member : input.solution.members) {
    const OwnerId to = owner_of(member.id);
    for (const Reason& reason : member.reasons) {
      if (!reason.by && !is_binary_need(reason.kind)) {
        owners[to].requested = true;
        continue;
      }
      const OwnerId from = reason.by ? owner_of(*reason.by) : kApp;
      owners[from].needs.push_back({to, std::string(to_string(reason.kind)), reason.from + " " + reason.need});
    }
  }
  for (Owner& owner : owners) {
    std::sort(owner.needs.begin(), owner.needs.end());
    owner.needs.erase(std::unique(owner.needs.begin(), owner.needs.end()), owner.needs.end());
  }
}

std::vector<std::string> request_lines(const Request& request) {
  std::vector<std::string> lines = {"needs " + std::string(to_string(request.policy))};
  const auto add = [&](const char* word, const std::vector<NamedRequest>& names) {
    for (const NamedRequest& name : names) lines.push_back(word + name.name);
  };
  add("role ", request.roles);
  add("feature ", request.features);
  add("component ", request.components);
  add("exclude ", request.exclusions);
  for (const std::string& language : request.languages) lines.push_back("language " + language);
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::vector<Owner> plan_owners(const PlanInput& input) {
  std::vector<Owner> owners = {{OwnerKind::winnow, "winnow", "", "", ""},
                               {OwnerKind::app, input.app.name, input.app.version, "", ""}};
  for (const Member& member : input.solution.members) {
    const CatalogComponent& component = input.catalog.components()[member.id];
    const Reason& reason = member.reasons.front();
    owners.push_back({OwnerKind::component, component.identity.name, to_string(component.identity.version),
                      component.role, reason.from + " " + reason.need});
  }
  add_needs(input, owners);
  return owners;
}

ContainerSettings plan_container(const AppManifest& app) {
  ContainerSettings settings;
  settings.user = app.image.user;
  settings.environment.assign(app.environment.begin(), app.environment.end());
  if (app.entry_point) {
    settings.command.push_back("C:\\" + app.entry_point->program.text());
    settings.command.insert(settings.command.end(), app.entry_point->arguments.begin(),
                            app.entry_point->arguments.end());
    settings.working_directory = "C:\\" + app.entry_point->working_directory.text();
  }
  return settings;
}

Result<void> check_entry_point(const AppManifest& app, const FileTree& tree) {
  if (!app.entry_point) return {};
  const WindowsPath& program = app.entry_point->program;
  const auto it = tree.find(program);
  if (it != tree.end() && !it->second.is_directory()) return {};
  std::vector<std::string> files;
  for (const auto& [path, entry] : tree) {
    if (!entry.is_directory()) files.push_back(path.text());
  }
  const std::string nearest = nearest_name(program.text(), files);
  std::vector<std::string> notes;
  if (!nearest.empty()) notes.push_back("nearest name: " + nearest);
  return fail(app.entry_point->place,
              "cannot use entry point \"C:\\" + program.text() + "\": no file of the image has that name",
              std::move(notes));
}

std::string oci_architecture(const std::string& architecture) { return architecture == "x86" ? "386" : architecture; }

bool is_of_media(const Catalog& catalog, ComponentId id) {
  return catalog.feeds()[catalog.components()[id].feed].kind == FeedKind::media;
}

std::string servicing_of(const PlanInput& input) {
  if (input.serviceable) return "serviceable";
  const auto& members = input.solution.members;
  const bool has_windows = std::any_of(members.begin(), members.end(),
                                       [&](const Member& member) { return is_of_media(input.catalog, member.id); });
  return has_windows ? "minimal" : "";
}

// What servicing keeps of the components that are Windows' own.
Result<void> plan_component_store(const PlanInput& input, TreeBuilder& tree, RegistryBuilder& registry,
                                  SecurityTable& security) {
  if (!input.serviceable || !input.request.windows) return {};
  ComponentStoreInput store{input.catalog, *input.request.windows, {}, input.epoch, 0, 0};
  WINNOW_TRY(store.file_security, security.intern_sddl(kStoreFileSddl, SecuredObject::file));
  WINNOW_TRY(store.directory_security, security.intern_sddl(kStoreDirectorySddl, SecuredObject::folder));
  for (std::size_t i = 0; i < input.solution.members.size(); ++i) {
    const ComponentId id = input.solution.members[i].id;
    if (is_of_media(input.catalog, id)) store.owners.emplace(id, kFirstComponent + static_cast<OwnerId>(i));
  }
  return add_component_store(store, tree, registry);
}

ImagePlan plan_header(const PlanInput& input) {
  ImagePlan plan;
  plan.name = input.app.name;
  plan.version = input.app.version;
  plan.manifest_digest = input.manifest_digest;
  plan.requests = request_lines(input.request);
  plan.omitted = input.solution.omitted;
  plan.tag = input.app.image.tag;
  plan.os_version = input.app.image.os_version;
  plan.architecture = oci_architecture(input.app.image.architecture);
  plan.servicing = servicing_of(input);
  plan.created = input.epoch;
  plan.container = plan_container(input.app);
  plan.owners = plan_owners(input);
  return plan;
}

void add_app_settings(const AppManifest& app, RegistryBuilder& registry) {
  for (const AppRegistryKey& key : app.registry_keys) registry.add(key.key, kApp, key.place);
  for (const AppService& service : app.services) registry.add_service(service.service, kApp, service.place);
}

Result<void> add_components(const PlanInput& input, const ImagePlan& plan, const PlanParts& parts) {
  std::vector<ComponentId> ids;
  for (const Member& member : input.solution.members) ids.push_back(member.id);
  const PlanTarget target{input.app.image.architecture, input.request.languages};
  WINNOW_TRY(const std::vector<std::size_t> order, effect_order(input.catalog, ids));
  for (const std::size_t i : order) {
    const OwnerId owner = kFirstComponent + static_cast<OwnerId>(i);
    WINNOW_CHECK(plan_component(input.catalog, ids[i], owner, plan.owners[owner].name, target, parts));
  }
  return {};
}

}  // namespace

Result<ImagePlan> plan_image(const PlanInput& input) {
  ImagePlan plan = plan_header(input);
  TreeBuilder tree(plan.owners, input.epoch);
  RegistryBuilder registry([&plan](OwnerId owner) { return plan.owners[owner].name; });
  SecurityTable security;
  WINNOW_CHECK(security.intern_sddl(kDirectorySddl, SecuredObject::folder));
  WINNOW_CHECK(security.intern_sddl(kFileSddl, SecuredObject::file));
  for (const HiveId hive : kAllHives) tree.reserve(hive_path(hive), "hive " + std::string(to_string(hive)));
  tree.reserve(provenance_path(), "winnow's provenance");

  for (const ComponentRegistryKey& key : image_registry_keys(plan.os_version, input.app.image.architecture)) {
    registry.add(key, kWinnow, {});
  }
  WINNOW_CHECK(add_components(input, plan, {tree, registry, security, plan.first_boot, plan.unapplied}));
  WINNOW_CHECK(plan_component_store(input, tree, registry, security));
  for (const AppFile& file : input.files) {
    tree.add_file(file.path, 0, kFileSecurity, kApp, file.content, file.digest, file.place);
  }
  tree.add_directory(*WindowsPath::parse(kTemporaryFolder), 0, kDirectorySecurity, kWinnow, {});
  add_app_settings(input.app, registry);

  Diagnostics faults;
  auto planned_registry = std::move(registry).finish();
  auto planned_tree = std::move(tree).finish();
  if (!planned_tree) faults.add(planned_tree.error());
  if (!planned_registry) faults.add(planned_registry.error());
  if (!faults.empty()) return fail(std::move(faults).error());
  plan.registry = std::move(*planned_registry);
  plan.tree = std::move(*planned_tree);
  security.inherit(plan.tree);
  plan.security_descriptors = std::move(security).take();
  WINNOW_CHECK(check_entry_point(input.app, plan.tree));
  WINNOW_CHECK(apply_machine_settings(plan, input.app.machine, input.machine, MachineEdit::fresh));
  const std::string provenance = print_provenance(plan, input.catalog);
  const WindowsPath path = provenance_path();
  Content content = Content::of_bytes(Bytes(provenance.begin(), provenance.end()));
  plan.tree[path] = {path,
                     kAttributeArchive,
                     kFileSecurity,
                     input.epoch,
                     kWinnow,
                     provenance.size(),
                     sha256(as_bytes(provenance)),
                     std::move(content),
                     {}};
  return plan;
}

}  // namespace winnow
