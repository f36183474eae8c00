#include "image/container/layer_writer.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/interrupt.hpp"
#include "image/container/tar_header.hpp"

namespace winnow {

namespace {

constexpr std::string_view kRoot = "Files";      // what becomes the container's C: drive
constexpr std::uint32_t kDirectorySecurity = 0;  // indexes of ImagePlan::security_descriptors
constexpr std::uint32_t kFileSecurity = 1;

TreeEntry make_root(const ImagePlan& plan) {
  TreeEntry root;
  root.attributes = kAttributeDirectory;
  root.security = kDirectorySecurity;
  root.time = plan.created;
  return root;
}

// The hive's bytes stay with `hive`, which must outlive the entry.
TreeEntry make_hive_entry(const ImagePlan& plan, const HiveFile& hive) {
  TreeEntry entry;
  entry.path = hive_path(hive.id);
  entry.attributes = kAttributeArchive;
  entry.security = kFileSecurity;
  entry.time = plan.created;
  entry.size = hive.bytes.size();
  entry.digest = sha256(hive.bytes);
  entry.content = Content::of_shared(nullptr, hive.bytes);
  return entry;
}

class LayerWriter {
 public:
  LayerWriter(const ImagePlan& plan, ByteSink& sink) : plan_(plan), sink_(sink) {}

  Result<void> write(const std::vector<const TreeEntry*>& entries);

 private:
  Result<void> check_place(const TreeEntry& entry);
  Result<void> write_header(const TreeEntry& entry);
  Result<void> write_content(const TreeEntry& entry);

  const ImagePlan& plan_;
  ByteSink& sink_;
  std::set<WindowsPath> directories_;
};

tl::unexpected<Error> failure(const TreeEntry& entry, const std::string& reason) {
  return fail("cannot write layer entry \"" + entry.path.text() + "\": " + reason);
}

Result<void> LayerWriter::write(const std::vector<const TreeEntry*>& entries) {
  for (const TreeEntry* entry : entries) {
    if (interrupted()) return fail("cannot write layer: interrupted");
    WINNOW_CHECK(check_place(*entry));
    WINNOW_CHECK(write_header(*entry));
    if (!entry->is_directory()) WINNOW_CHECK(write_content(*entry));
  }
  Bytes end;
  write_tar_end(end);
  return sink_.write(end);
}

// An importer opens each entry below a parent it has already made.
Result<void> LayerWriter::check_place(const TreeEntry& entry) {
  if (!entry.path.is_root() && !directories_.contains(entry.path.parent())) {
    return failure(entry, "its folder is not in the plan");
  }
  if (entry.is_directory()) directories_.insert(entry.path);
  return {};
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

Result<void> write_layer(const ImagePlan& plan, const std::vector<HiveFile>& hives, ByteSink& sink) {
  const TreeEntry root = make_root(plan);
  std::vector<TreeEntry> hive_entries;
  for (const HiveFile& hive : hives) hive_entries.push_back(make_hive_entry(plan, hive));

  std::vector<const TreeEntry*> entries;
  if (!plan.tree.contains(root.path)) entries.push_back(&root);
  for (const auto& [path, entry] : plan.tree) entries.push_back(&entry);
  for (const TreeEntry& entry : hive_entries) {
    if (plan.tree.contains(entry.path)) return failure(entry, "the place belongs to a registry hive");
    entries.push_back(&entry);
  }
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
  return LayerWriter(plan, sink).write(entries);
}

ByteCount measure_content(const ImagePlan& plan, const std::vector<HiveFile>& hives) {
  ByteCount total = 0;
  for (const auto& [path, entry] : plan.tree) total += entry.size;
  for (const HiveFile& hive : hives) total += hive.bytes.size();
  return total;
}

}  // namespace winnow
