#include "image/disk/ntfs/inode_shape.hpp"

#include <algorithm>

#include "formats/upcase_table.hpp"
#include "image/disk/ntfs/fields.hpp"
#include "image/disk/ntfs/file_name.hpp"
#include "plan/file_tree.hpp"

namespace winnow::ntfs {

namespace {

constexpr std::u16string_view kIndexName = u"$I30";
constexpr std::size_t kReparseHeader = 8;
constexpr std::size_t kEaHeader = 8;
// A list longer than this leaves its record, so that the base record keeps room for what must be in it.
constexpr std::size_t kMaxResidentList = 256;

std::size_t size_in_record(const AttributeShape& shape) {
  const std::size_t units = shape.attribute_name.size();
  return shape.is_resident ? resident_size(units, shape.size) : non_resident_bound(units, shape.is_hole);
}

std::size_t total_size(const std::vector<AttributeShape>& attributes) {
  std::size_t size = 0;
  for (const AttributeShape& shape : attributes) size += size_in_record(shape);
  return size;
}

bool may_leave_record(const AttributeShape& shape) {
  switch (shape.part) {
    case Part::stream:
    case Part::attribute_list:
    case Part::index_bitmap:
    case Part::reparse_point:
    case Part::ea:
      return true;
    default:
      return false;
  }
}

// Bytes saved when the attribute leaves the record, 0 when it may not or none are.
std::size_t saving(const AttributeShape& shape) {
  if (!shape.is_resident || !may_leave_record(shape) || shape.size == 0) return 0;
  const std::size_t here = size_in_record(shape);
  const std::size_t outside = non_resident_bound(shape.attribute_name.size(), false);
  return here > outside ? here - outside : 0;
}

class InodeDescriber {
 public:
  InodeDescriber(const VolumePlan& plan, std::uint32_t inode, InodeShape& shape)
      : plan_(plan), id_(inode), inode_(plan.tree.inodes[inode]), shape_(shape) {}

  void describe() {
    shape_.attributes.clear();
    shape_.entry_lengths.clear();
    shape_.index = {};
    shape_.records = 1;
    add(kStandardInformation, Part::standard_information, standard_information::kSize);
    add_names();
    add_streams();
    if (inode_.is_directory()) add_index();
    add_extras();
    // Directories chose their root's size so that all fits, when that is possible at all.
    move_out();
    if (total_size(shape_.attributes) > kRecordCapacity) use_attribute_list();
  }

 private:
  AttributeShape& add(std::uint32_t type, Part part, std::uint64_t size) {
    AttributeShape& shape = shape_.attributes.emplace_back();
    shape.type = type;
    shape.part = part;
    shape.size = size;
    return shape;
  }

  void add_names() {
    const auto add_name = [&](ChildName name) {
      add(kFileName, Part::name, file_name_size(plan_.name_of(name))).name = name;
    };
    if (id_ == 0) return add_name(ChildName::of_system_file(kRoot));
    for (const std::uint32_t dentry : plan_.names.of(id_)) {
      if (!plan_.tree.names[dentry].short_name.empty()) add_name(ChildName::of_dentry(dentry, true));
      add_name(ChildName::of_dentry(dentry, false));
    }
  }

  void add_stream(std::uint32_t index, std::uint64_t size, std::u16string_view name, bool is_hole) {
    AttributeShape& shape = add(kData, Part::stream, size);
    shape.stream = index;
    shape.attribute_name = name;
    shape.is_hole = is_hole;
    shape.is_resident = !is_hole && resident_size(name.size(), size) <= kRecordCapacity;
  }

  void add_streams() {
    const InodeExtras* extras = inode_.extras.get();
    if (!inode_.is_directory()) add_stream(0, inode_.data_size(), {}, extras != nullptr && extras->hole.has_value());
    if (extras == nullptr) return;
    const std::size_t first = shape_.attributes.size();
    for (std::uint32_t i = 0; i < extras->streams.size(); ++i) {
      add_stream(i + 1, extras->streams[i].content.size(), extras->streams[i].name, false);
    }
    std::sort(shape_.attributes.begin() + static_cast<std::ptrdiff_t>(first), shape_.attributes.end(),
              [](const AttributeShape& a, const AttributeShape& b) {
                const auto upper_a = upcase_name(a.attribute_name), upper_b = upcase_name(b.attribute_name);
                return upper_a != upper_b ? upper_a < upper_b : a.attribute_name < b.attribute_name;
              });
  }

  void add_extras() {
    const InodeExtras* extras = inode_.extras.get();
    if (extras == nullptr) return;
    if (extras->reparse) add(kReparsePoint, Part::reparse_point, kReparseHeader + extras->reparse->data.size());
    if (extras->attributes.empty()) return;
    add(kEaInformation, Part::ea_information, kEaHeader);
    add(kEa, Part::ea, ea_size(inode_));
    for (AttributeShape& shape : shape_.attributes) {
      if (shape.part == Part::reparse_point || shape.part == Part::ea) {
        shape.is_resident = resident_size(0, shape.size) <= kRecordCapacity;
      }
    }
  }

  // The root takes what the other attributes leave of the record.
  void add_index() {
    for (const ChildName child : plan_.children.of(id_)) {
      const std::size_t key = file_name_size(plan_.name_of(child));
      shape_.entry_lengths.push_back(static_cast<std::uint16_t>(round_up(index_entry::kKey + key, 8)));
    }
    const std::size_t around = resident_size(kIndexName.size(), index_root::kHeader + index_header::kSize);
    const std::size_t others = total_size(shape_.attributes) + extras_size() + around;
    const std::size_t room = kRecordCapacity > others ? kRecordCapacity - others : 0;
    shape_.index = build_index_tree(shape_.entry_lengths, std::max(room, kMinRootCapacity));
    if (!shape_.index.blocks.empty()) {
      const std::size_t outside = 2 * non_resident_bound(kIndexName.size(), false);
      const std::size_t rest = room > outside ? room - outside : 0;
      shape_.index = build_index_tree(shape_.entry_lengths, std::max(rest, kMinRootCapacity));
    }
    add_index_attributes();
  }

  void add_index_attributes() {
    const std::size_t entries = entries_size(shape_.index.root, shape_.entry_lengths);
    const std::size_t blocks = shape_.index.blocks.size();
    add(kIndexRoot, Part::index_root, index_root::kHeader + index_header::kSize + entries).attribute_name = kIndexName;
    if (blocks == 0) return;
    AttributeShape& allocation = add(kIndexAllocation, Part::index_allocation, blocks * kIndexBlockSize);
    allocation.attribute_name = kIndexName;
    allocation.is_resident = false;
    AttributeShape& bitmap = add(kBitmapAttribute, Part::index_bitmap, round_up((blocks + 7) / 8, 8));
    bitmap.attribute_name = kIndexName;
    bitmap.is_resident = size_in_record(bitmap) <= non_resident_bound(kIndexName.size(), false);
  }

  // What add_extras() will add, at its smallest.
  [[nodiscard]] std::size_t extras_size() const {
    const InodeExtras* extras = inode_.extras.get();
    if (extras == nullptr) return 0;
    std::size_t size = 0;
    const auto smallest = [](std::uint64_t value) {
      return std::min(resident_size(0, value), non_resident_bound(0, false));
    };
    if (extras->reparse) size += smallest(kReparseHeader + extras->reparse->data.size());
    if (!extras->attributes.empty()) size += resident_size(0, kEaHeader) + smallest(ea_size(inode_));
    return size;
  }

  // Sends the largest movable values out of the record until the rest fits, or nothing is gained any more.
  void move_out() {
    while (total_size(shape_.attributes) > kRecordCapacity) {
      const auto largest =
          std::max_element(shape_.attributes.begin(), shape_.attributes.end(),
                           [](const AttributeShape& a, const AttributeShape& b) { return saving(a) < saving(b); });
      if (saving(*largest) == 0) return;
      largest->is_resident = false;
    }
  }

  void use_attribute_list() {
    std::uint64_t size = 0;
    for (const AttributeShape& shape : shape_.attributes) {
      size += round_up(list_entry::kSize + 2 * shape.attribute_name.size(), 8);
    }
    AttributeShape list;
    list.type = kAttributeList;
    list.part = Part::attribute_list;
    list.size = size;
    list.is_resident = size <= kMaxResidentList;
    shape_.attributes.insert(shape_.attributes.begin() + 1, list);
    std::size_t used = 0;
    for (AttributeShape& shape : shape_.attributes) {
      if (used + size_in_record(shape) > kRecordCapacity) {
        ++shape_.records;
        used = 0;
      }
      used += size_in_record(shape);
      shape.record = static_cast<std::uint16_t>(shape_.records - 1);
    }
  }

  const VolumePlan& plan_;
  std::uint32_t id_;
  const Inode& inode_;
  InodeShape& shape_;
};

}  // namespace

void describe_inode(const VolumePlan& plan, std::uint32_t inode, InodeShape& shape) {
  InodeDescriber(plan, inode, shape).describe();
}

std::uint64_t ea_size(const Inode& inode) {
  std::uint64_t size = 0;
  for (const ExtendedAttribute& ea : inode.extras->attributes) {
    size += round_up(kEaHeader + ea.name.size() + 1 + ea.value.size(), 4);
  }
  return size;
}

std::uint64_t packed_ea_size(const Inode& inode) {
  std::uint64_t size = 0;
  for (const ExtendedAttribute& ea : inode.extras->attributes) size += 5 + ea.name.size() + ea.value.size();
  return size;
}

}  // namespace winnow::ntfs
