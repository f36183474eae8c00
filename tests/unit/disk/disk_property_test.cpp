// Over random sparse layouts: every format is the same disk to qemu-img, and the file does not depend on the threads.
#include <rapidcheck.h>

#include <cstdlib>

#include "disk_fixture.hpp"

namespace winnow {
namespace {

using namespace test;

// Up to 8 MiB in pieces that begin and end anywhere, some of zeros.
DiskLayout random_layout() {
  DiskLayout layout{*rc::gen::inRange<ByteCount>(1, 9) * kMebibyte, {}};
  ByteCount at = 0;
  for (int count = *rc::gen::inRange(0, 12); count > 0; --count) {
    at += *rc::gen::weightedOneOf<ByteCount>({{1, rc::gen::just(ByteCount{0})},
                                              {3, rc::gen::inRange<ByteCount>(0, 5000)},
                                              {3, rc::gen::inRange<ByteCount>(0, 3 * kMebibyte)}});
    if (at >= layout.size) break;
    const ByteCount wanted =
        *rc::gen::oneOf(rc::gen::inRange<ByteCount>(1, 70000), rc::gen::inRange<ByteCount>(1, 3 * kMebibyte));
    const ByteCount length = std::min(wanted, layout.size - at);
    const bool zeros = *rc::gen::weightedElement<bool>({{1, true}, {4, false}});
    layout.segments.push_back(
        memory_segment(at, zeros ? Bytes(length) : pattern(length, *rc::gen::arbitrary<std::uint32_t>())));
    at += length;
  }
  return layout;
}

class DiskProperty : public DiskTest {
 protected:
  // The same cases every time; RC_PARAMS of the caller's asks for others and more.
  static void SetUpTestSuite() { ::setenv("RC_PARAMS", "seed=20261122 max_success=10", 0); }
};

TEST_F(DiskProperty, EveryFormatIsTheSameDisk) {
  WINNOW_REQUIRE_PROGRAMS("qemu-img");
  const bool holds = rc::check([&] {
    const DiskLayout layout = random_layout();
    const Bytes disk = disk_bytes(layout);
    for (const FormatCase& format : kFormats) {
      write(layout, format.format, format.file);
      const Output converted = output_of("qemu-img convert -f " + std::string(format.qemu_name) + " -O raw " +
                                         quoted(format.file) + " " + quoted("back.raw"));
      RC_ASSERT(converted.text == "");
      RC_ASSERT(file_bytes(at("back.raw")) == disk);
      DiskWriterOptions threads = options();
      threads.threads = *rc::gen::inRange(1u, 6u);
      write(layout, format.format, "again", threads);
      RC_ASSERT(file_bytes(at("again")) == file_bytes(at(format.file)));
    }
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace winnow
