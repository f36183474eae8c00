#include "size_analyzer/size_tree.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "base/utf16.hpp"
#include "size_analyzer/content_groups.hpp"

namespace winnow {

namespace {

struct RowKey {
  SizeKind kind;
  std::string name;
  auto operator<=>(const RowKey&) const = default;
};

// A row while it is filled: children are found by name; sums are made at the end.
struct Branch {
  ByteCount logical = 0;  // of leaves
  ByteCount stored = 0;
  std::uint64_t files = 0;
  std::map<RowKey, Branch> children;

  Branch& child(SizeKind kind, const std::string& name) { return children[{kind, name}]; }
};

// Sums of the leaves, largest first.
SizeRow finish(const RowKey& key, const Branch& branch) {
  SizeRow row{key.kind, key.name, branch.logical, branch.stored, branch.files, {}};
  for (const auto& [child_key, child] : branch.children) {
    row.children.push_back(finish(child_key, child));
    row.logical += row.children.back().logical;
    row.stored += row.children.back().stored;
    row.files += row.children.back().files;
  }
  std::sort(row.children.begin(), row.children.end(), [](const SizeRow& a, const SizeRow& b) {
    return std::tie(b.stored, b.logical, a.name) < std::tie(a.stored, a.logical, b.name);
  });
  return row;
}

void add_leaf(Branch& branch, const ImageFile& file) {
  branch.logical += file.size;
  branch.stored += file.stored;
  ++branch.files;
}

std::string hive_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// A hive's bytes by who put keys and values in; the rest is the hive's own structure.
void add_hive(Branch& hive, const ImageFile& file, const std::optional<Provenance>& provenance) {
  std::vector<ByteCount> weights;
  std::vector<std::string> names;
  ByteCount claimed = 0;
  for (const ProvenanceRegistry& part : provenance ? provenance->registry : std::vector<ProvenanceRegistry>()) {
    if (!ascii_iequals(part.hive, hive_name(file.path)) || part.bytes > file.size - claimed) continue;
    claimed += part.bytes;
    weights.push_back(part.bytes);
    names.push_back(provenance->owners[part.owner].name);
  }
  if (weights.empty()) return add_leaf(hive, file);
  weights.push_back(file.size - claimed);
  const std::vector<ByteCount> stored = split(file.stored, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const bool is_owned = i < names.size();
    Branch& part =
        is_owned ? hive.child(SizeKind::component, names[i]) : hive.child(SizeKind::part, "structure of the hive");
    part.logical += weights[i];
    part.stored += stored[i];
  }
  ++hive.files;
}

std::string group_name(SizeKind kind) {
  switch (kind) {
    case SizeKind::packages:
      return "packages";
    case SizeKind::application:
      return "application";
    case SizeKind::registry:
      return "registry";
    case SizeKind::own:
      return "winnow's own";
    default:
      return "unclaimed";
  }
}

void add_file(Branch& root, const ImageFile& file, const Ownership& ownership) {
  const FileOwner owner = ownership.owner_of(file);
  Branch& group = root.child(owner.kind, group_name(owner.kind));
  switch (owner.kind) {
    case SizeKind::packages:
      return add_leaf(group.child(SizeKind::package, owner.group)
                          .child(SizeKind::component, owner.name)
                          .child(SizeKind::file, file.path),
                      file);
    case SizeKind::application:
    case SizeKind::own:
      return add_leaf(group.child(SizeKind::component, owner.name).child(SizeKind::file, file.path), file);
    case SizeKind::registry:
      return add_hive(group.child(SizeKind::file, file.path), file, ownership.provenance());
    default:
      return add_leaf(group.child(SizeKind::folder, owner.group).child(SizeKind::file, file.path), file);
  }
}

void add_metadata(Branch& root, const ImageInfo& info) {
  Branch& metadata = root.child(SizeKind::metadata, "image metadata");
  ByteCount rest = info.stored;
  for (const ImageDocument& document : info.documents) {
    metadata.child(SizeKind::part, document.name).stored += document.stored;
    rest -= document.stored;
  }
  for (const ImageLayer& layer : info.layers) {
    metadata.child(SizeKind::part, "ends and roots of the layers").stored += layer.framing;
    rest -= layer.stored;
  }
  const bool is_container = info.medium == ImageMedium::container;
  for (const ImageFile& file : info.files) {
    if (!is_container) rest -= file.stored;  // no layer holds them
  }
  // Members of an archive do not overlap, so the headers and padding between them are what is left of the file; so are
  // the records, indexes and tables of a disk or WIM file.
  metadata.child(SizeKind::part, is_container ? "headers of the archive" : "records and tables").stored += rest;
  for (const ImageFile& file : info.files) {
    if (file.is_directory) metadata.child(SizeKind::part, "folder entries").stored += file.stored;
  }
}

}  // namespace

SizeRow build_size_tree(const ImageInfo& info, const Ownership& ownership) {
  Branch root;
  for (const ImageFile& file : info.files) {
    if (!file.is_directory) add_file(root, file, ownership);
  }
  root.child(SizeKind::unclaimed, "unclaimed");  // a row even when it is empty
  add_metadata(root, info);
  return finish({SizeKind::image, info.tag}, root);
}

}  // namespace winnow
