#include "image/disk/ntfs/system_files.hpp"

#include <algorithm>
#include <array>

#include "image/disk/ntfs/fields.hpp"
#include "image/disk/ntfs/file_name.hpp"
#include "image/disk/ntfs/inode_writer.hpp"
#include "image/disk/ntfs/security_store.hpp"
#include "plan/file_tree.hpp"

namespace winnow::ntfs {

namespace {

constexpr std::uint32_t kHiddenSystem = kAttributeHidden | kAttributeSystem;
constexpr std::uint32_t kExtendFileAttributes = kHiddenSystem | kAttributeArchive;
constexpr std::uint64_t kUpcaseChecksum = 0xDADC7E776B1B690C;  // CRC-64 of the table, as $UpCase:$Info has it

// Writes one system record; the ids are mkntfs'.
class SystemRecord {
 public:
  SystemRecord(const VolumePlan& plan, std::uint32_t number, std::span<std::uint8_t> out)
      : plan_(plan), number_(number), writer_(out, header(number)) {}

  void write();

 private:
  static RecordHeader header(std::uint32_t number) {
    RecordHeader header;
    header.number = number;
    header.sequence = static_cast<std::uint16_t>(number == 0 || number >= kQuota ? 1 : number);
    header.links = number < kFirstReserved || number >= kQuota ? 1 : 0;
    if (number >= 16 && number < kQuota) header.flags = 0;
    if (number == kSecure) header.flags |= record::kIsViewIndex;
    if (number == kExtend) header.flags |= record::kDirectory;
    if (number >= kQuota) header.flags |= record::kIsExtendFile | record::kIsViewIndex;
    return header;
  }

  // The long form names a descriptor of $Secure; the old one leaves it to $SECURITY_DESCRIPTOR.
  void information(std::uint32_t attributes, std::uint32_t security_id) {
    const std::size_t size = security_id == 0 ? standard_information::kOldSize : standard_information::kSize;
    const auto value = writer_.reserve_resident(kStandardInformation, {}, size, std::uint16_t{0});
    put_times(value, standard_information::kCreated, same_times(plan_.options.time));
    put_le<std::uint32_t>(value, standard_information::kAttributes, attributes);
    if (security_id != 0) put_le<std::uint32_t>(value, standard_information::kSecurityId, security_id);
  }

  void name(std::uint16_t id) { write_name(file_name_of(plan_, ChildName::of_system_file(number_)), id); }

  void write_name(const FileName& value, std::uint16_t id) {
    write_file_name(value, writer_.reserve_resident(kFileName, {}, file_name_size(value.name), id));
  }

  void data(const Region& region, std::uint16_t id = 1) { writer_.non_resident(kData, {}, region.extent(), id); }

  void descriptor(bool writable, std::uint16_t id) {
    writer_.resident(kSecurityDescriptor, {}, system_descriptor(writable), id);
  }

  void view_root(const ViewIndex& index, std::uint16_t id) {
    writer_.resident(kIndexRoot, index.name, view_root_value(index), id);
  }

  void view_allocation(const ViewIndex& index) {
    if (!index.tree.blocks.empty()) writer_.non_resident(kIndexAllocation, index.name, index.allocation.extent());
  }

  void view_bitmap_attribute(const ViewIndex& index) {
    if (index.tree.blocks.empty()) return;
    if (index.bitmap.clusters != 0) {
      writer_.non_resident(kBitmapAttribute, index.name, index.bitmap.extent());
    } else {
      writer_.resident(kBitmapAttribute, index.name, index_bitmap(index.tree));
    }
  }

  static Bytes view_root_value(const ViewIndex& index) {
    return index_root_value(index.tree, index.lengths, 0, index.collation,
                            [&](std::uint32_t rank, std::span<std::uint8_t> out) {
                              std::copy(index.entries[rank].begin(), index.entries[rank].end(), out.begin());
                            });
  }

  void volume();
  void secure();
  void upcase();
  void extend();
  void extend_file();
  void quota();

  const VolumePlan& plan_;
  std::uint32_t number_;
  RecordWriter writer_;
};

void SystemRecord::volume() {
  information(kHiddenSystem, 0);
  name(1);
  descriptor(true, 2);
  Bytes label(2 * plan_.options.label.size());
  put_units(label, 0, plan_.options.label);
  writer_.resident(kVolumeName, {}, label, std::uint16_t{4});
  const std::array<std::uint8_t, 12> version = {0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0};  // 3.1, not dirty
  writer_.resident(kVolumeInformation, {}, version, std::uint16_t{5});
  writer_.resident(kData, {}, {}, std::uint16_t{3});
}

void SystemRecord::secure() {
  information(kHiddenSystem | file_name::kViewIndexAttribute, kWritableId);
  name(1);
  writer_.non_resident(kData, u"$SDS", plan_.descriptors.extent(), std::uint16_t{2});
  view_root(plan_.by_hash, 3);
  view_root(plan_.by_id, 4);
  for (const ViewIndex* index : {&plan_.by_hash, &plan_.by_id}) view_allocation(*index);
  for (const ViewIndex* index : {&plan_.by_hash, &plan_.by_id}) view_bitmap_attribute(*index);
}

void SystemRecord::upcase() {
  information(kHiddenSystem, kReadableId);
  name(3);
  data(plan_.upcase);
  Bytes info(32);
  put_le<std::uint32_t>(info, 0, static_cast<std::uint32_t>(info.size()));
  put_le<std::uint64_t>(info, 8, kUpcaseChecksum);
  writer_.resident(kData, u"$Info", info, std::uint16_t{2});
}

constexpr std::array<std::pair<std::u16string_view, std::uint32_t>, 3> kExtendFiles = {
    {{u"$ObjId", kObjectId}, {u"$Quota", kQuota}, {u"$Reparse", kReparse}}};

FileName extend_file_name(const VolumePlan& plan, std::u16string_view name) {
  FileName value;
  value.parent = reference(kExtend, kExtend);
  value.times = same_times(plan.options.time);
  value.attributes = kExtendFileAttributes | file_name::kViewIndexAttribute;
  value.name = name;
  return value;
}

void SystemRecord::extend() {
  information(kHiddenSystem, kWritableId);
  name(1);
  std::vector<std::uint16_t> lengths;
  for (const auto& [file, number] : kExtendFiles) {
    lengths.push_back(static_cast<std::uint16_t>(round_up(index_entry::kKey + file_name::kName + 2 * file.size(), 8)));
  }
  const IndexTree tree = build_index_tree(lengths, kRecordCapacity);
  const Bytes root = index_root_value(
      tree, lengths, kFileName, index_root::kCollateFileName, [&](std::uint32_t rank, std::span<std::uint8_t> out) {
        const auto& [file, number] = kExtendFiles[rank];
        const std::size_t key = file_name_size(file);
        put_le<std::uint64_t>(out, 0, reference(number, 1));
        put_le<std::uint16_t>(out, index_entry::kKeyLength, static_cast<std::uint16_t>(key));
        write_file_name(extend_file_name(plan_, file), out.subspan(index_entry::kKey, key));
      });
  writer_.resident(kIndexRoot, u"$I30", root, std::uint16_t{2});
}

void SystemRecord::quota() {
  // Owner -> number: administrators are 0x100; the padding is what mkntfs leaves.
  const Bytes owner = from_hex(
                          "200004000000000028001000000000000102000000000005200000002002000000010000"
                          "20000000")
                          .value();
  const auto limits = [&](std::uint32_t number, ByteView sid) {
    Bytes entry(16);
    ByteWriter writer(entry);
    writer.le32(number);
    writer.le32(2);  // version
    writer.le32(1);  // the default limits hold
    writer.le64(0);  // bytes used
    writer.le64(plan_.options.time);
    writer.le64(~0ull);  // threshold, limit: none
    writer.le64(~0ull);
    writer.le64(0);
    writer.bytes(sid);
    writer.align(8);
    put_le<std::uint16_t>(entry, 0, index_entry::kKey + 4);
    put_le<std::uint16_t>(entry, 2, static_cast<std::uint16_t>(0x30 + sid.size()));
    put_le<std::uint16_t>(entry, index_entry::kKeyLength, 4);
    return entry;
  };
  const ByteView administrators = ByteView(owner).subspan(index_entry::kKey, 16);
  ViewIndex by_owner{u"$O", index_root::kCollateSid, {owner}, {0x28}, {}, {}, {}};
  ViewIndex by_number{u"$Q", index_root::kCollateU32, {limits(1, {}), limits(0x100, administrators)}, {}, {}, {}, {}};
  for (const Bytes& entry : by_number.entries) by_number.lengths.push_back(static_cast<std::uint16_t>(entry.size()));
  by_owner.tree = build_index_tree(by_owner.lengths, kRecordCapacity);
  by_number.tree = build_index_tree(by_number.lengths, kRecordCapacity);
  view_root(by_owner, 3);
  view_root(by_number, 2);
}

void SystemRecord::extend_file() {
  information(kExtendFileAttributes | file_name::kViewIndexAttribute, kWritableId);
  const auto* file =
      std::find_if(kExtendFiles.begin(), kExtendFiles.end(), [&](const auto& each) { return each.second == number_; });
  write_name(extend_file_name(plan_, file->first), 1);
  if (number_ == kQuota) return quota();
  if (number_ == kObjectId) {
    ViewIndex empty{u"$O", index_root::kCollateU32s, {}, {}, {}, {}, {}};
    empty.tree = build_index_tree(empty.lengths, kRecordCapacity);
    return view_root(empty, 2);
  }
  view_root(plan_.reparse_points, 2);
  view_allocation(plan_.reparse_points);
  view_bitmap_attribute(plan_.reparse_points);
}

void SystemRecord::write() {
  switch (number_) {
    case kMft:
      information(kHiddenSystem, kReadableId);
      name(2);
      data(plan_.mft);
      writer_.non_resident(kBitmapAttribute, {}, plan_.mft_bitmap.extent(), std::uint16_t{3});
      break;
    case kMftMirror:
    case kLogFile:
    case kBitmap:
      information(kHiddenSystem, kReadableId);
      name(2);
      data(number_ == kMftMirror ? plan_.mirror : number_ == kLogFile ? plan_.log : plan_.bitmap);
      break;
    case kVolume:
      volume();
      break;
    case kAttrDef:
    case kBoot:
      information(kHiddenSystem, 0);
      name(2);
      descriptor(false, 3);
      data(number_ == kAttrDef ? plan_.definitions : Region{0, kBootSize / kClusterSize, kBootSize});
      break;
    case kBadClusters: {
      information(kHiddenSystem, kReadableId);
      name(3);
      writer_.resident(kData, {}, {}, std::uint16_t{2});
      const Extent all{0, plan_.clusters, plan_.clusters * kClusterSize, true};
      writer_.non_resident(kData, u"$Bad", all, std::uint16_t{1}, false);
      break;
    }
    case kSecure:
      secure();
      break;
    case kUpCase:
      upcase();
      break;
    case kExtend:
      extend();
      break;
    case kQuota:
    case kObjectId:
    case kReparse:
      extend_file();
      break;
    default:  // 12 to 15 wait for $MFT to grow, 16 to 23 are free
      information(kHiddenSystem, 0);
      if (number_ >= 16) break;
      descriptor(true, 2);
      writer_.resident(kData, {}, {}, std::uint16_t{1});
  }
  writer_.finish();
}

struct Definition {
  std::u16string_view name;
  std::uint32_t type;
  std::uint32_t flags;  // 0x02 indexable, 0x40 always resident, 0x80 may leave its record
  std::uint64_t smallest;
  std::uint64_t largest;
};
constexpr std::uint64_t kAnySize = ~0ull;
constexpr std::array kDefinitions = {
    Definition{u"$STANDARD_INFORMATION", kStandardInformation, 0x40, 0x30, 0x48},
    Definition{u"$ATTRIBUTE_LIST", kAttributeList, 0x80, 0, kAnySize},
    Definition{u"$FILE_NAME", kFileName, 0x42, 0x44, 0x242},
    Definition{u"$OBJECT_ID", kObjectIdAttribute, 0x40, 0, 0x100},
    Definition{u"$SECURITY_DESCRIPTOR", kSecurityDescriptor, 0x80, 0, kAnySize},
    Definition{u"$VOLUME_NAME", kVolumeName, 0x40, 2, 0x100},
    Definition{u"$VOLUME_INFORMATION", kVolumeInformation, 0x40, 0x0C, 0x0C},
    Definition{u"$DATA", kData, 0, 0, kAnySize},
    Definition{u"$INDEX_ROOT", kIndexRoot, 0x40, 0, kAnySize},
    Definition{u"$INDEX_ALLOCATION", kIndexAllocation, 0x80, 0, kAnySize},
    Definition{u"$BITMAP", kBitmapAttribute, 0x80, 0, kAnySize},
    Definition{u"$REPARSE_POINT", kReparsePoint, 0x80, 0, 0x4000},
    Definition{u"$EA_INFORMATION", kEaInformation, 0x40, 8, 8},
    Definition{u"$EA", kEa, 0, 0, 0x10000},
    Definition{u"$LOGGED_UTILITY_STREAM", 0x100, 0x80, 0, 0x10000},
};
constexpr std::size_t kDefinitionSize = 160;

}  // namespace

Bytes attribute_definitions() {
  Bytes bytes((kDefinitions.size() + 1) * kDefinitionSize);
  for (std::size_t i = 0; i < kDefinitions.size(); ++i) {
    const std::span<std::uint8_t> out = std::span(bytes).subspan(i * kDefinitionSize, kDefinitionSize);
    const Definition& definition = kDefinitions[i];
    put_units(out, 0, definition.name);
    put_le<std::uint32_t>(out, 128, definition.type);
    put_le<std::uint32_t>(out, 140, definition.flags);
    put_le<std::uint64_t>(out, 144, definition.smallest);
    put_le<std::uint64_t>(out, 152, definition.largest);
  }
  return bytes;
}

void name_system_files(VolumePlan& plan) {
  constexpr std::array<std::u16string_view, kSystemFiles> names = {u"$MFT",     u"$MFTMirr", u"$LogFile", u"$Volume",
                                                                   u"$AttrDef", u".",        u"$Bitmap",  u"$Boot",
                                                                   u"$BadClus", u"$Secure",  u"$UpCase",  u"$Extend"};
  for (std::uint32_t i = 0; i < kSystemFiles; ++i) {
    plan.system_files[i] = {std::u16string(names[i]), i, 0, 0, kHiddenSystem};
  }
  plan.system_files[kRoot].attributes |= file_name::kDirectoryAttribute;
  plan.system_files[kExtend].attributes |= file_name::kDirectoryAttribute;
  plan.system_files[kSecure].attributes |= file_name::kViewIndexAttribute;
}

void describe_system_files(VolumePlan& plan) {
  const auto set = [&](std::uint32_t number, const Region& region) {
    plan.system_files[number].allocated = region.clusters * kClusterSize;
    plan.system_files[number].size = region.size;
  };
  set(kMft, plan.mft);
  set(kMftMirror, plan.mirror);
  set(kLogFile, plan.log);
  set(kAttrDef, plan.definitions);
  set(kBitmap, plan.bitmap);
  set(kBoot, {0, kBootSize / kClusterSize, kBootSize});
  set(kUpCase, plan.upcase);
  plan.system_files[kRoot].attributes |= plan.tree.inodes[0].attributes & (kAttributeReadOnly | kAttributeArchive);
}

void write_system_record(const VolumePlan& plan, std::uint32_t number, std::span<std::uint8_t> out) {
  SystemRecord(plan, number, out).write();
}

void write_view_blocks(const ViewIndex& index, std::span<std::uint8_t> out) {
  for (std::uint32_t block = 0; block < index.tree.blocks.size(); ++block) {
    write_index_block(
        index.tree, block, index.lengths,
        [&](std::uint32_t rank, std::span<std::uint8_t> entry) {
          std::copy(index.entries[rank].begin(), index.entries[rank].end(), entry.begin());
        },
        out.subspan(block * kIndexBlockSize, kIndexBlockSize));
  }
}

Bytes boot_record(const VolumePlan& plan, std::uint64_t total_sectors) {
  // Without a boot record of somebody: jump over the BPB, wait there for ever.
  constexpr std::array<std::uint8_t, 4> kHalt = {0xFA, 0xF4, 0xEB, 0xFD};
  Bytes bytes = plan.options.boot_record;
  if (bytes.empty()) {
    bytes.resize(kBootSize);
    std::copy(kHalt.begin(), kHalt.end(), bytes.begin() + boot::kCode);
    put_le<std::uint16_t>(bytes, boot::kSignature, 0xAA55);
  }
  const std::array<std::uint8_t, 3> jump = {0xEB, 0x52, 0x90};
  if (plan.options.boot_record.empty()) std::copy(jump.begin(), jump.end(), bytes.begin());
  std::fill(bytes.begin() + 3, bytes.begin() + boot::kCode, std::uint8_t{0});
  put_text(bytes, boot::kOemIdOffset, boot::kOemId);
  put_le<std::uint16_t>(bytes, boot::kBytesPerSector, kSectorSize);
  bytes[boot::kSectorsPerCluster] = kClusterSize / kSectorSize;
  bytes[boot::kMediaType] = 0xF8;
  put_le<std::uint16_t>(bytes, boot::kSectorsPerTrack, 63);
  put_le<std::uint16_t>(bytes, boot::kHeads, 255);
  put_le<std::uint32_t>(bytes, boot::kHiddenSectors, static_cast<std::uint32_t>(plan.options.hidden_sectors));
  put_le<std::uint32_t>(bytes, boot::kPhysicalDrive, 0x00800080);
  put_le<std::uint64_t>(bytes, boot::kTotalSectors, total_sectors);
  put_le<std::uint64_t>(bytes, boot::kMftCluster, plan.mft.cluster);
  put_le<std::uint64_t>(bytes, boot::kMftMirrorCluster, plan.mirror.cluster);
  bytes[boot::kClustersPerRecord] = 0xF6;  // 2^10 bytes
  bytes[boot::kClustersPerIndexBlock] = kIndexBlockSize / kClusterSize;
  put_le<std::uint64_t>(bytes, boot::kSerial, plan.options.serial);
  return bytes;
}

}  // namespace winnow::ntfs
