// A hive that hivex has open, and the memory it hands out, owned.
#pragma once

#include <hivex.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "base/result.hpp"

namespace winnow {

struct HiveCloser {
  void operator()(hive_h* hive) const { hivex_close(hive); }
};
using HiveHandle = std::unique_ptr<hive_h, HiveCloser>;

struct HiveMemoryFree {
  void operator()(void* memory) const { std::free(memory); }  // hivex hands out malloc'ed memory
};
template <class T>
using HiveMemory = std::unique_ptr<T, HiveMemoryFree>;

// Error "cannot read hive <name>: it cannot be opened (<reason>)".
[[nodiscard]] inline Result<HiveHandle> open_hive(const std::filesystem::path& file, const std::string& name) {
  HiveHandle hive(hivex_open(file.c_str(), 0));
  if (hive) return hive;
  return fail("cannot read hive " + name + ": it cannot be opened (" + std::generic_category().message(errno) + ")");
}

// After a call of hivex came back with nothing: what it left in errno.
[[nodiscard]] inline tl::unexpected<Error> damaged_hive(const std::string& name) {
  return fail("cannot read hive " + name + ": it is damaged (" + std::generic_category().message(errno) + ")");
}

}  // namespace winnow
