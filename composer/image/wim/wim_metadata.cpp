#include "image/wim/wim_metadata.hpp"

#include <algorithm>
#include <string>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "formats/wim.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kAttributeReparsePoint = 0x400;

std::size_t aligned(std::size_t size) { return (size + 7) / 8 * 8; }

std::size_t name_bytes(const std::u16string& name) { return name.empty() ? 0 : name.size() * 2 + 2; }

class MetadataWriter {
 public:
  MetadataWriter(const VolumeTree& tree, const WimBlobs& blobs) : tree_(tree), blobs_(blobs), out_(bytes_) {}

  Result<Bytes> write();

 private:
  // The hashes of a file's streams in the order they are written; those without a name first.
  struct Streams {
    std::vector<Sha1Digest> unnamed;
    std::size_t named = 0;
    [[nodiscard]] bool are_entries() const { return unnamed.size() > 1 || named > 0; }
    [[nodiscard]] std::size_t entries() const { return are_entries() ? unnamed.size() + named : 0; }
  };

  Result<void> link_children();
  Result<void> check(std::uint32_t name) const;
  void place_lists();
  void write_security();
  void write_entry(std::uint32_t name);
  void write_stream(const Sha1Digest& hash, const std::u16string& name);
  void write_name(const std::u16string& name);
  [[nodiscard]] Streams streams_of(std::uint32_t inode) const;
  [[nodiscard]] std::size_t entry_size(std::uint32_t name) const;
  [[nodiscard]] bool is_folder(std::uint32_t name) const;
  [[nodiscard]] std::string path_of(std::uint32_t name) const;
  [[nodiscard]] tl::unexpected<Error> refuse(std::uint32_t name, const std::string& why) const {
    return fail("cannot write WIM: " + path_of(name) + " " + why);
  }

  const VolumeTree& tree_;
  const WimBlobs& blobs_;
  std::vector<std::vector<std::uint32_t>> children_;  // of each name, sorted
  std::vector<std::uint32_t> links_;                  // of each inode
  std::vector<std::uint64_t> list_offset_;            // of each folder's children
  std::vector<std::uint32_t> folders_;                // in preorder
  Bytes bytes_;
  ByteWriter out_;
};

bool MetadataWriter::is_folder(std::uint32_t name) const {
  return (tree_.inodes[tree_.names[name].inode].attributes & kAttributeDirectory) != 0;
}

std::string MetadataWriter::path_of(std::uint32_t name) const { return "\\" + path_text(tree_, name); }

Result<Bytes> MetadataWriter::write() {
  WINNOW_CHECK(link_children());
  write_security();
  place_lists();
  write_entry(0);
  out_.zeros(wim::kListEnd);
  for (const std::uint32_t folder : folders_) {
    for (const std::uint32_t child : children_[folder]) write_entry(child);
    out_.zeros(wim::kListEnd);
  }
  return std::move(bytes_);
}

Result<void> MetadataWriter::link_children() {
  children_.resize(tree_.names.size());
  links_.resize(tree_.inodes.size());
  for (std::uint32_t name = 0; name < tree_.names.size(); ++name) {
    ++links_[tree_.names[name].inode];
    if (name != 0) children_[tree_.names[name].parent].push_back(name);
  }
  for (std::vector<std::uint32_t>& list : children_) {
    std::vector<std::pair<std::u16string, std::uint32_t>> keyed;
    for (const std::uint32_t name : list) keyed.emplace_back(upcase(tree_.names[name].name), name);
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = keyed[i].second;
  }
  for (std::uint32_t name = 0; name < tree_.names.size(); ++name) WINNOW_CHECK(check(name));
  return {};
}

Result<void> MetadataWriter::check(std::uint32_t name) const {
  const Dentry& dentry = tree_.names[name];
  const Inode& inode = tree_.inodes[dentry.inode];
  if (dentry.name.size() > ntfs::kMaxNameUnits) return refuse(name, "has a name of more than 255 characters");
  if (is_folder(name) && links_[dentry.inode] > 1) return refuse(name, "is a folder with several names");
  if (!is_folder(name) && !children_[name].empty()) return refuse(name, "is a file with something below it");
  if (inode.security >= tree_.security_descriptors.size()) return refuse(name, "has a descriptor that is not there");
  if (!inode.extras) return {};
  if (!inode.extras->attributes.empty()) return refuse(name, "has extended attributes, which a WIM has no place for");
  if (inode.extras->reparse && links_[dentry.inode] > 1) {
    return refuse(name, "is a reparse point with several names, which a WIM has no place for");
  }
  if (inode.extras->streams.size() > wim::kMaxStreams - 2) return refuse(name, "has too many named streams");
  return {};
}

void MetadataWriter::write_security() {
  std::size_t length = 8;
  for (const Bytes& descriptor : tree_.security_descriptors) length += 8 + descriptor.size();
  out_.le32(static_cast<std::uint32_t>(aligned(length)));
  out_.le32(static_cast<std::uint32_t>(tree_.security_descriptors.size()));
  for (const Bytes& descriptor : tree_.security_descriptors) out_.le64(descriptor.size());
  for (const Bytes& descriptor : tree_.security_descriptors) out_.bytes(descriptor);
  out_.align(8);
}

// Where the children of each folder begin; the folders in preorder.
void MetadataWriter::place_lists() {
  list_offset_.resize(tree_.names.size());
  std::uint64_t next = bytes_.size() + entry_size(0) + wim::kListEnd;
  std::vector<std::uint32_t> stack = {0};
  while (!stack.empty()) {
    const std::uint32_t folder = stack.back();
    stack.pop_back();
    folders_.push_back(folder);
    list_offset_[folder] = next;
    for (const std::uint32_t child : children_[folder]) next += entry_size(child);
    next += wim::kListEnd;
    for (auto child = children_[folder].rbegin(); child != children_[folder].rend(); ++child) {
      if (is_folder(*child)) stack.push_back(*child);
    }
  }
}

// The rules that DISM and libwim follow: one stream without a name goes into the entry itself; when there is anything
// more, all go into entries of their own, reparse data first, named ones last.
MetadataWriter::Streams MetadataWriter::streams_of(std::uint32_t inode_number) const {
  const Inode& inode = tree_.inodes[inode_number];
  const InodeHashes& hashes = blobs_.inodes[inode_number];
  Streams streams;
  if (inode.extras && inode.extras->reparse) streams.unnamed.push_back(hashes.reparse);
  if ((inode.attributes & kAttributeDirectory) == 0) streams.unnamed.push_back(hashes.data);
  streams.named = hashes.streams.size();
  return streams;
}

std::size_t MetadataWriter::entry_size(std::uint32_t name) const {
  const Dentry& dentry = tree_.names[name];
  std::size_t size = aligned(wim::kDentrySize + name_bytes(dentry.name) + name_bytes(dentry.short_name));
  const Streams streams = streams_of(dentry.inode);
  if (!streams.are_entries()) return size;
  size += streams.unnamed.size() * aligned(wim::kStreamEntrySize);
  if (streams.named == 0) return size;
  for (const NamedStream& stream : tree_.inodes[dentry.inode].extras->streams) {
    size += aligned(wim::kStreamEntrySize + name_bytes(stream.name));
  }
  return size;
}

void MetadataWriter::write_name(const std::u16string& name) {
  if (name.empty()) return;
  for (const char16_t unit : name) out_.le16(unit);
  out_.le16(0);
}

void MetadataWriter::write_entry(std::uint32_t name) {
  const Dentry& dentry = tree_.names[name];
  const Inode& inode = tree_.inodes[dentry.inode];
  const Streams streams = streams_of(dentry.inode);
  const bool is_reparse = inode.extras && inode.extras->reparse;
  const std::size_t length = aligned(wim::kDentrySize + name_bytes(dentry.name) + name_bytes(dentry.short_name));
  out_.le64(length);
  out_.le32(inode.attributes | (is_reparse ? kAttributeReparsePoint : 0));
  out_.le32(inode.security);
  out_.le64(is_folder(name) ? list_offset_[name] : 0);
  out_.zeros(16);  // unused
  out_.le64(inode.times.created);
  out_.le64(inode.times.accessed);
  out_.le64(inode.times.modified);
  out_.bytes(!streams.are_entries() && !streams.unnamed.empty() ? streams.unnamed.front().bytes : Sha1Digest{}.bytes);
  out_.le32(0);  // meaning unknown
  if (is_reparse) {
    out_.le32(inode.extras->reparse->tag);
    out_.le16(0);
    out_.le16(wim::kTargetNotFixed);
  } else {
    out_.le64(links_[dentry.inode] > 1 ? dentry.inode + std::uint64_t{1} : 0);  // the same for all names of a file
  }
  out_.le16(static_cast<std::uint16_t>(streams.entries()));
  out_.le16(static_cast<std::uint16_t>(dentry.short_name.size() * 2));
  out_.le16(static_cast<std::uint16_t>(dentry.name.size() * 2));
  write_name(dentry.name);
  write_name(dentry.short_name);
  out_.align(8);
  if (!streams.are_entries()) return;
  for (const Sha1Digest& hash : streams.unnamed) write_stream(hash, {});
  for (std::size_t i = 0; i < streams.named; ++i) {
    write_stream(blobs_.inodes[dentry.inode].streams[i], inode.extras->streams[i].name);
  }
}

void MetadataWriter::write_stream(const Sha1Digest& hash, const std::u16string& name) {
  out_.le64(aligned(wim::kStreamEntrySize + name_bytes(name)));
  out_.le64(0);
  out_.bytes(hash.bytes);
  out_.le16(static_cast<std::uint16_t>(name.size() * 2));
  write_name(name);
  out_.align(8);
}

}  // namespace

Result<Bytes> make_wim_metadata(const VolumeTree& tree, const WimBlobs& blobs) {
  return MetadataWriter(tree, blobs).write();
}

}  // namespace winnow
