// What compose, plan and why have in common: which manifest, which feeds, which policy.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compose/compose.hpp"
#include "winnow/verb.hpp"

namespace winnow {

// As typed; to_compose_options() makes sense of it.
struct ResolveOptions {
  std::string manifest;
  std::vector<std::string> feeds;
  std::string base;
  std::string image;  // these four: of feeds that are media
  std::string dictionary;
  std::vector<std::string> roots;
  bool allow_unsigned = false;
  bool serviceable = false;
  std::string needs;
  std::vector<std::string> without;
  std::string lock;
  bool locked = false;
  bool json = false;
  std::string minimize;
  std::string recommended;
  std::optional<std::uint64_t> prefer_threshold;
  std::vector<std::string> pins;  // "NAME=VERSION"
  bool prove = false;
  bool no_cache = false;
};

// Adds MANIFEST, --feed, --needs, --lock, --locked, --json and how to choose to `app`.
void add_resolve_options(CLI::App& app, ResolveOptions& options);

[[nodiscard]] ComposeOptions to_compose_options(const ResolveOptions& options, const World& world);

// Resolves; then calls `use`, or prints why there is no Solution and returns kExitUnsatisfiable.
[[nodiscard]] Result<int> with_solution(const ComposeOptions& options, World& world,
                                        const std::function<Result<int>(Composition&)>& use);

}  // namespace winnow
