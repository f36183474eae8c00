#include "servicing/wim_images.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "base/utf16.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxListedImages = 40;  // in a message

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string text_of(const std::optional<XmlElement>& parent, std::string_view name) {
  const auto child = parent ? parent->child(name) : std::nullopt;
  return child ? child->text() : "";
}

std::string architecture_name(const std::string& number) {
  if (number == "0") return "x86";
  if (number == "5") return "arm";
  if (number == "9") return "amd64";
  if (number == "12") return "arm64";
  return number.empty() ? "" : "architecture " + number;
}

std::string version_of(const std::optional<XmlElement>& windows) {
  const auto version = windows ? windows->child("VERSION") : std::nullopt;
  std::string text;
  for (const char* part : {"MAJOR", "MINOR", "BUILD", "SPBUILD"}) {
    const std::string number = text_of(version, part);
    if (number.empty()) break;
    text += (text.empty() ? "" : ".") + number;
  }
  return text;
}

Result<void> read_image(const XmlElement& element, std::vector<MediaImage>& images, std::set<std::uint32_t>& seen) {
  const auto index = parse_number<std::uint32_t>(element.attribute_text("INDEX"));
  if (!index || *index == 0 || *index > images.size()) {
    return fail(element.place_of("INDEX"), "cannot read <IMAGE>: its INDEX is no number from 1 to " +
                                               std::to_string(images.size()) + ", how many images the file has");
  }
  if (!seen.insert(*index).second) {
    return fail(element.place_of("INDEX"), "cannot read <IMAGE>: two have the INDEX " + std::to_string(*index));
  }
  MediaImage& image = images[*index - 1];
  image.name = text_of(element, "NAME");
  image.size = parse_number<ByteCount>(text_of(element, "TOTALBYTES")).value_or(0);
  const auto windows = element.child("WINDOWS");
  image.edition = text_of(windows, "EDITIONID");
  image.architecture = architecture_name(text_of(windows, "ARCH"));
  image.version = version_of(windows);
  const auto languages = windows ? windows->child("LANGUAGES") : std::nullopt;
  if (!languages) return {};
  for (const XmlElement& language : languages->children("LANGUAGE")) image.languages.push_back(language.text());
  return {};
}

std::string row_text(const MediaImage& image) {
  std::string text = image.file + ":" + std::to_string(image.index);
  if (!image.name.empty()) text += " \"" + image.name + "\"";
  if (!image.edition.empty()) text += " (" + image.edition + ")";
  return text;
}

bool is_meant(const MediaImage& image, const std::string& choice, bool one_file) {
  const std::string index = std::to_string(image.index);
  if (choice == image.file + ":" + index || (one_file && choice == index)) return true;
  // The end of the file's name will do: "install.wim:2".
  const std::string tail = "/" + choice;
  if (std::string("/" + image.file + ":" + index).ends_with(tail)) return true;
  return ascii_iequals(choice, image.name) || ascii_iequals(choice, image.edition);
}

}  // namespace

Result<std::vector<MediaImage>> parse_wim_images(std::string_view xml, std::uint32_t count, const std::string& file) {
  std::vector<MediaImage> images(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    images[i].file = file;
    images[i].index = i + 1;
  }
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(xml, file + "/[1].xml"));
  const XmlElement root = document.root();
  if (root.name() != "WIM")
    return fail(root.place(), "cannot read what a WIM says of its images: its root is not <WIM>");
  std::set<std::uint32_t> seen;
  for (const XmlElement& element : root.children("IMAGE")) WINNOW_CHECK(read_image(element, images, seen));
  return images;
}

Result<std::size_t> choose_wim_image(const std::vector<MediaImage>& images, const std::string& choice,
                                     const std::string& media) {
  bool one_file = true;
  for (const MediaImage& image : images) one_file = one_file && image.file == images.front().file;
  std::vector<std::size_t> meant;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (choice.empty() || is_meant(images[i], choice, one_file)) meant.push_back(i);
  }
  if (meant.size() == 1) return meant.front();
  const std::string what = "cannot choose an image of " + media + ": ";
  if (images.empty()) return fail(what + "it holds no WIM file");
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!meant.empty() && std::find(meant.begin(), meant.end(), i) == meant.end()) continue;
    if (notes.size() == kMaxListedImages) {
      notes.push_back("…");
      break;
    }
    notes.push_back("there is " + row_text(images[i]));
  }
  if (choice.empty()) {
    return fail(what + "it holds " + std::to_string(images.size()) + ", and --image names none", std::move(notes));
  }
  if (meant.empty()) return fail(what + "none is \"" + choice + "\" by name, edition or index", std::move(notes));
  return fail(what + std::to_string(meant.size()) + " are \"" + choice + "\"", std::move(notes));
}

}  // namespace winnow
