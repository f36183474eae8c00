// Replays the corpus of tests/fuzz/exposure, and truncations and changed bytes of each spelling.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file_system.hpp"
#include "fuzz/exposure/exposure_input.hpp"
#include "support/security_texts.hpp"

namespace winnow {
namespace {

using namespace testing;

ByteView bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

TEST(ExposureFuzzCorpus, EveryFileIsReadOrRefused) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(WINNOW_SOURCE_DIR "/tests/fuzz/exposure/corpus")) {
    const auto content = read_file(entry.path(), 1 << 20);
    ASSERT_TRUE(content) << entry.path();
    check_exposure_input(*content);
    ++files;
  }
  EXPECT_GE(files, 10U);
}

TEST(ExposureFuzzCorpus, TruncatedAndChangedTextsAreReadOrRefused) {
  for (const std::string& text : {kCvrfXml, kCvrfJson, kCsafJson}) {
    for (std::size_t end = 0; end < text.size(); end += 97) check_exposure_input(bytes_of(text.substr(0, end)));
    for (std::size_t i = 13; i < text.size(); i += 61) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ 0x15);
      check_exposure_input(bytes_of(changed));
    }
  }
}

}  // namespace
}  // namespace winnow
