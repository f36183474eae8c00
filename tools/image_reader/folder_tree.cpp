#include "image_reader/folder_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "base/windows_path.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxFolderEntries = 16'000'000;  // more than the 2^32 references of a tree could ever name well
constexpr std::size_t kMaxFolderDepth = 512;

// One name of a folder.
struct Found {
  std::u16string name;
  std::u16string key;  // upper-cased
  ByteCount size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::uint64_t device = 0;
  std::uint64_t number = 0;  // of the host's inode; looked at when it has several links
  bool is_linked = false;
  std::size_t folder = 0;  // index into the scan's folders; 0 for a file
};

struct Folder {
  std::string path;
  std::size_t depth = 0;
  std::vector<Found> names;
};

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

std::string reason(int error_number) {
  std::string text = std::generic_category().message(error_number);
  return ascii_lower(text.substr(0, 1)) + text.substr(1);
}

// The folders of a tree, listed by as many threads as there are cores; a stack of folders still to list is all they
// share.
class FolderScan {
 public:
  explicit FolderScan(const std::string& root) { folders_.push_back({root, 0, {}}); }

  Result<std::deque<Folder>> run();

 private:
  void work();
  Result<std::vector<Found>> list(const Folder& folder, std::vector<std::string>& below) const;
  Result<std::optional<Found>> look_at(int directory, const Folder& folder, const char* name) const;
  void finish(std::size_t index, Result<std::vector<Found>> names, std::vector<std::string> below);

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<Folder> folders_;  // [0] is the root; a deque, so that elements stay where they are
  std::vector<std::size_t> waiting_{0};
  std::size_t in_work_ = 0;
  std::size_t entries_ = 0;
  std::map<std::string, Error> errors_;  // by path, so that the first does not depend on the threads
};

Result<std::deque<Folder>> FolderScan::run() {
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < core_count(); ++i) others.emplace_back([this] { work(); });
    work();
  }
  if (!errors_.empty()) return fail(errors_.begin()->second);
  return std::move(folders_);
}

void FolderScan::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || in_work_ == 0; });
    if (waiting_.empty()) break;
    const std::size_t index = waiting_.back();
    waiting_.pop_back();
    ++in_work_;
    const Folder& folder = folders_[index];
    lock.unlock();
    std::vector<std::string> below;
    Result<std::vector<Found>> names = list(folder, below);
    lock.lock();
    finish(index, std::move(names), std::move(below));
    --in_work_;
    changed_.notify_all();
  }
  changed_.notify_all();
}

void FolderScan::finish(std::size_t index, Result<std::vector<Found>> names, std::vector<std::string> below) {
  Folder& folder = folders_[index];
  if (!names) {
    errors_.emplace(folder.path, std::move(names).error());
    return;
  }
  folder.names = std::move(*names);
  entries_ += folder.names.size();
  if (entries_ > kMaxFolderEntries || folder.depth > kMaxFolderDepth || interrupted()) {
    const char* why = interrupted() ? "interrupted" : "it holds too many files or folders in one another";
    errors_.emplace(folder.path, Error(Fault{{}, "cannot read folder " + folder.path + ": " + why, {}}));
    waiting_.clear();
    return;
  }
  std::size_t next = 0;
  for (Found& found : folder.names) {
    if (found.folder == 0) continue;
    found.folder = folders_.size();
    waiting_.push_back(folders_.size());
    folders_.push_back({std::move(below[next++]), folders_[index].depth + 1, {}});
  }
}

tl::unexpected<Error> cannot_take(const Folder& folder, const std::string& name, const std::string& why) {
  return fail("cannot take " + folder.path + "/" + name + ": " + why);
}

// `below`: the paths of the folders among the names, in order.
Result<std::vector<Found>> FolderScan::list(const Folder& folder, std::vector<std::string>& below) const {
  const std::unique_ptr<DIR, DirectoryCloser> directory(::opendir(folder.path.c_str()));
  if (!directory) return fail("cannot read folder " + folder.path + ": " + reason(errno));
  std::vector<Found> names;
  std::vector<std::pair<std::u16string, std::string>> folders;
  std::optional<std::pair<std::string, Error>> first_error;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    Result<std::optional<Found>> found = look_at(::dirfd(directory.get()), folder, entry->d_name);
    if (!found) {
      if (!first_error || name < first_error->first) first_error.emplace(name, found.error());
      continue;
    }
    if ((*found)->folder != 0) folders.emplace_back((*found)->key, folder.path + "/" + name);
    names.push_back(std::move(**found));
  }
  if (errno != 0) return fail("cannot read folder " + folder.path + ": " + reason(errno));
  if (first_error) return fail(std::move(first_error->second));
  std::sort(names.begin(), names.end(), [](const Found& a, const Found& b) { return a.key < b.key; });
  std::sort(folders.begin(), folders.end());
  for (auto& [key, path] : folders) below.push_back(std::move(path));
  const auto twin =
      std::adjacent_find(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.key == b.key; });
  if (twin != names.end()) {
    const std::string one = *to_utf8(std::min(twin->name, std::next(twin)->name));
    const std::string two = *to_utf8(std::max(twin->name, std::next(twin)->name));
    return cannot_take(folder, two, "its name differs from " + one + " only in case");
  }
  return names;
}

Result<std::optional<Found>> FolderScan::look_at(int directory, const Folder& folder, const char* name) const {
  struct stat info {};
  if (::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return cannot_take(folder, name, reason(errno));
  if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) {
    return cannot_take(folder, name, "it is neither a file nor a folder");
  }
  const auto path = WindowsPath::parse(name);
  if (!path) return cannot_take(folder, name, path.error().faults().front().message);
  if (path->text() != name || path->components().size() != 1)
    return cannot_take(folder, name, "a name of Windows holds neither \\ nor :");
  Found found;
  found.name = *to_utf16(name);  // WindowsPath took it, so it is UTF-8
  found.key = upcase(found.name);
  found.modified = info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec;
  if (S_ISDIR(info.st_mode)) {
    found.folder = 1;  // numbered by finish()
    return found;
  }
  found.size = static_cast<ByteCount>(info.st_size);
  found.is_linked = info.st_nlink > 1;
  found.device = info.st_dev;
  found.number = info.st_ino;
  return found;
}

std::uint64_t filetime_of(std::int64_t nanoseconds) {
  constexpr std::int64_t kUnixEpoch = 11'644'473'600 * std::int64_t{10'000'000};
  const std::int64_t ticks = nanoseconds / 100 - (nanoseconds % 100 < 0 ? 1 : 0);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(ticks + kUnixEpoch, 0));
}

// The listed folders as one tree, depth first.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::deque<Folder> folders) : folders_(std::move(folders)) {}

  VolumeTree build(std::int64_t root_modified);

 private:
  void add_folder(std::size_t index, std::uint32_t dentry);
  std::uint32_t inode_of(const Folder& folder, Found& found);
  std::uint32_t add_inode(std::uint32_t attributes, std::uint32_t security, std::int64_t modified);

  std::deque<Folder> folders_;
  VolumeTree tree_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> linked_;  // device and number to inode
};

VolumeTree TreeBuilder::build(std::int64_t root_modified) {
  std::size_t count = 1;
  for (const Folder& folder : folders_) count += folder.names.size();
  tree_.inodes.reserve(count);
  tree_.names.reserve(count);
  tree_.names.push_back({0, add_inode(kAttributeDirectory, 0, root_modified), {}, {}});
  add_folder(0, 0);
  return std::move(tree_);
}

void TreeBuilder::add_folder(std::size_t index, std::uint32_t dentry) {
  Folder& folder = folders_[index];
  for (Found& found : folder.names) {
    const auto name = static_cast<std::uint32_t>(tree_.names.size());
    tree_.names.push_back({dentry, inode_of(folder, found), std::move(found.name), {}});
    if (found.folder != 0) add_folder(found.folder, name);
  }
  folder = {};  // what is in the tree now is not held twice
}

std::uint32_t TreeBuilder::inode_of(const Folder& folder, Found& found) {
  if (found.folder != 0) return add_inode(kAttributeDirectory, 0, found.modified);
  if (found.is_linked) {
    const auto known = linked_.find({found.device, found.number});
    if (known != linked_.end()) return known->second;
  }
  const std::uint32_t inode = add_inode(kAttributeArchive, 1, found.modified);
  if (found.size != 0) {
    const std::string path = folder.path + "/" + *to_utf8(found.name);
    tree_.inodes[inode].content = Content::of_file(path, found.size, found.modified);
  }
  if (found.is_linked) linked_.emplace(std::pair(found.device, found.number), inode);
  return inode;
}

std::uint32_t TreeBuilder::add_inode(std::uint32_t attributes, std::uint32_t security, std::int64_t modified) {
  Inode inode;
  inode.attributes = attributes;
  inode.security = security;
  const std::uint64_t time = filetime_of(modified);
  inode.times = {time, time, time, time};
  tree_.inodes.push_back(std::move(inode));
  return static_cast<std::uint32_t>(tree_.inodes.size() - 1);
}

}  // namespace

Result<VolumeTree> scan_folder(const std::filesystem::path& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return fail("cannot read folder " + folder.string() + ": " + reason(errno));
  std::string root = folder.string();
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  WINNOW_TRY(std::deque<Folder> folders, FolderScan(root).run());
  const std::int64_t modified = info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec;
  VolumeTree tree = TreeBuilder(std::move(folders)).build(modified);
  for (const std::string_view sddl : {kDirectorySddl, kFileSddl}) {
    WINNOW_TRY(Bytes descriptor, parse_sddl(sddl));
    tree.security_descriptors.push_back(std::move(descriptor));
  }
  return tree;
}

}  // namespace winnow
