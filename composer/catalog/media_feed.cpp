#include "catalog/media_feed.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "base/utf16.hpp"
#include "catalog/lazy.hpp"
#include "catalog/media_cache.hpp"
#include "manifest/feed_index.hpp"
#include "payload/payload_source.hpp"
#include "servicing/media_source.hpp"
#include "servicing/package_set.hpp"

namespace winnow {

namespace {

// The media, opened when the first payload is asked for.
class OpenedMedia {
 public:
  OpenedMedia(std::filesystem::path path, MediaOptions options)
      : path_(std::move(path)), options_(std::move(options)) {}

  [[nodiscard]] Result<const MediaSet*> find(const std::string& name) const {
    WINNOW_TRY(const Media* media, media_.get([&] { return open_media(path_, options_); }));
    const auto found =
        std::find_if(media->sets.begin(), media->sets.end(), [&](const MediaSet& set) { return set.name() == name; });
    if (found == media->sets.end()) return fail("cannot read " + name + ": it is gone");
    return &*found;
  }

 private:
  std::filesystem::path path_;
  MediaOptions options_;
  mutable Lazy<Media> media_;
};

// The files of one source by path, read when the first of them is asked for.
class MediaSource {
 public:
  MediaSource(std::shared_ptr<const OpenedMedia> media, std::string name)
      : media_(std::move(media)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  // A file of an expanded folder is opened where it lies; all else needs the media opened.
  [[nodiscard]] Result<Content> find(const std::string& path) const {
    std::error_code ignored;
    const std::filesystem::path direct = std::filesystem::path(name_) / path;
    if (std::filesystem::is_regular_file(direct, ignored)) {
      return Content::of_file(direct, std::filesystem::file_size(direct, ignored));
    }
    using Files = std::map<std::string, Content>;
    WINNOW_TRY(const Files* files, files_.get([&]() -> Result<Files> {
      WINNOW_TRY(const MediaSet* set, media_->find(name_));
      WINNOW_TRY(std::vector<PayloadEntry> entries, set->files());
      Files made;
      for (PayloadEntry& entry : entries) made.emplace(std::move(entry.path), std::move(entry.content));
      return made;
    }));
    const auto found = files->find(path);
    if (found == files->end()) return fail("cannot read " + name_ + "/" + path + ": it is gone");
    return found->second;
  }

 private:
  std::shared_ptr<const OpenedMedia> media_;
  std::string name_;
  mutable Lazy<std::map<std::string, Content>> files_;
};

// A file of a source, looked up when it is read.
class MediaContent final : public ContentSource {
 public:
  MediaContent(std::shared_ptr<const MediaSource> source, std::string path, ByteCount size)
      : source_(std::move(source)), path_(std::move(path)), size_(size) {}

  ByteCount size() const override { return size_; }
  Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    WINNOW_TRY(const Content content, source_->find(path_));
    if (content.size() != size_) return fail("cannot read " + source_->name() + "/" + path_ + ": it has changed");
    return content.read(offset, out);
  }

 private:
  std::shared_ptr<const MediaSource> source_;
  std::string path_;
  ByteCount size_;
};

// A file that a manifest names and the media do not have.
class MissingContent final : public ContentSource {
 public:
  explicit MissingContent(std::string message) : message_(std::move(message)) {}
  ByteCount size() const override { return 1; }  // so that reading it asks
  Result<void> read(ByteCount, std::span<std::uint8_t>) const override { return fail(message_); }

 private:
  std::string message_;
};

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
    for (std::size_t i = 0; i < manifest.files.size() && i < files.size(); ++i) manifest.files[i].size = files[i].size;
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
      return Content::of_source(
          std::make_shared<MediaContent>(sources_[place_of(component).source], known.path, known.size));
    }
    return Content::of_source(std::make_shared<MissingContent>("cannot use " + manifest_name(component) +
                                                               ": its file \"" + file.name + "\" is not in the set"));
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
    return SigningCatalog{catalog.digest, Content::of_source(std::make_shared<MediaContent>(
                                              sources_[catalog.source], catalog.file, catalog.size))};
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
      add(*set);
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

  void add(PackageSet& set) {
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
    for (std::size_t i = 0; i < set.components.size(); ++i) {
      add_component(set.components[i], place(set.components[i].file, check.component_catalogs[i]));
    }
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

  void add_component(SetComponent& component, MediaPlace place) {
    const Digest digest = keep(std::move(component.text));
    const ComponentManifest& manifest = component.manifest;
    ComponentRow made{{manifest.identity, "", digest, {}, manifest.provides}, std::move(place), {}, {}, true};
    for (std::size_t i = 0; i < manifest.files.size(); ++i) {
      const ComponentFile& file = manifest.files[i];
      const auto& payload = component.payload[i];
      const ByteCount size = payload ? payload->content.size() : 0;
      made.files.push_back({file.name, payload ? payload->path : "", size});
      made.has_all = made.has_all && payload;
      if (file.destination.empty()) continue;
      Result<WindowsPath> path = landing_path(file, manifest.identity.architecture);
      if (!path) return faults_.add(std::move(path).error().in_file(shown(made.place)));
      made.indexed.files.push_back({path->text(), size, file.digest});
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
