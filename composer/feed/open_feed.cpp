#include "feed/open_feed.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/file_system.hpp"
#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "feed/component_draft.hpp"
#include "feed/feed_description.hpp"
#include "feed/feed_packages.hpp"
#include "feed/feed_writer.hpp"
#include "feed/module_component.hpp"
#include "feed/registry_precedence.hpp"
#include "feed/registry_values.hpp"
#include "feed/setup_components.hpp"
#include "feed/wine_source.hpp"

namespace winnow {
namespace {

constexpr std::string_view kIndexFile = "index.xml";
constexpr std::string_view kFeedName = "open";
constexpr std::string_view kOwnModule = "bcryptprimitives";
constexpr std::string_view kVersionMacro = "$(version)";

Result<FeedDescription> load_description(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "feed.txt";
  WINNOW_TRY(const Bytes text, read_file(file, kMaxDescriptionBytes));
  return parse_feed_description(as_text(text), file.string());
}

Result<InfFile> load_strings(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "strings.inf";
  WINNOW_TRY(const Bytes text, read_file(file, kMaxInfBytes));
  return InfFile::parse(as_text(text), file.string());
}

std::string with_version(std::string text, const std::string& version) {
  for (std::size_t at = text.find(kVersionMacro); at != std::string::npos; at = text.find(kVersionMacro, at)) {
    text.replace(at, kVersionMacro.size(), version);
    at += version.size();
  }
  return text;
}

// The modules of libwine as components, in registration order, made on all cores.
Result<std::vector<ComponentDraft>> make_wine_modules(const WineSource& source, const ModuleSurroundings& surroundings,
                                                      Progress& progress) {
  std::vector<std::string> names;
  for (const auto& [name, content] : source.modules) names.push_back(name);
  names = surroundings.places.in_registration_order(std::move(names));
  progress.begin_step("strip modules", names.size());
  std::vector<std::optional<Result<ComponentDraft>>> made(names.size());
  std::atomic<std::uint64_t> done = 0;
  parallel_for(names.size(), [&](std::size_t i) {
    if (!interrupted()) made[i] = make_wine_module(names[i], source.modules.at(names[i]), surroundings);
    progress.advance(++done);
  });
  std::vector<ComponentDraft> drafts;
  for (auto& result : made) {
    if (!result) return fail("cannot make the open feed: interrupted");
    if (!*result) return fail(std::move(*result).error());
    drafts.push_back(std::move(**result));
  }
  return drafts;
}

// The components of a feed in the order in which Wine registers them.
struct Components {
  std::vector<ComponentDraft> drafts;
  std::vector<std::string> left_out_services;

  void add(std::vector<ComponentDraft> more) { std::move(more.begin(), more.end(), std::back_inserter(drafts)); }
};

Result<Components> make_components(const WineSource& source, const OpenFeedOptions& options,
                                   const DraftFactory& factory, Progress& progress) {
  WINNOW_TRY(const TemporaryDirectory scratch, TemporaryDirectory::create("winnow-open-feed"));
  WINNOW_TRY(const InfFile strings, load_strings(options.description));
  WINNOW_TRY(const LoadedContent setup_text, source.setup.load());
  WINNOW_TRY(const WineSetup setup, parse_wine_setup(as_text(setup_text.bytes()), "wine.inf"));
  WINNOW_TRY(const ModulePlaces places, ModulePlaces::from_inf(setup.inf, setup.install_sections));
  const ModuleSurroundings surroundings{factory, places, strings, scratch.path(), options.tools};

  WINNOW_TRY(std::vector<ComponentDraft> modules, make_wine_modules(source, surroundings, progress));
  // Wine brings a module of this name from 9.0 on.
  if (!source.modules.contains(std::string(kOwnModule) + ".dll")) {
    const std::string stem(kOwnModule);
    WINNOW_TRY(ComponentDraft own, make_own_module(stem, options.description / stem, surroundings));
    modules.push_back(std::move(own));
  }
  Components all;
  WINNOW_TRY(all.left_out_services, attach_services(setup, modules));
  WINNOW_TRY(std::vector<ComponentDraft> copied, make_copied_file_components(setup, modules, factory));
  WINNOW_TRY(std::vector<ComponentDraft> tables, make_table_components(source.tables, factory));
  // wine.inf first prepares, then registers the modules, then adds its own registry.
  for (const std::string& section : setup.install_sections) {
    const bool last = section == setup.install_sections.back();
    if (last) all.add(std::move(modules));
    WINNOW_TRY(std::vector<ComponentDraft> registry, make_registry_components(setup.inf, section, factory));
    all.add(std::move(registry));
  }
  all.add(std::move(tables));
  all.add(std::move(copied));
  all.drafts.push_back(make_folders_component(places, factory));
  return all;
}

// The needs that feed.txt states, as install dependencies. One between components this libwine does not have says
// nothing.
void add_described_needs(const FeedDescription& description, std::vector<ComponentDraft>& drafts) {
  std::map<std::string, ComponentDraft*, std::less<>> by_member;
  for (ComponentDraft& draft : drafts)
    by_member.emplace(ascii_lower(member_name(draft.manifest.identity.name)), &draft);
  for (const NeedDescription& need : description.needs) {
    const auto component = by_member.find(ascii_lower(need.component.text));
    if (component == by_member.end()) continue;
    for (const DescribedName& name : need.needs) {
      const auto needed = by_member.find(ascii_lower(name.text));
      if (needed == by_member.end()) continue;
      component->second->manifest.dependencies.push_back(
          {needed->second->manifest.identity, DependencyType::install, false, 0});
    }
  }
}

void count_registry(const std::vector<ComponentDraft>& drafts, OpenFeedReport& report) {
  std::set<std::u16string> keys;
  std::set<std::u16string> values;
  for (const ComponentDraft& draft : drafts) {
    for (const ComponentRegistryKey& key : draft.manifest.registry_keys) {
      for (std::size_t end = key.path.find('\\'); end != std::string::npos; end = key.path.find('\\', end + 1)) {
        keys.insert(value_key(key.path.substr(0, end), ""));
      }
      keys.insert(value_key(key.path, ""));
      for (const ComponentRegistryValue& value : key.values) values.insert(value_key(key.path, value.name));
    }
  }
  report.registry_keys = keys.size();
  report.registry_values = values.size();
}

ByteCount payload_bytes(const ComponentDraft& draft) {
  // All entries of a draft with several are one payload file, or differ in name.
  ByteCount bytes = 0;
  std::set<std::string_view> seen;
  for (const ComponentFile& file : draft.manifest.files) bytes += seen.insert(file.name).second ? file.size : 0;
  return bytes;
}

void count_components(const std::vector<ComponentDraft>& drafts, OpenFeedReport& report) {
  report.components = drafts.size();
  for (const ComponentDraft& draft : drafts) {
    std::set<std::string_view> names;
    for (const ComponentFile& file : draft.manifest.files) names.insert(file.name);
    report.files += names.size();
    report.services += draft.manifest.services.size();
    report.ignored_lines += draft.ignored_lines;
    report.bytes_before_stripping += draft.bytes_before_stripping;
    if (!draft.module.empty()) {
      ++report.modules;
      report.module_bytes += payload_bytes(draft);
    } else if (ascii_lower(draft.manifest.identity.name).ends_with(".nls")) {
      report.table_bytes += payload_bytes(draft);
    }
  }
}

Result<void> write_feed(const std::filesystem::path& folder, const FeedDescription& description,
                        const std::vector<ComponentDraft>& drafts, const DraftFactory& factory,
                        OpenFeedReport& report) {
  std::vector<std::string> names;
  for (const ComponentDraft& draft : drafts) names.push_back(draft.manifest.identity.name);
  WINNOW_TRY(const RoleMembers roles, assign_roles(description, names));
  FeedWriter writer(folder,
                    {std::string(kFeedName), report.version, with_version(description.text, report.version), {}, {}});
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    WINNOW_CHECK(writer.add(drafts[i].manifest, description.roles[roles.first_role[i]].name));
  }
  const std::vector<PackageManifest> packages = make_packages(description, roles, names, factory);
  for (const PackageManifest& package : packages) WINNOW_CHECK(writer.add(package));
  WINNOW_CHECK(writer.finish());
  report.packages = packages.size();
  for (std::size_t r = 0; r < description.roles.size(); ++r) {
    OpenFeedRole role{description.roles[r].name, description.roles[r].title, roles.members[r].size(), 0};
    for (const std::size_t member : roles.members[r]) role.bytes += payload_bytes(drafts[member]);
    report.roles.push_back(std::move(role));
  }
  for (const DescribedName& member : roles.unmatched) {
    report.unmatched_members.push_back(to_string(member.place) + ": " + member.text);
  }
  return {};
}

}  // namespace

Result<OpenFeedReport> make_open_feed(const OpenFeedOptions& options, Progress& progress) {
  WINNOW_TRY(const FeedDescription description, load_description(options.description));
  progress.begin_step("read libwine", 0);
  WINNOW_TRY(const WineSource source,
             options.packages.empty() ? load_installed_wine(options.root) : load_wine_packages(options.packages));
  WINNOW_TRY(const Version version, feed_version(source.version));
  WINNOW_TRY(OutputDirectory output, OutputDirectory::create(options.output, std::string(kIndexFile)));
  const DraftFactory factory(output.path(), version);
  WINNOW_TRY(Components components, make_components(source, options, factory, progress));
  add_described_needs(description, components.drafts);
  std::vector<ComponentManifest*> manifests;
  for (ComponentDraft& draft : components.drafts) manifests.push_back(&draft.manifest);

  OpenFeedReport report;
  report.version = source.version;
  report.contested_values = settle_registry(manifests).contested_values;
  report.left_out_services = std::move(components.left_out_services);
  count_components(components.drafts, report);
  count_registry(components.drafts, report);
  progress.begin_step("write manifests", 0);
  WINNOW_CHECK(write_feed(output.path(), description, components.drafts, factory, report));
  WINNOW_CHECK(output.commit());
  return report;
}

}  // namespace winnow
