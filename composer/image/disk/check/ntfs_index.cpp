#include "image/disk/check/ntfs_index.hpp"

#include <algorithm>

#include "formats/ntfs.hpp"

namespace winnow::check {

namespace {

class IndexWalk {
 public:
  IndexWalk(const NtfsVolume& volume, const NtfsFile& file, std::u16string_view name, const IndexRules& rules,
            const std::function<void(const IndexEntry&)>& visit, const RecordReport& report)
      : volume_(volume),
        rules_(rules),
        visit_(visit),
        report_(report),
        root_(file.find(ntfs::kIndexRoot, name)),
        blocks_(file.find(ntfs::kIndexAllocation, name)),
        bitmap_(file.find(ntfs::kBitmapAttribute, name)),
        text_("index " + printable(name)) {}

  bool run() {
    if (root_ == nullptr) return false;
    if (!root_->resident || root_->value.size() < ntfs::index_root::kHeader + ntfs::index_header::kSize) {
      fault("$INDEX_ROOT is too small");
      return true;
    }
    check_root();
    if (blocks_ != nullptr) seen_.resize(static_cast<std::size_t>(block_count()));
    walk_node(ByteView(root_->value).subspan(ntfs::index_root::kHeader), "root", 0);
    check_bitmap();
    return true;
  }

 private:
  void fault(const std::string& message) const { report_(text_ + ": " + message); }
  void node_fault(const std::string& node, const std::string& message) const { fault(node + ": " + message); }

  // A block is addressed by its VCN, in clusters, or in sectors when it is smaller than a cluster.
  [[nodiscard]] ByteCount vcn_size() const {
    const Geometry& g = volume_.geometry();
    return g.index_block_size >= g.cluster_size ? g.cluster_size : ntfs::kSectorSize;
  }
  [[nodiscard]] std::uint64_t block_count() const {
    return std::min<std::uint64_t>(blocks_->size / volume_.geometry().index_block_size,
                                   volume_.geometry().cluster_count * 128);
  }

  void check_root() const {
    const ByteView value = root_->value;
    const auto type = *read_le<std::uint32_t>(value, ntfs::index_root::kAttributeType);
    const auto collation = *read_le<std::uint32_t>(value, ntfs::index_root::kCollation);
    const auto block = *read_le<std::uint32_t>(value, ntfs::index_root::kBlockSize);
    if (type != rules_.attribute_type) fault(differs_hex("indexed attribute type", type, rules_.attribute_type));
    if (collation != rules_.collation) fault(differs_hex("collation rule", collation, rules_.collation));
    const Geometry& g = volume_.geometry();
    if (block != g.index_block_size) fault(differs("index block size", block, g.index_block_size));
    const std::uint64_t units = g.index_block_size / vcn_size();
    if (value[ntfs::index_root::kClustersPerBlock] != units) {
      fault(differs("clusters per index block", value[ntfs::index_root::kClustersPerBlock], units));
    }
  }

  void walk_node(ByteView header, const std::string& node, std::size_t depth) {
    const auto first = *read_le<std::uint32_t>(header, ntfs::index_header::kFirstEntry);
    const auto in_use = *read_le<std::uint32_t>(header, ntfs::index_header::kBytesInUse);
    const auto allocated = *read_le<std::uint32_t>(header, ntfs::index_header::kAllocated);
    const bool has_children = (header[ntfs::index_header::kFlags] & 1) != 0;
    if (allocated != header.size()) node_fault(node, differs("bytes allocated", allocated, header.size()));
    const auto used = slice(header, 0, in_use);
    if (!used || first < ntfs::index_header::kSize || first > in_use || first % 8 != 0) {
      node_fault(node, "entries from " + std::to_string(first) + " to " + std::to_string(in_use) + " of " +
                           std::to_string(header.size()) + " bytes");
      return;
    }
    walk_entries(*used, first, has_children, node, depth);
  }

  void walk_entries(ByteView used, std::size_t offset, bool has_children, const std::string& node, std::size_t depth) {
    while (true) {
      const auto length = read_le<std::uint16_t>(used, offset + ntfs::index_entry::kLength).value_or(0);
      const auto entry = slice(used, offset, length);
      if (!entry || length < ntfs::index_entry::kKey || length % 8 != 0) {
        node_fault(node, "entry length is " + std::to_string(length) + " at offset " + std::to_string(offset) + " of " +
                             std::to_string(used.size()) + " bytes in use, or the end entry is missing");
        return;
      }
      const auto flags = *read_le<std::uint16_t>(*entry, ntfs::index_entry::kFlags);
      const bool has_child = (flags & ntfs::index_entry::kHasChild) != 0;
      if (has_child != has_children) {
        node_fault(node, std::string("the entry at offset ") + std::to_string(offset) + " has " +
                             (has_child ? "a child, the node has none" : "no child, the node has children"));
      }
      if (has_child) walk_child(*entry, node, depth);
      if ((flags & ntfs::index_entry::kLast) != 0) {
        if (offset + length != used.size()) {
          node_fault(node, differs("bytes in use", used.size(), offset + length));
        }
        return;
      }
      visit_entry(*entry, has_child, node);
      offset += length;
    }
  }

  void visit_entry(ByteView entry, bool has_child, const std::string& node) {
    const auto key_length = *read_le<std::uint16_t>(entry, ntfs::index_entry::kKeyLength);
    const std::size_t end = entry.size() - (has_child ? std::min<std::size_t>(8, entry.size()) : 0);
    const auto key = slice(entry.first(end), ntfs::index_entry::kKey, key_length);
    if (!key || !rules_.is_key(*key)) {
      node_fault(node, "an entry's key of " + std::to_string(key_length) + " bytes is none");
      return;
    }
    if (!last_key_.empty()) {
      const int order = rules_.compare(last_key_, *key);
      if (order >= 0) {
        node_fault(node, "sort order: " + rules_.print(*key) + (order == 0 ? " is there twice" : " comes after ") +
                             (order == 0 ? "" : rules_.print(last_key_)));
      }
    }
    last_key_.assign(key->begin(), key->end());
    IndexEntry found{*read_le<std::uint64_t>(entry, 0), *key, {}};
    const auto data_offset = *read_le<std::uint16_t>(entry, 0);
    const auto data_length = *read_le<std::uint16_t>(entry, 2);
    if (const auto data = slice(entry.first(end), data_offset, data_length)) found.data = *data;
    visit_(found);
  }

  void walk_child(ByteView entry, const std::string& parent, std::size_t depth) {
    const std::uint64_t vcn = *read_le<std::uint64_t>(entry, entry.size() - 8);
    const Geometry& g = volume_.geometry();
    const std::uint64_t units = g.index_block_size / vcn_size();
    const std::uint64_t block = vcn / units;
    if (blocks_ == nullptr || vcn % units != 0 || block >= seen_.size()) {
      node_fault(parent, "child VCN " + std::to_string(vcn) + " is no block of the index, which has " +
                             std::to_string(seen_.size()));
      return;
    }
    if (seen_[block] || depth >= kMaxIndexDepth) {
      node_fault(parent, "child VCN " + std::to_string(vcn) + " has another parent already");
      return;
    }
    seen_[block] = true;
    const std::string node = "block at VCN " + std::to_string(vcn);
    Bytes bytes(static_cast<std::size_t>(g.index_block_size));
    if (!volume_.read(*blocks_, block * g.index_block_size, bytes)) {
      node_fault(node, "it cannot be read");
      return;
    }
    if (!as_text(bytes).starts_with(ntfs::index_block::kMagic)) {
      node_fault(node, "its magic is \"" + printable(as_text(bytes).substr(0, 4)) + "\", expected \"INDX\"");
      return;
    }
    const auto offset = *read_le<std::uint16_t>(bytes, ntfs::index_block::kUpdateOffset);
    const auto count = *read_le<std::uint16_t>(bytes, ntfs::index_block::kUpdateCount);
    const std::string torn = undo_update_sequence(bytes, offset, count);
    if (!torn.empty()) node_fault(node, torn);
    const auto own = *read_le<std::uint64_t>(bytes, ntfs::index_block::kVcn);
    if (own != vcn) node_fault(node, differs("VCN in the block's header", own, vcn));
    walk_node(ByteView(bytes).subspan(ntfs::index_block::kHeader), node, depth + 1);
  }

  void check_bitmap() const {
    if (blocks_ == nullptr) {
      if (bitmap_ != nullptr && !seen_.empty()) fault("$BITMAP without $INDEX_ALLOCATION");
      return;
    }
    const auto bits = bitmap_ == nullptr ? std::nullopt : volume_.read_all(*bitmap_);
    if (!bits) {
      fault("$BITMAP is missing or cannot be read");
      return;
    }
    for (std::size_t block = 0; block < bits->size() * 8; ++block) {
      const bool is_marked = ((*bits)[block / 8] >> (block % 8) & 1) != 0;
      const bool is_used = block < seen_.size() && seen_[block];
      if (is_marked && !is_used)
        fault("$BITMAP: block " + std::to_string(block) + " is marked used, no entry points at it");
    }
    for (std::size_t block = 0; block < seen_.size(); ++block) {
      const bool is_marked = block / 8 < bits->size() && ((*bits)[block / 8] >> (block % 8) & 1) != 0;
      if (seen_[block] && !is_marked) fault("$BITMAP: block " + std::to_string(block) + " is in use, marked free");
    }
  }

  const NtfsVolume& volume_;
  const IndexRules& rules_;
  const std::function<void(const IndexEntry&)>& visit_;
  const RecordReport& report_;
  const Stream* root_;
  const Stream* blocks_;
  const Stream* bitmap_;
  std::string text_;
  Bytes last_key_;
  std::vector<bool> seen_;  // blocks that have a parent
};

}  // namespace

bool walk_index(const NtfsVolume& volume, const NtfsFile& file, std::u16string_view name, const IndexRules& rules,
                const std::function<void(const IndexEntry&)>& visit, const RecordReport& report) {
  return IndexWalk(volume, file, name, rules, visit, report).run();
}

}  // namespace winnow::check
