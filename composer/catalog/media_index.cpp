#include "catalog/media_index.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

namespace winnow {

namespace {

// Fields one after the other; the reader reads what the writer wrote by the same calls.
class Writer {
 public:
  void number(std::uint64_t value) { out_.le64(value); }
  void number(std::uint32_t value) { out_.le32(value); }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    out_.text(value);
  }
  void digest(const Digest& value) { out_.bytes(value.bytes); }
  Bytes take() && { return std::move(bytes_); }

 private:
  Bytes bytes_;
  ByteWriter out_{bytes_};
};

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  void number(std::uint64_t& value) { value = little_endian(8); }
  void number(std::uint32_t& value) { value = static_cast<std::uint32_t>(little_endian(4)); }
  void text(std::string& value) {
    std::uint32_t size = 0;
    number(size);
    const ByteView bytes = take(size);
    value.assign(bytes.begin(), bytes.end());
  }
  void digest(Digest& value) {
    const ByteView bytes = take(value.bytes.size());
    if (!failed_) std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t rest() const { return rest_.size(); }

 private:
  ByteView take(std::size_t size) {
    failed_ = failed_ || size > rest_.size();
    if (failed_) return {};
    const ByteView bytes = rest_.first(size);
    rest_ = rest_.subspan(size);
    return bytes;
  }
  std::uint64_t little_endian(std::size_t size) {
    const ByteView bytes = take(size);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
    return value;
  }

  ByteView rest_;
  bool failed_ = false;
};

// One function says what the fields are; `Fields` is the Writer with a const value, or the Reader.
template <class Fields, class Value>
void fields(Fields& out, Value& value);

template <class Item>
void items(Writer& out, const std::vector<Item>& values) {
  out.number(static_cast<std::uint32_t>(values.size()));
  for (const Item& value : values) fields(out, value);
}
template <class Item>
void items(Reader& in, std::vector<Item>& values) {
  std::uint32_t count = 0;
  in.number(count);
  values.reserve(std::min<std::size_t>(count, in.rest()));
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) fields(in, values.emplace_back());
}

template <class Fields, class Value>
void version_fields(Fields& out, Value& version) {
  for (std::size_t i = 0; i < version.parts.size(); i += 2) {
    std::uint32_t pair = (static_cast<std::uint32_t>(version.parts[i]) << 16) | version.parts[i + 1];
    out.number(pair);
    if constexpr (!std::is_const_v<Value>) {
      version.parts[i] = static_cast<std::uint16_t>(pair >> 16);
      version.parts[i + 1] = static_cast<std::uint16_t>(pair);
    }
  }
}

template <class Fields, class Value>
void form_field(Fields& out, Value& form) {
  auto number = static_cast<std::uint32_t>(form);
  out.number(number);
  if constexpr (!std::is_const_v<Value>) form = static_cast<PayloadForm>(number);
}

template <class Fields, class Value>
void fields(Fields& out, Value& value) {
  using Item = std::remove_const_t<Value>;
  if constexpr (std::is_same_v<Item, std::string>) {
    out.text(value);
  } else if constexpr (std::is_same_v<Item, AssemblyIdentity>) {
    out.text(value.name);
    version_fields(out, value.version);
    for (auto* text :
         {&value.architecture, &value.language, &value.public_key_token, &value.type, &value.version_scope}) {
      out.text(*text);
    }
  } else if constexpr (std::is_same_v<Item, IndexedFile>) {
    out.text(value.path);
    out.number(value.size);
    out.digest(value.digest);
  } else if constexpr (std::is_same_v<Item, IndexedComponent>) {
    fields(out, value.identity);
    out.text(value.role);
    out.digest(value.manifest_digest);
    items(out, value.files);
    items(out, value.provides);
  } else if constexpr (std::is_same_v<Item, IndexedPackage>) {
    fields(out, value.identity);
    out.text(value.identifier);
    out.digest(value.manifest_digest);
  } else if constexpr (std::is_same_v<Item, MediaPlace>) {
    out.number(value.source);
    out.text(value.file);
    out.number(value.catalog);
  } else if constexpr (std::is_same_v<Item, MediaFile>) {
    out.text(value.name);
    out.text(value.path);
    out.number(value.size);
    out.number(value.stored);
    form_field(out, value.form);
  } else if constexpr (std::is_same_v<Item, MediaCatalog>) {
    out.number(value.source);
    out.text(value.file);
    out.digest(value.digest);
    out.number(value.size);
  } else if constexpr (std::is_same_v<Item, std::vector<MediaFile>>) {
    items(out, value);
  } else {
    static_assert(std::is_same_v<Item, MediaIndex>);
    out.text(value.feed.name);
    out.text(value.feed.description);
    out.digest(value.digest);
    items(out, value.feed.packages);
    items(out, value.feed.components);
    items(out, value.sources);
    items(out, value.catalogs);
    items(out, value.packages);
    items(out, value.components);
    items(out, value.payload);
    items(out, value.outermost);
    items(out, value.installed);
    items(out, value.features);
  }
}

// Whether every index points at something.
bool is_sound(const MediaIndex& index) {
  const auto is_place = [&](const MediaPlace& place) {
    return place.source < index.sources.size() &&
           (place.catalog == kNoCatalog || place.catalog < index.catalogs.size());
  };
  return index.packages.size() == index.feed.packages.size() &&
         index.components.size() == index.feed.components.size() && index.payload.size() == index.components.size() &&
         std::all_of(index.packages.begin(), index.packages.end(), is_place) &&
         std::all_of(index.components.begin(), index.components.end(), is_place) &&
         std::all_of(index.catalogs.begin(), index.catalogs.end(),
                     [&](const MediaCatalog& catalog) { return catalog.source < index.sources.size(); }) &&
         std::all_of(index.payload.begin(), index.payload.end(), [](const std::vector<MediaFile>& files) {
           return std::all_of(files.begin(), files.end(),
                              [](const MediaFile& file) { return file.form <= PayloadForm::unknown; });
         });
}

}  // namespace

Bytes encode_media_index(const MediaIndex& index) {
  Writer out;
  fields(out, index);
  return std::move(out).take();
}

Result<MediaIndex> decode_media_index(ByteView bytes) {
  Reader in(bytes);
  MediaIndex index;
  fields(in, index);
  if (in.failed() || in.rest() != 0 || !is_sound(index)) return fail("cannot read an index of media: it is damaged");
  return index;
}

}  // namespace winnow
