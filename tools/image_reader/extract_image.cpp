#include "image_reader/extract_image.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "base/file_system.hpp"
#include "base/windows_path.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kUnixEpoch = 11'644'473'600;  // seconds from 1601 to 1970

class Extraction {
 public:
  Extraction(const fs::path& root, std::vector<WindowsPath> wanted) : root_(root), wanted_(std::move(wanted)) {}

  Result<void> take(const ImageFile& file, ByteView content);
  // Folders get their times last: what is put into one changes it.
  void set_folder_times() const;
  [[nodiscard]] Result<void> check_all_found() const;

  ExtractReport report;

 private:
  bool is_wanted(const WindowsPath& path);
  Result<void> write(const ImageFile& file, const WindowsPath& path, ByteView content);
  Result<void> link(const ImageFile& file, const WindowsPath& path);

  fs::path root_;
  std::vector<WindowsPath> wanted_;
  std::set<WindowsPath> found_;                              // of wanted_
  std::set<WindowsPath> written_;                            // files
  std::vector<std::pair<fs::path, std::uint64_t>> folders_;  // and their times
};

timespec to_timespec(std::uint64_t filetime) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(static_cast<std::int64_t>(filetime / kTicksPerSecond) - kUnixEpoch);
  time.tv_nsec = static_cast<long>(filetime % kTicksPerSecond * 100);
  return time;
}

// A time the host's file system cannot hold is no reason to give up.
void set_time(const fs::path& path, std::uint64_t filetime) {
  const timespec times[2] = {to_timespec(filetime), to_timespec(filetime)};
  static_cast<void>(::utimensat(AT_FDCWD, path.c_str(), times, 0));
}

tl::unexpected<Error> cannot_make(const fs::path& path, const std::error_code& code) {
  return fail("cannot make " + path.string() + ": " + code.message());
}

bool Extraction::is_wanted(const WindowsPath& path) {
  if (wanted_.empty()) return true;
  bool is_hit = false;
  for (const WindowsPath& wanted : wanted_) {
    if (path != wanted && !path.is_below(wanted)) continue;
    found_.insert(wanted);
    is_hit = true;
  }
  return is_hit;
}

Result<void> Extraction::take(const ImageFile& file, ByteView content) {
  WINNOW_TRY(const WindowsPath path, WindowsPath::parse(file.path));  // it cannot leave the root
  if (!is_wanted(path)) return {};
  const fs::path target = root_ / path.with_slashes();
  std::error_code code;
  fs::create_directories(file.is_directory ? target : target.parent_path(), code);
  if (code) return cannot_make(target, code);
  for (const ImageStream& stream : file.streams) report.left_out.push_back(path.text() + ": its stream " + stream.name);
  if (file.reparse) {
    report.left_out.push_back(path.text() + ": what it points to");
  }
  if (file.is_directory) {
    ++report.folders;
    folders_.emplace_back(target, file.times.modified);
    return {};
  }
  ++report.files;
  return file.link_target.empty() ? write(file, path, content) : link(file, path);
}

Result<void> Extraction::write(const ImageFile& file, const WindowsPath& path, ByteView content) {
  const fs::path target = root_ / path.with_slashes();
  WINNOW_CHECK(write_file(target, content));
  set_time(target, file.times.modified);
  written_.insert(path);
  return {};
}

Result<void> Extraction::link(const ImageFile& file, const WindowsPath& path) {
  WINNOW_TRY(const WindowsPath first, WindowsPath::parse(file.link_target));
  if (!written_.contains(first)) {
    return fail("cannot extract " + path.text() + ": it is another name of " + first.text(), {"extract that one too"});
  }
  std::error_code code;
  fs::create_hard_link(root_ / first.with_slashes(), root_ / path.with_slashes(), code);
  if (code) return cannot_make(root_ / path.with_slashes(), code);
  return {};
}

void Extraction::set_folder_times() const {
  for (const auto& [path, time] : folders_) set_time(path, time);
}

Result<void> Extraction::check_all_found() const {
  for (const WindowsPath& wanted : wanted_) {
    if (!found_.contains(wanted)) return fail("cannot extract " + wanted.text() + ": the image holds no such file");
  }
  return {};
}

}  // namespace

Result<ExtractReport> extract_image(const fs::path& image, const fs::path& folder,
                                    const std::vector<std::string>& paths) {
  std::vector<WindowsPath> wanted;
  for (const std::string& text : paths) {
    WINNOW_TRY(WindowsPath path, WindowsPath::parse(text));
    wanted.push_back(std::move(path));
  }
  std::error_code code;
  if (fs::exists(folder, code) && !(fs::is_directory(folder, code) && fs::is_empty(folder, code))) {
    return fail("cannot write folder " + folder.string() + ": it exists and is not empty", {"name a new folder"});
  }
  WINNOW_TRY(OutputDirectory output, OutputDirectory::create(folder, ""));
  Extraction extraction(output.path(), std::move(wanted));
  WINNOW_TRY(const ImageInfo info, read_image(image, [&](const ImageFile& file, ByteView content) {
               return extraction.take(file, content);
             }));
  WINNOW_CHECK(extraction.check_all_found());
  extraction.set_folder_times();
  WINNOW_CHECK(output.commit());
  return std::move(extraction.report);
}

}  // namespace winnow
