#include "compose/compose.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "base/file_system.hpp"
#include "base/log.hpp"
#include "base/utf16.hpp"
#include "compose/machine_run.hpp"
#include "manifest/role_map.hpp"
#include "resolve/lock_file.hpp"
#include "resolve/serviceable.hpp"
#include "servicing/delta_dictionary.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr ByteCount kMaxLockBytes = 64u << 20;

// Runs one step and notes how long it took. Times go to people and benchmarks only, never into an output.
template <class Work>
auto timed(std::vector<StepTime>& steps, const char* name, Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = std::forward<Work>(work)();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  steps.push_back({name, took.count()});
  return result;
}

// An existing image and updates are feeds as well.
std::vector<fs::path> all_feeds(const ComposeOptions& options, const AppManifest& app) {
  std::vector<fs::path> feeds = options.feeds.empty() ? app.feeds : options.feeds;
  if (!app.base.empty()) feeds.push_back(app.base);
  for (const MachineFile& update : app.machine.servicing_packages) feeds.push_back(update.path);
  std::vector<fs::path> once;
  for (const fs::path& feed : feeds) {
    if (std::find(once.begin(), once.end(), feed) == once.end()) once.push_back(feed);
  }
  return once;
}

Result<Catalog> open_feeds(const ComposeOptions& options, const AppManifest& app) {
  const std::vector<fs::path> feeds = all_feeds(options, app);
  if (feeds.empty()) {
    return fail({options.manifest.string(), 0, 0}, "cannot resolve " + app.name + ": no feed is named",
                {"add <feed path=\"…\"/> or --feed DIR; make one with: winnow feed open --output DIR"});
  }
  FeedOptions reading;
  reading.trust.allow_unsigned = options.media.allow_unsigned;
  for (const fs::path& root : options.media.roots) WINNOW_CHECK(reading.trust.roots.add_file(root));
  if (!options.media.dictionary.empty()) {
    WINNOW_TRY(reading.dictionary, load_delta_dictionary(options.media.dictionary));
  }
  reading.media = options.media.options;
  reading.cache = options.cache;
  return Catalog::load(feeds, reading);
}

Request make_request(const AppManifest& app, const AppFiles& files, NeedsPolicy policy,
                     const std::vector<std::string>& omissions) {
  Request request;
  request.app = app.name;
  request.roles = app.roles;
  request.features = app.features;
  request.components = app.components;
  request.exclusions = app.exclusions;
  request.languages = app.languages;
  request.modules = files.modules;
  if (app.entry_point) request.program = app.entry_point->program;
  request.policy = policy;
  for (const std::string& name : omissions) request.omissions.push_back({name, {}});
  request.architecture = app.image.architecture;
  return request;
}

std::vector<PackageId> packages_of(const std::vector<AssemblyIdentity>& identities, const Catalog& catalog) {
  std::vector<PackageId> packages;
  for (const AssemblyIdentity& identity : identities) packages.push_back(catalog.find_package(identity).value());
  return packages;
}

// What the base has, and what the updates bring.
Result<void> set_servicing(const AppManifest& app, const Catalog& catalog, Request& request) {
  if (!app.base.empty()) {
    const Feed& base = catalog.feed_at(app.base);
    if (base.installed.empty()) {
      return fail("cannot use " + app.base.string() + " as a base: no package is installed in it",
                  {"a base is an existing image: a disk, a container image, or a WIM with a component store"});
    }
    request.installed = packages_of(base.installed, catalog);
    request.installed_features = base.features;
  }
  Diagnostics faults;
  for (const MachineFile& update : app.machine.servicing_packages) {
    const std::vector<AssemblyIdentity>& packages = catalog.feed_at(update.path).outermost;
    if (packages.empty()) {
      faults.add(update.place, "cannot add update \"" + update.path.string() + "\": it holds no package");
    }
    for (const PackageId id : packages_of(packages, catalog)) request.updates.push_back(id);
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

SizeMeasure measure_of(const std::string& word) {
  for (const SizeMeasure measure : {SizeMeasure::logical, SizeMeasure::stored_alone}) {
    if (word == to_string(measure)) return measure;
  }
  return SizeMeasure::allocated;
}

RecommendedPolicy policy_of(const std::string& word) {
  for (const RecommendedPolicy policy : {RecommendedPolicy::if_free, RecommendedPolicy::on}) {
    if (word == to_string(policy)) return policy;
  }
  return RecommendedPolicy::off;
}

// How to choose: what the options say holds, then what the manifest says.
void set_choosing(const ComposeOptions& options, const AppManifest& app, Request& request) {
  request.measure = measure_of(options.minimize.value_or(app.choosing.minimize));
  request.recommended = policy_of(options.recommended.value_or(app.choosing.recommended));
  request.prefer_threshold = options.prefer_threshold.value_or(app.choosing.prefer_threshold);
  std::vector<AppPin> pins = options.pins;
  for (const AppPin& pin : app.pins) {
    const auto is_same = [&](const AppPin& other) { return ascii_iequals(other.name, pin.name); };
    if (std::none_of(options.pins.begin(), options.pins.end(), is_same)) pins.push_back(pin);
  }
  for (const AppPin& pin : pins) request.pins.push_back({pin.name, to_string(pin.version), pin.place});
}

// What an earlier lock file has to say: with `locked`, only where it does not hold what is best by itself.
Result<DecideOptions> make_decide_options(const ComposeOptions& options) {
  DecideOptions decide;
  decide.minimize.prove = options.prove;
  decide.cache = options.cache;
  decide.release = options.release;
  if (!options.locked && !options.update) return decide;
  WINNOW_TRY(const Bytes text, read_file(options.lock, kMaxLockBytes));
  WINNOW_TRY(ParsedLock lock, parse_lock(as_text(text), options.lock.string()));
  if (options.update || lock.is_kept) decide.keep = std::move(lock.components);
  return decide;
}

// The roles' rules about versions, for the packages that were chosen.
Result<void> check_role_versions(const ComposeOptions& options, const AppManifest& app, const Request& request,
                                 const Catalog& catalog) {
  if (!request.windows || (app.machine.deployment.empty() && app.machine.edition.empty())) return {};
  WINNOW_TRY(const RoleMap map, load_role_map(options.role_map));
  std::vector<AssemblyIdentity> identities;
  for (const PackageId id : request.windows->packages) identities.push_back(catalog.packages()[id].identity);
  return check_versions(map, identities);
}

// What is chosen; with Windows' own packages in terms of servicing first.
Result<Decision> decide_app(const ComposeOptions& options, Request& request, const Catalog& catalog) {
  WINNOW_TRY(const DecideOptions decide_options, make_decide_options(options));
  WINNOW_TRY(ServicingRequest asked, servicing_request(request, catalog));
  if (!asked.packages.empty() || (options.serviceable && !asked.updates.empty())) {
    WINNOW_TRY(request.windows, close_packages(catalog, asked));
  }
  if (!options.serviceable && !asked.updates.empty()) {
    if (!request.windows) request.windows.emplace();  // of components alone
    WINNOW_TRY(const std::vector<ComponentId> updated, updated_components(catalog, asked));
    std::vector<ComponentId>& superseded = request.windows->superseded;
    superseded.insert(superseded.end(), updated.begin(), updated.end());
  }
  if (options.serviceable) return decide_serviceable(request, asked, catalog, decide_options);
  return decide(request, catalog, decide_options);
}

// The manifest and what it includes, named relative to the manifest's folder.
Result<std::vector<LockedInput>> manifest_inputs(const ComposeOptions& options, const AppManifest& app) {
  std::vector<LockedInput> inputs;
  const fs::path folder = fs::absolute(options.manifest).parent_path();
  for (const fs::path& input : app.inputs) {
    WINNOW_TRY(const Bytes bytes, read_file(input, kMaxLockBytes));
    inputs.push_back({"manifest", fs::absolute(input).lexically_relative(folder).generic_string(), sha256(bytes)});
  }
  return inputs;
}

// One digest for the manifest and all it includes.
std::string manifest_digest(const std::vector<LockedInput>& inputs) {
  std::string text;
  for (const LockedInput& input : inputs) {
    if (input.kind == "manifest") text += input.name + " " + input.digest.hex() + "\n";
  }
  return "sha256:" + sha256(as_bytes(text)).hex();
}

std::string servicing_note(const std::string& servicing) {
  if (servicing == "minimal")
    return "minimal: made of components; it has no component store, and DISM cannot service it";
  return "serviceable: made of whole packages, with a component store";
}

// What updates did: the components that are there in a newer version than the packages brought.
std::vector<std::string> update_notes(const Composition& composition) {
  const Request& request = composition.request;
  if (!request.windows || request.updates.empty()) return {};
  const auto components = composition.catalog.components();
  std::map<std::string, Version> superseded;  // the oldest of a family
  for (const ComponentId id : request.windows->superseded) {
    const auto [row, is_new] =
        superseded.try_emplace(family_key(components[id].identity), components[id].identity.version);
    if (!is_new) row->second = std::min(row->second, components[id].identity.version);
  }
  std::size_t count = 0;
  std::string first;
  for (const Member& member : std::get<Solution>(composition.resolution).members) {
    const AssemblyIdentity& identity = components[member.id].identity;
    const auto older = superseded.find(family_key(identity));
    if (older == superseded.end()) continue;
    if (count++ == 0) first = identity.name + " " + to_string(older->second) + " to " + to_string(identity.version);
  }
  std::string names;
  for (const PackageId id : request.updates) {
    const AssemblyIdentity& identity = composition.catalog.packages()[id].identity;
    names += (names.empty() ? "" : ", ") + identity.name + " " + to_string(identity.version);
  }
  return {"updated by " + names + ": " + std::to_string(count) + (count == 1 ? " component" : " components") +
          " raised" + (first.empty() ? "" : " (first: " + first + ")")};
}

// What the image lacks by force, and who asked for it.
std::vector<std::string> omission_notes(const Solution& solution) {
  std::vector<std::string> notes;
  for (const SkippedNeed& skipped : solution.skipped) {
    if (skipped.why == kOmittedReason)
      notes.push_back(skipped.from + " needs " + skipped.module + ", which is left out");
  }
  return notes;
}

}  // namespace

Result<Composition> resolve_app(const ComposeOptions& options, Progress& progress) {
  std::vector<StepTime> steps;
  progress.begin_step("read manifest and feeds", 0);
  WINNOW_TRY(AppManifest app, timed(steps, "manifest", [&] { return load_app_manifest(options.manifest); }));
  WINNOW_CHECK(set_machine_flags(options.machine, app.machine));
  if (!options.base.empty()) app.base = options.base;
  WINNOW_TRY(Catalog catalog, timed(steps, "catalog", [&] { return open_feeds(options, app); }));
  WINNOW_CHECK(set_roles(options, catalog, app));
  progress.begin_step("read app files", 0);
  WINNOW_TRY(AppFiles files, timed(steps, "app files", [&] { return load_app_files(app, catalog.module_names()); }));
  WINNOW_TRY(std::vector<LockedInput> inputs, manifest_inputs(options, app));
  files.inputs.insert(files.inputs.begin(), inputs.begin(), inputs.end());
  WINNOW_TRY(MachineInputs machine, load_machine_inputs(app.machine, options.reads_password));
  WINNOW_CHECK(add_drivers(app.machine, app.image.architecture, files, machine));
  for (LockedInput& input : machine_locked_inputs(options, app.machine, machine)) files.inputs.push_back(input);
  Request request = make_request(app, files, options.needs.value_or(app.needs), options.omissions);
  set_choosing(options, app, request);
  WINNOW_CHECK(set_servicing(app, catalog, request));
  progress.begin_step("resolve", 0);
  WINNOW_TRY(Decision decision, timed(steps, "resolve", [&] { return decide_app(options, request, catalog); }));
  WINNOW_CHECK(check_role_versions(options, app, request, catalog));
  return Composition{std::move(app),
                     std::move(machine),
                     std::move(catalog),
                     std::move(files),
                     std::move(request),
                     std::move(decision.choice),
                     std::move(decision.resolution),
                     std::move(steps),
                     {},
                     {}};
}

std::string lock_text(const Composition& composition) {
  const std::string image = composition.app.image.tag + " " + to_string(composition.app.image.os_version);
  return print_lock(image, to_string(composition.request.policy), composition.files.inputs, composition.catalog,
                    std::get<Solution>(composition.resolution), locked_choice(composition.choice));
}

Result<void> write_lock(const ComposeOptions& options, const Composition& composition) {
  const Choice& choice = composition.choice;
  if (options.prove) {
    if (!choice.optimum.certificate) {
      return fail("cannot write " + options.lock.string() + ".proof: the choice is not proven to be the best");
    }
    const std::string proof =
        print_certificate(choice.universe, choice.goal, choice.problem, *choice.optimum.certificate);
    WINNOW_CHECK(write_file(options.lock.string() + ".proof", as_bytes(proof)));
  }
  return write_file(options.lock, as_bytes(lock_text(composition)));
}

Result<ImagePlan> plan_app(const ComposeOptions& options, Composition& composition) {
  const Solution& solution = std::get<Solution>(composition.resolution);
  for (const SkippedNeed& skipped : solution.skipped) {
    log_info(skipped.from + " would use " + skipped.module + ": skipped, " + skipped.why);
  }
  if (options.locked) {
    WINNOW_TRY(const Bytes locked, read_file(options.lock, kMaxLockBytes));
    WINNOW_CHECK(check_lock(as_text(locked), lock_text(composition), options.lock.string()));
  }
  WINNOW_TRY(ImagePlan plan, timed(composition.steps, "plan", [&] {
               return plan_image({composition.app, composition.catalog, solution, composition.files.files,
                                  composition.request, options.serviceable, manifest_digest(composition.files.inputs),
                                  options.epoch, composition.machine});
             }));
  composition.first_boot = plan.first_boot;
  composition.unapplied = plan.unapplied;
  return plan;
}

Result<WriteReport> compose(const ComposeOptions& options, Composition& composition, const ImageWriter& writer,
                            const fs::path& output, Progress& progress) {
  WINNOW_TRY(const ImagePlan plan, plan_app(options, composition));
  const MachineSettings& machine = composition.app.machine;
  WriteOptions write = options.write;
  set_machine_write_options(machine, write);
  WINNOW_TRY(WriteReport report, writer.write(plan, output, write, progress));
  for (const std::string& note : machine_notes(machine, composition.machine)) report.notes.push_back(note);
  for (const std::string& note : disk_notes(machine, plan, report)) report.notes.push_back(note);
  const std::vector<std::string> missing = omission_notes(std::get<Solution>(composition.resolution));
  report.notes.insert(report.notes.end(), missing.begin(), missing.end());
  for (const std::string& note : update_notes(composition)) report.notes.push_back(note);
  if (const auto& windows = composition.request.windows) {
    report.notes.insert(report.notes.end(), windows->unchecked.begin(), windows->unchecked.end());
  }
  if (!plan.servicing.empty()) report.notes.push_back(servicing_note(plan.servicing));
  report.steps.insert(report.steps.begin(), composition.steps.begin(), composition.steps.end());
  if (!options.lock.empty() && !options.locked) {
    WINNOW_CHECK(write_lock(options, composition));
  }
  return report;
}

}  // namespace winnow
