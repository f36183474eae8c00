#include "servicing/servicing_repository.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

// Sorts by identity; of equal manifests one stays, of different ones under one identity the first pair is an error.
template <class Entry>
Result<void> settle(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.manifest.identity, a.file) < std::tie(b.manifest.identity, b.file);
  });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Entry &first = entries[i - 1], &second = entries[i];
    if (first.manifest.identity == second.manifest.identity && !(first.manifest == second.manifest)) {
      return fail(
          "cannot use " + second.file + ": another manifest has the identity " + to_string(second.manifest.identity),
          {"the other is " + first.file});
    }
  }
  const auto last = std::unique(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.manifest.identity == b.manifest.identity;
  });
  entries.erase(last, entries.end());
  return {};
}

template <class Entry>
std::vector<std::uint32_t> order_by_name(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(ascii_lower(entry.manifest.identity.name));
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
  return order;
}

template <class Entry>
std::vector<std::uint32_t> find_named(const std::vector<Entry>& entries, const std::vector<std::uint32_t>& order,
                                      std::string_view name) {
  const std::string wanted = ascii_lower(name);
  const auto first = std::lower_bound(order.begin(), order.end(), wanted, [&](std::uint32_t id, const std::string& n) {
    return ascii_lower(entries[id].manifest.identity.name) < n;
  });
  std::vector<std::uint32_t> found;
  for (auto at = first; at != order.end() && ascii_iequals(entries[*at].manifest.identity.name, wanted); ++at) {
    found.push_back(*at);
  }
  return found;
}

template <class Entry>
std::vector<std::uint32_t> find_versions(const std::vector<Entry>& entries, const std::vector<std::uint32_t>& order,
                                         const AssemblyIdentity& identity) {
  std::vector<std::uint32_t> found = find_named(entries, order, identity.name);
  std::erase_if(found, [&](std::uint32_t id) {
    const AssemblyIdentity& other = entries[id].manifest.identity;
    return !ascii_iequals(other.architecture, identity.architecture) ||
           !ascii_iequals(other.language, identity.language);
  });
  std::stable_sort(found.begin(), found.end(), [&](std::uint32_t a, std::uint32_t b) {
    return entries[a].manifest.identity.version < entries[b].manifest.identity.version;
  });
  return found;
}

}  // namespace

Result<ServicingRepository> ServicingRepository::of(std::vector<ServicedPackage> packages,
                                                    std::vector<ServicedComponent> components) {
  ServicingRepository repository;
  WINNOW_CHECK(settle(packages));
  WINNOW_CHECK(settle(components));
  repository.packages_ = std::move(packages);
  repository.components_ = std::move(components);
  repository.packages_by_name_ = order_by_name(repository.packages_);
  repository.components_by_name_ = order_by_name(repository.components_);
  return repository;
}

std::vector<PackageIndex> ServicingRepository::package_versions(const AssemblyIdentity& identity) const {
  return find_versions(packages_, packages_by_name_, identity);
}
std::vector<ComponentIndex> ServicingRepository::component_versions(const AssemblyIdentity& identity) const {
  return find_versions(components_, components_by_name_, identity);
}
std::vector<PackageIndex> ServicingRepository::packages_named(std::string_view name) const {
  return find_named(packages_, packages_by_name_, name);
}
std::vector<ComponentIndex> ServicingRepository::components_named(std::string_view name) const {
  return find_named(components_, components_by_name_, name);
}

bool is_same_identity(const AssemblyIdentity& a, const AssemblyIdentity& b) {
  return a.version == b.version && ascii_iequals(a.name, b.name) && ascii_iequals(a.architecture, b.architecture) &&
         ascii_iequals(a.language, b.language) && ascii_iequals(a.public_key_token, b.public_key_token);
}

}  // namespace winnow
