// One input through every parser of the manifest module: the body of the fuzzer, and of the unit test that replays its
// corpus. Whatever a parser accepts must survive its printer.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "base/file_system.hpp"
#include "manifest/app_manifest.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/macros.hpp"
#include "manifest/package_manifest.hpp"
#include "manifest/registry_text.hpp"

namespace winnow::testing {

// Ends the process when `holds` is false, in every build: a fuzzer knows no other failure.
inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void check_component_input(std::string_view text) {
  auto manifest = parse_component_manifest(text, "input");
  if (!manifest) return;
  manifest->ignored_elements.clear();
  const auto again = parse_component_manifest(print_component_manifest(*manifest), "printed");
  require(again && *again == *manifest);
  for (const ComponentFile& file : manifest->files) {
    (void)expand_destination(file.destination, manifest->identity.architecture);
  }
}

inline void check_package_input(std::string_view text) {
  auto manifest = parse_package_manifest(text, "input");
  if (!manifest) return;
  manifest->ignored_elements.clear();
  const auto again = parse_package_manifest(print_package_manifest(*manifest), "printed");
  require(again && *again == *manifest);
}

inline void check_index_input(std::string_view text) {
  const auto index = parse_feed_index(text, "input");
  if (!index) return;
  const auto again = parse_feed_index(print_feed_index(*index), "printed");
  require(again && *again == *index);
}

inline void check_registry_input(ByteView bytes) {
  const RegistryData data{bytes.empty() ? 0u : bytes[0] % 12u, Bytes(bytes.begin(), bytes.end())};
  const RegistryText text = print_registry_text(data);
  const auto again = parse_registry_text(text.value_type, text.value);
  require(again && *again == data);
  (void)parse_registry_text("REG_MULTI_SZ", as_text(bytes));
}

// The manifest may include itself as "input.xml"; nothing else is in its folder.
inline void check_app_input(ByteView bytes) {
  static const TemporaryDirectory folder = TemporaryDirectory::create("winnow-manifest-input").value();
  const std::filesystem::path path = folder.path() / "input.xml";
  require(write_file(path, bytes).has_value());
  (void)load_app_manifest(path);
}

inline void check_manifest_input(ByteView bytes) {
  check_component_input(as_text(bytes));
  check_package_input(as_text(bytes));
  check_index_input(as_text(bytes));
  check_registry_input(bytes);
  check_app_input(bytes);
}

}  // namespace winnow::testing
