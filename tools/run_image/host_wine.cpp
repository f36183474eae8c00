#include "run_image/host_wine.hpp"

#include <string>
#include <system_error>

#include "base/file_system.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> absent(const fs::path& file) {
  return fail("cannot run programs on this machine: " + file.string() + " is not there",
              {"install the Debian packages wine64 and libwine (apt-get install wine64 libwine)"});
}

Result<void> copy_host_file(const fs::path& from, const fs::path& to) {
  std::error_code code;
  if (!fs::exists(from, code)) return absent(from);
  if (!fs::copy_file(from, to, code)) return fail("cannot copy " + from.string() + ": " + code.message());
  return {};
}

Result<void> copy_unix_modules(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::directory_iterator files(from, code);
  if (code) return absent(from);
  for (; files != fs::directory_iterator(); files.increment(code)) {
    if (files->path().extension() == ".so") WINNOW_CHECK(copy_host_file(files->path(), to / files->path().filename()));
    if (code) return fail("cannot read folder " + from.string() + ": " + code.message());
  }
  if (!fs::exists(to / "ntdll.so", code)) return absent(from / "ntdll.so");
  return {};
}

}  // namespace

Result<WineTree> copy_host_wine(const fs::path& wine_root, const fs::path& target) {
  const fs::path lib = target / "lib";
  const fs::path dlls = lib / "x86_64-linux-gnu/wine";
  const fs::path share = target / "share/wine";
  const WineTree tree{lib / "wine/wine64", lib / "wine/wineserver", dlls / "x86_64-windows", share / "nls"};
  for (const fs::path& folder : {tree.loader.parent_path(), dlls / "x86_64-unix", tree.modules, share}) {
    std::error_code code;
    fs::create_directories(folder, code);
    if (code) return fail("cannot make folder " + folder.string() + ": " + code.message());
  }
  WINNOW_CHECK(copy_host_file(wine_root / "wine/wine64", tree.loader));
  WINNOW_CHECK(copy_host_file(wine_root / "wine/wineserver64", tree.server));
  WINNOW_CHECK(copy_unix_modules(wine_root / "x86_64-linux-gnu/wine/x86_64-unix", dlls / "x86_64-unix"));
  // Its age is compared with .update-timestamp; nothing is ever read from it.
  WINNOW_CHECK(write_file(share / "wine.inf", as_bytes("\n")));
  return tree;
}

}  // namespace winnow
