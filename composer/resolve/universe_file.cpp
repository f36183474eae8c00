#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/file_system.hpp"
#include "resolve/universe_builder.hpp"
#include "resolve/universe_tables.hpp"

namespace winnow {

namespace {

static_assert(std::endian::native == std::endian::little, "universe files are mapped as they are");
static_assert(std::has_unique_object_representations_v<UniverseNode> && sizeof(UniverseNode) == 80);
static_assert(std::has_unique_object_representations_v<UniverseNeed> && sizeof(UniverseNeed) == 36);
static_assert(std::has_unique_object_representations_v<UniverseConflict> && sizeof(UniverseConflict) == 16);

constexpr std::string_view kMagic = "winnow-universe 1\n";
constexpr std::size_t kMagicSize = 24, kChecksumAt = 24, kDigestAt = 32, kTablesAt = 64, kTables = 8;
constexpr std::size_t kHeaderSize = kTablesAt + kTables * 16, kAlignment = 8;

template <class Row>
ByteView bytes_of(std::span<const Row> rows) {
  return {reinterpret_cast<const std::uint8_t*>(rows.data()), rows.size_bytes()};
}

// Four lanes of multiply and rotate: a torn or damaged file is found at the speed of memory. Not against an attacker;
// every index is checked besides.
std::uint64_t checksum(ByteView bytes) {
  constexpr std::uint64_t kPrime = 0x9E3779B185EBCA87;
  std::array<std::uint64_t, 4> lanes = {1, 2, 3, 4};
  std::size_t at = 0;
  for (; at + 32 <= bytes.size(); at += 32) {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), bytes.data() + at, 32);
    for (std::size_t i = 0; i < 4; ++i) lanes[i] = std::rotl((lanes[i] ^ words[i]) * kPrime, 29);
  }
  for (; at < bytes.size(); ++at) lanes[at % 4] = std::rotl((lanes[at % 4] ^ bytes[at]) * kPrime, 29);
  std::uint64_t sum = bytes.size();
  for (const std::uint64_t lane : lanes) sum = std::rotl((sum ^ lane) * kPrime, 31);
  return sum;
}

template <class Row>
std::optional<std::span<const Row>> table_at(ByteView file, std::size_t index) {
  const auto offset = read_le<std::uint64_t>(file, kTablesAt + index * 16);
  const auto size = read_le<std::uint64_t>(file, kTablesAt + index * 16 + 8);
  if (!offset || !size || *offset % kAlignment != 0 || *size % sizeof(Row) != 0) return std::nullopt;
  const auto bytes = slice(file, *offset, *size);
  if (!bytes) return std::nullopt;
  const auto count = static_cast<std::size_t>(*size) / sizeof(Row);
  if (count >= std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return std::span(reinterpret_cast<const Row*>(bytes->data()), count);
}

bool are_possible(const MeasuredBytes& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint64_t size) { return size <= kMostNodeBytes; });
}

bool fits(std::uint64_t first, std::uint64_t count, std::size_t size) { return first + count <= size; }

}  // namespace

// What a file says must be true of its tables before anybody follows an index.
bool UniverseFile::is_sound(const Universe& universe) {
  const std::size_t texts = universe.text_ends_.size();
  if (texts == 0 || universe.text_ends_[0] != 0) return false;
  if (!std::is_sorted(universe.text_ends_.begin(), universe.text_ends_.end()) ||
      universe.text_ends_.back() != universe.text_bytes_.size()) {
    return false;
  }
  const auto is_text = [&](std::initializer_list<TextId> ids) {
    return std::all_of(ids.begin(), ids.end(), [&](TextId id) { return id < texts; });
  };
  const auto is_node = [&](NodeId id) { return id < universe.nodes_.size(); };
  const bool nodes = std::all_of(universe.nodes_.begin(), universe.nodes_.end(), [&](const UniverseNode& node) {
    return is_text({node.name, node.version, node.architecture, node.language, node.penalty_reason}) &&
           fits(node.first_need, node.need_count, universe.needs_.size()) &&
           fits(node.first_conflict, node.conflict_count, universe.conflicts_.size()) &&
           fits(node.first_file, node.file_count, universe.shared_file_ids_.size()) && are_possible(node.bytes);
  });
  const bool needs = std::all_of(universe.needs_.begin(), universe.needs_.end(), [&](const UniverseNeed& need) {
    return is_text({need.what, need.from, need.text, need.file, need.language}) &&
           static_cast<std::size_t>(need.kind) < kNeedKinds &&
           fits(need.first_target, need.target_count, universe.targets_.size());
  });
  const bool conflicts =
      std::all_of(universe.conflicts_.begin(), universe.conflicts_.end(), [&](const UniverseConflict& conflict) {
        return is_node(conflict.other) && is_text({conflict.text, conflict.file});
      });
  const bool files = std::all_of(universe.shared_file_ids_.begin(), universe.shared_file_ids_.end(),
                                 [&](std::uint32_t id) { return id < universe.shared_files_.size(); });
  return nodes && needs && conflicts && files && universe.nodes_.size() + universe.shared_files_.size() <= kMostNodes &&
         std::all_of(universe.shared_files_.begin(), universe.shared_files_.end(), are_possible) &&
         std::all_of(universe.targets_.begin(), universe.targets_.end(), is_node);
}

std::array<ByteView, kTables> UniverseFile::tables_of(const Universe& universe) {
  return {bytes_of(universe.nodes_),     bytes_of(universe.needs_),           bytes_of(universe.targets_),
          bytes_of(universe.conflicts_), bytes_of(universe.shared_file_ids_), bytes_of(universe.shared_files_),
          bytes_of(universe.text_ends_), bytes_of(universe.text_bytes_)};
}

Universe universe_of(std::shared_ptr<const UniverseTables> tables) {
  Universe universe;
  universe.nodes_ = tables->nodes;
  universe.needs_ = tables->needs;
  universe.targets_ = tables->targets;
  universe.conflicts_ = tables->conflicts;
  universe.shared_file_ids_ = tables->shared_file_ids;
  universe.shared_files_ = tables->shared_files;
  universe.text_ends_ = tables->text_ends;
  universe.text_bytes_ = tables->text_bytes;
  universe.storage_ = std::move(tables);
  Sha256 sum;
  for (const ByteView table : UniverseFile::tables_of(universe)) {
    Bytes size;
    ByteWriter(size).le64(table.size());
    sum.update(size);
    sum.update(table);
  }
  universe.digest_ = sum.finish();
  return universe;
}

Result<void> UniverseFile::write(const Universe& universe, const std::filesystem::path& path) {
  Bytes header;
  ByteWriter out(header);
  out.text(kMagic);
  out.zeros(kMagicSize - kMagic.size() + 8);
  out.bytes(universe.digest().bytes);
  const auto tables = tables_of(universe);
  std::uint64_t offset = kHeaderSize;
  for (const ByteView table : tables) {
    out.le64(offset);
    out.le64(table.size());
    offset += (table.size() + kAlignment - 1) / kAlignment * kAlignment;
  }
  for (const ByteView table : tables) {
    out.bytes(table);
    out.align(kAlignment);
  }
  const std::uint64_t sum = checksum(ByteView(header).subspan(kDigestAt));
  out.put_le32_at(kChecksumAt, static_cast<std::uint32_t>(sum));
  out.put_le32_at(kChecksumAt + 4, static_cast<std::uint32_t>(sum >> 32));
  return write_file(path, header);
}

Result<Universe> UniverseFile::open(const std::filesystem::path& path) {
  WINNOW_TRY(MappedFile mapped, MappedFile::open(path));
  const auto storage = std::make_shared<MappedFile>(std::move(mapped));
  const ByteView file = storage->bytes();
  const auto refuse = [&](const std::string& reason) {
    return fail("cannot use universe " + path.string() + ": " + reason);
  };
  if (file.size() < kHeaderSize || as_text(file.first(kMagic.size())) != kMagic) {
    return refuse("it is no universe of this version of winnow");
  }
  if (read_le<std::uint64_t>(file, kChecksumAt) != checksum(file.subspan(kDigestAt))) return refuse("it is damaged");
  const auto nodes = table_at<UniverseNode>(file, 0);
  const auto needs = table_at<UniverseNeed>(file, 1);
  const auto targets = table_at<NodeId>(file, 2);
  const auto conflicts = table_at<UniverseConflict>(file, 3);
  const auto file_ids = table_at<std::uint32_t>(file, 4);
  const auto files = table_at<MeasuredBytes>(file, 5);
  const auto text_ends = table_at<std::uint32_t>(file, 6);
  const auto text_bytes = table_at<char>(file, 7);
  if (!nodes || !needs || !targets || !conflicts || !file_ids || !files || !text_ends || !text_bytes) {
    return refuse("a table lies outside the file");
  }
  Universe universe;
  universe.nodes_ = *nodes;
  universe.needs_ = *needs;
  universe.targets_ = *targets;
  universe.conflicts_ = *conflicts;
  universe.shared_file_ids_ = *file_ids;
  universe.shared_files_ = *files;
  universe.text_ends_ = *text_ends;
  universe.text_bytes_ = *text_bytes;
  std::copy_n(file.begin() + kDigestAt, universe.digest_.bytes.size(), universe.digest_.bytes.begin());
  universe.storage_ = storage;
  if (!is_sound(universe)) return refuse("an entry names one that is not there");
  return universe;
}

}  // namespace winnow
