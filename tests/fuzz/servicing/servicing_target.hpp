// What the fuzzer of servicing and the replay of its corpus call.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "servicing/servicing_closure.hpp"

namespace winnow::testing {

inline constexpr std::size_t kMaxFuzzedManifests = 64;  // more would only take time

// The input is manifests with a NUL between them: package manifests, and what is none of those is read as a component.
// Closes what they name, all packages asked for. Ends the program when the closure is not as servicing_closure.hpp
// says.
inline void close_anything(ByteView bytes) {
  std::vector<ServicedPackage> packages;
  std::vector<ServicedComponent> components;
  ServicingRequest request;
  request.languages = {"de-de"};
  request.features = {"a"};
  for (std::string_view rest = as_text(bytes);
       !rest.empty() && packages.size() + components.size() < kMaxFuzzedManifests;) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string file = std::to_string(packages.size() + components.size());
    if (auto package = parse_package_manifest(text, file)) {
      request.packages.push_back(package_id(package->identity));
      packages.push_back({std::move(*package), file});
    } else if (auto component = parse_component_manifest(text, file)) {
      components.push_back({std::move(*component), file});
    }
  }
  const auto repository = ServicingRepository::of(std::move(packages), std::move(components));
  if (!repository) return;
  for (const bool any_version : {false, true}) {
    request.any_version = request.all_parents = any_version;
    const auto closure = close_servicing(*repository, request);
    if (!closure) continue;
    if (!std::is_sorted(closure->components.begin(), closure->components.end())) std::abort();
    for (const ComponentIndex loser : closure->losers) {
      if (std::binary_search(closure->components.begin(), closure->components.end(), loser)) std::abort();
    }
    for (const MissingReference& row : closure->missing) {
      if (row.askers.empty()) std::abort();
    }
  }
}

}  // namespace winnow::testing
