#include "payload/udf_volume.hpp"

#include <udfread/blockinput.h>
#include <udfread/udfread.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <utility>

#include "payload/disc_image.hpp"
#include "payload/entry_path.hpp"

namespace winnow {

namespace {

constexpr ByteCount kAnchorBlock = 256;

// What libudfread reads from. It must begin with libudfread's own structure.
struct BlockInput {
  udfread_block_input calls{};
  const Content* disc = nullptr;

  static int read(udfread_block_input* self, std::uint32_t block, void* out, std::uint32_t count, int) {
    const Content& disc = *reinterpret_cast<BlockInput*>(self)->disc;
    const ByteCount blocks = disc.size() / UDF_BLOCK_SIZE;
    if (block >= blocks) return -1;
    const auto taken = static_cast<std::uint32_t>(std::min<ByteCount>(count, blocks - block));
    const auto size = std::size_t{taken} * UDF_BLOCK_SIZE;
    const std::span<std::uint8_t> bytes(static_cast<std::uint8_t*>(out), size);
    if (!disc.read(ByteCount{block} * UDF_BLOCK_SIZE, bytes)) return -1;
    return static_cast<int>(taken);
  }
  static std::uint32_t size(udfread_block_input* self) {
    const ByteCount blocks = reinterpret_cast<BlockInput*>(self)->disc->size() / UDF_BLOCK_SIZE;
    return static_cast<std::uint32_t>(std::min<ByteCount>(blocks, std::numeric_limits<std::uint32_t>::max()));
  }
};

struct Close {
  void operator()(udfread* volume) const { udfread_close(volume); }
  void operator()(UDFDIR* folder) const { udfread_closedir(folder); }
  void operator()(UDFFILE* file) const { udfread_file_close(file); }
};
using Folder = std::unique_ptr<UDFDIR, Close>;
using OpenedFile = std::unique_ptr<UDFFILE, Close>;

// One thread at a time: folders of libudfread are found through a cache without a lock.
struct Volume {
  Content disc;
  std::string name;
  BlockInput input;
  std::unique_ptr<udfread, Close> handle;
  std::mutex mutex;
};

class UdfContent final : public ContentSource {
 public:
  UdfContent(std::shared_ptr<Volume> volume, std::string path, ByteCount size)
      : volume_(std::move(volume)), path_(std::move(path)), size_(size) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const std::lock_guard lock(volume_->mutex);
    if (!file_) file_.reset(udfread_file_open(volume_->handle.get(), path_.c_str()));
    if (!file_ || udfread_file_seek(file_.get(), static_cast<std::int64_t>(offset), UDF_SEEK_SET) < 0) return refuse();
    while (!out.empty()) {
      const ssize_t count = udfread_file_read(file_.get(), out.data(), out.size());
      if (count <= 0) return refuse();
      out = out.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse() const {
    return fail("cannot read " + volume_->name + ": its file " + quote_entry_name(path_) +
                " lies outside it: the disc is truncated or damaged");
  }

  std::shared_ptr<Volume> volume_;
  std::string path_;  // from '/' on
  ByteCount size_;
  mutable OpenedFile file_;  // guarded by the volume's mutex
};

class UdfLister {
 public:
  explicit UdfLister(std::shared_ptr<Volume> volume) : volume_(std::move(volume)) {}

  Result<std::vector<PayloadEntry>> list() {
    const Folder root(udfread_opendir(volume_->handle.get(), "/"));
    if (!root) return fail("cannot read " + volume_->name + ": its UDF volume has no readable root folder");
    WINNOW_CHECK(list_folder(root.get(), "", 0));
    return std::move(files_);
  }

 private:
  Result<void> list_folder(UDFDIR* folder, const std::string& path, std::size_t depth) {
    if (depth > kMaxDiscDepth) {
      return fail("cannot read " + volume_->name + ": its folders are nested deeper than " +
                  std::to_string(kMaxDiscDepth) + ": " + quote_entry_name(path));
    }
    udfread_dirent entry{};
    while (udfread_readdir(folder, &entry) != nullptr) {
      const std::string name = entry.d_name == nullptr ? "" : entry.d_name;
      if (name == "." || name == "..") continue;  // libudfread's own
      if (++entries_ > kMaxDiscEntries) {
        return fail("cannot read " + volume_->name + ": it holds more than " + std::to_string(kMaxDiscEntries) +
                    " entries");
      }
      const std::string whole = path + (path.empty() ? "" : "/") + name;
      if (entry.d_type == UDF_DT_DIR) {
        const Folder inner(udfread_opendir_at(folder, name.c_str()));
        if (!inner) return refuse(whole, "it cannot be read");
        WINNOW_CHECK(list_folder(inner.get(), whole, depth + 1));
      } else if (entry.d_type == UDF_DT_REG) {
        WINNOW_CHECK(add_file(folder, name, whole));
      }
    }
    return {};
  }
  Result<void> add_file(UDFDIR* folder, const std::string& name, const std::string& path) {
    auto checked = parse_entry_path(path);
    if (!checked) return refuse(path, checked.error().faults().front().message);
    if (*checked != path) return refuse(path, "its name is no name of a file");
    const OpenedFile file(udfread_file_openat(folder, name.c_str()));
    const std::int64_t size = file ? udfread_file_size(file.get()) : -1;
    if (size < 0) return refuse(path, "it cannot be read");
    auto content = std::make_shared<UdfContent>(volume_, "/" + path, static_cast<ByteCount>(size));
    files_.push_back({path, Content::of_source(std::move(content))});
    return {};
  }
  [[nodiscard]] tl::unexpected<Error> refuse(const std::string& path, const std::string& reason) const {
    return fail("cannot take " + quote_entry_name(path) + " from " + volume_->name + ": " + reason);
  }

  std::shared_ptr<Volume> volume_;
  std::vector<PayloadEntry> files_;
  std::size_t entries_ = 0;
};

}  // namespace

Result<std::vector<PayloadEntry>> read_udf_volume(const Content& disc, const std::string& name) {
  // libudfread would look for its anchor there, and complain on stderr.
  if (disc.size() < (kAnchorBlock + 1) * UDF_BLOCK_SIZE) return fail("cannot read " + name + ": it is truncated");
  const auto volume = std::shared_ptr<Volume>(new Volume{disc, name, {}, nullptr, {}});
  volume->input.calls.read = BlockInput::read;
  volume->input.calls.size = BlockInput::size;
  volume->input.disc = &volume->disc;
  volume->handle.reset(udfread_init());
  if (!volume->handle || udfread_open_input(volume->handle.get(), &volume->input.calls) < 0) {
    return fail("cannot read " + name + ": its UDF volume is damaged");
  }
  return UdfLister(volume).list();
}

}  // namespace winnow
