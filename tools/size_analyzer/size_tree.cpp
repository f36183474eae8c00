#include "size_analyzer/size_tree.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace winnow {

namespace {

constexpr std::array<std::string_view, 8> kRowNames = {"image",  "group", "package", "component",
                                                       "folder", "file",  "part",    "overhead"};
constexpr std::array<std::string_view, kSizeAxisCount> kAxisNames = {"package", "kind",      "language", "architecture",
                                                                     "layer",   "directory", "owner"};
constexpr std::size_t kMaxFolderDepth = 256;  // rows nested deeper are one

struct RowKey {
  RowKind kind;
  std::string name;
  auto operator<=>(const RowKey&) const = default;
};

// A row while it is filled: children are found by name; sums are made at the end.
struct Branch {
  Sizes sizes;  // of leaves
  ByteCount shared = 0;
  std::uint64_t files = 0;
  std::map<RowKey, Branch> children;

  Branch& child(RowKind kind, const std::string& name) { return children[{kind, name}]; }
};

SizeRow finish(const RowKey& key, const Branch& branch, Measure order) {
  SizeRow row{key.kind, key.name, branch.sizes, branch.shared, branch.files, {}};
  for (const auto& [child_key, child] : branch.children) {
    row.children.push_back(finish(child_key, child, order));
    row.sizes += row.children.back().sizes;
    row.shared += row.children.back().shared;
    row.files += row.children.back().files;
  }
  // What a row with children has besides them is a row too.
  const bool has_own = branch.sizes != Sizes{} || branch.shared != 0;
  if (has_own && !row.children.empty()) {
    row.children.push_back({RowKind::part, "the rest of it", branch.sizes, branch.shared, 0, {}});
  }
  std::sort(row.children.begin(), row.children.end(), [order](const SizeRow& a, const SizeRow& b) {
    const auto key_of = [order](const SizeRow& x, const SizeRow& y) {
      return std::tuple(value_of(x.sizes, order), x.sizes.stored, x.sizes.logical, y.name);
    };
    return key_of(b, a) < key_of(a, b);
  });
  return row;
}

Sizes minus(const Sizes& whole, const Sizes& part) {
  return {whole.logical - part.logical, whole.allocated - part.allocated, whole.stored - part.stored};
}

std::string or_else(const std::string& text, const char* none) { return text.empty() ? none : text; }

class TreeBuilder {
 public:
  TreeBuilder(const ImageFacts& facts, SizeAxis axis) : facts_(facts), axis_(axis) {
    std::map<std::uint32_t, OwnerIndex> owners;  // of contents that have several names
    for (const FileFacts& file : facts.files) {
      if (file.content == kNoContent) continue;
      const auto [place, is_new] = owners.emplace(file.content, file.owner);
      if (!is_new && place->second != file.owner) shared_[file.content] = true;
    }
  }

  Branch build() {
    if (axis_ == SizeAxis::package) root_.child(RowKind::group, "unclaimed");  // a row even when it is empty
    for (const FileFacts& file : facts_.files) add_file(file);
    for (const OverheadFacts& overhead : facts_.overheads) add_overhead(overhead);
    return std::move(root_);
  }

 private:
  void add_file(const FileFacts& file) {
    const bool splits_kinds = axis_ == SizeAxis::kind;
    const bool splits_owners = axis_ == SizeAxis::package || axis_ == SizeAxis::owner;
    const bool is_shared = file.content != kNoContent && shared_.contains(file.content);
    Sizes own = file.sizes;
    for (const FilePart& part : file.parts) {
      const bool is_elsewhere = (splits_kinds && part.kind != file.kind) ||
                                (splits_owners && part.owner != kNobody && part.owner != file.owner);
      if (!is_elsewhere) continue;
      own = minus(own, part.sizes);
      const OwnerIndex owner = part.owner == kNobody ? file.owner : part.owner;
      Branch& leaf = splits_kinds ? place_of(file, part.kind, owner).child(RowKind::file, file.path)
                                  : component_of(owner).child(RowKind::part, part.name);
      add(leaf, part.sizes, is_shared);
    }
    Branch& leaf = place_of(file, file.kind, file.owner).child(RowKind::file, leaf_name(file));
    add(leaf, own, is_shared);
    ++leaf.files;
  }

  static void add(Branch& leaf, const Sizes& sizes, bool is_shared) {
    leaf.sizes += sizes;
    if (is_shared) leaf.shared += sizes.stored;
  }

  // Where the row of a file hangs.
  Branch& place_of(const FileFacts& file, ByteKind kind, OwnerIndex owner) {
    switch (axis_) {
      case SizeAxis::package:
        return component_of(owner).child(RowKind::folder, folder_of(file.path));
      case SizeAxis::kind:
        return owner_in(root_.child(RowKind::group, std::string(to_string(kind))), owner);
      case SizeAxis::language:
        return owner_in(root_.child(RowKind::group, or_else(file.language, "neutral")), owner);
      case SizeAxis::architecture:
        return owner_in(root_.child(RowKind::group, or_else(file.architecture, "none")), owner);
      case SizeAxis::layer:
        return owner_in(root_.child(RowKind::group, layer_name(file.layer)), owner);
      case SizeAxis::directory:
        return nested_folder(file.path);
      case SizeAxis::owner:
        break;
    }
    return component_of(owner);
  }

  Branch& component_of(OwnerIndex index) {
    const OwnerFacts& owner = facts_.owners[index];
    if (axis_ == SizeAxis::owner) return owner_in(root_, index);
    switch (owner.kind) {
      case OwnerType::component:
        return root_.child(RowKind::group, "packages")
            .child(RowKind::package, or_else(owner.package, "(no package)"))
            .child(RowKind::component, owner.name);
      case OwnerType::app:
        return root_.child(RowKind::group, "application").child(RowKind::component, owner.name);
      case OwnerType::winnow:
        return root_.child(RowKind::group, "winnow's own").child(RowKind::component, owner.name);
      case OwnerType::nobody:
        break;
    }
    return root_.child(RowKind::group, "unclaimed");
  }

  Branch& owner_in(Branch& row, OwnerIndex index) { return row.child(RowKind::component, facts_.owners[index].name); }

  Branch& nested_folder(const std::string& path) {
    Branch* row = &root_;
    std::size_t start = 0;
    for (std::size_t depth = 0; depth < kMaxFolderDepth; ++depth) {
      const std::size_t slash = path.find('/', start);
      if (slash == std::string::npos) break;
      row = &row->child(RowKind::folder, path.substr(start, slash - start));
      start = slash + 1;
    }
    return *row;
  }

  std::string leaf_name(const FileFacts& file) const {
    std::string name = axis_ == SizeAxis::directory || axis_ == SizeAxis::package
                           ? file.path.substr(file.path.rfind('/') + 1)
                           : file.path;
    if (facts_.layers.size() > 1 && axis_ != SizeAxis::layer) name += " (layer " + std::to_string(file.layer + 1) + ")";
    return name;
  }

  static std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
  }

  std::string layer_name(std::uint32_t layer) const {
    if (layer >= facts_.layers.size()) return "no layers";
    return "layer " + std::to_string(layer + 1) + ", " + facts_.layers[layer].digest.substr(0, 19);
  }

  void add_overhead(const OverheadFacts& overhead) {
    const std::string kind(to_string(overhead.kind));
    Branch* row = nullptr;
    switch (axis_) {
      case SizeAxis::kind:
        row = &root_.child(RowKind::group, kind);
        break;
      case SizeAxis::layer:
        row = &root_.child(RowKind::group, layer_name(overhead.layer)).child(RowKind::group, "image metadata");
        break;
      default:
        row = overhead.kind == ByteKind::unclaimed && axis_ == SizeAxis::package
                  ? &root_.child(RowKind::group, "unclaimed")
                  : &root_.child(RowKind::group, "image metadata").child(RowKind::group, kind);
    }
    add(row->child(RowKind::overhead, overhead.name), overhead.sizes, false);
  }

  const ImageFacts& facts_;
  SizeAxis axis_;
  Branch root_;
  std::map<std::uint32_t, bool> shared_;  // contents of several owners
};

Result<void> refuse(const SizeRow& row, std::string_view measure, std::uint64_t own, std::uint64_t sum) {
  return fail("row " + row.name + " has " + std::to_string(own) + " " + std::string(measure) + ", its children have " +
              std::to_string(sum));
}

}  // namespace

std::string_view to_string(RowKind kind) { return kRowNames[static_cast<std::size_t>(kind)]; }
std::string_view to_string(SizeAxis axis) { return kAxisNames[static_cast<std::size_t>(axis)]; }

SizeRow build_size_tree(const ImageFacts& facts, SizeAxis axis, Measure order) {
  const Branch root = TreeBuilder(facts, axis).build();
  return finish({RowKind::image, facts.name}, root, order);
}

Result<void> check_sums(const SizeRow& row) {
  if (row.children.empty()) return {};
  SizeRow sum;
  for (const SizeRow& child : row.children) {
    WINNOW_CHECK(check_sums(child));
    sum.sizes += child.sizes;
    sum.shared += child.shared;
    sum.files += child.files;
  }
  for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
    const ByteCount own = value_of(row.sizes, measure);
    const ByteCount below = value_of(sum.sizes, measure);
    if (own != below) return refuse(row, std::string(to_string(measure)) + " bytes", own, below);
  }
  if (sum.shared != row.shared) return refuse(row, "shared bytes", row.shared, sum.shared);
  const bool is_one_file = row.kind == RowKind::file;  // its children are parts of it
  if (!is_one_file && sum.files != row.files) return refuse(row, "files", row.files, sum.files);
  return {};
}

}  // namespace winnow
