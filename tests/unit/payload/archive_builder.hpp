// Archives for the payload tests, in memory, hostile ones included: libarchive writes what it is told.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::testing {

enum class ArchiveFormat { ustar, pax, zip, stored_zip, ar };
enum class ArchiveFilter { none, gzip, bzip2, xz, zstd };

class ArchiveBuilder {
 public:
  explicit ArchiveBuilder(ArchiveFormat format, ArchiveFilter filter = ArchiveFilter::none)
      : bytes_(std::make_unique<Bytes>()), handle_(archive_write_new()) {
    check(set_format(format));
    check(add_filter(filter));
    check(archive_write_set_bytes_per_block(handle_.get(), 512));
    check(archive_write_set_bytes_in_last_block(handle_.get(), 1));
    check(archive_write_open2(handle_.get(), bytes_.get(), nullptr, &append, nullptr, nullptr));
  }

  ArchiveBuilder& file(const std::string& path, std::string_view content) {
    write(path, AE_IFREG, content, [](archive_entry*) {});
    return *this;
  }
  ArchiveBuilder& directory(const std::string& path) { return special(path, AE_IFDIR); }
  ArchiveBuilder& special(const std::string& path, unsigned type) {
    write(path, type, "", [](archive_entry*) {});
    return *this;
  }
  ArchiveBuilder& symbolic_link(const std::string& path, const std::string& target) {
    write(path, AE_IFLNK, "", [&](archive_entry* entry) { archive_entry_copy_symlink(entry, target.c_str()); });
    return *this;
  }
  ArchiveBuilder& hard_link(const std::string& path, const std::string& target) {
    write(path, AE_IFREG, "", [&](archive_entry* entry) { archive_entry_copy_hardlink(entry, target.c_str()); });
    return *this;
  }
  // A file whose content is the hole before `tail` and `tail`.
  ArchiveBuilder& sparse_file(const std::string& path, std::int64_t hole, std::string_view tail) {
    const std::string content = std::string(static_cast<std::size_t>(hole), '\0') + std::string(tail);
    write(path, AE_IFREG, content, [&](archive_entry* entry) {
      archive_entry_sparse_add_entry(entry, hole, static_cast<std::int64_t>(tail.size()));
    });
    return *this;
  }

  [[nodiscard]] Bytes finish() {
    check(archive_write_close(handle_.get()));
    return std::move(*bytes_);
  }

 private:
  struct Deleter {
    void operator()(archive* handle) const { archive_write_free(handle); }
  };
  struct EntryDeleter {
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
  };

  static la_ssize_t append(archive*, void* bytes, const void* data, std::size_t size) {
    const auto* begin = static_cast<const std::uint8_t*>(data);
    static_cast<Bytes*>(bytes)->insert(static_cast<Bytes*>(bytes)->end(), begin, begin + size);
    return static_cast<la_ssize_t>(size);
  }

  int set_format(ArchiveFormat format) {
    switch (format) {
      case ArchiveFormat::ustar:
        return archive_write_set_format_ustar(handle_.get());
      case ArchiveFormat::pax:
        return archive_write_set_format_pax(handle_.get());
      case ArchiveFormat::zip:
        return archive_write_set_format_zip(handle_.get());
      case ArchiveFormat::stored_zip:
        check(archive_write_set_format_zip(handle_.get()));
        return archive_write_zip_set_compression_store(handle_.get());
      case ArchiveFormat::ar:
        return archive_write_set_format_ar_svr4(handle_.get());
    }
    return ARCHIVE_FATAL;
  }

  int add_filter(ArchiveFilter filter) {
    switch (filter) {
      case ArchiveFilter::none:
        return archive_write_add_filter_none(handle_.get());
      case ArchiveFilter::gzip:
        return archive_write_add_filter_gzip(handle_.get());
      case ArchiveFilter::bzip2:
        return archive_write_add_filter_bzip2(handle_.get());
      case ArchiveFilter::xz:
        return archive_write_add_filter_xz(handle_.get());
      case ArchiveFilter::zstd:
        return archive_write_add_filter_zstd(handle_.get());
    }
    return ARCHIVE_FATAL;
  }

  template <class Adjust>
  void write(const std::string& path, unsigned type, std::string_view content, const Adjust& adjust) {
    const std::unique_ptr<archive_entry, EntryDeleter> entry(archive_entry_new());
    archive_entry_copy_pathname(entry.get(), path.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    adjust(entry.get());
    check(archive_write_header(handle_.get(), entry.get()));
    if (archive_write_data(handle_.get(), content.data(), content.size()) < 0) check(ARCHIVE_FATAL);
    check(archive_write_finish_entry(handle_.get()));
  }

  void check(int result) const {
    if (result == ARCHIVE_OK) return;
    const char* reason = archive_error_string(handle_.get());
    throw std::runtime_error(std::string("ArchiveBuilder: ") + (reason != nullptr ? reason : "no reason given"));
  }

  std::unique_ptr<Bytes> bytes_;  // libarchive keeps the pointer
  std::unique_ptr<archive, Deleter> handle_;
};

[[nodiscard]] inline std::string_view name_of(ArchiveFormat format) {
  constexpr std::string_view kNames[] = {"ustar", "pax", "zip", "stored_zip", "ar"};
  return kNames[static_cast<int>(format)];
}
[[nodiscard]] inline std::string_view name_of(ArchiveFilter filter) {
  constexpr std::string_view kNames[] = {"plain", "gzip", "bzip2", "xz", "zstd"};
  return kNames[static_cast<int>(filter)];
}

}  // namespace winnow::testing
