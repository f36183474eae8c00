// A corruption of a disk, and the words by which the check must name it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "image/disk/check/check_disk.hpp"

namespace winnow::test {

struct Mutation {
  const char* name;
  const char* subject;  // a part of the finding's subject
  const char* message;  // a part of its message
  std::function<void(Bytes&)> apply;
};

inline std::string print(const VerifyReport& report) {
  std::string text;
  for (const Violation& v : report.violations) text += v.subject + ": " + v.message + "\n";
  return text;
}

// The sound disk has no finding, and each of `mutations` is named.
inline void expect_named(const Bytes& sound, const std::vector<Mutation>& mutations) {
  EXPECT_EQ(print(check_disk_bytes(sound)), "");
  for (const Mutation& mutation : mutations) {
    Bytes disk = sound;
    mutation.apply(disk);
    EXPECT_TRUE(disk != sound) << mutation.name;
    const VerifyReport report = check_disk_bytes(disk);
    const bool is_named = std::any_of(report.violations.begin(), report.violations.end(), [&](const Violation& v) {
      return v.subject.find(mutation.subject) != std::string::npos &&
             v.message.find(mutation.message) != std::string::npos;
    });
    EXPECT_TRUE(is_named) << mutation.name << "\n" << print(report).substr(0, 2000);
  }
}

}  // namespace winnow::test
