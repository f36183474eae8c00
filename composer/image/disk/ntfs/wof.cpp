#include "image/disk/ntfs/wof.hpp"

#include <wimlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "base/spill_file.hpp"
#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/ntfs/fields.hpp"
#include "image/disk/ntfs/inode_shape.hpp"
#include "payload/spill_content.hpp"

namespace winnow {

namespace {

using ntfs::clusters_for;

constexpr ByteCount kMaxFileBytes = 1u << 30;  // a file is compressed in memory
constexpr unsigned kLzxLevel = 20;             // libwim's; 50 takes 8 times as long for 3.7 % (disk-measurements.md 5)

struct FormatTraits {
  wimlib_compression_type type;
  std::uint32_t chunk;
  unsigned level;  // 0 = libwim's default
};

FormatTraits traits(WofFormat format) {
  switch (format) {
    case WofFormat::xpress4k:
      return {WIMLIB_COMPRESSION_TYPE_XPRESS, 4096, 0};
    case WofFormat::xpress8k:
      return {WIMLIB_COMPRESSION_TYPE_XPRESS, 8192, 0};
    case WofFormat::xpress16k:
      return {WIMLIB_COMPRESSION_TYPE_XPRESS, 16384, 0};
    case WofFormat::lzx:
      break;
  }
  return {WIMLIB_COMPRESSION_TYPE_LZX, 32768, kLzxLevel};
}

// Read before the overlay filter runs: by the boot manager, the loader, or as part of the kernel's first drivers.
constexpr std::array kBootFolders = {
    std::string_view{"boot\\"},
    std::string_view{"efi\\"},
    std::string_view{"windows\\boot\\"},
    std::string_view{"windows\\fonts\\"},
    std::string_view{"windows\\system32\\boot\\"},
    std::string_view{"windows\\system32\\catroot\\"},
    std::string_view{"windows\\system32\\codeintegrity\\"},
    std::string_view{"windows\\system32\\config\\"},
    std::string_view{"windows\\system32\\drivers\\"},
    std::string_view{"windows\\winnow\\"},  // for tools that do not unpack
};
constexpr std::array kBootEndings = {std::string_view{".sys"}, std::string_view{".nls"}, std::string_view{".efi"},
                                     std::string_view{"\\ntuser.dat"}};
constexpr std::string_view kSystemFolder = "windows\\system32\\";
// In System32: the kernel, the loader, and what they link to.
constexpr std::array kBootFiles = {
    std::string_view{"apisetschema.dll"},
    std::string_view{"bootvid.dll"},
    std::string_view{"ci.dll"},
    std::string_view{"hal.dll"},
    std::string_view{"hvax64.exe"},
    std::string_view{"hvix64.exe"},
    std::string_view{"hvloader.dll"},
    std::string_view{"hvloader.exe"},
    std::string_view{"kd.dll"},
    std::string_view{"kdcom.dll"},
    std::string_view{"kdnet.dll"},
    std::string_view{"kdstub.dll"},
    std::string_view{"kd_02_8086.dll"},
    std::string_view{"mcupdate_authenticamd.dll"},
    std::string_view{"mcupdate_genuineintel.dll"},
    std::string_view{"ntdll.dll"},
    std::string_view{"ntoskrnl.exe"},
    std::string_view{"pshed.dll"},
    std::string_view{"securekernel.exe"},
    std::string_view{"skci.dll"},
    std::string_view{"smss.exe"},
    std::string_view{"winload.exe"},
    std::string_view{"winresume.exe"},
};

bool boot_needs(const std::string& path) {
  const auto starts = [&](std::string_view folder) { return path.starts_with(folder); };
  if (std::any_of(kBootFolders.begin(), kBootFolders.end(), starts)) return true;
  const auto ends = [&](std::string_view ending) { return path.ends_with(ending); };
  if (std::any_of(kBootEndings.begin(), kBootEndings.end(), ends)) return true;
  if (path.find('\\') == std::string::npos) return true;  // in the root: bootmgr, a page file
  if (!path.starts_with(kSystemFolder)) return false;
  const std::string_view name = std::string_view(path).substr(kSystemFolder.size());
  return std::find(kBootFiles.begin(), kBootFiles.end(), name) != kBootFiles.end();
}

struct FreeCompressor {
  void operator()(wimlib_compressor* compressor) const { wimlib_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<wimlib_compressor, FreeCompressor>;

Result<Compressor> make_compressor(const FormatTraits& format) {
  wimlib_compressor* made = nullptr;
  const int code = wimlib_create_compressor(format.type, format.chunk, format.level, &made);
  if (code != 0) {
    return fail(std::string("cannot compress files: ") + wimlib_get_error_string(static_cast<wimlib_error_code>(code)));
  }
  return Compressor(made);
}

//   offset of chunk 1 | … | offset of chunk n-1 | chunk 0 | chunk 1 | …      offsets count from chunk 0, u32
// A chunk that does not get smaller is stored as it is.
Bytes compress_content(ByteView content, const FormatTraits& format, wimlib_compressor& compressor) {
  const std::size_t chunks = (content.size() + format.chunk - 1) / format.chunk;
  const std::size_t table = (chunks - 1) * 4;
  Bytes out(table);
  out.reserve(table + content.size() / 2);
  Bytes packed(format.chunk);
  for (std::size_t i = 0; i < chunks; ++i) {
    if (i != 0) put_le<std::uint32_t>(out, (i - 1) * 4, static_cast<std::uint32_t>(out.size() - table));
    const ByteView chunk =
        content.subspan(i * format.chunk, std::min<std::size_t>(format.chunk, content.size() - i * format.chunk));
    const std::size_t size = wimlib_compress(chunk.data(), chunk.size(), packed.data(), chunk.size() - 1, &compressor);
    const ByteView stored = size == 0 ? chunk : ByteView(packed).first(size);
    out.insert(out.end(), stored.begin(), stored.end());
  }
  return out;
}

ReparsePoint wof_reparse_point(WofFormat format) {
  constexpr std::uint32_t kFileProvider = 2;
  Bytes data;
  ByteWriter writer(data);
  writer.le32(1);  // version of the filter's part
  writer.le32(kFileProvider);
  writer.le32(1);  // version of the provider's part
  writer.le32(static_cast<std::uint32_t>(format));
  return {ntfs::kTagWof, std::move(data)};
}

class FileCompressor {
 public:
  FileCompressor(VolumeTree& tree, WofFormat format, std::shared_ptr<SpillFile> scratch)
      : tree_(tree), format_(format), scratch_(std::move(scratch)) {}

  Result<WofReport> run(Progress& progress) {
    const std::vector<std::uint32_t> files = candidates();
    progress.begin_step("compress files", files.size());
    parallel_for(files.size(), [&](std::size_t i) {
      if (failed_ || interrupted()) return;
      if (const Result<void> done = compress(files[i]); !done) {
        const std::lock_guard lock(mutex_);
        if (!failed_) error_ = done.error();
        failed_ = true;
      }
      progress.advance(++done_);
    });
    if (error_) return fail(std::move(*error_));
    if (interrupted()) return fail("cannot compress files: interrupted");
    return report_;
  }

 private:
  // A file boot needs under any of its names stays as it is.
  [[nodiscard]] std::vector<std::uint32_t> candidates() const {
    std::vector<std::uint8_t> keep(tree_.inodes.size());
    for (std::uint32_t i = 0; i < tree_.names.size(); ++i) {
      if (boot_needs(ascii_lower(path_text(tree_, i)))) keep[tree_.names[i].inode] = 1;
    }
    std::vector<std::uint32_t> files;
    for (std::uint32_t i = 1; i < tree_.inodes.size(); ++i) {
      const Inode& inode = tree_.inodes[i];
      const bool is_plain = !inode.is_directory() && inode.content && inode.extras == nullptr;
      if (!is_plain || keep[i] != 0) continue;
      if (inode.content->size() > ntfs::kClusterSize && inode.content->size() <= kMaxFileBytes) files.push_back(i);
    }
    return files;
  }

  Result<void> compress(std::uint32_t id) {
    Inode& inode = tree_.inodes[id];
    WINNOW_TRY(const LoadedContent loaded,
               inode.digest ? inode.content->load_verified(*inode.digest) : inode.content->load());
    const FormatTraits format = traits(format_);
    WINNOW_TRY(const Compressor compressor, make_compressor(format));
    const ByteCount size = loaded.bytes().size();
    const Bytes packed = compress_content(loaded.bytes(), format, *compressor);
    if (clusters_for(packed.size()) >= clusters_for(size)) return {};
    WINNOW_TRY(const ByteCount offset, scratch_->append(packed));
    inode.extras = std::make_unique<InodeExtras>();
    inode.extras->hole = size;
    inode.extras->reparse = wof_reparse_point(format_);
    inode.extras->streams.push_back({u"WofCompressedData", spilled_content(scratch_, offset, packed.size())});
    inode.content.reset();
    inode.digest.reset();
    const std::lock_guard lock(mutex_);
    ++report_.files;
    report_.before += clusters_for(size) * ntfs::kClusterSize;
    report_.after += clusters_for(packed.size()) * ntfs::kClusterSize;
    return {};
  }

  VolumeTree& tree_;
  WofFormat format_;
  std::shared_ptr<SpillFile> scratch_;
  std::mutex mutex_;
  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> done_ = 0;
  std::optional<Error> error_;
  WofReport report_;
};

}  // namespace

Result<WofReport> compress_files(VolumeTree& tree, WofFormat format, const std::filesystem::path& folder,
                                 Progress& progress) {
  WINNOW_TRY(std::shared_ptr<SpillFile> scratch, SpillFile::create(folder));
  return FileCompressor(tree, format, std::move(scratch)).run(progress);
}

}  // namespace winnow
