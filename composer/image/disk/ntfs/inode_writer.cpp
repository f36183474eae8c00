#include "image/disk/ntfs/inode_writer.hpp"

#include <algorithm>

#include "image/disk/ntfs/fields.hpp"
#include "image/disk/ntfs/inode_shape.hpp"
#include "plan/file_tree.hpp"

namespace winnow::ntfs {

namespace {

constexpr std::uint8_t kEaNeeded = 0x80;  // FILE_NEED_EA
constexpr std::uint32_t kAttributeSparse = 0x200;
constexpr std::uint32_t kAttributeReparse = 0x400;
// What NTFS stores of FILE_ATTRIBUTE_*: read-only, hidden, system, archive, temporary, offline, not indexed. The others
// follow from what the file is.
constexpr std::uint32_t kStoredAttributes = 0x1 | 0x2 | 0x4 | 0x20 | 0x100 | 0x1000 | 0x2000;
constexpr std::uint32_t kRootAttributes = kAttributeHidden | kAttributeSystem;

std::uint32_t stored_attributes(const VolumePlan& plan, std::uint32_t id) {
  const Inode& inode = plan.tree.inodes[id];
  std::uint32_t attributes = inode.attributes & kStoredAttributes;
  if (inode.extras != nullptr && inode.extras->reparse) attributes |= kAttributeReparse;
  if (inode.extras != nullptr && inode.extras->hole) attributes |= kAttributeSparse;
  return id == 0 ? attributes | kRootAttributes : attributes;
}

// The root's times are the tree's.
FileName system_name(const VolumePlan& plan, std::uint32_t number) {
  const SystemFile& file = plan.system_files[number];
  FileName value;
  value.parent = reference(kRoot, kRoot);
  value.times = number == kRoot ? plan.tree.inodes[0].times : same_times(plan.options.time);
  value.allocated = file.allocated;
  value.size = file.size;
  value.attributes = file.attributes;
  value.name = file.name;
  return value;
}

std::uint8_t name_space(const VolumePlan& plan, ChildName child) {
  if (child.is_dos()) return file_name::kDos;
  if (!plan.tree.names[child.dentry()].short_name.empty()) return file_name::kWin32;
  return plan.options.dos_names ? file_name::kWin32AndDos : file_name::kPosix;
}

// $EA's value: the entries, 4-aligned.
Bytes ea_value(const Inode& inode) {
  Bytes value;
  ByteWriter writer(value);
  for (const ExtendedAttribute& ea : inode.extras->attributes) {
    writer.le32(static_cast<std::uint32_t>(round_up(8 + ea.name.size() + 1 + ea.value.size(), 4)));
    writer.u8(ea.flags);
    writer.u8(static_cast<std::uint8_t>(ea.name.size()));
    writer.le16(static_cast<std::uint16_t>(ea.value.size()));
    writer.text(ea.name);
    writer.u8(0);
    writer.bytes(ea.value);
    writer.align(4);
  }
  return value;
}

Bytes ea_information(const Inode& inode) {
  const auto& eas = inode.extras->attributes;
  const auto needed = std::count_if(eas.begin(), eas.end(), [](const auto& ea) { return (ea.flags & kEaNeeded) != 0; });
  Bytes value;
  ByteWriter writer(value);
  writer.le16(static_cast<std::uint16_t>(packed_ea_size(inode)));
  writer.le16(static_cast<std::uint16_t>(needed));
  writer.le32(static_cast<std::uint32_t>(ea_size(inode)));
  return value;
}

Bytes reparse_value(const ReparsePoint& point) {
  Bytes value;
  ByteWriter writer(value);
  writer.le32(point.tag);
  writer.le16(static_cast<std::uint16_t>(point.data.size()));
  writer.le16(0);
  writer.bytes(point.data);
  return value;
}

// Knows where everything of one inode lies.
class InodeWriter {
 public:
  InodeWriter(const VolumePlan& plan, std::uint32_t inode) : plan_(plan), id_(inode), inode_(plan.tree.inodes[inode]) {
    describe_inode(plan, inode, shape_);
  }

  Result<void> write_records(std::span<std::uint8_t> out) {
    std::uint64_t metadata = plan_.metadata_cluster[id_];
    std::uint64_t data = plan_.data_cluster[id_];
    std::size_t next = 0;
    for (std::uint32_t record = 0; record < shape_.records; ++record) {
      RecordWriter writer(out.subspan(record * kRecordSize, kRecordSize), header(record));
      for (; next < shape_.attributes.size() && shape_.attributes[next].record == record; ++next) {
        const AttributeShape& shape = shape_.attributes[next];
        std::uint64_t& cluster = shape.is_stream() ? data : metadata;
        WINNOW_CHECK(write_attribute(writer, shape, cluster));
        cluster += shape.clusters();
      }
      writer.finish();
    }
    return {};
  }

  void write_metadata(std::span<std::uint8_t> out) {
    std::size_t at = 0;
    for (const AttributeShape& shape : shape_.attributes) {
      if (shape.is_stream() || shape.is_resident) continue;
      const std::size_t size = static_cast<std::size_t>(shape.clusters() * kClusterSize);
      const std::span<std::uint8_t> place = out.subspan(at, size);
      if (shape.part == Part::index_allocation) {
        write_blocks(place);
      } else {
        const Bytes value = value_of(shape);
        std::fill(std::copy(value.begin(), value.end(), place.begin()), place.end(), std::uint8_t{0});
      }
      at += size;
    }
  }

 private:
  [[nodiscard]] std::uint32_t record_number(std::uint32_t record) const {
    if (record == 0) return id_ == 0 ? kRoot : plan_.first_record[id_];
    return plan_.first_record[id_] + record - (id_ == 0 ? 1 : 0);
  }

  [[nodiscard]] RecordHeader header(std::uint32_t record) const {
    RecordHeader header;
    header.number = record_number(record);
    header.sequence = header.number == kRoot ? kRoot : 1;
    if (record != 0) {
      header.base = plan_.reference_of_inode(id_);
      return header;
    }
    header.links =
        static_cast<std::uint16_t>(std::count_if(shape_.attributes.begin(), shape_.attributes.end(),
                                                 [](const AttributeShape& shape) { return shape.part == Part::name; }));
    if (inode_.is_directory()) header.flags |= record::kDirectory;
    return header;
  }

  Result<void> write_attribute(RecordWriter& writer, const AttributeShape& shape, std::uint64_t cluster) {
    if (!shape.is_resident) {
      const std::uint64_t clusters = shape.is_hole ? clusters_for(shape.size) : shape.clusters();
      writer.non_resident(shape.type, shape.attribute_name, {cluster, clusters, shape.size, shape.is_hole});
      return {};
    }
    if (shape.is_stream()) {
      return read_stream(plan_, id_, shape.stream, 0,
                         writer.reserve_resident(shape.type, shape.attribute_name, shape.size));
    }
    if (shape.part == Part::name) {
      write_file_name(file_name_of(plan_, shape.name), writer.reserve_resident(shape.type, {}, shape.size));
    } else {
      writer.resident(shape.type, shape.attribute_name, value_of(shape));
    }
    return {};
  }

  // Of everything that is built in memory: all but names, streams and index blocks.
  [[nodiscard]] Bytes value_of(const AttributeShape& shape) const {
    switch (shape.part) {
      case Part::standard_information:
        return standard_information_value();
      case Part::attribute_list:
        return attribute_list_value();
      case Part::index_root:
        return index_root_value(shape_.index, shape_.entry_lengths, kFileName, index_root::kCollateFileName,
                                entry_writer());
      case Part::index_bitmap:
        return index_bitmap(shape_.index);
      case Part::reparse_point:
        return reparse_value(*inode_.extras->reparse);
      case Part::ea_information:
        return ea_information(inode_);
      case Part::ea:
        return ea_value(inode_);
      default:
        return {};
    }
  }

  [[nodiscard]] Bytes standard_information_value() const {
    Bytes value(standard_information::kSize);
    put_times(value, standard_information::kCreated, inode_.times);
    put_le<std::uint32_t>(value, standard_information::kAttributes, stored_attributes(plan_, id_));
    put_le<std::uint32_t>(value, standard_information::kSecurityId, plan_.security_ids[inode_.security]);
    return value;
  }

  [[nodiscard]] Bytes attribute_list_value() const {
    Bytes value;
    ByteWriter writer(value);
    std::uint32_t record = 0;
    std::uint16_t id = 0;
    for (const AttributeShape& shape : shape_.attributes) {
      if (shape.record != record) id = 0;
      record = shape.record;
      const std::uint16_t own_id = id++;
      if (shape.part == Part::attribute_list) continue;
      const std::size_t start = writer.size();
      const std::size_t length = round_up(list_entry::kSize + 2 * shape.attribute_name.size(), 8);
      writer.zeros(length);
      const std::span<std::uint8_t> entry = std::span(value).subspan(start, length);
      const std::uint32_t number = record_number(record);
      put_le<std::uint32_t>(entry, list_entry::kType, shape.type);
      put_le<std::uint16_t>(entry, list_entry::kLength, static_cast<std::uint16_t>(length));
      entry[list_entry::kNameLength] = static_cast<std::uint8_t>(shape.attribute_name.size());
      entry[list_entry::kNameOffset] = list_entry::kSize;
      put_le<std::uint64_t>(entry, list_entry::kRecord, reference(number, number == kRoot ? kRoot : 1));
      put_le<std::uint16_t>(entry, list_entry::kId, own_id);
      put_units(entry, list_entry::kSize, shape.attribute_name);
    }
    return value;
  }

  [[nodiscard]] EntryWriter entry_writer() const {
    const std::span<const ChildName> children = plan_.children.of(id_);
    return [this, children](std::uint32_t rank, std::span<std::uint8_t> out) {
      const ChildName child = children[rank];
      const std::size_t key = file_name_size(plan_.name_of(child));
      std::fill(out.begin(), out.end(), std::uint8_t{0});
      put_le<std::uint64_t>(
          out, 0,
          child.is_system()
              ? reference(child.record(), std::max<std::uint16_t>(static_cast<std::uint16_t>(child.record()), 1))
              : plan_.reference_of_inode(plan_.tree.names[child.dentry()].inode));
      put_le<std::uint16_t>(out, index_entry::kLength, static_cast<std::uint16_t>(out.size()));
      put_le<std::uint16_t>(out, index_entry::kKeyLength, static_cast<std::uint16_t>(key));
      write_file_name(file_name_of(plan_, child), out.subspan(index_entry::kKey, key));
    };
  }

  void write_blocks(std::span<std::uint8_t> out) const {
    const EntryWriter write = entry_writer();
    for (std::uint32_t block = 0; block < shape_.index.blocks.size(); ++block) {
      write_index_block(shape_.index, block, shape_.entry_lengths, write,
                        out.subspan(block * kIndexBlockSize, kIndexBlockSize));
    }
  }

  const VolumePlan& plan_;
  std::uint32_t id_;
  const Inode& inode_;
  InodeShape shape_;
};

}  // namespace

std::u16string_view VolumePlan::name_of(ChildName child) const {
  if (child.is_system()) return system_files[child.record()].name;
  const Dentry& dentry = tree.names[child.dentry()];
  return child.is_dos() ? dentry.short_name : dentry.name;
}

FileName file_name_of(const VolumePlan& plan, ChildName child) {
  if (child.is_system()) return system_name(plan, child.record());
  const Dentry& dentry = plan.tree.names[child.dentry()];
  const Inode& inode = plan.tree.inodes[dentry.inode];
  const bool has_hole = inode.extras != nullptr && inode.extras->hole.has_value();
  FileName value;
  value.parent = plan.reference_of_inode(plan.tree.names[dentry.parent].inode);
  value.times = inode.times;
  value.size = inode.is_directory() ? 0 : inode.data_size();
  if (plan.data_is_resident[dentry.inode] != 0) {
    value.allocated = round_up(value.size, 8);
  } else if (!has_hole) {
    value.allocated = clusters_for(value.size) * kClusterSize;
  }
  value.attributes =
      stored_attributes(plan, dentry.inode) | (inode.is_directory() ? file_name::kDirectoryAttribute : 0);
  if (inode.extras != nullptr && inode.extras->reparse) {
    value.reparse_tag = inode.extras->reparse->tag;
  } else if (inode.extras != nullptr && !inode.extras->attributes.empty()) {
    value.reparse_tag = static_cast<std::uint16_t>(packed_ea_size(inode));
  }
  value.name_space = name_space(plan, child);
  value.name = plan.name_of(child);
  return value;
}

Result<void> write_inode_records(const VolumePlan& plan, std::uint32_t inode, std::span<std::uint8_t> out) {
  return InodeWriter(plan, inode).write_records(out);
}

void write_inode_metadata(const VolumePlan& plan, std::uint32_t inode, std::span<std::uint8_t> out) {
  InodeWriter(plan, inode).write_metadata(out);
}

Result<void> read_stream(const VolumePlan& plan, std::uint32_t inode, std::uint32_t stream, ByteCount offset,
                         std::span<std::uint8_t> out) {
  const Inode& file = plan.tree.inodes[inode];
  if (stream != 0) return file.extras->streams[stream - 1].content.read(offset, out);
  return file.content ? read_pinned(*file.content, file.digest, offset, out) : Result<void>();
}

}  // namespace winnow::ntfs
