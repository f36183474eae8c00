#include "binary/api_set.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "binary/text_budget.hpp"

namespace winnow {
namespace {

// Limits against hostile input; Windows 11 has some 1,000 contracts, each with at most a handful of hosts.
constexpr std::uint32_t kMaxContracts = 16'384;
constexpr std::uint32_t kMaxHosts = 64;
constexpr std::uint32_t kMaxNameBytes = 1024;
constexpr std::size_t kMaxText = std::size_t{16} << 20;

constexpr std::size_t kPrefixLength = 4;  // "api-" or "ext-"

// Where one version of the schema keeps its fields; offsets count from the section's start, the entry's or the value's.
// Every field is a le32. Layouts: servicing.md 12 (version 6); the headers of Windows 8 and 8.1 in the ntdiff
// collection
// (_API_SET_NAMESPACE_ARRAY, _API_SET_VALUE_ARRAY; versions 2 and 4).
struct Layout {
  std::size_t count;        // header: number of entries
  std::size_t entries;      // header: offset of the entries, or 0 when they follow the header
  std::size_t header_size;  // header
  std::size_t entry_size;
  std::size_t name;          // entry: offset; its length in bytes follows
  std::size_t values;        // entry: offset of the values or of their array
  bool entry_counts_values;  // the value count stands behind `values` in the entry, not in the array's header
  std::size_t array_count;   // array header: number of values
  std::size_t array_size;    // array header
  std::size_t value_size;
  std::size_t importer;  // value: offset, length
  std::size_t host;      // value: offset, length
};
constexpr Layout kVersion2{4, 0, 8, 12, 0, 8, false, 0, 4, 16, 0, 8};
constexpr Layout kVersion4{12, 0, 16, 24, 4, 20, false, 4, 8, 20, 4, 12};
constexpr Layout kVersion6{12, 16, 28, 24, 4, 16, true, 0, 0, 20, 4, 12};

std::string without_extension(std::string_view module) {
  std::string name = ascii_lower(module);
  if (name.ends_with(".dll")) name.resize(name.size() - 4);
  return name;
}

// "api-ms-win-core-file-l1-2" of "api-ms-win-core-file-l1-2-4".
std::string_view without_revision(std::string_view name) { return name.substr(0, name.rfind('-')); }

}  // namespace

class ApiSetReader {
 public:
  ApiSetReader(ByteView section, const std::string& name) : section_(section), name_(name) {}

  [[nodiscard]] Result<ApiSetSchema> read() && {
    WINNOW_TRY(const std::uint32_t version, field(0));
    if (version != 2 && version != 4 && version != 6) {
      return broken("version " + std::to_string(version) + " is not 2, 4 or 6");
    }
    layout_ = version == 2 ? kVersion2 : version == 4 ? kVersion4 : kVersion6;
    schema_.has_prefixes_ = version == 6;
    WINNOW_TRY(const std::uint32_t count, field(layout_.count));
    if (count > kMaxContracts) return broken("it has more than " + std::to_string(kMaxContracts) + " contracts");
    std::uint64_t first = layout_.header_size;
    if (layout_.entries != 0) {
      WINNOW_TRY(first, field(layout_.entries));
    }
    for (std::uint64_t i = 0; i < count; ++i) WINNOW_CHECK(read_entry(first + i * layout_.entry_size));
    return std::move(schema_);
  }

 private:
  [[nodiscard]] Result<void> read_entry(std::uint64_t at) {
    WINNOW_TRY(std::string name, text(at + layout_.name));
    WINNOW_TRY(std::uint64_t values, field(at + layout_.values));
    std::uint32_t count = 0;
    if (layout_.entry_counts_values) {
      WINNOW_TRY(count, field(at + layout_.values + 4));
    } else {
      WINNOW_TRY(count, field(values + layout_.array_count));
    }
    values += layout_.array_size;
    if (count > kMaxHosts) return broken("contract " + name + " has more than " + std::to_string(kMaxHosts) + " hosts");
    ApiSetSchema::Entry entry;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t value = values + i * layout_.value_size;
      WINNOW_TRY(std::string importer, text(value + layout_.importer));
      WINNOW_TRY(std::string host, text(value + layout_.host));
      // The first value is the default whatever its importer says; the loader looks for importers behind it.
      if (i == 0) {
        entry.host = std::move(host);
      } else {
        entry.exceptions.insert_or_assign(std::move(importer), std::move(host));
      }
    }
    std::string key(without_revision(name));
    entry.name = std::move(name);
    // Versions 2 and 4 list revisions one by one, in order: the highest stays.
    schema_.entries_.insert_or_assign(std::move(key), std::move(entry));
    return {};
  }

  [[nodiscard]] Result<std::uint32_t> field(std::uint64_t at) const {
    const auto value = read_le<std::uint32_t>(section_, at);
    if (!value) return broken("a field lies outside the section (offset " + std::to_string(at) + ")");
    return *value;
  }

  // The lower-case text whose offset and length in bytes are at `at`.
  [[nodiscard]] Result<std::string> text(std::uint64_t at) {
    WINNOW_TRY(const std::uint32_t offset, field(at));
    WINNOW_TRY(const std::uint32_t size, field(at + 4));
    const auto bytes = slice(section_, offset, size);
    if (!bytes || size > kMaxNameBytes) {
      return broken("a name lies outside the section or is too long (offset " + std::to_string(offset) + ")");
    }
    if (!budget_.take(size)) return broken("its names are longer than " + std::to_string(kMaxText) + " bytes in all");
    const auto utf8 = from_utf16le(*bytes);
    if (!utf8) return broken("a name is not UTF-16 (offset " + std::to_string(offset) + ")");
    return ascii_lower(*utf8);
  }

  [[nodiscard]] tl::unexpected<Error> broken(const std::string& reason) const {
    return fail("cannot read API-set schema " + name_ + ": " + reason);
  }

  ByteView section_;
  const std::string& name_;
  Layout layout_{};
  ApiSetSchema schema_;
  TextBudget budget_{kMaxText};
};

Result<ApiSetSchema> ApiSetSchema::parse(ByteView section, const std::string& name) {
  return ApiSetReader(section, name).read();
}

bool ApiSetSchema::is_contract_name(std::string_view module) {
  const std::string_view prefix = module.substr(0, kPrefixLength);
  return ascii_iequals(prefix, "api-") || ascii_iequals(prefix, "ext-");
}

const ApiSetSchema::Entry* ApiSetSchema::find(std::string_view module) const {
  if (!is_contract_name(module)) return nullptr;
  const std::string name = without_extension(module);
  std::string_view key = without_revision(name);
  if (!has_prefixes_) key.remove_prefix(std::min(kPrefixLength, key.size()));
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<std::string> ApiSetSchema::host(std::string_view module, std::string_view importer) const {
  const Entry* entry = find(module);
  if (entry == nullptr) return std::nullopt;
  const auto exception = entry->exceptions.find(ascii_lower(importer));
  const std::string& host = exception == entry->exceptions.end() ? entry->host : exception->second;
  if (host.empty()) return std::nullopt;
  return host;
}

bool ApiSetSchema::has_contract(std::string_view module) const { return find(module) != nullptr; }

std::map<std::string, std::string> ApiSetSchema::contracts() const {
  std::map<std::string, std::string> result;
  for (const auto& [key, entry] : entries_) result.emplace((has_prefixes_ ? "" : "api-") + entry.name, entry.host);
  return result;
}

}  // namespace winnow
