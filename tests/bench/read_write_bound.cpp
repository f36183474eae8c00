// What no writer of volumes can be faster than: finds every file of a folder, reads each once, writes the same bytes
// once at places that follow one another, and 1 KiB of record a file and a folder before them. Two threads, no metadata
// made. disk_bench.py compiles it.   read_write_bound FOLDER OUTPUT
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kCluster = 4096;
constexpr std::size_t kRecord = 1024;
constexpr std::size_t kResident = 700;   // bytes that fit in a record
constexpr std::size_t kBatch = 4 << 20;  // bytes written at once
constexpr unsigned kThreads = 2;

struct File {
  std::string path;
  std::size_t size = 0;
  std::size_t offset = 0;  // of the output
};

[[noreturn]] void stop(const std::string& what) {
  std::perror(what.c_str());
  std::exit(1);
}

class Bound {
 public:
  void scan(const std::string& folder) {
    ++inodes_;
    DIR* entries = ::opendir(folder.c_str());
    if (entries == nullptr) stop(folder);
    std::vector<std::string> folders;
    while (const dirent* entry = ::readdir(entries)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      const std::string path = folder + "/" + name;
      if (entry->d_type == DT_DIR) {
        folders.push_back(path);
        continue;
      }
      struct stat status {};
      if (::fstatat(::dirfd(entries), entry->d_name, &status, 0) != 0) stop(path);
      if (status.st_nlink > 1 && !seen_.insert(status.st_ino).second) continue;
      files_.push_back({path, static_cast<std::size_t>(status.st_size), 0});
      ++inodes_;
    }
    ::closedir(entries);
    for (const std::string& each : folders) scan(each);
  }

  void write(const char* output) {
    std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) { return a.path < b.path; });
    std::size_t next = (inodes_ * kRecord + kCluster - 1) / kCluster * kCluster;
    for (File& file : files_) {
      file.offset = next;
      if (file.size > kResident) next += (file.size + kCluster - 1) / kCluster * kCluster;
    }
    end_ = next;
    output_ = ::open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output_ < 0 || ::ftruncate(output_, static_cast<off_t>(end_)) != 0) stop(output);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kThreads; ++i) threads.emplace_back([this] { copy_batches(); });
    write_records();
    for (std::thread& thread : threads) thread.join();
    ::close(output_);
  }

 private:
  void put(const void* data, std::size_t size, std::size_t offset) const {
    if (::pwrite(output_, data, size, static_cast<off_t>(offset)) != static_cast<ssize_t>(size)) stop("output");
  }

  void write_records() const {
    const std::vector<char> records(kBatch, 'r');
    const std::size_t all = inodes_ * kRecord;
    for (std::size_t at = 0; at < all; at += kBatch) put(records.data(), std::min(kBatch, all - at), at);
  }

  // A batch is as many files as fill the buffer, or a part of one that is larger.
  void copy_batches() {
    std::vector<char> buffer(2 * kBatch);
    for (std::size_t first = next_file(); first < files_.size(); first = next_file()) {
      const std::size_t last = std::min(first + kFilesAtOnce, files_.size());
      std::size_t start = files_[first].offset;
      std::size_t filled = 0;
      for (std::size_t i = first; i < last; ++i) {
        const int file = ::open(files_[i].path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) stop(files_[i].path);
        std::size_t left = files_[i].size;
        const bool resident = left <= kResident;
        while (left > 0) {
          if (filled >= kBatch) {
            put(buffer.data(), filled, start);
            start += filled;
            filled = 0;
          }
          const ssize_t got = ::read(file, buffer.data() + filled, std::min(left, kBatch));
          if (got <= 0) stop(files_[i].path);
          left -= static_cast<std::size_t>(got);
          if (!resident) filled += static_cast<std::size_t>(got);
        }
        ::close(file);
        const std::size_t padded = (start + filled + kCluster - 1) / kCluster * kCluster - start;
        std::memset(buffer.data() + filled, 0, padded - filled);
        filled = padded;
      }
      if (filled > 0) put(buffer.data(), filled, start);
    }
  }

  std::size_t next_file() { return next_.fetch_add(kFilesAtOnce); }

  static constexpr std::size_t kFilesAtOnce = 32;
  std::vector<File> files_;
  std::set<ino_t> seen_;
  std::size_t inodes_ = 0;
  std::size_t end_ = 0;
  int output_ = -1;
  std::atomic<std::size_t> next_{0};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Bound bound;
  bound.scan(argv[1]);
  bound.write(argv[2]);
  return 0;
}
