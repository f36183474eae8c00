#include "size_analyzer/pe_parts.hpp"

#include <algorithm>
#include <map>

#include "formats/pe.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxDebugEntries = 64;

// Stretches of a file, each byte claimed at most once.
class Claims {
 public:
  explicit Claims(ByteCount file_size) : file_size_(file_size) {}

  // How many bytes of the stretch nobody had claimed before; what lies outside the file is not counted.
  ByteCount claim(ByteCount start, ByteCount size) {
    start = std::min(start, file_size_);
    const ByteCount end = start + std::min(size, file_size_ - start);
    ByteCount fresh = 0;
    ByteCount at = start;
    auto next = claimed_.upper_bound(start);
    if (next != claimed_.begin()) at = std::max(at, std::prev(next)->second);
    while (at < end) {
      const ByteCount stop = next == claimed_.end() ? end : std::min(end, next->first);
      if (stop > at) fresh += stop - at;
      if (next == claimed_.end()) break;
      at = std::max(stop, next->second);
      ++next;
    }
    if (end > start) claimed_[start] = std::max(claimed_[start], end);
    merge();
    return fresh;
  }

 private:
  void merge() {
    for (auto place = claimed_.begin(); place != claimed_.end();) {
      const auto next = std::next(place);
      if (next == claimed_.end() || next->first > place->second) {
        ++place;
        continue;
      }
      place->second = std::max(place->second, next->second);
      claimed_.erase(next);
    }
  }

  ByteCount file_size_;
  std::map<ByteCount, ByteCount> claimed_;  // start to end
};

class PartsReader {
 public:
  explicit PartsReader(const PeImage& image) : image_(image), claims_(image.bytes().size()) {}

  std::vector<ContentPart> read() {
    for (const PeSection& section : image_.sections()) {
      if (!section.name.starts_with(".debug")) continue;
      add(ByteKind::debug_section, section.name, static_cast<ByteCount>(section.raw.data() - image_.bytes().data()),
          section.raw.size());
    }
    add_symbols();
    const DataDirectory certificates = image_.directory(pe::Directory::certificates);
    if (certificates.rva != 0) add(ByteKind::signature, "Authenticode", certificates.rva, certificates.size);
    add_debug_directory();
    return std::move(parts_);
  }

 private:
  void add(ByteKind kind, const std::string& name, ByteCount start, ByteCount size) {
    const ByteCount fresh = claims_.claim(start, size);
    if (fresh == 0) return;
    const auto known = std::find_if(parts_.begin(), parts_.end(),
                                    [&](const ContentPart& part) { return part.kind == kind && part.name == name; });
    if (known != parts_.end()) {
      known->size += fresh;
    } else {
      parts_.push_back({kind, name, fresh});
    }
  }

  void add_symbols() {
    const ByteView bytes = image_.bytes();
    const auto start = read_le<std::uint32_t>(bytes, pe::DosHeader::kPeOffset);
    const ByteCount coff = ByteCount{start.value_or(0)} + pe::kSignature.size();
    const auto table = read_le<std::uint32_t>(bytes, coff + pe::CoffHeader::kSymbolTable);
    const auto count = read_le<std::uint32_t>(bytes, coff + pe::CoffHeader::kSymbolCount);
    if (!table || !count || *table == 0) return;
    const ByteCount symbols = ByteCount{*count} * pe::kSymbolSize;
    const auto strings = read_le<std::uint32_t>(bytes, *table + symbols);
    add(ByteKind::debug_section, "symbol table", *table, symbols + strings.value_or(0));
  }

  void add_debug_directory() {
    const DataDirectory debug = image_.directory(pe::Directory::debug);
    if (debug.rva == 0) return;
    const std::size_t count = std::min<std::size_t>(debug.size / pe::DebugEntry::kSize, kMaxDebugEntries);
    const auto entries = image_.bytes_at(debug.rva, count * pe::DebugEntry::kSize, "its debug directory");
    if (!entries) return;
    for (std::size_t i = 0; i < count; ++i) {
      const ByteView entry = entries->subspan(i * pe::DebugEntry::kSize, pe::DebugEntry::kSize);
      const auto offset = *read_le<std::uint32_t>(entry, pe::DebugEntry::kDataOffset);
      const auto size = *read_le<std::uint32_t>(entry, pe::DebugEntry::kDataSize);
      if (offset != 0) add(ByteKind::debug_section, "debug directory", offset, size);
    }
  }

  const PeImage& image_;
  Claims claims_;
  std::vector<ContentPart> parts_;
};

}  // namespace

std::vector<ContentPart> parts_of_pe(const PeImage& image) { return PartsReader(image).read(); }

}  // namespace winnow
