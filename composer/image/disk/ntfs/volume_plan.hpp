// A tree and the places everything of it has on the volume. Filled in by plan_ntfs_volume(), read by the sources that
// make the bytes (several threads at once).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "image/disk/ntfs/index_tree.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "image/disk/ntfs/record_writer.hpp"

namespace winnow::ntfs {

// A name in a directory: a dentry's long or DOS name, or a system file's.
class ChildName {
 public:
  [[nodiscard]] static ChildName of_dentry(std::uint32_t dentry, bool is_dos) {
    return ChildName(dentry << 1 | (is_dos ? 1u : 0u));
  }
  [[nodiscard]] static ChildName of_system_file(std::uint32_t record) { return ChildName(kSystem | record); }
  [[nodiscard]] bool is_system() const { return (value_ & kSystem) != 0; }
  [[nodiscard]] std::uint32_t record() const { return value_ & ~kSystem; }  // precondition: is_system()
  [[nodiscard]] std::uint32_t dentry() const { return value_ >> 1; }        // precondition: !is_system()
  [[nodiscard]] bool is_dos() const { return (value_ & 1) != 0; }           // precondition: !is_system()

 private:
  static constexpr std::uint32_t kSystem = 0x80000000;
  explicit ChildName(std::uint32_t value) : value_(value) {}
  std::uint32_t value_;
};

// Lists of lists without a vector each: items of list i are items[starts[i]] to items[starts[i + 1] - 1].
template <class T>
struct Groups {
  std::vector<std::uint32_t> starts;
  std::vector<T> items;
  [[nodiscard]] std::span<const T> of(std::uint32_t group) const {
    return std::span(items).subspan(starts[group], starts[group + 1] - starts[group]);
  }
};

// A system file as its directory shows it.
struct SystemFile {
  std::u16string name;
  std::uint32_t record = 0;
  std::uint64_t allocated = 0;
  std::uint64_t size = 0;
  std::uint32_t attributes = 0;
};

inline constexpr std::size_t kSystemFiles = 12;  // records 0 to 11; the root is "."

// The times of all system files but the root.
[[nodiscard]] inline FileTimes same_times(std::uint64_t time) { return {time, time, time, time}; }

// Clusters that belong to one stream.
struct Region {
  std::uint64_t cluster = 0;
  std::uint64_t clusters = 0;
  std::uint64_t size = 0;  // of the stream, bytes
  [[nodiscard]] Extent extent() const { return {cluster, clusters, size, false}; }
  [[nodiscard]] std::uint64_t end() const { return cluster + clusters; }
};

// An index that is not of names: $SDH, $SII, $R.
struct ViewIndex {
  std::u16string name;
  std::uint32_t collation = 0;
  std::vector<Bytes> entries;  // as in a leaf, sorted
  std::vector<std::uint16_t> lengths;
  IndexTree tree;
  Region allocation;  // of $INDEX_ALLOCATION, when the tree has blocks
  Region bitmap;      // of $BITMAP, when it left the record
};

struct VolumePlan {
  VolumeTree tree;
  NtfsOptions options;
  Groups<std::uint32_t> names;                  // dentries of each inode
  Groups<ChildName> children;                   // of each inode that is a directory, in $I30's order
  std::vector<std::uint32_t> first_record;      // of each inode; further records follow, the root's at kFirstUser
  std::vector<std::uint64_t> metadata_cluster;  // of each inode: what left its record but is no stream; by inode
  std::vector<std::uint64_t> data_cluster;      // of each inode: its streams; by inode
  std::vector<std::uint32_t> security_ids;      // of each of the tree's descriptors
  std::uint32_t record_count = 0;               // in use, or below one that is
  std::uint32_t free_records = 0;               // behind them
  std::uint64_t metadata_start = 0, metadata_end = 0;  // clusters
  std::uint64_t data_start = 0, data_end = 0;          // clusters
  std::uint64_t clusters = 0;                          // of the volume
  std::vector<std::uint8_t> data_is_resident;          // of each inode: its unnamed stream
  std::array<SystemFile, kSystemFiles> system_files;
  Region mirror, mft_bitmap, mft, log, definitions, bitmap, upcase, descriptors;
  Bytes descriptor_stream;  // $SDS
  ViewIndex by_hash, by_id, reparse_points;

  [[nodiscard]] std::u16string_view name_of(ChildName child) const;
  [[nodiscard]] std::uint64_t reference_of_inode(std::uint32_t inode) const {
    return inode == 0 ? reference(kRoot, kRoot) : reference(first_record[inode], 1);
  }
};

// What an attribute's bytes are.
enum class Part : std::uint8_t {
  standard_information,
  attribute_list,
  name,    // `index`: ChildName among the inode's names
  stream,  // `index`: 0 = unnamed, n = named stream n - 1
  index_root,
  index_allocation,
  index_bitmap,
  reparse_point,
  ea_information,
  ea,
};

struct AttributeShape {
  std::uint32_t type = 0;
  Part part = Part::standard_information;
  bool is_resident = true;
  bool is_hole = false;
  std::uint16_t record = 0;  // 0 = the base record, n = its n-th extension
  ChildName name = ChildName::of_dentry(0, false);
  std::uint32_t stream = 0;
  std::uint64_t size = 0;              // of the value
  std::u16string_view attribute_name;  // "$I30", a stream's name, ""

  [[nodiscard]] bool is_stream() const { return part == Part::stream; }
  [[nodiscard]] std::uint64_t clusters() const {
    return is_resident || is_hole ? 0 : (size + kClusterSize - 1) / kClusterSize;
  }
};

}  // namespace winnow::ntfs
