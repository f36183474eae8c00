// Media with Windows' packages, whatever they are: a cabinet, an update (.msu), a WIM or ESD file, a disc (ISO), an
// existing image, or a folder that holds such things. Opening them lists what they hold; manifests and payload are read
// when they are asked for, where they lie.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"
#include "payload/payload_source.hpp"
#include "servicing/package_set.hpp"

namespace winnow {

// Limits against hostile media.
inline constexpr int kMaxMediaDepth = 4;  // media in media: the cabinet in the update in the WIM on the disc
inline constexpr std::size_t kMaxMediaSets = 65'536;
inline constexpr ByteCount kMaxStoredHive = ByteCount{1} << 30;

// A key of a registry hive, as far as servicing asks: its own name and its REG_DWORD values.
struct StoredKey {
  std::string name;
  std::map<std::string, std::uint32_t> numbers;
};
// The keys right below the key at `path` of a hive; none when there is no such key. `name` stands for the hive in
// messages.
using HiveKeysReader = std::function<Result<std::vector<StoredKey>>(ByteView hive, const std::string& name,
                                                                    const std::vector<std::string>& path)>;
// The files of a disk (VHD, VHDX, raw) or container image, '/' between components from C:\ on, of those paths that are
// wanted; nothing when the file or folder is no such image.
using PathFilter = std::function<bool(std::string_view path)>;
using ImageFilesReader = std::function<Result<std::optional<std::vector<PayloadEntry>>>(
    const std::filesystem::path& image, const PathFilter& is_wanted)>;

struct MediaOptions {
  // Which image of a WIM: its name, its edition ("ServerDatacenterNano") or its index from 1; where there are several
  // WIMs "<file>:<index>" too. "": the only one.
  std::string image;
  // What libraries outside composer/ read: image_reader's readers. Without the first, disks and container images are
  // refused; without the second nobody knows what is installed.
  ImageFilesReader read_image;
  HiveKeysReader read_hive;
};

// One image of a WIM of the media, opened or not.
struct MediaImage {
  std::string file;                                  // of the WIM, as in set names
  std::uint32_t index = 0;                           // from 1
  std::string name, edition, version, architecture;  // as the WIM says; "" where it does not
  std::vector<std::string> languages;
  ByteCount size = 0;  // of its files
  bool is_open = false;
};

// What becomes one PackageSet. Cheap to copy; keeps alive what it reads from.
class MediaSet {
 public:
  enum class Kind { cabinet, folder, store };
  using FilesReader = std::function<Result<std::vector<PayloadEntry>>()>;

  MediaSet(std::string name, Kind kind, FilesReader files)
      : name_(std::move(name)), kind_(kind), files_(std::move(files)) {}

  // "<media>/sources/install.wim/2", for messages and keys: no two sets of media have the same.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  // All files, by path. A cabinet is unpacked for it, each time; all else is a list of what is read when it is loaded.
  [[nodiscard]] Result<std::vector<PayloadEntry>> files() const { return files_(); }
  [[nodiscard]] Result<PackageSet> read(ByteView dictionary) const;

  // Of a component store: the hive that says what is installed, and a wcp.dll, which holds the dictionary of manifests.
  std::optional<Content> software_hive;
  std::optional<Content> dictionary_file;

 private:
  std::string name_;
  Kind kind_;
  FilesReader files_;
};

struct Media {
  std::string name;
  std::vector<MediaSet> sets;      // sorted by name
  std::vector<MediaImage> images;  // of all WIMs, by file and index
};

// Opens what lies at `path`. Of a WIM given by name the image must be chosen where there are several; of WIMs on a disc
// or in a folder those with one image are opened, and the chosen image of others. Errors "cannot open <media>: …" and
// "cannot choose an image of <media>: …", with what there is to choose.
[[nodiscard]] Result<Media> open_media(const std::filesystem::path& path, const MediaOptions& options);

// A digest of the names, sizes and times of the files that the media consist of, and of the choice of image; no content
// is read. Two equal ones: nothing of what open_media() would give has changed.
[[nodiscard]] Result<Digest> media_fingerprint(const std::filesystem::path& path, const MediaOptions& options);

// The dictionary that delta manifests are made against, from the first component store of the media that has a wcp.dll;
// empty when none has.
[[nodiscard]] Result<Bytes> media_dictionary(const Media& media);

// "name~token~arch~lang~version", as package_id() prints it; nothing for other text.
[[nodiscard]] std::optional<AssemblyIdentity> parse_package_id(std::string_view text);

// A package that an image knows (servicing.md 8).
struct InstalledPackage {
  AssemblyIdentity identity;
  std::uint32_t state = 0;  // CurrentState

  // Installed, or to be at the next start, or superseded by a newer one: what counts as there when another package asks
  // (reported by one project, not measured).
  [[nodiscard]] bool is_present() const { return state >= 0x50 && state <= 0x80; }
};
// "installed", "staged" …; "state 0x41" of a number nobody explained.
[[nodiscard]] std::string package_state_name(std::uint32_t state);
// What the component stores of the media say of their packages, by identity; packages of no store are not there.
[[nodiscard]] Result<std::vector<InstalledPackage>> installed_packages(const Media& media,
                                                                       const HiveKeysReader& read_hive);

// Of these packages, the updates that are on there, by name in lower case.
[[nodiscard]] Result<std::set<std::string>> installed_updates(const Media& media, const HiveKeysReader& read_hive,
                                                              const std::vector<AssemblyIdentity>& packages);

}  // namespace winnow
