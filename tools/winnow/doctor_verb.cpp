#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <set>

#include "base/json.hpp"
#include "base/text_table.hpp"
#include "base/utf16.hpp"
#include "manifest/role_map.hpp"
#include "servicing/media_report.hpp"
#include "servicing/servicing_closure.hpp"
#include "winnow/closure_text.hpp"
#include "winnow/media_images_text.hpp"
#include "winnow/media_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow doctor /media/NanoServer/Packages --dcm-dictionary wcp.dll --root microsoft-root-2010.cer\n\n"
    "A fault (a digest that differs, a manifest nobody signed, a set that cannot be read) makes the exit code 1.\n"
    "What is missing does not: it may lie on other media. Periods of validity of certificates are not looked at.\n";

struct Options {
  MediaArguments media;
  std::vector<std::string> roots;
  bool allow_unsigned = false;
  bool json = false;

  // What to close; with none of them the media are described.
  std::vector<std::string> packages, chosen_roles, features, without_features, languages;
  std::string deployment, edition;
  std::string role_map = WINNOW_PACKAGES_DIR "/roles/nano-server.xml";
  bool all_parents = false;
  bool any_version = false;

  [[nodiscard]] bool is_closure() const { return !packages.empty() || !chosen_roles.empty() || !deployment.empty(); }
};

std::string_view state_name(CatalogSignature::State state) {
  switch (state) {
    case CatalogSignature::State::absent:
      return "unsigned";
    case CatalogSignature::State::broken:
      return "broken";
    case CatalogSignature::State::unknown_root:
      return "unknown-root";
    case CatalogSignature::State::trusted:
      return "trusted";
  }
  return "";
}

void print_set(const SetReport& set, std::ostream& out) {
  out << set.name << '\n';
  std::map<std::string, std::size_t> signatures;
  for (const CheckedCatalog& catalog : set.catalogs) ++signatures[to_string(catalog.signature)];
  if (signatures.empty()) out << "  no security catalogs\n";
  for (const auto& [text, count] : signatures) {
    out << "  " << counted(count, "security catalog") << (count == 1 ? " is " : " are ") << text << '\n';
  }
  if (set.files > 0) {
    out << "  " << counted(set.files, "file") << ", " << grouped_digits(set.bytes)
        << " bytes, each of the SHA-256 that its manifest states\n";
  }
  if (set.deltas > 0) out << "  " << counted(set.deltas, "component manifest") << " as delta (DCM)\n";
  if (!set.unclaimed.empty()) out << "  " << counted(set.unclaimed.size(), "file") << " that no manifest names\n";
}

void print_packages(const MediaReport& report, std::ostream& out) {
  if (report.packages.empty()) return;
  TextTable table({"package", "version", "arch", "language", "release type", ">updates", "in a catalog"});
  for (const MediaPackage& package : report.packages) {
    const AssemblyIdentity& id = package.manifest.identity;
    table.add({id.name, to_string(id.version), id.architecture, id.language, package.manifest.release_type,
               grouped_digits(package.manifest.updates.size()), package.catalog.empty() ? "no" : "yes"});
  }
  out << '\n' << table.text();
}

void print_components(const MediaReport& report, std::ostream& out) {
  if (report.components.empty()) return;
  TextTable table(
      {"component", "version", "arch", "language", ">files", ">registry keys", ">services", "in a catalog"});
  for (const MediaComponent& component : report.components) {
    const ComponentManifest& manifest = component.manifest;
    const AssemblyIdentity& id = manifest.identity;
    table.add({id.name, to_string(id.version), id.architecture, id.language, grouped_digits(manifest.files.size()),
               grouped_digits(manifest.registry_keys.size()), grouped_digits(manifest.services.size()),
               component.catalog.empty() ? "no" : "yes"});
  }
  out << '\n' << table.text();
}

std::string found_text(const MissingPart& part) {
  std::string text;
  for (const Version& version : part.found) text += (text.empty() ? "" : ", ") + to_string(version);
  return text.empty() ? "-" : text;
}

void print_missing(const MediaReport& report, std::ostream& out) {
  if (report.missing.empty()) return;
  out << "\nnamed here, and not here:\n";
  TextTable table({"", "name", "version", "arch", "language", "found instead", "wanted by"});
  for (const MissingPart& part : report.missing) {
    const AssemblyIdentity& id = part.identity;
    const std::string others = part.wanted_by.size() == 1 ? "" : " +" + std::to_string(part.wanted_by.size() - 1);
    table.add({kind_name(part.kind), id.name, to_string(id.version), id.architecture, id.language, found_text(part),
               part.wanted_by.front() + others});
  }
  out << table.text("  ");
}

void print_ignored(const MediaReport& report, std::ostream& out) {
  if (report.ignored_elements.empty()) return;
  TextTable table({"read, not applied", ">times"});
  for (const auto& [name, count] : report.ignored_elements) table.add({name, grouped_digits(count)});
  out << '\n' << table.text();
}

void print_text(const MediaReport& report, std::ostream& out) {
  for (const SetReport& set : report.sets) print_set(set, out);
  print_packages(report, out);
  print_components(report, out);
  print_ignored(report, out);
  print_missing(report, out);
  std::size_t missing_packages = 0;
  for (const MissingPart& part : report.missing) missing_packages += part.kind == PackageReference::Kind::package;
  out << '\n'
      << counted(report.sets.size(), "set") << ", " << counted(report.packages.size(), "package") << ", "
      << counted(report.components.size(), "component") << "; missing " << counted(missing_packages, "package") << ", "
      << counted(report.missing.size() - missing_packages, "component") << "; "
      << counted(report.faults.size(), "fault") << '\n';
}

Json json_of(const AssemblyIdentity& id) {
  return {{"name", id.name},
          {"version", to_string(id.version)},
          {"architecture", id.architecture},
          {"language", id.language},
          {"publicKeyToken", id.public_key_token}};
}

Json json_of(const SetReport& set) {
  Json catalogs = Json::array();
  for (const CheckedCatalog& catalog : set.catalogs) {
    catalogs.push_back({{"file", catalog.file},
                        {"state", state_name(catalog.signature.state)},
                        {"signer", catalog.signature.signer},
                        {"root", catalog.signature.root},
                        {"reason", catalog.signature.reason}});
  }
  return {{"name", set.name},   {"catalogs", catalogs}, {"deltaManifests", set.deltas},
          {"files", set.files}, {"bytes", set.bytes},   {"unclaimed", set.unclaimed}};
}

void print_json(const Media& media, const MediaReport& report, std::ostream& out) {
  Json sets = Json::array(), packages = Json::array(), components = Json::array(), missing = Json::array();
  for (const SetReport& set : report.sets) sets.push_back(json_of(set));
  for (const MediaPackage& package : report.packages) {
    Json row = json_of(package.manifest.identity);
    row.update({{"releaseType", package.manifest.release_type}, {"catalog", package.catalog}, {"sets", package.sets}});
    packages.push_back(std::move(row));
  }
  for (const MediaComponent& component : report.components) {
    Json row = json_of(component.manifest.identity);
    row.update({{"files", component.manifest.files.size()}, {"catalog", component.catalog}, {"sets", component.sets}});
    components.push_back(std::move(row));
  }
  for (const MissingPart& part : report.missing) {
    Json row = {{"kind", kind_name(part.kind)}};
    row.update(json_of(part.identity));
    row["foundVersions"] = Json::array();
    for (const Version& version : part.found) row["foundVersions"].push_back(to_string(version));
    row["wantedBy"] = part.wanted_by;
    missing.push_back(std::move(row));
  }
  Json faults = Json::array();
  for (const Fault& fault : report.faults) {
    const std::string place = to_string(fault.place);
    faults.push_back((place.empty() ? "" : place + ": ") + fault.message);
  }
  const Json document = {{"schema", "winnow-doctor-1"},
                         {"images", media_images_json(media)},
                         {"sets", sets},
                         {"packages", packages},
                         {"components", components},
                         {"missing", missing},
                         {"ignoredElements", report.ignored_elements},
                         {"faults", faults}};
  out << document.dump(2) << '\n';
}

std::set<std::string> lower(const std::vector<std::string>& names) {
  std::set<std::string> all;
  for (const std::string& name : names) all.insert(ascii_lower(name));
  return all;
}

// What closes of the media's manifests; what is wrong with the media besides is counted, not listed.
Result<int> close_media(const Options& options, MediaReport report, World& world) {
  WINNOW_TRY(const RoleMap map, load_role_map(options.role_map));
  WINNOW_TRY(const std::vector<std::string> role_packages,
             packages_of(map, {options.chosen_roles, ascii_lower(options.deployment), ascii_lower(options.edition)}));
  ServicingRequest request;
  request.packages = options.packages;
  request.packages.insert(request.packages.end(), role_packages.begin(), role_packages.end());
  request.features = lower(options.features);
  request.features_off = lower(options.without_features);
  request.languages = lower(options.languages);
  request.all_parents = options.all_parents;
  request.any_version = options.any_version;
  std::vector<ServicedPackage> packages;
  for (MediaPackage& package : report.packages) packages.push_back({std::move(package.manifest), package.file});
  std::vector<ServicedComponent> components;
  for (MediaComponent& component : report.components) {
    components.push_back({std::move(component.manifest), component.file});
  }
  WINNOW_TRY(const ServicingRepository repository, ServicingRepository::of(std::move(packages), std::move(components)));
  WINNOW_TRY(const ServicingClosure closure, close_servicing(repository, request));
  std::vector<AssemblyIdentity> identities;
  for (const PackageIndex id : closure.packages) identities.push_back(repository.packages()[id].manifest.identity);
  WINNOW_CHECK(check_versions(map, identities));
  if (options.json) {
    world.out << closure_json(repository, closure).dump(2) << '\n';
  } else {
    print_closure(repository, closure, world.out);
  }
  if (!report.faults.empty()) {
    world.err << options.media.media << ": " << counted(report.faults.size(), "fault")
              << " besides; winnow doctor without a package lists what is wrong\n";
  }
  if (!closure.missing.empty() || !closure.conflicts.empty()) return kExitUnsatisfiable;
  return report.faults.empty() ? kExitDone : kExitInput;
}

Result<int> run(const Options& options, World& world) {
  TrustPolicy policy;
  policy.allow_unsigned = options.allow_unsigned;
  for (const std::string& root : options.roots) WINNOW_CHECK(policy.roots.add_file(root));
  world.progress.begin_step("examine media", 0);
  WINNOW_TRY(const Media media, open_media(options.media.media, media_options(options.media)));
  WINNOW_TRY(const Bytes dictionary, dictionary_for(media, options.media));
  MediaReport report = examine_media(media, dictionary, policy);
  if (options.is_closure()) {
    return close_media(options, std::move(report), world);
  }
  if (options.json) {
    print_json(media, report, world.out);
    return report.faults.empty() ? kExitDone : kExitInput;
  }
  print_media_images(media, world.out);
  print_text(report, world.out);
  if (!report.faults.empty()) return fail(Error(std::move(report.faults)));
  return kExitDone;
}

void add_closure_options(CLI::App& app, Options& options) {
  const std::string group = "What would close";
  app.add_option("--package", options.packages, "Close this package: its name or package id; exit code 3 when not")
      ->group(group);
  app.add_option("--role", options.chosen_roles, "Close the package of this role: compute, storage, iis …")
      ->group(group);
  app.add_option("--deployment", options.deployment, "What the image is for, with the role of that name")
      ->check(CLI::IsMember({"host", "guest"}, CLI::ignore_case))
      ->group(group);
  app.add_option("--edition", options.edition, "The edition, where a role is for one only")
      ->check(CLI::IsMember({"datacenter", "standard"}, CLI::ignore_case))
      ->group(group);
  app.add_option("--role-map", options.role_map, "The file that says which package a role is")
      ->capture_default_str()
      ->group(group);
  app.add_option("--feature", options.features, "Turn an optional feature on")->group(group);
  app.add_flag("--all", options.all_parents, "And what these features' conditions name, as DISM does for -All")
      ->group(group);
  app.add_option("--without-feature", options.without_features, "Turn a feature off that is on by default")
      ->group(group);
  app.add_option("--language", options.languages, "Take satellites in this language: en-us")->group(group);
  app.add_flag("--any-version", options.any_version,
               "Let another version answer an exact reference: for manifests rendered from another build")
      ->group(group);
}

}  // namespace

Verb add_doctor_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "doctor", "Say what Windows media hold, who signed it, whether it is as it was signed, and what is missing");
  app->footer(kExample);
  add_media_arguments(*app, options->media);
  app->add_option("--root", options->roots,
                  "Certificate (PEM, DER) that chains of signers must end in; may be repeated")
      ->allow_extra_args(false);
  app->add_flag("--allow-unsigned", options->allow_unsigned, "Take packages of your own that nobody signed");
  app->add_flag("--json", options->json,
                "Print the report as JSON (schema winnow-doctor-1, of a closure winnow-closure-1)");
  add_closure_options(*app, *options);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
