#include "payload/wim_file.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>
#include <utility>

#include "base/utf16.hpp"
#include "formats/wim.hpp"
#include "payload/wim_blobs.hpp"
#include "payload/wim_folders.hpp"

namespace winnow {

namespace {

Error at_file(const std::string& name, const Error& error) {
  std::vector<Fault> faults = error.faults();
  for (Fault& fault : faults) {
    if (!fault.message.starts_with("cannot ")) fault.message.insert(0, "cannot read " + name + ": ");
  }
  return Error(std::move(faults));
}

class WimContent final : public ContentSource {
 public:
  WimContent(std::shared_ptr<const std::string> file, std::shared_ptr<WimResourceReader> resource,
             const StoredBlob& blob, const Sha1Digest& digest)
      : file_(std::move(file)),
        resource_(std::move(resource)),
        offset_(blob.offset),
        size_(blob.size),
        digest_(digest) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const auto read = resource_->read(offset_ + offset, out);
    if (!read) return fail(at_file(*file_, read.error()));
    if (out.size() == size_ && sha1(out) != digest_) {
      return fail("cannot read " + *file_ + ": the SHA-1 of a file is not what it says");
    }
    return {};
  }

 private:
  std::shared_ptr<const std::string> file_;
  std::shared_ptr<WimResourceReader> resource_;
  ByteCount offset_;
  ByteCount size_;
  Sha1Digest digest_;
};

// UTF-16LE behind a byte order mark, as UTF-8.
Result<std::string> decode_xml(ByteView bytes) {
  const auto mark = read_le<std::uint16_t>(bytes, 0);
  if (!mark || *mark != 0xFEFF) return fail("its XML is not UTF-16 with a byte order mark");
  auto text = from_utf16le(bytes.subspan(2));
  if (!text) return fail("its XML is not well-formed UTF-16");
  while (!text->empty() && text->back() == '\0') text->pop_back();
  return std::move(*text);
}

}  // namespace

struct WimReader::State {
  Content content;
  std::shared_ptr<const std::string> name;
  WimHeader header;
  std::string xml;
  StoredBlobs blobs;
  mutable std::mutex mutex;
  mutable std::map<std::uint32_t, std::shared_ptr<WimResourceReader>> resources;  // those of listed files

  [[nodiscard]] std::shared_ptr<WimResourceReader> resource(std::uint32_t index) const {
    const std::lock_guard lock(mutex);
    std::shared_ptr<WimResourceReader>& reader = resources[index];
    if (!reader) reader = std::make_shared<WimResourceReader>(content, blobs.resources[index]);
    return reader;
  }
};

bool is_wim(ByteView start) {
  const auto magic = slice(start, 0, wim::kMagic.size());
  return magic && as_text(*magic) == wim::kMagic;
}

Result<WimReader> WimReader::open(const Content& content, const std::string& name) {
  const auto read = [&]() -> Result<WimReader> {
    WINNOW_TRY(WimHeader header, read_wim_header(content));
    WINNOW_TRY(const Bytes xml_bytes, read_wim_resource(content, header.xml, kMaxWimXml));
    WINNOW_TRY(std::string xml, decode_xml(xml_bytes));
    WINNOW_TRY(StoredBlobs blobs, read_wim_blobs(content, header));
    return WimReader(std::shared_ptr<const State>(new State{
        content, std::make_shared<const std::string>(name), header, std::move(xml), std::move(blobs), {}, {}}));
  };
  auto file = read();
  if (!file) return fail(at_file(name, file.error()));
  return file;
}

std::uint32_t WimReader::image_count() const { return state_->header.images; }
const std::string& WimReader::xml() const { return state_->xml; }

Result<std::vector<PayloadEntry>> WimReader::files(std::uint32_t image) const {
  const std::string& name = *state_->name;
  if (image == 0 || image > image_count())
    return fail("cannot read " + name + ": it has no image " + std::to_string(image));
  const auto metadata = read_wim_resource(state_->content, state_->blobs.metadata[image - 1], kMaxWimMetadata);
  if (!metadata) return fail(at_file(name, metadata.error()));
  auto listed = list_wim_folders(*metadata, name);
  if (!listed) return fail(at_file(name, listed.error()));

  using Order = std::tuple<ByteCount, ByteCount, std::size_t>;  // of the resource, in it, in the list
  std::vector<Order> places;
  std::vector<Content> contents;
  for (const WimFolderFile& file : *listed) {
    const std::size_t index = contents.size();
    if (file.content == Sha1Digest{}) {
      contents.push_back(Content::of_bytes({}));
      places.emplace_back(0, 0, index);
      continue;
    }
    const auto blob = state_->blobs.blobs.find(file.content);
    if (blob == state_->blobs.blobs.end()) {
      return fail("cannot read " + name + ": the content of \"" + file.path + "\" is not in it");
    }
    contents.push_back(Content::of_source(std::make_shared<WimContent>(
        state_->name, state_->resource(blob->second.resource), blob->second, file.content)));
    places.emplace_back(state_->blobs.resources[blob->second.resource].offset, blob->second.offset, index);
  }
  std::sort(places.begin(), places.end());
  std::vector<PayloadEntry> files;
  files.reserve(places.size());
  for (const auto& [resource, offset, index] : places) {
    files.push_back({std::move((*listed)[index].path), std::move(contents[index])});
  }
  return files;
}

}  // namespace winnow
