#include "winnow/media_images_text.hpp"

#include "base/text_table.hpp"

namespace winnow {

namespace {

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

}  // namespace

void print_media_images(const Media& media, std::ostream& out) {
  if (media.images.empty()) return;
  TextTable table({"WIM file", ">image", "name", "edition", "version", "arch", "languages", ">size", "opened"});
  for (const MediaImage& image : media.images) {
    std::string languages;
    for (const std::string& language : image.languages) languages += (languages.empty() ? "" : " ") + language;
    table.add({image.file, std::to_string(image.index), or_dash(image.name), or_dash(image.edition),
               or_dash(image.version), or_dash(image.architecture), or_dash(languages), grouped_digits(image.size),
               image.is_open ? "yes" : "no"});
  }
  out << table.text() << '\n';
}

Json media_images_json(const Media& media) {
  Json rows = Json::array();
  for (const MediaImage& image : media.images) {
    rows.push_back({{"file", image.file},
                    {"index", image.index},
                    {"name", image.name},
                    {"edition", image.edition},
                    {"version", image.version},
                    {"architecture", image.architecture},
                    {"languages", image.languages},
                    {"size", image.size},
                    {"open", image.is_open}});
  }
  return rows;
}

}  // namespace winnow
