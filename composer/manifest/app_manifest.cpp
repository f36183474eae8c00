#include "manifest/app_manifest.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "manifest/app_manifest_merge.hpp"
#include "manifest/app_manifest_shape.hpp"
#include "manifest/app_manifest_values.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxIncludeDepth = 16;
constexpr Version kDefaultOsVersion = {{10, 0, 20348, 0}};

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Reads a file and, before its own elements count, everything it includes.
class AppManifestLoader {
 public:
  Result<AppManifest> load(const fs::path& path) {
    manifest_.image.os_version = kDefaultOsVersion;
    load_file(path, {});
    if (!faults_.empty()) return fail(std::move(faults_).error());
    if (manifest_.image.tag.empty()) manifest_.image.tag = default_image_tag(manifest_.name, manifest_.version);
    return std::move(manifest_);
  }

 private:
  // `from`: the <include> that names the file; without a file of its own for the outermost.
  void load_file(const fs::path& path, const Place& from) {
    const bool outermost = from.file.empty();
    const auto bytes = read_file(path, kMaxManifestBytes);
    if (!bytes) return add_placed(bytes.error(), from);
    manifest_.inputs.push_back(path);
    const auto document = XmlDocument::parse(as_text(*bytes), path.string());
    if (!document) return faults_.add(document.error());
    const XmlElement root = document->root();
    if (root.name() != "app" || root.namespace_uri() != kAppNamespace) {
      return faults_.add(root.place(),
                         "cannot read app manifest: its root is not <app> of " + std::string(kAppNamespace));
    }
    chain_.push_back(path);
    for (const XmlElement& child : root.children("include")) include(child, path.parent_path());
    chain_.pop_back();
    Diagnostics faults;
    check_app_manifest_shape(root, faults);
    if (outermost) check_named(root, faults);
    merge_app_file(root, path.parent_path(), manifest_, faults);
    add_in_order(std::move(faults));
  }

  void include(const XmlElement& element, const fs::path& folder) {
    const auto path = AppValueReader{folder, faults_}.path(element, "path");
    if (!path) return;
    const auto cycle =
        std::find_if(chain_.begin(), chain_.end(), [&](const fs::path& open) { return same(open, *path); });
    if (cycle != chain_.end()) {
      std::string chain;
      for (auto open = cycle; open != chain_.end(); ++open) chain += open->string() + " includes ";
      return faults_.add(element.place(), "cannot include " + quote(path->string()) + ": it includes itself",
                         {chain + path->string()});
    }
    if (chain_.size() >= kMaxIncludeDepth) {
      return faults_.add(element.place(), "cannot include " + quote(path->string()) +
                                              ": includes are nested more than " + std::to_string(kMaxIncludeDepth) +
                                              " deep");
    }
    // A base that two files share counts once, where it is first included.
    const bool known = std::any_of(manifest_.inputs.begin(), manifest_.inputs.end(),
                                   [&](const fs::path& read) { return same(read, *path); });
    if (!known) load_file(*path, element.place());
  }

  static bool same(const fs::path& a, const fs::path& b) {
    std::error_code ignored;
    return a == b || fs::equivalent(a, b, ignored);
  }

  static void check_named(const XmlElement& root, Diagnostics& faults) {
    for (const std::string_view attribute : {"name", "version"}) {
      if (root.attribute(attribute)) continue;
      faults.add(root.place(), "cannot read <app>: its attribute " + quote(attribute) + " is missing");
    }
  }

  void add_placed(const Error& error, const Place& place) {
    for (const Fault& fault : error.faults()) faults_.add(place, fault.message, fault.notes);
  }

  // Shapes and values are checked in two passes; a reader wants one list from top to bottom.
  void add_in_order(Diagnostics faults) {
    if (faults.empty()) return;
    std::vector<Fault> sorted = std::move(faults).error().faults();
    std::stable_sort(sorted.begin(), sorted.end(), [](const Fault& a, const Fault& b) { return a.place < b.place; });
    faults_.add(Error(std::move(sorted)));
  }

  AppManifest manifest_;
  Diagnostics faults_;
  std::vector<fs::path> chain_;  // from the outermost file to the one being read
};

}  // namespace

Result<AppManifest> load_app_manifest(const std::filesystem::path& path) { return AppManifestLoader().load(path); }

std::optional<NeedsPolicy> parse_needs_policy(std::string_view text) {
  for (const NeedsPolicy policy : {NeedsPolicy::imports, NeedsPolicy::app, NeedsPolicy::all}) {
    if (text == to_string(policy)) return policy;
  }
  return std::nullopt;
}

std::string_view to_string(NeedsPolicy policy) {
  switch (policy) {
    case NeedsPolicy::imports:
      return "imports";
    case NeedsPolicy::app:
      return "app";
    case NeedsPolicy::all:
      break;
  }
  return "all";
}

}  // namespace winnow
