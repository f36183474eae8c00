#include <algorithm>

#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

class BitReader {
 public:
  explicit BitReader(ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] bool operator[](std::uint64_t bit) const {
    return bit / 8 < bytes_.size() && (bytes_[static_cast<std::size_t>(bit / 8)] >> (bit % 8) & 1) != 0;
  }
  // The first bit in [from, to) that is not `value`, or `to`.
  [[nodiscard]] std::uint64_t run_end(std::uint64_t from, std::uint64_t to, bool value) const {
    const std::uint8_t whole = value ? 0xFF : 0;
    while (from < to) {
      const auto byte = static_cast<std::size_t>(from / 8);
      if (from % 8 == 0 && to - from >= 8 && byte < bytes_.size() && bytes_[byte] == whole) {
        from += 8;
      } else if ((*this)[from] == value) {
        ++from;
      } else {
        break;
      }
    }
    return from;
  }

 private:
  ByteView bytes_;
};

std::string range_text(std::uint64_t first, std::uint64_t end) {
  return end - first == 1 ? "cluster " + std::to_string(first)
                          : "clusters " + std::to_string(first) + " to " + std::to_string(end - 1);
}

// Clusters [from, to) must be marked as `used`; says which are not.
void check_range(const NtfsState& state, const BitReader& bits, std::uint64_t from, std::uint64_t to, bool used,
                 const std::string& owner) {
  while (from < to) {
    const std::uint64_t end = bits.run_end(from, to, used);
    const std::uint64_t wrong_end = bits.run_end(end, to, !used);
    if (end < wrong_end && used) {
      state.findings.add("$Bitmap", range_text(end, wrong_end) + " of " + owner + ", marked free, expected used");
    } else if (end < wrong_end) {
      state.findings.add("$Bitmap", range_text(end, wrong_end) + ": marked used, but no file has them (lost)");
    }
    from = wrong_end;
  }
}

std::string owner_text(const NtfsState& state, std::uint64_t record) {
  const std::string path = state.path_of(record);
  return "MFT record " + std::to_string(record) + (path.empty() ? "" : " (" + path + ")");
}

void check_clusters(NtfsState& state, ByteView bitmap) {
  std::sort(state.claims.begin(), state.claims.end(),
            [](const Claim& a, const Claim& b) { return a.lcn != b.lcn ? a.lcn < b.lcn : a.record < b.record; });
  const BitReader bits(bitmap);
  std::uint64_t reached = 0;
  std::uint64_t owner = 0;
  for (const Claim& claim : state.claims) {
    if (claim.lcn < reached) {
      state.findings.add(claim.record, range_text(claim.lcn, std::min(reached, claim.lcn + claim.length)) +
                                           ": in use twice, also by " + owner_text(state, owner));
    }
    const std::uint64_t end = claim.lcn + claim.length;
    if (end <= reached) continue;
    if (claim.lcn > reached) check_range(state, bits, reached, claim.lcn, false, "");
    check_range(state, bits, std::max(claim.lcn, reached), end, true, owner_text(state, claim.record));
    reached = end;
    owner = claim.record;
  }
  const std::uint64_t clusters = state.volume.geometry().cluster_count;
  check_range(state, bits, reached, clusters, false, "");
  const std::uint64_t all = bitmap.size() * 8;
  if (all < clusters) {
    state.findings.add("$Bitmap", differs("size", bitmap.size(), (clusters + 7) / 8));
  } else if (const std::uint64_t end = bits.run_end(clusters, all, true); end != all) {
    state.findings.add("$Bitmap", "bit " + std::to_string(end) + " past the end of the volume (" +
                                      std::to_string(clusters) + " clusters) is clear, expected set");
  }
}

void check_record_bits(const NtfsState& state, ByteView bitmap) {
  const BitReader bits(bitmap);
  for (std::size_t number = 0; number < state.files.size(); ++number) {
    const RecordState kind = state.files[number].state;
    if (kind == RecordState::broken) continue;
    const bool is_used = kind != RecordState::unused;
    if (bits[number] == is_used) continue;
    state.findings.add(number, std::string("$MFT:$BITMAP: the record is ") + (is_used ? "in use" : "not in use") +
                                   ", marked " + (is_used ? "free" : "used"));
  }
  const std::uint64_t all = bitmap.size() * 8;
  const std::uint64_t end = bits.run_end(state.files.size(), all, false);
  if (state.files.size() < all && end != all) {
    state.findings.add("$MFT:$BITMAP", "record " + std::to_string(end) + " is marked used, $MFT has " +
                                           std::to_string(state.files.size()) + " records");
  }
}

}  // namespace

void check_bitmaps(NtfsState& state) {
  const auto bitmap = read_content(state, ntfs::kBitmap);
  if (!bitmap) {
    state.findings.add(ntfs::kBitmap, "$Bitmap has no $DATA that can be read");
  } else if (state.has_too_many_claims) {
    state.findings.add("$Bitmap", "not checked: the files have more than " + std::to_string(kMaxClaims) + " runs");
  } else {
    check_clusters(state, *bitmap);
  }
  const auto mft = load_file(state.volume, ntfs::kMft);
  const Stream* records = mft ? mft->find(ntfs::kBitmapAttribute) : nullptr;
  const auto bits = records == nullptr ? std::nullopt : state.volume.read_all(*records);
  if (bits) {
    check_record_bits(state, *bits);
  } else {
    state.findings.add(ntfs::kMft, "$BITMAP is missing or cannot be read");
  }
}

}  // namespace winnow::check
