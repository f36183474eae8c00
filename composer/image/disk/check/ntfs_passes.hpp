// The parts of check_ntfs(), in the order they run.
#pragma once

#include <functional>
#include <optional>

#include "image/disk/check/ntfs_index.hpp"
#include "image/disk/check/ntfs_state.hpp"

namespace winnow::check {

// Boot sector against its backup, the volume's size and `hidden`. Nothing when no geometry can be taken from it.
[[nodiscard]] std::optional<Geometry> check_boot_sector(const DiskView& disk, std::optional<std::uint64_t> hidden,
                                                        NtfsFindings& findings);
// $MFT's own stream, from the record that the boot sector points at. Nothing when it cannot be read.
[[nodiscard]] std::optional<Stream> find_mft(const NtfsVolume& volume, NtfsFindings& findings);

// Every record and file; fills `files`, `names`, `claims`, reparse points and object ids.
void check_records(NtfsState& state);
// What one file's streams say about it: $STANDARD_INFORMATION, $FILE_NAMEs, sizes, reparse point, EAs.
void check_file(NtfsState& state, const NtfsFile& file, const RecordReport& report);
// Reparse points (WOF above all) and extended attributes of `file`.
void check_reparse_point(NtfsState& state, const NtfsFile& file, FileFacts& facts, const RecordReport& report);
void check_extended_attributes(NtfsState& state, const NtfsFile& file, FileFacts& facts, const RecordReport& report);

// $MFTMirr, $Volume, $LogFile, $AttrDef, $UpCase. `upcase` gets the volume's table when it has one.
void check_system_files(NtfsState& state, std::u16string& upcase);
// Directory indexes against $FILE_NAMEs, both ways, and that every name leads to the root.
void check_names(NtfsState& state);
// $Secure, and that every security id is in it.
void check_security(NtfsState& state);
// $Extend\$Reparse, $ObjId, $Quota.
void check_extend(NtfsState& state);
// $Bitmap against the claims, $MFT:$BITMAP against the records.
void check_bitmaps(NtfsState& state);
// The files that \Windows\winnow\provenance.json lists against their SHA-256.
void check_contents(NtfsState& state);

// The record of `path` (names joined by '\', compared as $I30 does), or nothing.
[[nodiscard]] std::optional<std::uint64_t> find_path(const NtfsState& state, std::u16string_view path);
// The whole unnamed stream of a record.
[[nodiscard]] std::optional<Bytes> read_content(const NtfsState& state, std::uint64_t record);

// Why `descriptor` is no self-relative SECURITY_DESCRIPTOR; "" when it is one.
[[nodiscard]] std::string find_descriptor_fault(ByteView descriptor);

}  // namespace winnow::check
