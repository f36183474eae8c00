#include "size_analyzer/history/build_record.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <tuple>

#include "size_analyzer/normalised_size.hpp"

namespace winnow {

namespace {

constexpr std::uint64_t kMaxTime = 253402300799;      // the last second of the year 9999
constexpr ByteCount kMaxBytes = ByteCount{1} << 62U;  // differences of two fit into 64 bits with a sign

bool is_empty(const Sizes& sizes) { return sizes == Sizes{}; }

// The sums of a report by owner and by kind.
class Sums {
 public:
  explicit Sums(const ImageFacts& facts)
      : owner_sizes_(facts.owners.size()), owner_files_(facts.owners.size()), facts_(facts) {
    for (const FileFacts& file : facts.files) add(file);
    for (const OverheadFacts& overhead : facts.overheads) kind_sizes_[overhead.kind] += overhead.sizes;
  }

  [[nodiscard]] std::vector<OwnerRecord> owners() const {
    using Key = std::tuple<OwnerType, std::string, std::string, std::string, std::string>;
    std::map<Key, OwnerRecord> merged;
    for (std::size_t i = 0; i < facts_.owners.size(); ++i) {
      const OwnerFacts& owner = facts_.owners[i];
      if (is_empty(owner_sizes_[i]) && owner_files_[i] == 0 && i == kNobody) continue;
      OwnerRecord& record = merged[{owner.kind, owner.name, owner.package, owner.architecture, owner.version}];
      const bool is_new = record.name.empty();
      if (is_new) record = describe(owner);
      record.is_requested = record.is_requested || owner.is_requested;
      record.files += owner_files_[i];
      record.sizes += owner_sizes_[i];
    }
    std::vector<OwnerRecord> records;
    for (auto& [key, record] : merged) records.push_back(std::move(record));
    return records;
  }

  [[nodiscard]] std::vector<KindRecord> kinds() const {
    std::vector<KindRecord> records;
    for (const auto& [kind, sizes] : kind_sizes_) {
      if (!is_empty(sizes)) records.push_back({std::string(to_string(kind)), sizes});
    }
    return records;
  }

 private:
  static OwnerRecord describe(const OwnerFacts& owner) {
    OwnerRecord record;
    record.kind = owner.kind;
    record.name = owner.name.empty() ? std::string(to_string(owner.kind)) : owner.name;
    record.package = owner.package;
    record.architecture = owner.architecture;
    record.version = owner.version;
    record.reason = owner.reason;
    return record;
  }

  void add(const FileFacts& file) {
    ++owner_files_[file.owner];
    visit_parts(file, [&](OwnerIndex owner, ByteKind kind, const std::string&, const Sizes& sizes, bool) {
      kind_sizes_[kind] += sizes;
      owner_sizes_[owner] += sizes;
    });
  }

  std::vector<Sizes> owner_sizes_;
  std::vector<std::uint64_t> owner_files_;
  std::map<ByteKind, Sizes> kind_sizes_;
  const ImageFacts& facts_;
};

std::string series_of(const ImageFacts& facts) {
  const std::size_t colon = facts.tag.rfind(':');
  const bool has_version = colon != std::string::npos && facts.tag.find('/', colon) == std::string::npos;
  if (!facts.tag.empty()) return has_version ? facts.tag.substr(0, colon) : facts.tag;
  const std::string stem = std::filesystem::path(facts.name).stem().string();
  return stem.empty() ? "image" : stem;
}

std::string base_of(const ImageFacts& facts) {
  std::string names;
  for (const FeedFacts& feed : facts.feeds) names += (names.empty() ? "" : "+") + feed.name;
  return names;
}

// Fields with their lengths in front, so that no two records read alike.
class RecordDigest {
 public:
  RecordDigest& field(std::string_view text) {
    number(text.size());
    hash_.update(as_bytes(text));
    return *this;
  }
  RecordDigest& number(std::uint64_t value) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
    hash_.update(bytes);
    return *this;
  }
  RecordDigest& sizes(const Sizes& sizes) { return number(sizes.logical).number(sizes.allocated).number(sizes.stored); }
  [[nodiscard]] Digest finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

}  // namespace

Result<BuildRecord> record_build(const ImageFacts& facts, const BuildName& name) {
  if (std::max({facts.total.logical, facts.total.allocated, facts.total.stored}) > kMaxBytes) {
    return fail("cannot record " + facts.name + ": it has more than 2^62 bytes");
  }
  const Sums sums(facts);
  BuildRecord record;
  record.series = name.series.empty() ? series_of(facts) : name.series;
  record.label = name.label;
  record.time = name.time;
  if (!record.time && facts.time != 0 && facts.time <= kMaxTime) record.time = static_cast<std::int64_t>(facts.time);
  record.base = name.base.empty() ? base_of(facts) : name.base;
  record.product = record.series;
  record.total = facts.total;
  record.image = facts.name;
  record.format = facts.format;
  record.tag = facts.tag;
  record.os_version = facts.os_version;
  record.architecture = facts.architecture;
  record.manifest_digest = facts.manifest_digest;
  record.requests = facts.requests;
  record.feeds = facts.feeds;
  record.owners = sums.owners();
  record.kinds = sums.kinds();
  record.counts = facts.counts;
  return record;
}

Digest digest_of(const BuildRecord& record) {
  RecordDigest digest;
  digest.field(record.series).field(record.label).field(record.base).field(record.product);
  digest.number(record.time ? 1 : 0).number(static_cast<std::uint64_t>(record.time.value_or(0)));
  digest.number(record.is_imported ? 1 : 0).sizes(record.total);
  digest.field(record.image).field(record.format).field(record.tag).field(record.os_version);
  digest.field(record.architecture).field(record.manifest_digest);
  digest.number(record.requests.size());
  for (const std::string& request : record.requests) digest.field(request);
  digest.number(record.feeds.size());
  for (const FeedFacts& feed : record.feeds) digest.field(feed.name).field(feed.version).field(feed.digest);
  digest.number(record.owners.size());
  for (const OwnerRecord& owner : record.owners) {
    digest.field(to_string(owner.kind)).field(owner.name).field(owner.package).field(owner.architecture);
    digest.field(owner.version).field(owner.reason).number(owner.is_requested ? 1 : 0).number(owner.files);
    digest.sizes(owner.sizes);
  }
  digest.number(record.kinds.size());
  for (const KindRecord& kind : record.kinds) digest.field(kind.kind).sizes(kind.sizes);
  digest.number(record.counts.size());
  for (const CountFacts& count : record.counts) digest.field(count.name).number(count.value);
  return digest.finish();
}

}  // namespace winnow
