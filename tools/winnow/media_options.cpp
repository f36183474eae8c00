#include "winnow/media_options.hpp"

#include <utility>

#include "image_reader/image_files.hpp"
#include "servicing/delta_dictionary.hpp"

namespace winnow {

void add_media_arguments(CLI::App& app, MediaArguments& arguments) {
  app.add_option(
         "MEDIA", arguments.media,
         "Cabinet, update (.msu), WIM or ESD file, disc (ISO), disk or container image with Windows, or a folder "
         "with such things or an expanded package")
      ->required();
  app.add_option("--image", arguments.image,
                 "Which image of a WIM: its name, edition or index; \"<file>:<index>\" of several");
  app.add_option("--dcm-dictionary", arguments.dictionary,
                 "wcp.dll of a Windows (or the dictionary itself) for manifests stored as deltas; not needed where the "
                 "media hold one");
}

MediaOptions media_options(const MediaArguments& arguments) {
  MediaOptions options;
  options.image = arguments.image;
  options.read_image = [](const std::filesystem::path& image, const PathFilter& is_wanted) {
    return read_image_files(image, is_wanted);
  };
  options.read_hive = [](ByteView hive, const std::string& name,
                         const std::vector<std::string>& path) -> Result<std::vector<StoredKey>> {
    WINNOW_TRY(std::vector<HiveSubkey> subkeys, read_hive_subkeys(hive, name, path));
    std::vector<StoredKey> keys;
    for (HiveSubkey& subkey : subkeys) keys.push_back({std::move(subkey.name), std::move(subkey.numbers)});
    return keys;
  };
  return options;
}

Result<Bytes> dictionary_for(const Media& media, const MediaArguments& arguments) {
  if (!arguments.dictionary.empty()) return load_delta_dictionary(arguments.dictionary);
  return media_dictionary(media);
}

}  // namespace winnow
