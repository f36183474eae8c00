// The 46 single corruptions of disk-measurements.md 4, and some that no tool of others was asked about: each a function
// that breaks one thing in the bytes of a volume made from make_disk_tree(), and the words by which a checker must name
// it.
#pragma once

#include <algorithm>

#include "support/ntfs_editor.hpp"

namespace winnow::test {

struct NtfsMutation {
  const char* name;
  const char* subject;  // a part of the finding's subject
  const char* message;  // a part of its message
  void (*apply)(const NtfsEditor& volume);
};

// A file with clusters, one that lies in its record, and the directory with an index of several blocks.
inline std::size_t target(const NtfsEditor& v) { return v.find(u"target.dll"); }
inline std::size_t small_file(const NtfsEditor& v) { return v.find(u"small.txt"); }
inline std::size_t big(const NtfsEditor& v) { return v.find(u"Big"); }

inline void flip_bit(ByteSpan bits, std::size_t bit) {
  bits[bit / 8] = static_cast<std::uint8_t>(bits[bit / 8] ^ 1u << (bit % 8));
}
inline std::size_t clusters(const NtfsEditor& v) { return get_le(v.volume(), ntfs::boot::kTotalSectors, 8) / 8; }
inline std::size_t first_cluster(const NtfsEditor& v, ByteSpan content) {
  return static_cast<std::size_t>(content.data() - v.volume().data()) / ntfs::kClusterSize;
}
// A leaf of the large directory, and one of its entries.
inline void edit_leaf(const NtfsEditor& v, const std::function<void(ByteSpan)>& edit) {
  v.edit_index_block(big(v), v.leaf(big(v)), edit);
}
inline void edit_entry(const NtfsEditor& v, std::size_t index, const std::function<void(ByteSpan)>& edit) {
  edit_leaf(v, [&](ByteSpan block) {
    const Spot spot = NtfsEditor::entries(block)[index];
    edit(block.subspan(spot.at, spot.length));
  });
}
// Two neighbours of equal length change places.
inline void swap_entries(ByteSpan block) {
  const auto spots = NtfsEditor::entries(block);
  for (std::size_t i = 1; i < spots.size(); ++i) {
    if (spots[i].length != spots[i - 1].length) continue;
    std::swap_ranges(block.begin() + static_cast<std::ptrdiff_t>(spots[i - 1].at),
                     block.begin() + static_cast<std::ptrdiff_t>(spots[i].at),
                     block.begin() + static_cast<std::ptrdiff_t>(spots[i].at));
    return;
  }
  throw std::runtime_error("the leaf has no two entries of one length");
}
inline void remove_entry(ByteSpan block) {
  const Spot spot = NtfsEditor::entries(block)[2];
  const std::size_t in_use = ntfs::index_block::kHeader + ntfs::index_header::kBytesInUse;
  const std::size_t end = ntfs::index_block::kHeader + get_le(block, in_use, 4);
  std::copy(block.begin() + static_cast<std::ptrdiff_t>(spot.at + spot.length),
            block.begin() + static_cast<std::ptrdiff_t>(end), block.begin() + static_cast<std::ptrdiff_t>(spot.at));
  put_le(block, in_use, 4, get_le(block, in_use, 4) - spot.length);
}
inline void add_to(ByteSpan bytes, std::size_t at, std::size_t size, std::uint64_t number) {
  put_le(bytes, at, size, get_le(bytes, at, size) + number);
}
// The first record with an attribute of this type.
inline std::size_t record_with(const NtfsEditor& v, std::uint32_t type) {
  for (std::size_t number = 0; number < v.record_count(); ++number) {
    if (!NtfsEditor::attributes(v.plain_record(number), type).empty()) return number;
  }
  throw std::runtime_error("no record has this attribute");
}
// $Secure's descriptors.
inline ByteSpan descriptors(const NtfsEditor& v) { return v.content(ntfs::kSecure, ntfs::kData); }
// Run list of target.dll's $DATA.
inline void edit_runs(const NtfsEditor& v, const std::function<void(ByteSpan)>& edit) {
  v.edit_attribute(target(v), ntfs::kData,
                   [&](ByteSpan a) { edit(a.subspan(get_le(a, ntfs::attribute::kRunsOffset, 2))); });
}

using V = const NtfsEditor&;

inline const std::vector<NtfsMutation> kNtfsMutations = {
    {"boot: total sectors +100000", "boot sector", "total sectors is",
     [](V v) { add_to(v.volume(), ntfs::boot::kTotalSectors, 8, 100000); }},
    {"backup boot sector zeroed", "backup boot sector", "differs from the boot sector",
     [](V v) { std::fill(v.volume().end() - 512, v.volume().end(), std::uint8_t{0}); }},
    {"boot: MFTMirr LCN wrong", "boot sector", "$MFTMirr cluster is",
     [](V v) { add_to(v.volume(), ntfs::boot::kMftMirrorCluster, 8, 5); }},
    {"$MFTMirr record 0 differs from $MFT", "$MFTMirr", "record 0 differs",
     [](V v) { v.content(ntfs::kMftMirror, ntfs::kData)[0x30] ^= 1; }},
    {"MFT rec: USA torn (sector 2 tail)", "target.dll", "update sequence: the end of sector 2",
     [](V v) { v.raw_record(target(v))[1022] ^= 0x55; }},
    {"MFT rec: in-use flag cleared", "MFT record", "not in use, marked used",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { put_le(r, ntfs::record::kFlags, 2, 0); }); }},
    {"MFT rec: sequence number +1", "System32", "entry \"target.dll\": sequence number is 1, expected 2",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { add_to(r, ntfs::record::kSequence, 2, 1); }); }},
    {"MFT rec: link count 1->3", "target.dll", "link count is 3, expected 1",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { put_le(r, ntfs::record::kLinkCount, 2, 3); }); }},
    {"MFT rec: bytes_in_use too small", "MFT record", "bytes in use",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { add_to(r, ntfs::record::kBytesInUse, 4, 0xFFFFFFE0); }); }},
    {"MFT rec: record number field wrong", "target.dll", "record number in the header is",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { add_to(r, ntfs::record::kNumber, 4, 7); }); }},
    {"MFT rec: next_attr_id too low (0)", "target.dll", "next_attr_id is 0, expected at least",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { put_le(r, ntfs::record::kNextAttributeId, 2, 0); }); }},
    {"attr order: $DATA type code 0x80->0x28", "target.dll", "attribute order: type 0x28 comes after 0x30",
     [](V v) { v.edit_attribute(target(v), ntfs::kData, [](ByteSpan a) { put_le(a, 0, 4, 0x28); }); }},
    {"FILE_NAME attr: resident, indexed flag cleared", "target.dll", "$FILE_NAME: indexed flag is 0, expected 1",
     [](V v) {
       v.edit_attribute(target(v), ntfs::kFileName, [](ByteSpan a) { a[ntfs::attribute::kIndexedFlag] = 0; });
     }},
    {"FILE_NAME attr: name char changed (index kept)", "tXrget.dll", "has it 0 times, expected once",
     [](V v) {
       v.edit_value(target(v), ntfs::kFileName, [](ByteSpan n) { put_le(n, ntfs::file_name::kName + 2, 2, 'X'); });
     }},
    {"FILE_NAME attr: parent ref -> other dir", "target.dll", "has it 0 times, expected once",
     [](V v) {
       const std::uint64_t other = ntfs::reference(
           big(v), static_cast<std::uint16_t>(get_le(v.plain_record(big(v)), ntfs::record::kSequence, 2)));
       v.edit_value(target(v), ntfs::kFileName, [&](ByteSpan n) { put_le(n, ntfs::file_name::kParent, 8, other); });
     }},
    {"$DATA: runlist LCN beyond volume", "target.dll", "outside the volume's",
     [](V v) { edit_runs(v, [](ByteSpan r) { r[1 + (r[0] & 15u) + (r[0] >> 4u) - 1] = 0x7F; }); }},
    {"$DATA: run length one short of last_vcn", "target.dll", "clusters, expected 18 up to last_vcn",
     [](V v) { edit_runs(v, [](ByteSpan r) { r[1] = static_cast<std::uint8_t>(r[1] - 1); }); }},
    {"$DATA: allocated_size too small by 1 cluster", "target.dll", "$DATA: allocated size is 69632, expected 73728",
     [](V v) {
       v.edit_attribute(target(v), ntfs::kData,
                        [](ByteSpan a) { put_le(a, ntfs::attribute::kAllocatedSize, 8, 69632); });
     }},
    {"$DATA: data_size > allocated_size", "target.dll", "$DATA: data size is 99999, expected at most",
     [](V v) {
       v.edit_attribute(target(v), ntfs::kData, [](ByteSpan a) { put_le(a, ntfs::attribute::kDataSize, 8, 99999); });
     }},
    {"$DATA: initialized_size = 0", "target.dll", "$DATA: initialized size is 0, expected 70000",
     [](V v) {
       v.edit_attribute(target(v), ntfs::kData, [](ByteSpan a) { put_le(a, ntfs::attribute::kInitializedSize, 8, 0); });
     }},
    {"resident $DATA: value_length beyond attribute", "small.txt", "goes beyond the attribute",
     [](V v) {
       v.edit_attribute(small_file(v), ntfs::kData,
                        [](ByteSpan a) { put_le(a, ntfs::attribute::kValueLength, 4, 5000); });
     }},
    {"$Bitmap: used cluster marked free", "$Bitmap", "target.dll), marked free, expected used",
     [](V v) { flip_bit(v.content(ntfs::kBitmap, ntfs::kData), first_cluster(v, v.content(target(v), ntfs::kData))); }},
    {"$Bitmap: free cluster marked used (lost)", "$Bitmap", "no file has them (lost)",
     [](V v) { flip_bit(v.content(ntfs::kBitmap, ntfs::kData), clusters(v) - 3); }},
    {"$Bitmap: bits past end of volume cleared", "$Bitmap", "past the end of the volume",
     [](V v) { flip_bit(v.content(ntfs::kBitmap, ntfs::kData), clusters(v)); }},
    {"$MFT bitmap: used record marked free", "target.dll", "$MFT:$BITMAP: the record is in use, marked free",
     [](V v) { flip_bit(v.content(ntfs::kMft, ntfs::kBitmapAttribute), target(v)); }},
    {"$MFT bitmap: unused record marked used", "MFT record 20", "$MFT:$BITMAP: the record is not in use, marked used",
     [](V v) { flip_bit(v.content(ntfs::kMft, ntfs::kBitmapAttribute), 20); }},
    {"INDX: USA torn", "Big", "update sequence: the end of sector 8",
     [](V v) { v.content(big(v), ntfs::kIndexAllocation)[v.leaf(big(v)) * 4096 + 4094] ^= 0x55; }},
    {"INDX: magic destroyed", "Big", "expected \"INDX\"",
     [](V v) { v.content(big(v), ntfs::kIndexAllocation)[v.leaf(big(v)) * 4096] = 'X'; }},
    {"INDX: two leaf entries swapped (sort order)", "Big", "sort order:", [](V v) { edit_leaf(v, swap_entries); }},
    {"INDX: leaf entry deleted (file orphaned)", "MFT record", "has it 0 times, expected once",
     [](V v) { edit_leaf(v, remove_entry); }},
    {"INDX: entry MFT ref -> other file", "Big", "which has no such $FILE_NAME",
     [](V v) {
       const std::size_t other = small_file(v);
       edit_entry(v, 1, [&](ByteSpan e) { put_le(e, 0, 8, ntfs::reference(other, 1)); });
     }},
    {"INDX: entry sequence number wrong", "Big", "sequence number is",
     [](V v) { edit_entry(v, 1, [](ByteSpan e) { add_to(e, 6, 2, 1); }); }},
    {"INDX: entry name char changed", "Big", "which has no such $FILE_NAME",
     [](V v) { edit_entry(v, 1, [](ByteSpan e) { e[e.size() - 16] ^= 0x20; }); }},
    {"INDX: entry sizes (dup info) wrong", "Big", "data size is",
     [](V v) {
       edit_entry(v, 1, [](ByteSpan e) { add_to(e, ntfs::index_entry::kKey + ntfs::file_name::kDataSize, 8, 1); });
     }},
    {"INDX: entry length corrupt", "Big", "entry length is",
     [](V v) { edit_entry(v, 1, [](ByteSpan e) { put_le(e, ntfs::index_entry::kLength, 2, 0x1233); }); }},
    {"INDX: header VCN wrong", "Big", "VCN in the block's header is",
     [](V v) { edit_leaf(v, [](ByteSpan b) { add_to(b, ntfs::index_block::kVcn, 8, 1); }); }},
    {"index: child VCN in root/inner wrong", "Big", "child VCN 200",
     [](V v) {
       v.edit_value(big(v), ntfs::kIndexRoot,
                    [](ByteSpan r) { put_le(r, 32 + get_le(r, 32 + ntfs::index_entry::kLength, 2) - 8, 8, 200); });
     }},
    {"index $BITMAP: used INDX block marked free", "Big", "$BITMAP: block 0 is in use, marked free",
     [](V v) { v.edit_value(big(v), ntfs::kBitmapAttribute, [](ByteSpan b) { b[0] ^= 1; }); }},
    {"index root: collation rule wrong", "Big", "collation rule is 0x10, expected 0x1",
     [](V v) {
       v.edit_value(big(v), ntfs::kIndexRoot, [](ByteSpan r) { put_le(r, ntfs::index_root::kCollation, 4, 0x10); });
     }},
    {"hard link: 2nd name link count 2->1", "kernel32.dll", "link count is 1, expected 2",
     [](V v) {
       v.edit_record(v.find(u"kernel32.dll"), [](ByteSpan r) { put_le(r, ntfs::record::kLinkCount, 2, 1); });
     }},
    {"$UpCase: entry for a -> X", "$UpCase", "upper case of unit 0x61 is 0x58, expected 0x41",
     [](V v) { put_le(v.content(ntfs::kUpCase, ntfs::kData), 2 * 'a', 2, 'X'); }},
    {"$Volume: dirty flag set", "$Volume", "the volume is dirty",
     [](V v) { v.edit_value(ntfs::kVolume, ntfs::kVolumeInformation, [](ByteSpan i) { i[10] |= 1; }); }},
    {"$LogFile: first page random", "$LogFile", "restart page 1",
     [](V v) {
       for (std::size_t i = 0; i < 4096; ++i)
         v.content(ntfs::kLogFile, ntfs::kData)[i] = static_cast<std::uint8_t>(i * 37 + 11);
     }},
    {"$Secure $SDS: descriptor hash broken", "$Secure", "descriptor hash is", [](V v) { descriptors(v)[0] ^= 1; }},
    {"SD: security descriptor attr revision broken", "MFT record", "$SECURITY_DESCRIPTOR: its revision is not 1",
     [](V v) {
       v.edit_value(record_with(v, ntfs::kSecurityDescriptor), ntfs::kSecurityDescriptor, [](ByteSpan d) { d[0] = 7; });
     }},
    {"user file content: 1 byte flipped", "target.dll", "content has SHA-256",
     [](V v) { v.content(target(v), ntfs::kData)[777] ^= 1; }},
    {"boot: OEM id", "boot sector", "OEM id is", [](V v) { v.volume()[3] = 'X'; }},
    {"boot: hidden sectors differ from the backup", "backup boot sector", "from byte 0x1c on",
     [](V v) { add_to(v.volume(), ntfs::boot::kHiddenSectors, 4, 1); }},
    {"boot: $MFT cluster", "MFT record 0", "where the boot sector says that $MFT begins",
     [](V v) { put_le(v.volume(), ntfs::boot::kMftCluster, 8, 100); }},
    {"MFT rec: magic", "MFT record", "expected \"FILE\"", [](V v) { v.raw_record(target(v))[0] = 'B'; }},
    {"attribute id used twice", "target.dll", "is used twice in the record",
     [](V v) {
       v.edit_attribute(target(v), ntfs::kData, [](ByteSpan a) { put_le(a, ntfs::attribute::kId, 2, 0); });
       v.edit_attribute(target(v), ntfs::kStandardInformation,
                        [](ByteSpan a) { put_le(a, ntfs::attribute::kId, 2, 0); });
     }},
    {"$STANDARD_INFORMATION: unknown security id", "target.dll", "security id 2457 is not in $Secure",
     [](V v) {
       v.edit_value(target(v), ntfs::kStandardInformation,
                    [](ByteSpan i) { put_le(i, ntfs::standard_information::kSecurityId, 4, 2457); });
     }},
    {"$STANDARD_INFORMATION: time", "System32", "modification time is",
     [](V v) { v.edit_value(target(v), ntfs::kStandardInformation, [](ByteSpan i) { add_to(i, 8, 8, 1); }); }},
    {"$SDS: mirror differs", "$Secure", "differs from its mirror", [](V v) { descriptors(v)[0x40000 + 40] ^= 1; }},
    {"$SDS: descriptor body, its owner", "$Secure", "its owner is no SID inside it",
     [](V v) { put_le(descriptors(v), ntfs::sds::kHeader + 4, 4, 0x7000); }},
    {"$SDS: ACL revision", "$Secure", "DACL revision is 9",
     [](V v) {
       ByteSpan d = descriptors(v).subspan(ntfs::sds::kHeader);
       d[get_le(d, 16, 4)] = 9;
     }},
    {"$SDS: offset", "$Secure", "offset is", [](V v) { add_to(descriptors(v), ntfs::sds::kOffset, 8, 16); }},
    {"$SII: data differs from $SDS", "$Secure", "index $SII: the data of security id",
     [](V v) {
       v.edit_value(
           ntfs::kSecure, ntfs::kIndexRoot, [](ByteSpan r) { r[32 + get_le(r, 32, 2) + 8] ^= 1; }, 1);
     }},
    {"$SDH: data differs from $SDS", "$Secure", "index $SDH: the data of security id",
     [](V v) {
       v.edit_value(
           ntfs::kSecure, ntfs::kIndexRoot, [](ByteSpan r) { r[32 + get_le(r, 32, 2) + 8] ^= 1; }, 0);
     }},
    {"$Reparse: tag in the index", "Junction", "is not in the index $R",
     [](V v) {
       v.edit_value(v.find(u"$Reparse"), ntfs::kIndexRoot, [](ByteSpan r) { r[32 + ntfs::index_entry::kKey] ^= 1; });
     }},
    {"$REPARSE_POINT: data length", "Junction", "$REPARSE_POINT: data length is",
     [](V v) { v.edit_value(v.find(u"Junction"), ntfs::kReparsePoint, [](ByteSpan r) { add_to(r, 4, 2, 1); }); }},
    {"$EA_INFORMATION: count of needed", "ea.txt", "count of needed EAs is 5, expected 1",
     [](V v) { v.edit_value(v.find(u"ea.txt"), ntfs::kEaInformation, [](ByteSpan i) { put_le(i, 2, 2, 5); }); }},
    {"$EA: name length", "ea.txt", "$EA: the entry at offset 0",
     [](V v) { v.edit_value(v.find(u"ea.txt"), ntfs::kEa, [](ByteSpan e) { e[5] = 200; }); }},
    {"attribute list: entry names another record", "many.txt", "$ATTRIBUTE_LIST:",
     [](V v) { add_to(v.content(v.find(u"many.txt"), ntfs::kAttributeList), ntfs::list_entry::kRecord, 4, 1); }},
    {"$AttrDef: name", "$AttrDef", "name is", [](V v) { v.content(ntfs::kAttrDef, ntfs::kData)[2] = 'X'; }},
    {"$Volume: version 3.0", "$Volume", "version is 3.0, expected 3.1",
     [](V v) { v.edit_value(ntfs::kVolume, ntfs::kVolumeInformation, [](ByteSpan i) { i[9] = 0; }); }},
    {"directory flag of a file", "target.dll", "flags say directory, but there is no $INDEX_ROOT",
     [](V v) { v.edit_record(target(v), [](ByteSpan r) { r[ntfs::record::kFlags] |= 2; }); }},
    {"$DATA: flags say sparse", "target.dll", "total allocated size is",
     [](V v) {
       v.edit_attribute(target(v), ntfs::kData,
                        [](ByteSpan a) { put_le(a, ntfs::attribute::kFlags, 2, ntfs::attribute::kSparse); });
     }},
    {"two files share a cluster", "MFT record", "in use twice, also by",
     [](V v) {
       edit_runs(v, [](ByteSpan r) { r[1 + (r[0] & 15u)] = static_cast<std::uint8_t>(r[1 + (r[0] & 15u)] - 1); });
     }},
    {"index entry flag: a child in a leaf", "Big", "has a child, the node has none",
     [](V v) { edit_entry(v, 1, [](ByteSpan e) { e[ntfs::index_entry::kFlags] |= 1; }); }},
    {"index block: bytes in use", "Big", "bytes in use",
     [](V v) { edit_leaf(v, [](ByteSpan b) { add_to(b, ntfs::index_block::kHeader + 4, 4, 0xFFFFFFF0); }); }},
    {"parent reference: sequence number", "target.dll", "sequence number of the parent reference is",
     [](V v) { v.edit_value(target(v), ntfs::kFileName, [](ByteSpan n) { add_to(n, 6, 2, 1); }); }},
};

}  // namespace winnow::test
