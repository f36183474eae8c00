#include "feed/stripped_modules.hpp"

#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "feed/child_process.hpp"

namespace winnow {
namespace {

constexpr ByteCount kMaxModuleBytes = 256u << 20;

// A file that is gone when the object dies.
class ScratchFile {
 public:
  explicit ScratchFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

Result<Bytes> strip_module(const Content& module, const std::string& name, const std::filesystem::path& scratch,
                           const MingwTools& tools) {
  const ScratchFile input(scratch / (name + ".in"));
  const ScratchFile output(scratch / (name + ".out"));
  {
    WINNOW_TRY(const LoadedContent loaded, module.load());
    WINNOW_CHECK(write_file(input.path(), loaded.bytes()));
  }
  // -p keeps the time stamp in the header; without it strip puts the current time there.
  auto stripped = run_tool({tools.strip, "-p", "-o", output.path().string(), input.path().string()}, scratch);
  if (!stripped) return fail(std::move(stripped).error().with_note("while stripping " + name));
  return read_file(output.path(), kMaxModuleBytes);
}

Result<Bytes> compile_module(const std::filesystem::path& folder, const std::string& stem,
                             const std::filesystem::path& scratch, const MingwTools& tools) {
  const std::string name = stem + ".dll";
  const ScratchFile output(scratch / name);
  // Without an image base of its own the linker derives one from the path of the output.
  auto compiled = run_tool(
      {tools.compiler, "-std=c11", "-O2", "-ffreestanding", "-fno-stack-protector", "-fno-ident", "-nostdlib",
       "-shared", "-s", "-Wl,--no-insert-timestamp", "-Wl,--image-base=0x180000000", "-Wl,--entry=DllMain", "-o",
       output.path().string(), (folder / (stem + ".c")).string(), (folder / (stem + ".def")).string(), "-lntdll"},
      scratch);
  if (!compiled) return fail(std::move(compiled).error().with_note("while compiling " + name));
  return read_file(output.path(), kMaxModuleBytes);
}

}  // namespace winnow
