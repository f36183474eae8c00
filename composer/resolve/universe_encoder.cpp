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
    for (const ComponentId id : roots.named) handle_of(id);
    std::vector<ComponentId> wave;
    for (const ComponentId id : roots.followed) follow(id, wave);
    while (!wave.empty()) {
      WINNOW_TRY(wave, expand(wave));
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

 private:
  struct Read {
    Result<std::vector<ComponentNeed>> needs;
    Result<std::vector<ByteCount>> stored;
  };

  NodeId handle_of(ComponentId id) {
    const auto [entry, is_new] = handles_.try_emplace(id, static_cast<NodeId>(components_.size()));
    if (is_new) {
      builder_.add_node(node_of(catalog_, id));
      components_.push_back(id);
    }
    return entry->second;
  }

  void follow(ComponentId id, std::vector<ComponentId>& wave) {
    if (handles_.contains(id) && !only_gated_.contains(id)) return;
    handle_of(id);
    only_gated_.erase(id);
    wave.push_back(id);
  }

  // Reads what the components of one wave need; the next wave is what they lead to.
  Result<std::vector<ComponentId>> expand(const std::vector<ComponentId>& wave) {
    std::vector<Read> reads(wave.size());
    parallel_for(wave.size(), [&](std::size_t i) {
      reads[i].needs = reader_.needs_of(wave[i]);
      if (measure_ == SizeMeasure::stored_alone) reads[i].stored = catalog_.stored_alone(wave[i]);
    });
    std::vector<ComponentId> next;
    for (std::size_t i = 0; i < wave.size(); ++i) {
      if (!reads[i].needs) return fail(reads[i].needs.error());
      if (!reads[i].stored) return fail(reads[i].stored.error());
      stored_[wave[i]] = std::move(*reads[i].stored);
      for (const ComponentNeed& need : *reads[i].needs) add_need(wave[i], need, next);
    }
    return next;
  }

  void add_need(ComponentId id, const ComponentNeed& need, std::vector<ComponentId>& next) {
    NewNeed row{need.kind,      {}, need.what, need.from, need.text, need.place.file, need.place.line, need.language,
                need.is_api_set};
    for (const ComponentId target : need.any_of) {
      if (need.kind == NeedKind::gate) {
        if (!handles_.contains(target)) only_gated_.insert(target);
        handle_of(target);
      } else {
        follow(target, next);
      }
      row.any_of.push_back(handles_.at(target));
    }
    builder_.add_need(handles_.at(id), row);
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
    for (const auto& [id, handle] : handles_) {  // by ComponentId: the order of owners is that of identities
      const std::vector<CatalogFile>& files = catalog_.components()[id].files;
      const auto stored = stored_.find(id);
      for (std::size_t i = 0; i < files.size(); ++i) {
        MeasuredBytes bytes{(files[i].size + kCluster - 1) / kCluster * kCluster, files[i].size, 0};
        if (stored != stored_.end() && i < stored->second.size()) bytes[2] = stored->second[i];
        by_path[files[i].path].push_back({handle, &files[i], bytes});
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
  std::map<ComponentId, NodeId> handles_;
  std::vector<ComponentId> components_;  // by handle
  std::set<ComponentId> only_gated_;     // nothing but prerequisites has led to them so far
  std::map<ComponentId, std::vector<ByteCount>> stored_;
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
