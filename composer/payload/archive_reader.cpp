#include "payload/archive_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "payload/entry_path.hpp"

namespace winnow {

namespace {

// A header may promise any size; more than this is reserved only as bytes really come.
constexpr ByteCount kMaxReserve = 64ull << 20;

// libarchive converts names by the thread's locale. While this lives that is UTF-8, whatever the user's is, so that one
// archive has the same names everywhere.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

std::string reason(archive* handle) {
  const char* text = archive_error_string(handle);
  std::string reason = text != nullptr && *text != '\0' ? text : "the archive is damaged";
  if (reason[0] >= 'A' && reason[0] <= 'Z' && reason.size() > 1 && reason[1] >= 'a') reason[0] += 'a' - 'A';
  return reason;
}

bool is_inside(ByteView part, ByteView whole) {
  const std::less_equal<const std::uint8_t*> before;
  return before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size());
}

ArchiveEntryKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return ArchiveEntryKind::hard_link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
      return ArchiveEntryKind::directory;
    case AE_IFLNK:
      return ArchiveEntryKind::symbolic_link;
    case AE_IFREG:
      return archive_entry_sparse_count(entry) > 0 ? ArchiveEntryKind::sparse_file : ArchiveEntryKind::file;
    default:
      return ArchiveEntryKind::special;
  }
}

// Collects the blocks of one entry: as one view as long as they follow each other inside the archive, else as a copy.
class BlockCollector {
 public:
  BlockCollector(const SharedBytes& archive, ByteCount expected) : archive_(archive), expected_(expected) {}

  [[nodiscard]] ByteCount size() const { return view_.empty() ? copy_.size() : view_.size(); }
  void add(ByteView block) {
    if (block.empty()) return;
    if (copy_.empty() && is_inside(block, archive_.view) && follows(block)) {
      view_ = view_.empty() ? block : ByteView(view_.data(), view_.size() + block.size());
      return;
    }
    if (copy_.empty()) {
      copy_.reserve(static_cast<std::size_t>(std::min(expected_, kMaxReserve)));
      copy_.insert(copy_.end(), view_.begin(), view_.end());
      view_ = {};
    }
    copy_.insert(copy_.end(), block.begin(), block.end());
  }
  [[nodiscard]] SharedBytes take() && {
    if (copy_.empty()) return {archive_.owner, view_};
    const auto owner = std::make_shared<const Bytes>(std::move(copy_));
    return {owner, *owner};
  }

 private:
  [[nodiscard]] bool follows(ByteView block) const {
    return view_.empty() || view_.data() + view_.size() == block.data();
  }

  const SharedBytes& archive_;
  ByteCount expected_;
  ByteView view_;
  Bytes copy_;
};

struct ArchiveDeleter {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<archive, ArchiveDeleter>;

// Zip by its central directory only: the reader that goes without one would take a truncated zip for a shorter one.
bool enable(archive* handle, ArchiveFormats formats) {
  if (formats == ArchiveFormats::ar) return archive_read_support_format_ar(handle) == ARCHIVE_OK;
  if (formats == ArchiveFormats::cabinet) return archive_read_support_format_cab(handle) == ARCHIVE_OK;
  if (formats == ArchiveFormats::disc) return archive_read_support_format_iso9660(handle) == ARCHIVE_OK;
  return archive_read_support_format_tar(handle) == ARCHIVE_OK &&
         archive_read_support_format_zip_seekable(handle) == ARCHIVE_OK &&
         archive_read_support_filter_gzip(handle) == ARCHIVE_OK &&
         archive_read_support_filter_bzip2(handle) == ARCHIVE_OK &&
         archive_read_support_filter_xz(handle) == ARCHIVE_OK && archive_read_support_filter_zstd(handle) == ARCHIVE_OK;
}

}  // namespace

struct ArchiveReader::State {
  SharedBytes archive;
  std::string name;
  ByteCount limit = 0;
  ArchiveHandle handle;
  ArchiveEntry current;
  ByteCount unpacked = 0;  // by read() so far

  [[nodiscard]] tl::unexpected<Error> failure() const {
    return fail("cannot unpack " + name + ": " + reason(handle.get()));
  }
};

ArchiveReader::ArchiveReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArchiveReader::~ArchiveReader() = default;
ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;

Result<ArchiveReader> ArchiveReader::open(SharedBytes archive, std::string name, ArchiveFormats formats,
                                          ByteCount limit) {
  if (archive.view.empty()) return fail("cannot unpack " + name + ": it is empty");
  const Utf8Locale locale;
  auto state = std::make_unique<State>();
  state->archive = std::move(archive);
  state->name = std::move(name);
  state->limit = limit;
  state->handle.reset(archive_read_new());
  if (state->handle == nullptr || !enable(state->handle.get(), formats)) {
    return fail("cannot unpack " + state->name + ": libarchive lacks a format it needs");
  }
  const ByteView bytes = state->archive.view;
  if (archive_read_open_memory(state->handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return state->failure();
  return ArchiveReader(std::move(state));
}

Result<std::optional<ArchiveEntry>> ArchiveReader::next() {
  const Utf8Locale locale;
  archive_entry* header = nullptr;
  const int result = archive_read_next_header(state_->handle.get(), &header);
  if (result == ARCHIVE_EOF) return std::optional<ArchiveEntry>();
  // A warning is about what is not used here (owner, times, flags); a name that could not be read is missing below.
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return state_->failure();
  const char* path = archive_entry_pathname(header);
  if (path == nullptr) {
    return fail("cannot unpack " + state_->name + ": the name of an entry is not UTF-8",
                {"the entry before it is " + quote_entry_name(state_->current.path)});
  }
  const bool sized = archive_entry_size_is_set(header) != 0 && archive_entry_size(header) > 0;
  const ByteCount size = sized ? static_cast<ByteCount>(archive_entry_size(header)) : 0;
  const char* target = archive_entry_hardlink(header);
  state_->current = {path, kind_of(header), size, target == nullptr ? "" : target};
  return std::optional(state_->current);
}

Result<SharedBytes> ArchiveReader::read() {
  const Utf8Locale locale;
  BlockCollector blocks(state_->archive, state_->current.size);
  for (;;) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(state_->handle.get(), &data, &size, &offset);
    if (result == ARCHIVE_EOF) break;
    if (result != ARCHIVE_OK) return fail(refusal(reason(state_->handle.get())));
    if (!std::cmp_equal(offset, blocks.size())) return fail(refusal("it is a sparse file"));
    if (size > state_->limit - state_->unpacked) {
      return fail(refusal("the archive unpacks to more than " + std::to_string(state_->limit) + " bytes"));
    }
    state_->unpacked += size;
    blocks.add({static_cast<const std::uint8_t*>(data), size});
  }
  if (blocks.size() < state_->current.size) {
    return fail(refusal("it has " + std::to_string(blocks.size()) + " bytes, its header says " +
                        std::to_string(state_->current.size)));
  }
  return std::move(blocks).take();
}

Error ArchiveReader::refusal(const std::string& why) const {
  return Error(
      Fault{{}, "cannot take " + quote_entry_name(state_->current.path) + " from " + state_->name + ": " + why, {}});
}

}  // namespace winnow
