#include "catalog/media_feed.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "catalog/media_cache.hpp"
#include "catalog/media_payload.hpp"
#include "manifest/feed_index.hpp"
#include "payload/stored_file.hpp"
#include "servicing/media_source.hpp"
#include "servicing/package_set.hpp"

namespace winnow {

namespace {

using TextReader = std::function<Result<Bytes>(const Digest&)>;

class MediaStore final : public FeedStore {
 public:
  MediaStore(MediaIndex index, TextReader texts, const std::shared_ptr<const OpenedMedia>& media)
      : index_(std::move(index)), texts_(std::move(texts)) {
    for (const std::string& source : index_.sources) sources_.push_back(std::make_shared<MediaSource>(media, source));
    for (std::size_t i = 0; i < index_.packages.size(); ++i) rows_.emplace(index_.feed.packages[i].manifest_digest, i);
    for (std::size_t i = 0; i < index_.components.size(); ++i) {
      rows_.emplace(index_.feed.components[i].manifest_digest, i);
    }
  }
  // The index of the feed, once.
  [[nodiscard]] FeedIndex take_index() { return std::exchange(index_.feed, {}); }

  Result<ComponentManifest> component(const CatalogComponent& component) const override {
    WINNOW_TRY(const Bytes text, component_text(component));
    WINNOW_TRY(ComponentManifest manifest, parse_component_manifest(as_text(text), manifest_name(component)));
    const std::vector<MediaFile>& files = files_of(component);
    const MediaSource& source = *sources_[place_of(component).source];
    for (std::size_t i = 0; i < manifest.files.size() && i < files.size(); ++i) {
      manifest.files[i].size = payload_size(source, files[i]);
    }
    return manifest;
  }
  Result<PackageManifest> package(const CatalogPackage& package) const override {
    WINNOW_TRY(const Bytes text, package_text(package));
    return parse_package_manifest(as_text(text), manifest_name(package));
  }
  Result<Bytes> component_text(const CatalogComponent& component) const override {
    return texts_(component.manifest_digest);
  }
  Result<Bytes> package_text(const CatalogPackage& package) const override { return texts_(package.manifest_digest); }
  std::optional<SigningCatalog> catalog_of(const CatalogComponent& component) const override {
    return signing(place_of(component));
  }
  std::optional<SigningCatalog> catalog_of(const CatalogPackage& package) const override {
    return signing(place_of(package));
  }
  Content payload(const CatalogComponent& component, const ComponentFile& file) const override {
    for (const MediaFile& known : files_of(component)) {
      if (known.name != file.name || known.path.empty()) continue;
      return payload_content(sources_[place_of(component).source], known);
    }
    return content_that_fails("cannot use " + manifest_name(component) + ": its file \"" + file.name +
                              "\" is not in the set");
  }
  bool has_payload(const CatalogComponent& component) const override {
    const std::vector<MediaFile>& files = files_of(component);
    const MediaSource& source = *sources_[place_of(component).source];
    return std::all_of(files.begin(), files.end(),
                       [&](const MediaFile& file) { return winnow::has_payload(source, file); });
  }
  std::string manifest_name(const CatalogComponent& component) const override { return shown(place_of(component)); }
  std::string manifest_name(const CatalogPackage& package) const override { return shown(place_of(package)); }
  std::string payload_name(const CatalogComponent& component, const ComponentFile& file) const override {
    return sources_[place_of(component).source]->name() + "/" + key_form(component.identity) + "/" + file.name;
  }

 private:
  [[nodiscard]] const MediaPlace& place_of(const CatalogComponent& component) const {
    return index_.components[rows_.at(component.manifest_digest)];
  }
  [[nodiscard]] const MediaPlace& place_of(const CatalogPackage& package) const {
    return index_.packages[rows_.at(package.manifest_digest)];
  }
  [[nodiscard]] const std::vector<MediaFile>& files_of(const CatalogComponent& component) const {
    return index_.payload[rows_.at(component.manifest_digest)];
  }
  [[nodiscard]] std::string shown(const MediaPlace& place) const {
    return sources_[place.source]->name() + "/" + place.file;
  }
  [[nodiscard]] std::optional<SigningCatalog> signing(const MediaPlace& place) const {
    if (place.catalog == kNoCatalog) return std::nullopt;
    const MediaCatalog& catalog = index_.catalogs[place.catalog];
    return SigningCatalog{catalog.digest, media_content(sources_[catalog.source], catalog.file, catalog.size)};
  }

  MediaIndex index_;  // its feed is taken
  TextReader texts_;
  std::vector<std::shared_ptr<const MediaSource>> sources_;
  std::map<Digest, std::size_t> rows_;  // by digest of the manifest; packages and components have rows of their own
};

// What a person who meant something else needs to know.
template <class T>
Result<T> explained(Result<T> result) {
  if (result) return result;
  return fail(
      std::move(result).error().with_note("a feed is a folder with an index.xml, such as \"winnow feed open --output "
                                          "DIR\" makes, or media with Windows' own "
                                          "packages"));
}

// Puts the sets together; what several of them hold alike counts as of the first.
class MediaIndexer {
 public:
  MediaIndexer(std::filesystem::path media, const FeedOptions& options) : media_(std::move(media)), options_(options) {}

  Result<MadeMediaIndex> make() {
    WINNOW_TRY(const Media media, explained(open_media(media_, options_.media)));
    Bytes dictionary = options_.dictionary;
    if (dictionary.empty()) {
      WINNOW_TRY(dictionary, media_dictionary(media));
    }
    for (const MediaSet& source : media.sets) {
      Result<PackageSet> set = source.read(dictionary);
      if (!set) {
        faults_.add(set.error());
        continue;
      }
      add(*set, source.kind());
    }
    if (!faults_.empty()) return fail(std::move(faults_).error());
    take_rows();
    set_roles();
    WINNOW_CHECK(set_installed(media));
    set_digest();
    return std::move(made_);
  }

 private:
  struct PackageRow {
    IndexedPackage indexed;
    MediaPlace place;
    PackageManifest manifest;
  };
  struct ComponentRow {
    IndexedComponent indexed;
    MediaPlace place;
    std::vector<MediaFile> files;
    std::vector<AssemblyIdentity> parts;  // what it pulls in
    bool has_all = false;                 // of its payload
  };

  void add(PackageSet& set, MediaSet::Kind kind) {
    const PackageSetCheck check = check_signatures(set, options_.trust);
    if (!check.faults.empty()) faults_.add(Error(check.faults));
    const auto source = static_cast<std::uint32_t>(made_.index.sources.size());
    made_.index.sources.push_back(set.name);
    std::map<std::string, std::uint32_t> catalogs;
    for (const SetCatalog& catalog : set.catalogs) {
      catalogs.emplace(catalog.file, static_cast<std::uint32_t>(made_.index.catalogs.size()));
      made_.index.catalogs.push_back({source, catalog.file, catalog.digest, catalog.size});
    }
    const auto place = [&](const std::string& file, const std::string& catalog) {
      const auto found = catalogs.find(catalog);
      return MediaPlace{source, file, found == catalogs.end() ? kNoCatalog : found->second};
    };
    for (std::size_t i = 0; i < set.packages.size(); ++i) {
      add_package(set.packages[i], place(set.packages[i].file, check.package_catalogs[i]));
    }
    std::vector<std::vector<MediaFile>> files(set.components.size());
    parallel_for(files.size(), [&](std::size_t i) { files[i] = files_of(set.components[i], set.name, kind); });
    for (std::size_t i = 0; i < set.components.size(); ++i) {
      SetComponent& component = set.components[i];
      add_component(component, place(component.file, check.component_catalogs[i]), std::move(files[i]));
    }
  }

  static std::vector<MediaFile> files_of(const SetComponent& component, const std::string& set, MediaSet::Kind kind) {
    std::vector<MediaFile> files;
    for (std::size_t i = 0; i < component.manifest.files.size(); ++i) {
      files.push_back({component.manifest.files[i].name, "", 0, 0, PayloadForm::plain});
      if (component.payload[i])
        look_at(component.payload[i]->content, component.payload[i]->path, set, kind, files.back());
    }
    return files;
  }
  // Of what a cabinet or the host's file system has: the beginning costs nothing there.
  static void look_at(const Content& content, const std::string& path, const std::string& set, MediaSet::Kind kind,
                      MediaFile& file) {
    file.path = path;
    file.size = file.stored = content.size();
    file.form = PayloadForm::unknown;
    std::error_code ignored;
    if (kind != MediaSet::Kind::cabinet &&
        !std::filesystem::is_regular_file(std::filesystem::path(set) / path, ignored)) {
      return;
    }
    file.form = PayloadForm::plain;
    if (!is_stored_packed(content)) return;
    const Result<Content> expanded = expand_stored_file(content, set + "/" + path);
    file.form = expanded ? PayloadForm::packed : PayloadForm::closed;
    if (expanded) file.size = expanded->size();
  }

  [[nodiscard]] std::string shown(const MediaPlace& place) const {
    return made_.index.sources[place.source] + "/" + place.file;
  }
  // The digest of a manifest, whose text is kept.
  Digest keep(Bytes text) {
    const Digest digest = sha256(text);
    made_.texts.emplace(digest, std::move(text));
    return digest;
  }
  template <class Row>
  void refuse_other(const Row& known, const MediaPlace& place, const Digest& digest, const std::string& what) {
    if (known.indexed.manifest_digest == digest) return;
    faults_.add({}, "cannot use " + what + " " + to_string(known.indexed.identity) + ": " + shown(known.place) +
                        " and " + shown(place) + " are different manifests of it");
  }

  void add_package(SetPackage& package, MediaPlace place) {
    const Digest digest = keep(std::move(package.text));
    const auto [row, is_new] = packages_.try_emplace(package.manifest.identity);
    if (!is_new) return refuse_other(row->second, place, digest, "package");
    // No package of media is the product that every image starts from: media hold several editions.
    row->second.indexed = {package.manifest.identity, package.manifest.identifier, false, digest};
    row->second.place = std::move(place);
    row->second.manifest = std::move(package.manifest);
  }

  void add_component(SetComponent& component, MediaPlace place, std::vector<MediaFile> files) {
    const Digest digest = keep(std::move(component.text));
    const ComponentManifest& manifest = component.manifest;
    ComponentRow made{{manifest.identity, "", digest, {}, manifest.provides}, std::move(place), {}, {}, true};
    made.files = std::move(files);
    for (std::size_t i = 0; i < manifest.files.size(); ++i) {
      const ComponentFile& file = manifest.files[i];
      made.has_all = made.has_all && component.payload[i] && made.files[i].form != PayloadForm::closed;
      if (file.destination.empty()) continue;
      Result<WindowsPath> path = landing_path(file, manifest.identity.architecture);
      if (!path) return faults_.add(std::move(path).error().in_file(shown(made.place)));
      made.indexed.files.push_back({path->text(), made.files[i].size, file.digest});
    }
    for (const ComponentDependency& dependency : manifest.dependencies) {
      if (dependency.type == DependencyType::install) made.parts.push_back(dependency.identity);
    }
    const auto [row, is_new] = components_.try_emplace(manifest.identity);
    if (!is_new) refuse_other(row->second, made.place, digest, "component");
    if (is_new || (made.has_all && !row->second.has_all)) row->second = std::move(made);
  }

  void take_rows() {
    MediaIndex& index = made_.index;
    for (const auto& [identity, row] : packages_) {
      index.feed.packages.push_back(row.indexed);
      index.packages.push_back(row.place);
    }
    for (const auto& [identity, row] : components_) {
      index.feed.components.push_back(row.indexed);
      index.components.push_back(row.place);
      index.payload.push_back(row.files);
    }
    index.feed.name = media_.filename().empty() ? media_.parent_path().filename().string() : media_.filename().string();
    index.feed.description = "Windows' own packages";
  }

  // A component is counted under the first package, by identity, that names it or the deployment that pulls it in.
  void set_roles() {
    std::map<AssemblyIdentity, std::string> roles;
    std::vector<AssemblyIdentity> wave;
    const auto reach = [&](const AssemblyIdentity& identity, const std::string& role) {
      if (components_.contains(identity) && roles.emplace(identity, role).second) wave.push_back(identity);
    };
    for (const auto& [identity, row] : packages_) {
      for (const PackageUpdate& update : row.manifest.updates) {
        for (const PackageReference& reference : update.references) {
          if (reference.kind != PackageReference::Kind::package) reach(reference.identity, identity.name);
        }
      }
      while (!wave.empty()) {
        const AssemblyIdentity next = std::move(wave.back());
        wave.pop_back();
        for (const AssemblyIdentity& part : components_.at(next).parts) reach(part, identity.name);
      }
    }
    for (IndexedComponent& component : made_.index.feed.components) {
      const auto role = roles.find(component.identity);
      if (role != roles.end()) component.role = role->second;
    }
  }

  // Packages by id, in lower case.
  using PackagesById = std::map<std::string, const PackageRow*>;

  // Those that no other of them names.
  static std::vector<AssemblyIdentity> outermost(const PackagesById& packages) {
    PackagesById left = packages;
    for (const auto& [id, row] : packages) {
      for (const PackageUpdate& update : row->manifest.updates) {
        for (const PackageReference& reference : update.references) {
          if (reference.kind != PackageReference::Kind::package) continue;
          const std::string inner = ascii_lower(package_id(reference.identity));
          if (inner != id) left.erase(inner);
        }
      }
    }
    std::vector<AssemblyIdentity> identities;
    for (const auto& [id, row] : left) identities.push_back(row->indexed.identity);
    return identities;
  }

  // What the images have installed and still have the manifests of.
  Result<void> set_installed(const Media& media) {
    PackagesById all, installed;
    for (const auto& [identity, row] : packages_) all.emplace(ascii_lower(package_id(identity)), &row);
    made_.index.outermost = outermost(all);
    WINNOW_TRY(const std::vector<InstalledPackage> packages, installed_packages(media, options_.media.read_hive));
    std::vector<AssemblyIdentity> with_features;
    for (const InstalledPackage& package : packages) {
      const auto found = all.find(ascii_lower(package_id(package.identity)));
      if (!package.is_present() || found == all.end()) continue;
      installed.insert(*found);
      const std::vector<PackageUpdate>& updates = found->second->manifest.updates;
      const bool has_features = std::any_of(updates.begin(), updates.end(), [](const auto& u) { return u.selectable; });
      if (has_features) with_features.push_back(package.identity);
    }
    made_.index.installed = outermost(installed);
    WINNOW_TRY(const std::set<std::string> on, installed_updates(media, options_.media.read_hive, with_features));
    std::set<std::string> features;
    for (const auto& [id, row] : installed) {
      for (const PackageUpdate& update : row->manifest.updates) {
        const std::string name = ascii_lower(update.name);
        if (update.selectable && on.contains(name)) features.insert(name);
      }
    }
    made_.index.features.assign(features.begin(), features.end());
    return {};
  }

  void set_digest() {
    FeedIndex feed = made_.index.feed;
    feed.name.clear();  // of the file, which says nothing
    std::string text = print_feed_index(feed);
    std::set<std::string> catalogs;
    for (const MediaCatalog& catalog : made_.index.catalogs) catalogs.insert(catalog.digest.hex());
    for (const std::string& catalog : catalogs) text += catalog + "\n";
    made_.index.digest = sha256(as_bytes(text));
  }

  std::filesystem::path media_;
  const FeedOptions& options_;
  MadeMediaIndex made_;
  std::map<AssemblyIdentity, PackageRow> packages_;
  std::map<AssemblyIdentity, ComponentRow> components_;
  Diagnostics faults_;
};

LoadedFeed to_feed(const std::filesystem::path& media, const FeedOptions& options, MediaIndex index, TextReader texts) {
  Feed feed{media, index.feed.name, index.feed.version, index.feed.description, index.digest, FeedKind::media, {}};
  feed.outermost = std::move(index.outermost);
  feed.installed = std::move(index.installed);
  feed.features = std::move(index.features);
  const auto store = std::make_shared<MediaStore>(std::move(index), std::move(texts),
                                                  std::make_shared<OpenedMedia>(media, options.media));
  LoadedFeed loaded{std::move(feed), store->take_index()};
  loaded.feed.store = store;
  return loaded;
}

LoadedFeed to_feed(const std::filesystem::path& media, const FeedOptions& options, MadeMediaIndex made) {
  const auto texts = std::make_shared<ManifestTexts>(std::move(made.texts));
  return to_feed(media, options, std::move(made.index),
                 [texts](const Digest& digest) -> Result<Bytes> { return texts->at(digest); });
}

}  // namespace

Result<MadeMediaIndex> index_media(const std::filesystem::path& media, const FeedOptions& options) {
  return MediaIndexer(media, options).make();
}

Result<LoadedFeed> load_media_feed(const std::filesystem::path& media, const FeedOptions& options) {
  if (options.cache.empty()) {
    WINNOW_TRY(MadeMediaIndex made, index_media(media, options));
    return to_feed(media, options, std::move(made));
  }
  WINNOW_TRY(const Digest key, explained(media_key(media, options)));
  const auto cache = MediaCache::open(options.cache);
  if (cache) {
    auto kept = (*cache)->find(key);
    if (kept && *kept) {
      return to_feed(media, options, std::move(**kept),
                     [database = *cache](const Digest& digest) { return database->text(digest); });
    }
  }
  WINNOW_TRY(MadeMediaIndex made, index_media(media, options));
  const Result<void> kept = cache ? (*cache)->keep(key, made) : Result<void>(fail(cache.error()));
  if (!kept) log_info("nothing is kept for the next run: " + to_string(kept.error()));
  return to_feed(media, options, std::move(made));
}

}  // namespace winnow
