#include "tree_generator.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "formats/upcase_table.hpp"
#include "plan/file_tree.hpp"

namespace winnow::ntfs::testing {
namespace {

constexpr std::uint32_t kAttributeTemporary = 0x100;
constexpr std::uint32_t kAttributeReparsePoint = 0x400;
constexpr std::uint32_t kAttributeNotIndexed = 0x2000;
constexpr std::size_t kPool = 1 << 18;  // contents are pieces of this many bytes
constexpr std::uint32_t kMaxDepth = 12;
constexpr std::uint32_t kTagOfSomebody = 0x80000021;  // of no program that any reader here interprets
constexpr std::u16string_view kLetters =
    u"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.()+,;=[]{}'~!@#%^& "
    u"\u00E4\u00C4\u00DF\u0131\u0130\u03C3\u03C2\u03A3\u0436\u0416\u4E2D\u65E5\uFF21\uFF41";

class Generator {
 public:
  explicit Generator(const TreeRecipe& recipe) : recipe_(recipe), random_(recipe.seed) {
    auto pool = std::make_shared<Bytes>(kPool);
    for (std::uint8_t& byte : *pool) byte = static_cast<std::uint8_t>(random_());
    pool_ = std::move(pool);
  }

  VolumeTree make() {
    const std::uint64_t descriptors = 1 + below(40);
    for (std::uint32_t i = 0; i < descriptors; ++i) tree_.security_descriptors.push_back(make_descriptor(i, i % 7));
    const std::uint32_t root = add_inode(kAttributeDirectory | kAttributeHidden | kAttributeSystem);
    tree_.names.emplace_back();
    directories_.push_back({0, 0});
    add_directory_extras(root);
    while (made_ < recipe_.entries) {
      ++made_;
      one_in(5) ? add_directory() : add_file();
    }
    return std::move(tree_);
  }

 private:
  struct Directory {
    std::uint32_t dentry;
    std::uint32_t depth;
  };

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }

  std::uint32_t add_inode(std::uint32_t attributes) {
    Inode& inode = tree_.inodes.emplace_back();
    inode.attributes = attributes;
    inode.security = static_cast<std::uint32_t>(below(tree_.security_descriptors.size()));
    // Between 1970 and 2100, to the tick.
    const auto time = [&] { return to_filetime(static_cast<std::int64_t>(below(4'102'444'800))) + below(10'000'000); };
    inode.times = {time(), time(), time(), time()};
    return static_cast<std::uint32_t>(tree_.inodes.size() - 1);
  }

  std::uint32_t add_name(std::uint32_t parent, std::uint32_t inode) {
    Dentry& dentry = tree_.names.emplace_back();
    dentry.parent = parent;
    dentry.inode = inode;
    dentry.name = new_name(parent);
    return static_cast<std::uint32_t>(tree_.names.size() - 1);
  }

  std::u16string new_name(std::uint32_t parent) {
    while (true) {
      const std::uint64_t length = one_in(60) ? 200 + below(56) : 1 + below(24);
      std::u16string name;
      while (name.size() < length) {
        name.push_back(kLetters[below(kLetters.size())]);
        if (one_in(20) && name.size() + 2 <= length) name += u"\U0001F600";
      }
      if (name.front() == u' ' || name.back() == u' ' || name.back() == u'.') continue;
      if (taken_[parent].insert(upcase_name(name)).second) return name;
    }
  }

  // "F12~345.TXT", new in its directory.
  void add_short_name(std::uint32_t dentry) {
    std::u16string name = u"F";
    for (const char digit : std::to_string(below(100))) name.push_back(static_cast<char16_t>(digit));
    name += u"~";
    for (const char digit : std::to_string(below(1000))) name.push_back(static_cast<char16_t>(digit));
    name += u".TXT";
    if (taken_[tree_.names[dentry].parent].insert(name).second) tree_.names[dentry].short_name = name;
  }

  Content some_content() {
    // What a record holds ends between 500 and 800 bytes, depending on its names; a cluster is 4096.
    constexpr std::array<std::uint64_t, 8> kEdges = {0, 1, 511, 4095, 4096, 4097, 8192, 12289};
    const std::uint64_t kind = below(10);
    const std::uint64_t size = kind < 3   ? kEdges[below(kEdges.size())]
                               : kind < 7 ? 450 + below(400)
                               : kind < 9 ? below(3000)
                                          : below(60'000);
    const std::uint64_t start = below(kPool - size);
    return Content::of_shared(pool_, ByteView(*pool_).subspan(start, size));
  }

  InodeExtras& extras(std::uint32_t inode) {
    auto& found = tree_.inodes[inode].extras;
    if (found == nullptr) found = std::make_unique<InodeExtras>();
    return *found;
  }

  void add_streams(std::uint32_t inode) {
    const std::uint64_t count = one_in(10) ? 12 + below(30) : 1 + below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::u16string name = u"\u00FCs";
      for (const char digit : std::to_string(i)) name.push_back(static_cast<char16_t>(digit));
      // Short ones: libfsntfs 20200921 has no room for others.
      name.append(below(10), one_in(2) ? u'Z' : u'a');
      extras(inode).streams.push_back({std::move(name), some_content()});
    }
  }

  void add_reparse_point(std::uint32_t inode) {
    tree_.inodes[inode].attributes |= kAttributeReparsePoint;
    const std::uint64_t size = one_in(5) ? 16'384 - 8 : 4 + below(900);
    const ByteView data = ByteView(*pool_).subspan(below(kPool - size), size);
    extras(inode).reparse = ReparsePoint{kTagOfSomebody, Bytes(data.begin(), data.end())};
  }

  void add_extended_attributes(std::uint32_t inode) {
    const std::uint64_t count = 1 + below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t size = one_in(5) ? 5000 : below(200);
      const ByteView value = ByteView(*pool_).subspan(below(kPool - size), size);
      extras(inode).attributes.push_back({"WINNOW." + std::to_string(i), 0, Bytes(value.begin(), value.end())});
    }
  }

  void add_directory_extras(std::uint32_t inode) {
    if (one_in(12)) add_streams(inode);
  }

  void add_directory() {
    const Directory parent = directories_[below(directories_.size())];
    const std::uint32_t inode = add_inode(kAttributeDirectory | (one_in(8) ? kAttributeHidden : 0));
    const std::uint32_t dentry = add_name(parent.dentry, inode);
    if (one_in(6)) add_short_name(dentry);
    add_directory_extras(inode);
    if (one_in(20)) return add_reparse_point(inode);  // stays empty
    if (one_in(20)) add_extended_attributes(inode);
    if (parent.depth + 1 < kMaxDepth) directories_.push_back({dentry, parent.depth + 1});
  }

  std::uint32_t some_attributes() {
    std::uint32_t attributes = 0;
    for (const std::uint32_t each : {kAttributeReadOnly, kAttributeHidden, kAttributeSystem, kAttributeArchive,
                                     kAttributeTemporary, kAttributeNotIndexed}) {
      if (one_in(3)) attributes |= each;
    }
    return attributes;
  }

  void add_file() {
    // Half of them in one of the first few directories, which so become large.
    const std::size_t few = std::min<std::size_t>(directories_.size(), 3);
    const Directory parent = directories_[below(one_in(2) ? few : directories_.size())];
    const std::uint32_t inode = add_inode(some_attributes());
    const std::uint32_t dentry = add_name(parent.dentry, inode);
    if (!one_in(15)) tree_.inodes[inode].content = some_content();
    if (one_in(6)) add_short_name(dentry);
    if (one_in(10)) add_streams(inode);
    if (one_in(20)) {
      add_reparse_point(inode);
    } else if (one_in(20)) {
      add_extended_attributes(inode);
    }
    if (!one_in(10)) return;
    const std::uint64_t links = one_in(20) ? 40 : 1 + below(4);
    for (std::uint64_t i = 0; i < links; ++i) add_name(directories_[below(directories_.size())].dentry, inode);
  }

  TreeRecipe recipe_;
  std::mt19937_64 random_;
  std::shared_ptr<const Bytes> pool_;
  VolumeTree tree_;
  std::vector<Directory> directories_;                       // where files may be
  std::map<std::uint32_t, std::set<std::u16string>> taken_;  // names in each directory, upper case
  std::uint32_t made_ = 0;
};

}  // namespace

VolumeTree make_tree(const TreeRecipe& recipe) { return Generator(recipe).make(); }

Bytes make_descriptor(std::uint32_t owner, std::uint32_t entries) {
  constexpr std::uint16_t kSelfRelativeWithDacl = 0x8004;
  constexpr std::size_t kHeader = 20, kSid = 28, kAclHeader = 8, kEntry = 8 + kSid;
  Bytes bytes;
  ByteWriter writer(bytes);
  const auto sid = [&](std::uint32_t last) {
    for (const std::uint8_t byte : std::array<std::uint8_t, 8>{1, 5, 0, 0, 0, 0, 0, 5}) writer.u8(byte);
    for (const std::uint32_t part : {21u, 1111u, 2222u, 3333u, last}) writer.le32(part);
  };
  writer.le16(1);
  writer.le16(kSelfRelativeWithDacl);
  writer.le32(kHeader);
  writer.le32(kHeader + kSid);
  writer.le32(0);
  writer.le32(kHeader + 2 * kSid);
  sid(owner);
  sid(513);
  writer.le16(2);
  writer.le16(static_cast<std::uint16_t>(kAclHeader + entries * kEntry));
  writer.le16(static_cast<std::uint16_t>(entries));
  writer.le16(0);
  for (std::uint32_t i = 0; i < entries; ++i) {
    writer.le16(0);
    writer.le16(kEntry);
    writer.le32(0x1F01FF);
    sid(1000 + i);
  }
  return bytes;
}

}  // namespace winnow::ntfs::testing
