#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include "base/utf16.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

namespace {

const std::vector<std::string> kPackagesKey = {"Microsoft", "Windows", "CurrentVersion", "Component Based Servicing",
                                               "Packages"};

Result<void> for_each_hive(const Media& media, const HiveKeysReader& read_hive,
                           const std::function<Result<void>(ByteView hive, const std::string& name)>& use) {
  for (const MediaSet& set : media.sets) {
    if (!set.software_hive || !read_hive) continue;
    const std::string name = set.name() + "/Windows/System32/config/SOFTWARE";
    if (set.software_hive->size() > kMaxStoredHive) {
      return fail("cannot read hive " + name + ": it has more than " + std::to_string(kMaxStoredHive) + " bytes");
    }
    WINNOW_TRY(const LoadedContent hive, set.software_hive->load());
    WINNOW_CHECK(use(hive.bytes(), name));
  }
  return {};
}

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 11> kStates = {{{0x00, "absent"},
                                                                                 {0x05, "uninstall pending"},
                                                                                 {0x10, "resolving"},
                                                                                 {0x20, "resolved"},
                                                                                 {0x30, "staging"},
                                                                                 {0x40, "staged"},
                                                                                 {0x50, "superseded"},
                                                                                 {0x60, "install pending"},
                                                                                 {0x65, "partially installed"},
                                                                                 {0x70, "installed"},
                                                                                 {0x80, "permanent"}}};

}  // namespace

std::string package_state_name(std::uint32_t state) {
  for (const auto& [number, name] : kStates) {
    if (number == state) return std::string(name);
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::uint32_t rest = state; rest != 0; rest >>= 4) text.insert(text.begin(), kDigits[rest & 15]);
  return "state 0x" + text;
}

std::optional<AssemblyIdentity> parse_package_id(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = text.find('~');
    if ((end == std::string_view::npos) != (i + 1 == parts.size())) return std::nullopt;
    parts[i] = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  const std::optional<Version> version = parse_version(parts[4]);
  if (parts[0].empty() || !version) return std::nullopt;
  AssemblyIdentity identity;
  identity.name = parts[0];
  identity.public_key_token = parts[1];
  identity.architecture = parts[2];
  if (!parts[3].empty()) identity.language = parts[3];
  identity.version = *version;
  return identity;
}

Result<std::vector<InstalledPackage>> installed_packages(const Media& media, const HiveKeysReader& read_hive) {
  std::map<AssemblyIdentity, std::uint32_t> found;
  WINNOW_CHECK(for_each_hive(media, read_hive, [&](ByteView hive, const std::string& name) -> Result<void> {
    WINNOW_TRY(const std::vector<StoredKey> keys, read_hive(hive, name, kPackagesKey));
    for (const StoredKey& key : keys) {
      const std::optional<AssemblyIdentity> identity = parse_package_id(key.name);
      if (!identity) return fail("cannot read hive " + name + ": \"" + key.name + "\" is no package");
      const auto state = key.numbers.find("CurrentState");
      std::uint32_t& most = found[*identity];
      if (state != key.numbers.end()) most = std::max(most, state->second);
    }
    return {};
  }));
  std::vector<InstalledPackage> packages;
  for (const auto& [identity, state] : found) packages.push_back({identity, state});
  return packages;
}

Result<std::set<std::string>> installed_updates(const Media& media, const HiveKeysReader& read_hive,
                                                const std::vector<AssemblyIdentity>& packages) {
  std::set<std::string> on;
  if (packages.empty()) return on;
  WINNOW_CHECK(for_each_hive(media, read_hive, [&](ByteView hive, const std::string& name) -> Result<void> {
    for (const AssemblyIdentity& package : packages) {
      std::vector<std::string> path = kPackagesKey;
      path.push_back(package_id(package));
      WINNOW_TRY(const std::vector<StoredKey> keys, read_hive(hive, name, path));
      for (const StoredKey& key : keys) {
        if (!ascii_iequals(key.name, "Updates")) continue;
        for (const auto& [update, state] : key.numbers) {
          if (InstalledPackage{package, state}.is_present()) on.insert(ascii_lower(update));
        }
      }
    }
    return {};
  }));
  return on;
}

}  // namespace winnow
