#include "image/container/layer_writer.hpp"

#include <string>

#include "base/interrupt.hpp"
#include "image/container/tar_header.hpp"

namespace winnow {

namespace {

constexpr std::string_view kRoot = "Files";  // what becomes the container's C: drive
class LayerWriter {
 public:
  LayerWriter(const ImagePlan& plan, ByteSink& sink) : plan_(plan), sink_(sink) {}

  Result<void> write(const std::vector<TreeEntry>& entries);

 private:
  Result<void> write_header(const TreeEntry& entry);
  Result<void> write_content(const TreeEntry& entry);

  const ImagePlan& plan_;
  ByteSink& sink_;
};

tl::unexpected<Error> failure(const TreeEntry& entry, const std::string& reason) {
  return fail("cannot write layer entry \"" + entry.path.text() + "\": " + reason);
}

Result<void> LayerWriter::write(const std::vector<TreeEntry>& entries) {
  for (const TreeEntry& entry : entries) {
    if (interrupted()) return fail("cannot write layer: interrupted");
    WINNOW_CHECK(write_header(entry));
    if (!entry.is_directory() && entry.link.is_root()) WINNOW_CHECK(write_content(entry));
  }
  Bytes end;
  write_tar_end(end);
  return sink_.write(end);
}

Result<void> LayerWriter::write_header(const TreeEntry& entry) {
  if (entry.security >= plan_.security_descriptors.size()) {
    return failure(entry, "it has security descriptor " + std::to_string(entry.security) + " of " +
                              std::to_string(plan_.security_descriptors.size()));
  }
  TarMember member;
  member.name = std::string(kRoot);
  if (!entry.path.is_root()) member.name += "/" + entry.path.with_slashes();
  member.type = entry.is_directory() ? pax::kDirectory : pax::kFile;
  member.mode = entry.is_directory() ? pax::kLayerDirectoryMode : pax::kLayerFileMode;
  member.size = entry.is_directory() ? 0 : entry.size;
  member.time = entry.time;
  if (!entry.link.is_root()) {  // all it says is whose name it is
    member.type = pax::kHardLink;
    member.mode = pax::kLayerLinkMode;
    member.link = std::string(kRoot) + "/" + entry.link.with_slashes();
    member.size = 0;
    Bytes header;
    write_tar_header(member, header);
    return sink_.write(header);
  }
  const std::string time = std::to_string(entry.time);
  member.records.emplace(pax::kCreationTime, time);
  member.records.emplace(pax::kFileAttributes, std::to_string(entry.attributes));
  member.records.emplace(pax::kSecurityDescriptor, to_base64(plan_.security_descriptors[entry.security]));
  member.records.emplace(pax::kAccessTime, time);
  member.records.emplace(pax::kChangeTime, time);
  Bytes header;
  write_tar_header(member, header);
  return sink_.write(header);
}

Result<void> LayerWriter::write_content(const TreeEntry& entry) {
  if (!entry.content) return failure(entry, "the plan has no content for it");
  auto loaded = entry.content->load_verified(entry.digest);
  if (!loaded) return fail(std::move(loaded).error().with_note("it is " + entry.path.text() + " in the image"));
  if (loaded->bytes().size() != entry.size) {
    return failure(entry, "it has " + std::to_string(loaded->bytes().size()) + " bytes, the plan says " +
                              std::to_string(entry.size));
  }
  WINNOW_CHECK(sink_.write(loaded->bytes()));
  return sink_.write(Bytes(tar_padding(entry.size)));
}

}  // namespace

Result<void> write_layer(const ImagePlan& plan, const std::vector<TreeEntry>& entries, ByteSink& sink) {
  return LayerWriter(plan, sink).write(entries);
}

}  // namespace winnow
