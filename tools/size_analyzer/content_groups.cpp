#include "size_analyzer/content_groups.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "size_analyzer/computed_clusters.hpp"

namespace winnow {

namespace {

std::size_t name_units(const std::string& path) {
  const auto name = to_utf16(std::string_view(path).substr(path.rfind('/') + 1));
  return name ? name->size() : 0;
}

const DiskFile* find_on(const DiskMap& disk, std::uint64_t record) {
  const auto place = std::lower_bound(disk.files.begin(), disk.files.end(), record,
                                      [](const DiskFile& file, std::uint64_t number) { return file.record < number; });
  return place == disk.files.end() || place->record != record ? nullptr : &*place;
}

ByteCount rest_of(ByteCount whole, ByteCount part) { return whole - std::min(whole, part); }

// The parts within the content itself, after `room` of it that is no part of anything; logical bytes lead.
void add_content_parts(const ContentTraits& traits, ByteCount size, const Sizes& main, std::vector<FilePart>& parts) {
  std::vector<ByteCount> weights;
  ByteCount left = size;
  for (const ContentPart& part : traits.parts) {
    weights.push_back(std::min(part.size, left));
    left -= weights.back();
  }
  weights.push_back(left);
  const auto allocated = split(main.allocated, weights);
  const auto stored = split(main.stored, weights);
  for (std::size_t i = 0; i < traits.parts.size(); ++i) {
    const ContentPart& part = traits.parts[i];
    parts.push_back({part.kind, kNobody, part.name, {weights[i], allocated[i], stored[i]}});
  }
}

class Grouping {
 public:
  explicit Grouping(const ScannedImage& image) : image_(image) {}

  std::vector<ContentGroup> build() {
    collect();
    for (ContentGroup& group : groups_) measure(group);
    number_contents();
    return std::move(groups_);
  }

 private:
  void collect() {
    std::map<std::pair<std::size_t, std::string>, std::size_t> places;  // layer and first path
    for (std::size_t i = 0; i < image_.info.files.size(); ++i) {
      const ImageFile& file = image_.info.files[i];
      if (file.is_directory) continue;
      const std::string& first = file.link_target.empty() ? file.path : file.link_target;
      const auto [place, is_new] = places.emplace(std::pair(file.layer, first), groups_.size());
      if (is_new) groups_.emplace_back();
      groups_[place->second].names.push_back(i);
    }
  }

  void measure(ContentGroup& group) {
    const ImageFile& file = image_.info.files[group.names.front()];
    const ContentTraits& traits = image_.traits[group.names.front()];
    const DiskFile* on_disk = image_.disk ? find_on(*image_.disk, file.record) : nullptr;
    Sizes main;
    if (on_disk != nullptr) {
      group.sizes = on_disk->sizes;
      group.parts = on_disk->parts;
      Sizes beside;
      for (const FilePart& part : group.parts) beside += part.sizes;
      main = {file.size, rest_of(group.sizes.allocated, beside.allocated), rest_of(group.sizes.stored, beside.stored)};
      main.logical = std::min(main.logical, rest_of(group.sizes.logical, beside.logical));
    } else {
      main = compute(group, file);
    }
    add_content_parts(traits, main.logical, main, group.parts);
  }

  // Sizes where no volume tells them.
  Sizes compute(ContentGroup& group, const ImageFile& file) {
    NameLengths lengths;
    for (const std::size_t name : group.names) {
      lengths.push_back(name_units(image_.info.files[name].path));
      group.sizes.stored += image_.info.files[name].stored;
    }
    group.records = records_of(lengths) * ntfs::kRecordSize;
    ByteCount room = record_room(lengths);
    Sizes main{file.size, content_clusters(file.size, 0, room), 0};
    std::vector<ByteCount> weights;
    for (const ImageStream& stream : file.streams) {
      const ByteCount clusters = content_clusters(stream.size, name_units(stream.name), room);
      group.parts.push_back({ByteKind::named_stream, kNobody, stream.name, {stream.size, clusters, 0}});
      weights.push_back(stream.size);
    }
    weights.push_back(file.size);
    const auto stored = split(group.sizes.stored, weights);
    for (std::size_t i = 0; i < group.parts.size(); ++i) group.parts[i].sizes.stored = stored[i];
    main.stored = stored.back();
    group.sizes.logical = main.logical;
    group.sizes.allocated = main.allocated;
    for (const FilePart& part : group.parts) {
      group.sizes.logical += part.sizes.logical;
      group.sizes.allocated += part.sizes.allocated;
    }
    return main;
  }

  // Hard links share, and in a WIM so do files of equal content.
  void number_contents() {
    const bool is_wim = image_.format == "WIM";
    std::map<Digest, std::vector<std::size_t>> equal;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const ImageFile& file = image_.info.files[groups_[i].names.front()];
      if (is_wim && file.size > 0) equal[file.digest].push_back(i);
    }
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const ImageFile& file = image_.info.files[groups_[i].names.front()];
      const auto place = equal.find(file.digest);
      const bool is_shared = place != equal.end() && file.size > 0 && place->second.size() > 1;
      if (is_shared && place->second.front() != i) {
        groups_[i].content = groups_[place->second.front()].content;
      } else if (is_shared || groups_[i].names.size() > 1) {
        groups_[i].content = next++;
      }
    }
  }

  const ScannedImage& image_;
  std::vector<ContentGroup> groups_;
};

}  // namespace

std::vector<ContentGroup> group_contents(const ScannedImage& image) { return Grouping(image).build(); }

std::vector<ByteCount> split(ByteCount total, const std::vector<ByteCount>& weights) {
  std::vector<ByteCount> shares(weights.size(), 0);
  const ByteCount sum = std::accumulate(weights.begin(), weights.end(), ByteCount{0});
  if (shares.empty()) return shares;
  if (sum == 0) {
    shares.back() = total;
    return shares;
  }
  std::vector<std::pair<long double, std::size_t>> losses;  // negated, so that the largest loss sorts first
  ByteCount left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const long double exact =
        static_cast<long double>(total) * static_cast<long double>(weights[i]) / static_cast<long double>(sum);
    shares[i] = std::min(static_cast<ByteCount>(exact), left);
    left -= shares[i];
    losses.emplace_back(static_cast<long double>(shares[i]) - exact, i);
  }
  std::sort(losses.begin(), losses.end());
  for (std::size_t i = 0; left > 0; i = (i + 1) % losses.size(), --left) ++shares[losses[i].second];
  return shares;
}

std::vector<FilePart> share_of_parts(const std::vector<FilePart>& parts, const Sizes& whole, const Sizes& own) {
  if (own == whole) return parts;
  const auto shares_of = [&](ByteCount Sizes::*measure) {
    std::vector<ByteCount> weights;
    ByteCount left = whole.*measure;
    for (const FilePart& part : parts) {
      weights.push_back(part.sizes.*measure);
      left = rest_of(left, weights.back());
    }
    weights.push_back(left);
    return split(own.*measure, weights);
  };
  const auto logical = shares_of(&Sizes::logical);
  const auto allocated = shares_of(&Sizes::allocated);
  const auto stored = shares_of(&Sizes::stored);
  std::vector<FilePart> shares;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    shares.push_back(parts[i]);
    shares.back().sizes = {logical[i], allocated[i], stored[i]};
    if (shares.back().sizes == Sizes{}) shares.pop_back();
  }
  return shares;
}

}  // namespace winnow
