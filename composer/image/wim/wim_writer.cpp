#include "image/wim/wim_writer.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "base/utf16.hpp"
#include "formats/wim.hpp"
#include "image/disk/disk_identity.hpp"
#include "image/plan_tree.hpp"
#include "image/step_timer.hpp"
#include "image/wim/wim_metadata.hpp"
#include "image/wim/wim_resources.hpp"
#include "image/wim/wim_xml.hpp"
#include "payload/spill_content.hpp"

namespace winnow {

namespace {

void append_blob_entry(Bytes& table, const WimResource& resource, std::uint32_t references, const Sha1Digest& hash) {
  resource.append_to(table);
  ByteWriter writer(table);
  writer.le16(1);  // part
  writer.le32(references);
  writer.bytes(hash.bytes);
}

// The metadata's entry, then those of the blobs; a solid resource has one of its own before them.
Bytes make_blob_table(const WimResource& metadata, const Sha1Digest& metadata_hash,
                      const std::vector<WimResource>& resources, const std::vector<WimBlob>& blobs) {
  Bytes table;
  append_blob_entry(table, metadata, 1, metadata_hash);
  const std::size_t own = resources.size() - blobs.size();
  if (own > 0) append_blob_entry(table, resources.front(), 1, {});
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    append_blob_entry(table, resources[own + i], blobs[i].references, blobs[i].sha1);
  }
  return table;
}

std::uint32_t header_flags(WimCompression format) {
  switch (format) {
    case WimCompression::none:
      return 0;
    case WimCompression::xpress:
      return wim::kFlagCompression | wim::kFlagXpress;
    case WimCompression::lzx:
      return wim::kFlagCompression | wim::kFlagLzx;
    case WimCompression::lzms:
      return wim::kFlagCompression | wim::kFlagLzms;
  }
  return 0;
}

struct Parts {
  WimResource blob_table;
  WimResource xml;
  WimResource metadata;
  WimResource integrity;
};

Bytes make_header(const WimOptions& options, bool is_solid, const Parts& parts) {
  Bytes header;
  ByteWriter writer(header);
  writer.text(wim::kMagic);
  writer.le32(wim::kHeaderSize);
  writer.le32(is_solid || options.compression == WimCompression::lzms ? wim::kVersionSolid : wim::kVersion);
  writer.le32(header_flags(options.compression));
  writer.le32(wim_chunk_size(options.compression));
  writer.bytes(derive_guid(options.seed, "WIM").bytes);
  writer.le16(1);
  writer.le16(1);
  writer.le32(1);
  parts.blob_table.append_to(header);
  parts.xml.append_to(header);
  (options.bootable ? parts.metadata : WimResource{}).append_to(header);
  writer.le32(options.bootable ? 1 : 0);
  parts.integrity.append_to(header);
  writer.zeros(wim::kHeaderSize - header.size());
  return header;
}

Bytes make_integrity_table(const std::vector<Sha1Digest>& hashes) {
  Bytes table;
  ByteWriter writer(table);
  writer.le32(static_cast<std::uint32_t>(12 + hashes.size() * sizeof(Sha1Digest::bytes)));
  writer.le32(static_cast<std::uint32_t>(hashes.size()));
  writer.le32(wim::kIntegrityChunkSize);
  for (const Sha1Digest& hash : hashes) writer.bytes(hash.bytes);
  return table;
}

Result<void> check_options(const WimOptions& options) {
  if (options.solid && options.compression == WimCompression::none) {
    return fail("cannot write WIM: a solid one is always compressed");
  }
  for (const std::string* text : {&options.name, &options.description, &options.flags}) {
    if (!to_utf16(*text)) return fail("cannot write WIM: the name or description of its image is not UTF-8");
  }
  return {};
}

// `create` gives the file, when all contents have been read once.
template <class Create>
Result<WriteReport> write_to(const VolumeTree& tree, const WimOptions& options, Create create, Progress& progress) {
  WINNOW_CHECK(check_options(options));
  const StepTimer hash_timer;
  WINNOW_TRY(const WimBlobs blobs, collect_blobs(tree, progress));
  WriteReport report;
  report.steps.push_back({"hash contents", hash_timer.seconds()});
  WINNOW_TRY(const Bytes metadata, make_wim_metadata(tree, blobs));

  const StepTimer write_timer;
  WINNOW_TRY(WimFile file, create());
  WINNOW_TRY(ResourceWriter writer, ResourceWriter::create(file, options));
  const bool is_solid = options.solid && !blobs.blobs.empty();
  WINNOW_TRY(const std::vector<WimResource> resources,
             is_solid ? writer.write_solid(blobs.blobs, options, progress) : writer.write_blobs(blobs.blobs, progress));
  Parts parts;
  WINNOW_TRY(parts.metadata, writer.write_one(metadata, wim::kResourceMetadata));
  const Bytes table = make_blob_table(parts.metadata, sha1(metadata), resources, blobs.blobs);
  WINNOW_TRY(parts.blob_table, file.write_plain(table, wim::kResourceMetadata));
  const std::vector<Sha1Digest> hashes = file.end_hashes();
  const Bytes xml = make_wim_xml(tree, options, file.position());
  WINNOW_TRY(parts.xml, file.write_plain(xml, wim::kResourceMetadata));
  if (options.integrity) {
    WINNOW_TRY(parts.integrity, file.write_plain(make_integrity_table(hashes), 0));
  }
  report.stored = file.position();
  WINNOW_CHECK(file.finish(make_header(options, is_solid, parts)));
  for (const WimBlob& blob : blobs.blobs) report.logical += blob.content.size();
  report.steps.push_back({"write WIM", write_timer.seconds()});
  return report;
}

}  // namespace

WimOptions wim_options(const ImagePlan& plan, const VolumeTree& tree, const WriteOptions& options) {
  WimOptions wim;
  wim.compression = options.wim.compression;
  wim.solid = options.wim.solid;
  wim.level = options.level;
  wim.name = plan.name;
  wim.architecture = plan.architecture;
  wim.os_version = plan.os_version;
  wim.created = plan.created;
  wim.seed = tree_digest(tree);
  return wim;
}

Result<WriteReport> write_wim(const VolumeTree& tree, const WimOptions& options, const std::filesystem::path& target,
                              Progress& progress) {
  return write_to(
      tree, options, [&] { return WimFile::create(target); }, progress);
}

Result<PackedWim> pack_wim(const VolumeTree& tree, const WimOptions& options, const std::filesystem::path& folder,
                           Progress& progress) {
  WINNOW_TRY(const std::shared_ptr<SpillFile> file, SpillFile::create(folder));
  WINNOW_TRY(WriteReport report, write_to(
                                     tree, options, [&] { return WimFile::create(file); }, progress));
  return PackedWim{spilled_content(file, 0, report.stored), std::move(report)};
}

}  // namespace winnow
