#include <algorithm>
#include <map>
#include <utility>

#include "base/utf16.hpp"
#include "image_reader/provenance.hpp"
#include "size_analyzer/computed_clusters.hpp"
#include "size_analyzer/owner_table.hpp"
#include "size_analyzer/scanned_image.hpp"
#include "size_analyzer/size_tree.hpp"

namespace winnow {

namespace {

class FactsAssembly {
 public:
  FactsAssembly(const ScannedImage& image, const std::string& name) : image_(image) { facts_.name = name; }

  Result<ImageFacts> assemble();

 private:
  Result<void> read_provenance();
  void add_settings();
  void add_files();
  FileFacts describe(const ImageFile& file, ByteCount& room);
  void share_out(const std::vector<std::size_t>& names);
  OwnerIndex owner_of(const ImageFile& file);
  void add_computed_overheads();
  void add_stored_overheads();
  void add_overhead(ByteKind kind, const std::string& name, std::uint32_t layer, const Sizes& sizes);
  void finish();

  const ScannedImage& image_;
  ImageFacts facts_;
  OwnerTable owners_;
  std::optional<Provenance> provenance_;
  std::vector<OwnerIndex> numbers_;  // of the provenance's owners
  std::map<std::tuple<ByteKind, std::string, std::uint32_t>, Sizes> overheads_;
};

std::size_t name_units(const std::string& path) {
  const auto name = to_utf16(std::string_view(path).substr(path.rfind('/') + 1));
  return name ? name->size() : 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

OwnerType type_of(ProvenanceOwner::Kind kind) {
  switch (kind) {
    case ProvenanceOwner::Kind::component:
      return OwnerType::component;
    case ProvenanceOwner::Kind::app:
      return OwnerType::app;
    case ProvenanceOwner::Kind::winnow:
      break;
  }
  return OwnerType::winnow;
}

Result<void> FactsAssembly::read_provenance() {
  if (!image_.info.provenance) return {};
  WINNOW_TRY(provenance_, parse_provenance(*image_.info.provenance));
  for (const ProvenanceOwner& owner : provenance_->owners) {
    numbers_.push_back(owners_.add({type_of(owner.kind),
                                    OwnerBasis::provenance,
                                    owner.name,
                                    owner.version,
                                    owner.role,
                                    "",
                                    owner.reason,
                                    owner.kind == ProvenanceOwner::Kind::app,
                                    {}}));
  }
  return {};
}

void FactsAssembly::add_settings() {
  const ImageInfo& info = image_.info;
  facts_.format = image_.format;
  facts_.tag = info.tag;
  facts_.os_version = info.os_version;
  facts_.architecture = info.architecture;
  for (const ImageLayer& layer : info.layers) facts_.layers.push_back({layer.digest, layer.stored, layer.unpacked});
  if (!provenance_) return;
  facts_.time = provenance_->time;
  for (const ProvenanceFeed& feed : provenance_->feeds) facts_.feeds.push_back({feed.name, feed.version, feed.digest});
}

OwnerIndex FactsAssembly::owner_of(const ImageFile& file) {
  if (ascii_iequals(file.path, kProvenancePath)) {  // it cannot list itself
    return owners_.add({OwnerType::winnow, OwnerBasis::provenance, "winnow", "", "", "", "", false, {}});
  }
  const auto path = WindowsPath::parse(file.path);
  if (!path) return kNobody;
  if (provenance_) {
    const auto found = provenance_->files.find(*path);
    if (found != provenance_->files.end()) return numbers_[found->second];
  }
  const IndexedComponent* component = image_.feed ? image_.feed->owner_of(*path, file.digest) : nullptr;
  if (component == nullptr) return kNobody;
  return owners_.add({OwnerType::component,
                      OwnerBasis::feed,
                      component->identity.name,
                      to_string(component->identity.version),
                      component->role,
                      component->identity.architecture,
                      "",
                      false,
                      {}});
}

FileFacts FactsAssembly::describe(const ImageFile& file, ByteCount& room) {
  FileFacts facts;
  facts.path = file.path;
  facts.owner = owner_of(file);
  facts.layer = static_cast<std::uint32_t>(file.layer);
  facts.digest = file.digest.hex();
  facts.sizes = {file.size, content_clusters(file.size, 0, room), file.stored};
  return facts;
}

void FactsAssembly::add_files() {
  std::map<std::pair<std::size_t, std::string>, std::vector<std::size_t>> linked;  // layer and first path
  for (std::size_t i = 0; i < image_.info.files.size(); ++i) {
    const ImageFile& file = image_.info.files[i];
    if (!file.is_directory) linked[{file.layer, file.link_target.empty() ? file.path : file.link_target}].push_back(i);
  }
  std::uint32_t content = 0;
  for (const auto& [first, names] : linked) {
    NameLengths lengths;
    for (const std::size_t name : names) lengths.push_back(name_units(image_.info.files[name].path));
    ByteCount room = record_room(lengths);
    const std::size_t start = facts_.files.size();
    for (const std::size_t name : names) {
      facts_.files.push_back(describe(image_.info.files[name], room));
      facts_.files.back().digest = image_.info.files[names.front()].digest.hex();
      if (names.size() > 1) facts_.files.back().content = content;
    }
    if (names.size() > 1) ++content;
    std::vector<std::size_t> group(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) group[i] = start + i;
    share_out(group);
    add_overhead(ByteKind::file_table, "MFT records of files (computed)", 0, {0, records_of(lengths) * 1024, 0});
  }
}

// The bytes of a content that has several names, among the owners of the names.
void FactsAssembly::share_out(const std::vector<std::size_t>& names) {
  std::vector<std::size_t> firsts;  // the first name of each owner
  for (const std::size_t name : names) {
    const auto is_same = [&](std::size_t first) { return facts_.files[first].owner == facts_.files[name].owner; };
    if (std::none_of(firsts.begin(), firsts.end(), is_same)) firsts.push_back(name);
  }
  if (firsts.size() < 2) return;
  const Sizes whole = facts_.files[names.front()].sizes;
  const std::vector<ByteCount> even(firsts.size(), 1);
  const auto logical = split(whole.logical, even);
  const auto allocated = split(whole.allocated, even);
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    facts_.files[firsts[i]].sizes.logical = logical[i];
    facts_.files[firsts[i]].sizes.allocated = allocated[i];
  }
}

void FactsAssembly::add_overhead(ByteKind kind, const std::string& name, std::uint32_t layer, const Sizes& sizes) {
  if (sizes == Sizes{}) return;
  overheads_[{kind, name, layer}] += sizes;
}

void FactsAssembly::add_computed_overheads() {
  std::map<std::string, NameLengths> held;
  held[""];
  for (const ImageFile& file : image_.info.files) {
    held[folder_of(file.path)].push_back(name_units(file.path));
    if (file.is_directory) held[file.path];
  }
  for (const auto& [folder, names] : held) {
    const NameLengths own = {name_units(folder)};
    add_overhead(ByteKind::file_table, "MFT records of folders (computed)", 0, {0, records_of(own) * 1024, 0});
    add_overhead(ByteKind::directory_index, "indexes of folders (computed)", 0, {0, index_clusters(names, own), 0});
  }
}

void FactsAssembly::add_stored_overheads() {
  const ImageInfo& info = image_.info;
  ByteCount rest = info.stored;
  for (const ImageDocument& document : info.documents) {
    add_overhead(ByteKind::container_format, document.name, 0, {0, 0, document.stored});
    rest -= document.stored;
  }
  for (std::size_t i = 0; i < info.layers.size(); ++i) {
    add_overhead(ByteKind::container_format, "ends and roots of the layers", static_cast<std::uint32_t>(i),
                 {0, 0, info.layers[i].framing});
    rest -= info.layers[i].stored;
  }
  const bool is_container = info.medium == ImageMedium::container;
  for (const ImageFile& file : info.files) {
    if (!is_container) rest -= file.stored;  // no layer holds them
    if (file.is_directory) {
      add_overhead(ByteKind::file_table, "folder entries", static_cast<std::uint32_t>(file.layer), {0, 0, file.stored});
    }
  }
  add_overhead(ByteKind::container_format, is_container ? "headers of the archive" : "records and tables", 0,
               {0, 0, rest});
}

void FactsAssembly::finish() {
  for (const auto& [key, sizes] : overheads_) {
    facts_.overheads.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), sizes});
    facts_.total += sizes;
  }
  for (const FileFacts& file : facts_.files) facts_.total += file.sizes;
  std::move(owners_).move_to(facts_);
  std::sort(facts_.files.begin(), facts_.files.end(), [](const FileFacts& a, const FileFacts& b) {
    return std::tie(a.path, a.layer, a.owner) < std::tie(b.path, b.layer, b.owner);
  });
}

Result<ImageFacts> FactsAssembly::assemble() {
  WINNOW_CHECK(read_provenance());
  add_settings();
  add_files();
  add_computed_overheads();
  add_stored_overheads();
  finish();
  WINNOW_CHECK(check_facts(facts_));
  return std::move(facts_);
}

}  // namespace

Result<ImageFacts> assemble_facts(const ScannedImage& image, const std::string& name) {
  return FactsAssembly(image, name).assemble();
}

}  // namespace winnow
