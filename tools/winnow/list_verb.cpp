#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "base/text_table.hpp"
#include "servicing/media_listing.hpp"
#include "winnow/media_images_text.hpp"
#include "winnow/media_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow list windows-server.iso\n"
    "  winnow list NanoServer/NanoServer.wim --image ServerDatacenterNano --features\n\n"
    "Signatures are not looked at: winnow doctor does that. Payload is what the components of a package have on the\n"
    "media, as it is stored there; packages inside a package count for themselves.\n";

struct Options {
  MediaArguments media;
  bool components = false;
  bool features = false;
  bool json = false;
};

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string state_of(const ListedPackage& package) {
  if (!package.state) return "-";
  return package_state_name(*package.state) + (package.has_manifest ? "" : ", no manifest");
}

void print_packages(const MediaListing& listing, std::ostream& out) {
  std::vector<std::string> header = {"package", "version", "arch", "language", "release type"};
  if (listing.has_states) header.emplace_back("state");
  for (const char* name : {">components", ">files", ">payload"}) header.emplace_back(name);
  TextTable table(header);
  for (const ListedPackage& package : listing.packages) {
    const AssemblyIdentity& id = package.identity;
    std::vector<std::string> row = {id.name, to_string(id.version), or_dash(id.architecture), id.language,
                                    or_dash(package.release_type)};
    if (listing.has_states) row.push_back(state_of(package));
    for (const std::uint64_t number :
         {std::uint64_t{package.components}, std::uint64_t{package.files}, package.payload}) {
      row.push_back(grouped_digits(number));
    }
    table.add(std::move(row));
  }
  out << table.text();
}

void print_components(const MediaListing& listing, std::ostream& out) {
  TextTable table({"component", "version", "arch", "language", ">files", ">not here", ">payload"});
  for (const ListedComponent& component : listing.components) {
    const AssemblyIdentity& id = component.identity;
    table.add({id.name, to_string(id.version), id.architecture, id.language, grouped_digits(component.files),
               grouped_digits(component.missing_files), grouped_digits(component.payload)});
  }
  out << table.text();
}

void print_features(const MediaListing& listing, std::ostream& out) {
  TextTable table({"feature", "by default", "needs any of", "package"});
  for (const ListedFeature& feature : listing.features) {
    std::string needs;
    for (const std::string& name : feature.needs) needs += (needs.empty() ? "" : " ") + name;
    table.add({feature.name, feature.is_on_by_default ? "on" : "off", or_dash(needs), feature.package});
  }
  out << table.text();
}

Json json_of(const AssemblyIdentity& id) {
  return {{"name", id.name},
          {"version", to_string(id.version)},
          {"architecture", id.architecture},
          {"language", id.language},
          {"publicKeyToken", id.public_key_token}};
}

void print_json(const Media& media, const MediaListing& listing, std::ostream& out) {
  Json packages = Json::array(), components = Json::array(), features = Json::array(), faults = Json::array();
  for (const ListedPackage& package : listing.packages) {
    Json row = json_of(package.identity);
    row.update({{"releaseType", package.release_type},
                {"displayName", package.display_name},
                {"components", package.components},
                {"files", package.files},
                {"payload", package.payload},
                {"manifest", package.file}});
    if (package.state) row.update({{"state", package_state_name(*package.state)}, {"currentState", *package.state}});
    packages.push_back(std::move(row));
  }
  for (const ListedComponent& component : listing.components) {
    Json row = json_of(component.identity);
    row.update({{"files", component.files},
                {"missingFiles", component.missing_files},
                {"payload", component.payload},
                {"manifest", component.file}});
    components.push_back(std::move(row));
  }
  for (const ListedFeature& feature : listing.features) {
    features.push_back({{"name", feature.name},
                        {"package", feature.package},
                        {"displayName", feature.display_name},
                        {"onByDefault", feature.is_on_by_default},
                        {"needsAnyOf", feature.needs}});
  }
  for (const Fault& fault : listing.faults) {
    const std::string place = to_string(fault.place);
    faults.push_back((place.empty() ? "" : place + ": ") + fault.message);
  }
  const Json document = {{"schema", "winnow-list-1"}, {"images", media_images_json(media)},
                         {"packages", packages},      {"components", components},
                         {"features", features},      {"faults", faults}};
  out << document.dump(2) << '\n';
}

Result<int> run(const Options& options, World& world) {
  world.progress.begin_step("read media", 0);
  const MediaOptions how = media_options(options.media);
  WINNOW_TRY(const Media media, open_media(options.media.media, how));
  WINNOW_TRY(const Bytes dictionary, dictionary_for(media, options.media));
  WINNOW_TRY(MediaListing listing, list_media(media, dictionary, how.read_hive));
  if (options.json) {
    print_json(media, listing, world.out);
    return listing.faults.empty() ? kExitDone : kExitInput;
  }
  const bool has_rows = !listing.packages.empty() || !listing.components.empty();
  print_media_images(media, world.out);
  if (options.components) print_components(listing, world.out);
  if (options.features) print_features(listing, world.out);
  if (!options.components && !options.features && has_rows) print_packages(listing, world.out);
  if (!listing.faults.empty()) return fail(Error(std::move(listing.faults)));
  return kExitDone;
}

}  // namespace

Verb add_list_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "list", "List the packages, components or features of Windows media, or of an image and their state there");
  app->footer(kExample);
  add_media_arguments(*app, options->media);
  app->add_flag("--components", options->components, "List components");
  app->add_flag("--features", options->features,
                "List optional features: what can be turned on or off, and its default");
  app->add_flag("--json", options->json, "Print all of it as JSON (schema winnow-list-1)");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
