// Programs of others that disk tests use: run one, or skip the test by name when it is not installed.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>

namespace winnow::test {

// Does `command` (for /bin/sh, sbin folders in the PATH) end with 0?
inline bool run_program(const std::string& command) {
  return std::system(("PATH=\"$PATH:/usr/sbin:/sbin\"; " + command).c_str()) == 0;
}

// The first program that is not there; "" when all are.
inline std::string missing_program(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (!run_program("command -v " + std::string(name) + " >/dev/null")) return name;
  }
  return "";
}

inline bool are_prerequisites_required() {
  const char* value = std::getenv("WINNOW_TEST_PREREQUISITES");
  return value != nullptr && std::string(value) == "required";
}

}  // namespace winnow::test

// Skips the test, naming what is missing; fails it when prerequisites are required.
#define WINNOW_REQUIRE_PROGRAMS(...)                                                            \
  if (const auto missing = ::winnow::test::missing_program({__VA_ARGS__}); !missing.empty()) {  \
    if (::winnow::test::are_prerequisites_required()) FAIL() << missing << " is not installed"; \
    GTEST_SKIP() << missing << " is not installed";                                             \
  }
