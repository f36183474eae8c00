#include <algorithm>
#include <mutex>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr std::u16string_view kProvenance = u"Windows\\winnow\\provenance.json";
constexpr std::size_t kMaxProvenance = 64u << 20;
constexpr std::size_t kPiece = 1u << 20;

struct Listed {
  std::string path;
  std::string digest;
};

// The children of each directory by upper-cased name, so that thousands of paths are found without going through all
// names for each.
class PathIndex {
 public:
  explicit PathIndex(const NtfsState& state) : state_(state) {
    for (const NameFacts& name : state.names) {
      children_.emplace(std::pair(ntfs::record_of(name.parent), upper(name.name)), name.record);
    }
  }
  [[nodiscard]] std::optional<std::uint64_t> find(std::u16string_view path) const {
    std::uint64_t record = ntfs::kRoot;
    while (!path.empty()) {
      const std::size_t length = std::min(path.size(), path.find(u'/'));
      const auto found = children_.find(std::pair(record, upper(path.substr(0, length))));
      if (found == children_.end()) return std::nullopt;
      record = found->second;
      path.remove_prefix(std::min(path.size(), length + 1));
    }
    return record;
  }

 private:
  [[nodiscard]] std::u16string upper(std::u16string_view name) const {
    std::u16string text(name);
    for (char16_t& unit : text) unit = state_.upcase[unit];
    return text;
  }
  const NtfsState& state_;
  std::map<std::pair<std::uint64_t, std::u16string>, std::uint64_t> children_;
};

std::vector<Listed> parse_provenance(const Json& document) {
  std::vector<Listed> files;
  if (!document.is_object() || !document.contains("files") || !document["files"].is_array()) return files;
  for (const Json& file : document["files"]) {
    if (!file.is_object() || !file.contains("path") || !file.contains("sha256")) continue;
    if (!file["path"].is_string() || !file["sha256"].is_string()) continue;
    files.push_back({file["path"].get<std::string>(), file["sha256"].get<std::string>()});
  }
  return files;
}

// The SHA-256 of a stream, or nothing when it cannot be read.
std::optional<std::string> hash_stream(const NtfsVolume& volume, const Stream& stream) {
  Sha256 hash;
  Bytes piece(static_cast<std::size_t>(std::min<ByteCount>(kPiece, stream.size)));
  for (ByteCount offset = 0; offset < stream.size; offset += piece.size()) {
    const auto count = static_cast<std::size_t>(std::min<ByteCount>(piece.size(), stream.size - offset));
    const std::span<std::uint8_t> part = std::span(piece).first(count);
    if (!volume.read(stream, offset, part)) return std::nullopt;
    hash.update(part);
  }
  return hash.finish().hex();
}

struct Verdict {
  std::uint64_t record = 0;
  bool has_record = false;
  std::string message;  // "" = as listed
};

Verdict judge(const NtfsState& state, const PathIndex& paths, const Listed& listed) {
  const auto path = to_utf16(listed.path);
  const auto record = path ? paths.find(*path) : std::nullopt;
  if (!record) return {0, false, "provenance.json lists it, the volume does not have it"};
  const auto file = load_file(state.volume, *record);
  const Stream* data = file ? file->find(ntfs::kData) : nullptr;
  if (data == nullptr) return {*record, true, "$DATA: provenance.json lists it, it has no content"};
  if (state.files[static_cast<std::size_t>(*record)].reparse_tag == ntfs::kTagWof) return {};
  const auto found = hash_stream(state.volume, *data);
  if (!found) return {*record, true, "$DATA: the content cannot be read"};
  if (*found == listed.digest) return {};
  return {*record, true,
          "$DATA: content has SHA-256 " + *found + ", expected " + printable(std::string_view(listed.digest)) +
              " (provenance.json)"};
}

}  // namespace

void check_contents(NtfsState& state) {
  const auto record = find_path(state, kProvenance);
  if (!record) return;
  const auto bytes = read_content(state, *record);
  if (!bytes || bytes->size() > kMaxProvenance) {
    state.findings.add(*record, "$DATA: the content cannot be read");
    return;
  }
  const auto document = parse_json(as_text(*bytes), "provenance.json");
  if (!document) {
    state.findings.add(*record, "$DATA: " + document.error().faults().front().message);
    return;
  }
  const std::vector<Listed> files = parse_provenance(*document);
  const PathIndex paths(state);
  std::vector<Verdict> verdicts(files.size());
  parallel_for(files.size(), [&](std::size_t i) { verdicts[i] = judge(state, paths, files[i]); });
  for (std::size_t i = 0; i < files.size(); ++i) {
    Verdict& verdict = verdicts[i];
    if (verdict.message.empty()) continue;
    if (verdict.has_record) {
      state.findings.add(verdict.record, std::move(verdict.message));
    } else {
      state.findings.add(printable(std::string_view(files[i].path)), std::move(verdict.message));
    }
  }
}

}  // namespace winnow::check
