#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/utf16.hpp"
#include "size_analyzer/computed_clusters.hpp"
#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/file_kinds.hpp"
#include "size_analyzer/image_counts.hpp"
#include "size_analyzer/image_overheads.hpp"
#include "size_analyzer/image_owners.hpp"
#include "size_analyzer/import_graph.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

namespace {

class FactsAssembly {
 public:
  FactsAssembly(const ScannedImage& image, ImageOwners owners) : image_(image), owners_(std::move(owners)) {}

  Result<ImageFacts> assemble(const std::string& name);

 private:
  void add_settings();
  void find_owners();
  std::vector<std::size_t> first_of_each_owner(const std::vector<std::size_t>& names) const;
  void share_stored();
  void add_files();
  void add_content(const ContentGroup& group, ByteKind kind);
  void add_hive_shares(FileFacts& file) const;
  void mark_shadowed();
  void add_services();
  void finish();

  const ScannedImage& image_;
  ImageOwners owners_;
  ImageFacts facts_;
  std::vector<ContentGroup> groups_;
  std::vector<OwnerIndex> owner_of_;  // this and the next: as ImageInfo::files
  std::vector<ByteCount> stored_;
};

void FactsAssembly::add_settings() {
  const ImageInfo& info = image_.info;
  facts_.format = image_.format;
  facts_.tag = info.tag;
  facts_.os_version = info.os_version;
  facts_.architecture = info.architecture;
  facts_.warnings = image_.warnings;
  facts_.allocated_is_measured = image_.disk.has_value();
  facts_.cluster_size = image_.disk ? image_.disk->cluster_size : kComputedCluster;
  for (const ImageLayer& layer : info.layers) facts_.layers.push_back({layer.digest, layer.stored, layer.unpacked});
  if (!owners_.provenance()) return;
  const Provenance& provenance = *owners_.provenance();
  facts_.time = provenance.time;
  facts_.manifest_digest = provenance.manifest_digest;
  facts_.requests = provenance.requests;
  std::sort(facts_.requests.begin(), facts_.requests.end());
  for (const ProvenanceFeed& feed : provenance.feeds) facts_.feeds.push_back({feed.name, feed.version, feed.digest});
}

void FactsAssembly::find_owners() {
  owner_of_.assign(image_.info.files.size(), kNobody);
  for (const ContentGroup& group : groups_) {
    for (const std::size_t name : group.names) owner_of_[name] = owners_.owner_of(name, group.names);
  }
}

std::vector<std::size_t> FactsAssembly::first_of_each_owner(const std::vector<std::size_t>& names) const {
  std::vector<std::size_t> firsts;
  for (const std::size_t name : names) {
    const auto is_same = [&](std::size_t first) { return owner_of_[first] == owner_of_[name]; };
    if (std::none_of(firsts.begin(), firsts.end(), is_same)) firsts.push_back(name);
  }
  return firsts;
}

// Stored bytes of each name: contents with the same number share theirs.
void FactsAssembly::share_stored() {
  stored_.assign(image_.info.files.size(), 0);
  std::map<std::uint32_t, std::vector<const ContentGroup*>> shared;
  for (const ContentGroup& group : groups_) {
    if (group.content == kNoContent) {
      stored_[group.names.front()] = group.sizes.stored;
    } else {
      shared[group.content].push_back(&group);
    }
  }
  for (const auto& [content, groups] : shared) {
    ByteCount total = 0;
    std::vector<std::size_t> names;
    for (const ContentGroup* group : groups) {
      total += group->sizes.stored;
      names.insert(names.end(), group->names.begin(), group->names.end());
    }
    const auto firsts = first_of_each_owner(names);
    const auto shares = split(total, std::vector<ByteCount>(firsts.size(), 1));
    for (std::size_t i = 0; i < firsts.size(); ++i) stored_[firsts[i]] = shares[i];
  }
}

void FactsAssembly::add_files() {
  const FileKinds kinds(image_);
  std::vector<ByteKind> found;
  for (const ContentGroup& group : groups_) {
    found.push_back(kinds.kind_of(group));
    add_content(group, found.back());
  }
  facts_.counts = count_image(image_, groups_, found);
  facts_.component_store = measure_component_store(image_, groups_);
}

void FactsAssembly::add_content(const ContentGroup& group, ByteKind kind) {
  const std::size_t first = group.names.front();
  const ContentTraits& traits = image_.traits[first];
  const auto firsts = first_of_each_owner(group.names);
  const std::vector<ByteCount> even(firsts.size(), 1);
  const auto logical = split(group.sizes.logical, even);
  const auto allocated = split(group.sizes.allocated, even);
  for (const std::size_t name : group.names) {
    const ImageFile& source = image_.info.files[name];
    FileFacts file;
    file.path = source.path;
    file.owner = owner_of_[name];
    file.kind = kind;
    file.language = traits.language.empty() ? language_of_path(source.path) : traits.language;
    file.architecture = traits.architecture;
    file.layer = static_cast<std::uint32_t>(source.layer);
    file.digest = image_.info.files[first].digest.hex();
    file.content = group.content;
    file.sizes.stored = stored_[name];
    const auto share = std::find(firsts.begin(), firsts.end(), name) - firsts.begin();
    if (static_cast<std::size_t>(share) < firsts.size()) {
      file.sizes.logical = logical[static_cast<std::size_t>(share)];
      file.sizes.allocated = allocated[static_cast<std::size_t>(share)];
    }
    if (file.sizes != Sizes{}) file.parts = share_of_parts(group.parts, group.sizes, file.sizes);
    add_hive_shares(file);
    facts_.files.push_back(std::move(file));
  }
}

// What owners put into a hive, as the provenance says; the rest is the hive's own structure.
void FactsAssembly::add_hive_shares(FileFacts& file) const {
  if (file.kind != ByteKind::registry_hive || !owners_.provenance()) return;
  const std::string hive = file.path.substr(file.path.rfind('/') + 1);
  std::vector<ByteCount> weights;
  Sizes left = file.sizes;
  for (const FilePart& part : file.parts) {
    left.logical -= part.sizes.logical;
    left.allocated -= part.sizes.allocated;
    left.stored -= part.sizes.stored;
  }
  std::vector<FilePart> parts;
  ByteCount rest = left.logical;
  for (const ProvenanceRegistry& stated : owners_.provenance()->registry) {
    if (!ascii_iequals(stated.hive, hive) || stated.bytes > rest || stated.bytes == 0) continue;
    rest -= stated.bytes;
    weights.push_back(stated.bytes);
    parts.push_back({ByteKind::registry_hive, owners_.number(stated.owner), "values of " + hive, {}});
  }
  weights.push_back(rest);
  const auto allocated = split(left.allocated, weights);
  const auto stored = split(left.stored, weights);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].sizes = {weights[i], allocated[i], stored[i]};
    file.parts.push_back(parts[i]);
  }
}

void FactsAssembly::mark_shadowed() {
  for (std::size_t i = 1; i < facts_.files.size(); ++i) {
    const bool is_same = ascii_iequals(facts_.files[i].path, facts_.files[i - 1].path);
    if (is_same && facts_.files[i].layer > facts_.files[i - 1].layer) facts_.files[i - 1].is_shadowed = true;
  }
}

void FactsAssembly::add_services() {
  if (!image_.registry.services) return;
  std::map<std::string, std::size_t> files;
  for (std::size_t i = 0; i < facts_.files.size(); ++i) files[ascii_lower(facts_.files[i].path)] = i;
  std::map<std::string, ServiceFacts> services;
  for (const RegistryService& stated : *image_.registry.services) {
    ServiceFacts service{stated.name, stated.start, stated.is_driver, false, "", kNobody};
    const auto file = files.find(file_of_service(stated));
    if (file != files.end()) {
      service.file = facts_.files[file->second].path;
      service.owner = facts_.files[file->second].owner;
    }
    services.emplace(stated.name, std::move(service));
  }
  for (auto& [name, service] : services) facts_.services.push_back(std::move(service));
}

void FactsAssembly::finish() {
  for (const FileFacts& file : facts_.files) facts_.total += file.sizes;
  for (const OverheadFacts& overhead : facts_.overheads) facts_.total += overhead.sizes;
  std::move(owners_.table()).move_to(facts_);
  std::sort(facts_.files.begin(), facts_.files.end(), [](const FileFacts& a, const FileFacts& b) {
    return std::tie(a.path, a.layer, a.owner) < std::tie(b.path, b.layer, b.owner);
  });
  mark_shadowed();
}

Result<ImageFacts> FactsAssembly::assemble(const std::string& name) {
  facts_.name = name;
  groups_ = group_contents(image_);
  add_settings();
  find_owners();
  share_stored();
  add_files();
  facts_.overheads = measure_overheads(image_, groups_);
  add_services();
  const bool has_graph = std::any_of(owners_.table().owners().begin(), owners_.table().owners().end(),
                                     [](const OwnerFacts& owner) { return !owner.needs.empty(); });
  if (!has_graph) add_import_needs(image_, owner_of_, owners_.table().owners());
  finish();
  WINNOW_CHECK(check_facts(facts_));
  return std::move(facts_);
}

}  // namespace

Result<ImageFacts> assemble_facts(const ScannedImage& image, const std::string& name) {
  WINNOW_TRY(ImageOwners owners, ImageOwners::create(image));
  return FactsAssembly(image, std::move(owners)).assemble(name);
}

}  // namespace winnow
