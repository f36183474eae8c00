// Images on disk for the reader's tests, and what the reader says about them as text.
#pragma once

#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "image_reader/image_reader.hpp"
#include "support/image_builder.hpp"

namespace winnow::testing {

// A folder of its own with one image in it.
class TestImage {
 public:
  TestImage() : folder_(*TemporaryDirectory::create("winnow-image-test")) {}

  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "image"; }
  TestImage& write(const std::string& bytes) {
    const auto written = write_file(path(), as_bytes(bytes));
    if (!written) throw std::runtime_error(to_string(written.error()));
    return *this;
  }
  TestImage& write_archive(const std::vector<TarEntry>& members) { return write(make_tar(members)); }
  TestImage& write_layout(const std::vector<TarEntry>& members) {
    for (const TarEntry& member : members) {
      const std::filesystem::path file = path() / member.name;
      std::filesystem::create_directories(file.parent_path());
      const auto written = write_file(file, as_bytes(member.content));
      if (!written) throw std::runtime_error(to_string(written.error()));
    }
    return *this;
  }

 private:
  TemporaryDirectory folder_;
};

// The whole message of what reading `image` says, its path as IMAGE; "" when it can be read.
inline std::string read_error(const TestImage& image) {
  const auto info = read_image(image.path());
  if (info) return "";
  std::string text = to_string(info.error());
  while (text.ends_with('\n')) text.pop_back();
  const std::string path = image.path().string();
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
    text.replace(at, path.size(), "IMAGE");
  return text;
}

// Files of a small image; sizes that are no multiple of anything.
inline std::vector<TarEntry> sample_layer() {
  std::string program = "MZ";
  for (unsigned i = 0; i < 300'000; ++i) program += static_cast<char>((i * i * 2654435761u) >> 13);
  return {
      tar_directory("Files"),
      tar_directory("Files/Windows"),
      tar_directory("Files/Windows/System32"),
      {"Files/Windows/System32/tiny.dll",
       "MZ tiny",
       pax::kFile,
       "",
       {{"MSWINDOWS.fileattr", "32"}, {"MSWINDOWS.rawsd", "AQAEgA=="}}},
      {"Files/Windows/System32/also.dll", "", pax::kHardLink, "Files/Windows/System32/tiny.dll", {}},
      tar_directory("Files/app"),
      {"Files/app/hello.exe",
       program,
       pax::kFile,
       "",
       {{"path", "Files/app/größe.exe"}, {"MSWINDOWS.fileattr", "8225"}}},
      {"Files/app/empty.txt"},
      tar_directory("UtilityVM"),
      tar_directory("UtilityVM/Files"),
      {"UtilityVM/Files/boot.txt", std::string(100'000, 'b')},
  };
}

}  // namespace winnow::testing
