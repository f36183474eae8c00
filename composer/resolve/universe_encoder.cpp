#include "resolve/universe_encoder.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "resolve/universe_builder.hpp"

namespace winnow {

namespace {

constexpr ByteCount kCluster = 4096;

// What tells nodes apart. Of nodes that share all but the version one can be chosen, so a component that may stand
// beside its other versions (no versionScope) carries its version in the architecture, and so does another family of
// the same name (its public key token).
NewNode node_of(const Catalog& catalog, ComponentId id) {
  const AssemblyIdentity& identity = catalog.components()[id].identity;
  NewNode node;
  node.name = identity.name;
  node.version = to_string(identity.version);
  node.architecture = identity.architecture;
  node.language = ascii_iequals(identity.language, "neutral") ? "" : identity.language;
  const auto is_other_family = [&](ComponentId other) {
    const AssemblyIdentity& theirs = catalog.components()[other].identity;
    return theirs.architecture == identity.architecture && ascii_iequals(theirs.language, identity.language) &&
           std::tie(theirs.public_key_token, theirs.type, theirs.version_scope) !=
               std::tie(identity.public_key_token, identity.type, identity.version_scope);
  };
  const std::vector<ComponentId> namesakes = catalog.components_named(identity.name);
  if (std::any_of(namesakes.begin(), namesakes.end(), is_other_family)) {
    node.architecture += " " + identity.public_key_token + identity.type + identity.version_scope;
  }
  if (identity.version_scope.empty() && namesakes.size() > 1) node.architecture += " " + node.version;
  return node;
}

class UniverseEncoder {
 public:
  UniverseEncoder(const Catalog& catalog, const NeedReader& reader, SizeMeasure measure)
      : catalog_(catalog), reader_(reader), measure_(measure) {}

  Result<EncodedUniverse> encode(const UniverseRoots& roots) {
    named_ = roots.named;
    for (const ComponentId id : named_) add(id);
    std::vector<ComponentId> wave;
    for (const ComponentId id : roots.followed) follow(id, wave);
    while (!wave.empty()) {
      WINNOW_TRY(wave, expand(wave));
    }
    return build();
  }

 private:
  // What is known of a component; its needs are empty until they are read.
  struct Entry {
    NodeId handle = 0;
    bool is_followed = false;
    std::vector<ComponentNeed> needs;
    std::vector<ComponentExclusion> exclusions;
    std::vector<ByteCount> stored;
    std::string deprecated;
  };

  Entry& add(ComponentId id) { return entries_[id]; }

  void follow(ComponentId id, std::vector<ComponentId>& wave) {
    const auto [entry, is_new] = entries_.try_emplace(id);
    if (entry->second.is_followed || named_.contains(id)) return;
    entry->second.is_followed = true;
    wave.push_back(id);
  }

  [[nodiscard]] Result<Entry> read(ComponentId id) const {
    Entry entry;
    entry.is_followed = true;
    WINNOW_TRY(entry.needs, reader_.needs_of(id));
    WINNOW_TRY(entry.exclusions, reader_.exclusions_of(id));
    if (measure_ == SizeMeasure::stored_alone) {
      WINNOW_TRY(entry.stored, catalog_.stored_alone(id));
    }
    WINNOW_TRY(const ComponentManifest* manifest, catalog_.manifest(id));
    entry.deprecated = manifest->deprecated;
    return entry;
  }

  // Reads what the components of one wave need; the next wave is what they lead to.
  Result<std::vector<ComponentId>> expand(const std::vector<ComponentId>& wave) {
    std::vector<Result<Entry>> reads(wave.size());
    parallel_for(wave.size(), [&](std::size_t i) { reads[i] = read(wave[i]); });
    std::vector<ComponentId> next;
    for (std::size_t i = 0; i < wave.size(); ++i) {
      WINNOW_TRY(Entry entry, std::move(reads[i]));
      for (const ComponentNeed& need : entry.needs) {
        for (const ComponentId target : need.any_of) {
          if (need.kind == NeedKind::gate) {
            add(target);  // a prerequisite leads nowhere
          } else {
            follow(target, next);
          }
        }
      }
      entries_[wave[i]] = std::move(entry);
    }
    return next;
  }

  EncodedUniverse build() {
    for (auto& [id, entry] : entries_) {  // by ComponentId
      NewNode node = node_of(catalog_, id);
      node.penalty = entry.deprecated.empty() ? 0 : 1;
      node.penalty_reason = entry.deprecated;
      entry.handle = builder_.add_node(node);
      components_.push_back(id);
    }
    for (const auto& [id, entry] : entries_) {
      for (const ComponentNeed& need : entry.needs) add_need(entry.handle, need);
      for (const ComponentExclusion& exclusion : entry.exclusions) add_exclusion(entry.handle, exclusion);
    }
    add_files();
    EncodedUniverse result;
    std::vector<NodeId> node_of_handle;
    result.universe = std::move(builder_).build(&node_of_handle);
    result.components.resize(components_.size());
    for (NodeId handle = 0; handle < components_.size(); ++handle) {
      result.components[node_of_handle[handle]] = components_[handle];
    }
    return result;
  }

  void add_need(NodeId handle, const ComponentNeed& need) {
    NewNeed row{need.kind, {}, need.what, need.from, need.text, need.place.file, need.place.line, need.language};
    for (const ComponentId target : need.any_of) row.any_of.push_back(entries_.at(target).handle);
    // An ext-… contract that nobody has is no reason to fail.
    if (need.is_soft && need.kind == NeedKind::import && row.any_of.empty()) row.kind = NeedKind::delay_import;
    builder_.add_need(handle, row);
  }

  void add_exclusion(NodeId handle, const ComponentExclusion& exclusion) {
    for (const ComponentId other : exclusion.others) {
      const auto entry = entries_.find(other);
      if (entry == entries_.end()) continue;
      builder_.add_conflict(handle, entry->second.handle, exclusion.text, exclusion.place.file, exclusion.place.line);
    }
  }

  struct Owner {
    NodeId handle = 0;
    const CatalogFile* file = nullptr;
    MeasuredBytes bytes{};
  };

  [[nodiscard]] bool is_one_family(NodeId a, NodeId b) const {
    const NewNode x = node_of(catalog_, components_[a]), y = node_of(catalog_, components_[b]);
    return x.name == y.name && x.architecture == y.architecture && x.language == y.language;
  }

  void add_files() {
    std::map<WindowsPath, std::vector<Owner>> by_path;
    for (const auto& [id, entry] : entries_) {  // by ComponentId: the order of owners is that of identities
      const std::vector<CatalogFile>& files = catalog_.components()[id].files;
      for (std::size_t i = 0; i < files.size(); ++i) {
        MeasuredBytes bytes{(files[i].size + kCluster - 1) / kCluster * kCluster, files[i].size, 0};
        if (i < entry.stored.size()) bytes[2] = entry.stored[i];
        by_path[files[i].path].push_back({entry.handle, &files[i], bytes});
      }
    }
    for (const auto& [path, owners] : by_path) {
      for (const Owner& owner : owners) {
        builder_.add_shared_file(owner.handle, path.text() + " " + owner.file->digest.hex(), owner.bytes);
      }
      add_conflicts(path, owners);
    }
  }

  void add_conflicts(const WindowsPath& path, const std::vector<Owner>& owners) {
    for (std::size_t a = 0; a < owners.size(); ++a) {
      for (std::size_t b = a + 1; b < owners.size(); ++b) {
        if (owners[a].file->digest == owners[b].file->digest || is_one_family(owners[a].handle, owners[b].handle)) {
          continue;
        }
        const ComponentId first = components_[owners[a].handle], second = components_[owners[b].handle];
        builder_.add_conflict(owners[a].handle, owners[b].handle,
                              "brings another " + path.text() + " than " + catalog_.components()[second].identity.name,
                              catalog_.manifest_file(first));
      }
    }
  }

  const Catalog& catalog_;
  const NeedReader& reader_;
  const SizeMeasure measure_;
  UniverseBuilder builder_;
  std::map<ComponentId, Entry> entries_;
  std::set<ComponentId> named_;
  std::vector<ComponentId> components_;  // by handle
};

}  // namespace

Result<EncodedUniverse> encode_universe(const Catalog& catalog, const NeedReader& reader, const UniverseRoots& roots,
                                        SizeMeasure measure) {
  return UniverseEncoder(catalog, reader, measure).encode(roots);
}

Result<std::vector<ComponentId>> components_of(const Universe& universe, const Catalog& catalog) {
  std::vector<ComponentId> components;
  components.reserve(universe.nodes().size());
  for (const UniverseNode& node : universe.nodes()) {
    const std::vector<ComponentId> ids = catalog.components_named(universe.text(node.name));
    const auto found = std::find_if(ids.begin(), ids.end(), [&](ComponentId id) {
      const NewNode key = node_of(catalog, id);
      return key.name == universe.text(node.name) && key.version == universe.text(node.version) &&
             key.architecture == universe.text(node.architecture) && key.language == universe.text(node.language);
    });
    if (found == ids.end()) {
      return fail("cannot use the universe: no feed has its component " + std::string(universe.text(node.name)));
    }
    components.push_back(*found);
  }
  return components;
}

}  // namespace winnow
