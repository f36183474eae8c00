#include "image/hive/registry_hives.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "base/parallel.hpp"
#include "image/hive/hive_writer.hpp"
#include "plan/security_descriptor.hpp"
#include "plan/stored_security.hpp"

namespace winnow {

namespace {

// Rights: 0xF003F is KEY_ALL_ACCESS, 0x20019 KEY_READ, 0x60000 READ_CONTROL | WRITE_DAC. One descriptor serves a whole
// hive: its entries are inheritable and effective at once.
constexpr std::string_view kMachineKeys =
    "O:BAG:SYD:(A;CI;0xF003F;;;BA)(A;CI;0xF003F;;;SY)(A;CIIO;0xF003F;;;CO)(A;CI;0x20019;;;BU)";
constexpr std::string_view kUserKeys = "O:BAG:SYD:(A;CI;0xF003F;;;BA)(A;CI;0xF003F;;;SY)(A;CI;0x20019;;;BU)";
// As Windows guards SAM and SECURITY: the system alone reads them.
constexpr std::string_view kSecretKeys = "O:BAG:SYD:(A;CI;0xF003F;;;SY)(A;CI;0x60000;;;BA)";

std::string_view security_of(HiveId hive) {
  switch (hive) {
    case HiveId::sam:
    case HiveId::security:
      return kSecretKeys;
    case HiveId::default_user:
    case HiveId::new_user:
      return kUserKeys;
    case HiveId::software:
    case HiveId::system:
    case HiveId::components:
      return kMachineKeys;
  }
  return kMachineKeys;
}

// Keys with the descriptors they have, state or inherit. The hive's own is the first; it holds, unchanged, wherever no
// key above states one.
class HiveKeys {
 public:
  HiveKeys(const RegistryPlan& plan, Bytes usual) : plan_(plan), usual_(usual) { intern(std::move(usual)); }

  HiveKey convert(const PlannedKey& planned, std::uint32_t above) {
    HiveKey key;
    key.name = planned.name;
    key.security = security_of(planned, above);
    key.values.reserve(planned.values.size());
    for (const auto& [upper, value] : planned.values) key.values.push_back({value.name, value.type, value.data});
    key.children.reserve(planned.children.size());
    for (const auto& [upper, child] : planned.children) key.children.push_back(convert(child, key.security));
    return key;
  }
  std::vector<Bytes> take() && { return std::move(list_); }

 private:
  std::uint32_t intern(Bytes descriptor) {
    const auto [it, made] = index_.try_emplace(std::move(descriptor), static_cast<std::uint32_t>(index_.size()));
    if (made) list_.push_back(it->first);
    return it->second;
  }

  std::uint32_t security_of(const PlannedKey& planned, std::uint32_t above) {
    if (planned.security) {
      const Bytes& own = plan_.security_descriptors.at(*planned.security);
      return intern(is_left_to_parent(own) ? inherited_descriptor(list_.at(above), own, SecuredObject::key) : own);
    }
    if (above == 0) return 0;
    const auto known = inherited_.find(above);
    if (known != inherited_.end()) return known->second;
    return inherited_[above] = intern(inherited_descriptor(list_.at(above), usual_, SecuredObject::key));
  }

  const RegistryPlan& plan_;
  Bytes usual_;
  std::map<Bytes, std::uint32_t> index_;
  std::map<std::uint32_t, std::uint32_t> inherited_;  // what keys below one of that descriptor have
  std::vector<Bytes> list_;
};

std::uint64_t to_filetime(std::int64_t unix_seconds) {
  constexpr std::int64_t kUnixEpoch = 11'644'473'600;  // seconds from 1601-01-01 to 1970-01-01
  constexpr std::int64_t kLatest = 1'800'000'000'000;  // year 57000, still far from overflow
  const std::int64_t seconds = std::clamp(unix_seconds, -kUnixEpoch, kLatest) + kUnixEpoch;
  return static_cast<std::uint64_t>(seconds) * 10'000'000;
}

Result<Bytes> write_one(const RegistryPlan& plan, HiveId hive, std::int64_t time) {
  HiveOptions options;
  options.file_name = "C:\\" + hive_path(hive).text();
  options.root_name = "ROOT";
  options.time = to_filetime(time);
  WINNOW_TRY(Bytes descriptor, parse_sddl(security_of(hive)));
  HiveKeys keys(plan, std::move(descriptor));
  const auto planned = plan.hives.find(hive);
  const HiveKey root = planned == plan.hives.end() ? HiveKey{} : keys.convert(planned->second, 0);
  options.security_descriptors = std::move(keys).take();
  return write_hive(root, options);
}

}  // namespace

Result<std::vector<HiveFile>> write_registry_hives(const RegistryPlan& plan, std::int64_t time) {
  std::vector<HiveId> ids;
  for (const HiveId id : kAllHives) {
    if (!is_optional(id) || plan.hives.contains(id)) ids.push_back(id);
  }
  std::vector<std::optional<Result<Bytes>>> written(ids.size());
  parallel_for(ids.size(), [&](std::size_t i) { written[i] = write_one(plan, ids[i], time); });
  std::vector<HiveFile> hives;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    WINNOW_TRY(Bytes bytes, std::move(*written[i]));
    hives.push_back({ids[i], std::move(bytes)});
  }
  return hives;
}

}  // namespace winnow
