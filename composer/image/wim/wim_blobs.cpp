#include "image/wim/wim_blobs.hpp"

#include <atomic>
#include <optional>
#include <utility>

#include "base/interrupt.hpp"
#include "base/parallel.hpp"

namespace winnow {

namespace {

Result<Sha1Digest> hash_content(const Content& content, const std::optional<Digest>& pinned) {
  if (interrupted()) return fail("cannot write WIM: interrupted");
  if (content.size() == 0) return Sha1Digest{};
  WINNOW_TRY(const LoadedContent loaded, pinned ? content.load_verified(*pinned) : content.load());
  return sha1(loaded.bytes());
}

Result<InodeHashes> hash_inode(const Inode& inode) {
  InodeHashes hashes;
  if (inode.content) {
    WINNOW_TRY(hashes.data, hash_content(*inode.content, inode.digest));
  }
  if (!inode.extras) return hashes;
  if (inode.extras->reparse && !inode.extras->reparse->data.empty()) hashes.reparse = sha1(inode.extras->reparse->data);
  for (const NamedStream& stream : inode.extras->streams) {
    WINNOW_TRY(const Sha1Digest hash, hash_content(stream.content, std::nullopt));
    hashes.streams.push_back(hash);
  }
  return hashes;
}

class BlobIndex {
 public:
  explicit BlobIndex(WimBlobs& out) : out_(out) {}

  void add(const Sha1Digest& hash, const Content& content, std::uint32_t references) {
    if (hash == Sha1Digest{} || references == 0) return;
    const auto [place, is_new] = by_hash_.emplace(hash, out_.blobs.size());
    if (is_new) out_.blobs.push_back({hash, content, 0});
    out_.blobs[place->second].references += references;
  }

 private:
  WimBlobs& out_;
  std::map<Sha1Digest, std::size_t> by_hash_;
};

}  // namespace

Result<WimBlobs> collect_blobs(const VolumeTree& tree, Progress& progress) {
  progress.begin_step("hash contents", tree.inodes.size());
  std::vector<std::optional<Result<InodeHashes>>> hashed(tree.inodes.size());
  std::atomic<std::uint64_t> done = 0;
  parallel_for(tree.inodes.size(), [&](std::size_t i) {
    hashed[i] = hash_inode(tree.inodes[i]);
    progress.advance(++done);
  });
  std::vector<std::uint32_t> links(tree.inodes.size(), 0);
  for (const Dentry& dentry : tree.names) ++links[dentry.inode];

  WimBlobs out;
  BlobIndex index(out);
  for (std::size_t i = 0; i < tree.inodes.size(); ++i) {
    WINNOW_TRY(InodeHashes hashes, std::move(*hashed[i]));
    const Inode& inode = tree.inodes[i];
    if (inode.content) index.add(hashes.data, *inode.content, links[i]);
    if (inode.extras && inode.extras->reparse) {
      index.add(hashes.reparse, Content::of_bytes(inode.extras->reparse->data), links[i]);
    }
    for (std::size_t k = 0; k < hashes.streams.size(); ++k) {
      index.add(hashes.streams[k], inode.extras->streams[k].content, links[i]);
    }
    out.inodes.push_back(std::move(hashes));
  }
  return out;
}

}  // namespace winnow
