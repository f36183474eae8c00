#include "image/hive/hive_checker.hpp"

#include <map>

#include "base/utf16.hpp"
#include "formats/regf.hpp"
#include "image/hive/hive_nodes.hpp"
#include "image/security_check.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxDepth = 512;  // Windows' own limit of nested keys

// How often the ring's descriptor says it is used, and how often keys use it.
struct SecurityUse {
  std::uint32_t stated = 0;
  std::uint32_t counted = 0;
};

class HiveChecker {
 public:
  explicit HiveChecker(HiveCells& cells)
      : cells_(cells), claim_([this](std::uint32_t cell, std::string_view signature, std::size_t size) {
          return cells_.claim(cell, signature, size);
        }) {}

  Result<void> check();

 private:
  Result<void> check_security_ring(std::uint32_t first);
  Result<std::u16string> check_key(std::uint32_t cell, std::uint32_t parent, std::size_t depth);
  Result<void> check_values(std::uint32_t cell, const KeyNode& key);
  Result<void> check_subkeys(std::uint32_t cell, const KeyNode& key, std::size_t depth);

  HiveCells& cells_;
  FetchCell claim_;
  std::map<std::uint32_t, SecurityUse> security_;  // by sk cell
};

Result<void> HiveChecker::check() {
  const auto root = cells_.content(cells_.root());
  if (!root || root->size() < regf::nk::kName || as_text(root->first(2)) != regf::nk::kSignature) {
    return hive_failure(cells_.root(), "no root key is there");
  }
  const KeyNode key = read_key_node(*root);
  if ((key.flags & regf::nk::kFlagHiveRoot) == 0)
    return hive_failure(cells_.root(), "it is not marked as the root key");
  WINNOW_CHECK(check_security_ring(key.security));
  // What the root names as its parent differs between the programs that write hives.
  WINNOW_CHECK(check_key(cells_.root(), key.parent, 0));
  for (const auto& [cell, use] : security_) {
    if (use.stated == use.counted) continue;
    return hive_failure(cell, "its security descriptor counts " + std::to_string(use.stated) + " keys, " +
                                  std::to_string(use.counted) + " use it");
  }
  return {};
}

Result<void> HiveChecker::check_security_ring(std::uint32_t first) {
  std::uint32_t cell = first;
  std::optional<std::uint32_t> previous;
  do {
    const auto content = cells_.claim(cell, regf::sk::kSignature, regf::sk::kDescriptor);
    if (!content) return hive_failure(cell, "no security descriptor is there, or its ring is broken");
    if (previous && read_le<std::uint32_t>(*content, regf::sk::kPrevious) != *previous) {
      return hive_failure(cell, "the ring of security descriptors is broken");
    }
    const auto descriptor =
        slice(*content, regf::sk::kDescriptor, *read_le<std::uint32_t>(*content, regf::sk::kLength));
    if (!descriptor) return hive_failure(cell, "its security descriptor is cut off");
    if (const auto fault = find_security_fault(*descriptor)) {
      return hive_failure(cell, "its security descriptor is wrong: " + *fault);
    }
    security_[cell].stated = *read_le<std::uint32_t>(*content, regf::sk::kReferences);
    previous = cell;
    cell = *read_le<std::uint32_t>(*content, regf::sk::kNext);
  } while (cell != first);
  return {};
}

Result<std::u16string> HiveChecker::check_key(std::uint32_t cell, std::uint32_t parent, std::size_t depth) {
  if (depth > kMaxDepth) return hive_failure(cell, "keys are nested deeper than 512 levels");
  const auto content = cells_.claim(cell, regf::nk::kSignature, regf::nk::kName);
  if (!content) return hive_failure(cell, "no key is there, or two lists name it");
  const KeyNode key = read_key_node(*content);
  if (!key.name || key.name->size() > regf::nk::kMaxNameUnits)
    return hive_failure(cell, "the key's name is cut off or too long");
  if (key.parent != parent) return hive_failure(cell, "the key names another parent");
  const auto security = security_.find(key.security);
  if (security == security_.end()) return hive_failure(cell, "the key's security descriptor is not in the ring");
  ++security->second.counted;
  WINNOW_CHECK(check_values(cell, key));
  WINNOW_CHECK(check_subkeys(cell, key, depth));
  return upcase(*key.name);
}

Result<void> HiveChecker::check_values(std::uint32_t cell, const KeyNode& key) {
  WINNOW_TRY(const auto values, read_value_list(key.value_list, key.value_count, claim_));
  for (const std::uint32_t value : values) {
    const auto content = cells_.claim(value, regf::vk::kSignature, regf::vk::kName);
    if (!content) return hive_failure(cell, "one of the key's values is not where its list says");
    const ValueNode node = read_value_node(*content);
    if (!node.name) return hive_failure(value, "the value's name is cut off");
    WINNOW_CHECK(read_value_data(value, node, cells_.minor_version(), claim_));
  }
  return {};
}

Result<void> HiveChecker::check_subkeys(std::uint32_t cell, const KeyNode& key, std::size_t depth) {
  if (key.subkey_count == 0) return {};
  WINNOW_TRY(const auto subkeys, read_subkey_list(key.subkey_list, claim_));
  if (subkeys.size() != key.subkey_count) {
    return hive_failure(cell, "the key counts " + std::to_string(key.subkey_count) + " subkeys, its lists have " +
                                  std::to_string(subkeys.size()));
  }
  std::optional<std::u16string> previous;
  for (const std::uint32_t subkey : subkeys) {
    WINNOW_TRY(std::u16string name, check_key(subkey, cell, depth + 1));
    if (previous && *previous >= name) return hive_failure(subkey, "the key is out of order among its siblings");
    previous = std::move(name);
  }
  return {};
}

}  // namespace

Result<void> check_hive_tree(HiveCells& cells) { return HiveChecker(cells).check(); }

}  // namespace winnow
