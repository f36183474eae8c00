#include "winnow/edit_image.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "compose/app_files.hpp"
#include "compose/machine_run.hpp"
#include "image/boot/bcd_reader.hpp"
#include "image/disk/check/boot_store.hpp"
#include "image_reader/image_plan_reader.hpp"
#include "image_reader/volume_image.hpp"
#include "plan/provenance.hpp"
#include "plan/registry_builder.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kRamDiskWim = "sources\\boot.wim";  // on a disk of --ramdisk-boot

struct RegistryGrowth {
  std::uint64_t keys = 0;
  std::uint64_t values = 0;
  ByteCount bytes = 0;
};

// Puts what `added` holds over `key`.
void overlay(PlannedKey& key, const PlannedKey& added, OwnerId owner) {
  for (const auto& [index, value] : added.values) {
    PlannedValue& planned = key.values[index];
    const std::string name = planned.name.empty() ? value.name : planned.name;
    planned = {name, value.type, value.data, owner, false};
  }
  for (const auto& [index, child] : added.children) {
    const auto [place, is_new] = key.children.try_emplace(index);
    if (is_new) {
      place->second.name = child.name;
      place->second.owner = owner;
    }
    overlay(place->second, child, owner);
  }
}

// What `owner` put in: everything read back is nobody's.
void count_owned(const PlannedKey& key, OwnerId owner, RegistryGrowth& growth) {
  for (const auto& [index, value] : key.values) {
    if (value.owner != owner) continue;
    ++growth.values;
    growth.bytes += value.data.size();
  }
  for (const auto& [index, child] : key.children) {
    growth.keys += child.owner == owner ? 1 : 0;
    count_owned(child, owner, growth);
  }
}

class Edit {
 public:
  Edit(fs::path source, const EditOptions& options) : source_(std::move(source)), options_(options) {}

  Result<WriteReport> run(const fs::path& target, Progress& progress) {
    WINNOW_TRY(const ImageWriter* writer, find_image_writer(target, options_.format));
    WINNOW_CHECK(read_request());
    progress.begin_step("read image", 0);
    WINNOW_TRY(read_, read_image_plan(source_, {true}));
    if (read_.plan.name.empty()) return refuse_foreign();
    if (!read_.is_plain) return refuse("it holds streams, reparse points or times that no plan has");
    WINNOW_TRY(MachineInputs inputs, load_machine_inputs(app_.machine, true));
    WINNOW_TRY(AppFiles files, load_app_files(app_, {}));
    const std::string& oci = read_.plan.architecture;
    WINNOW_CHECK(add_drivers(app_.machine, oci == "386" ? "x86" : oci, files, inputs));
    WINNOW_CHECK(add_files(files));
    WINNOW_CHECK(add_registry());
    WINNOW_CHECK(apply_machine_settings(read_.plan, app_.machine, inputs, MachineEdit::replaces));
    WINNOW_CHECK(update_provenance());
    WriteOptions write = options_.write;
    WINNOW_CHECK(keep_disk(*writer, write));
    WINNOW_TRY(WriteReport report, writer->write(read_.plan, target, write, progress));
    for (const std::string& note : machine_notes(app_.machine, inputs)) report.notes.push_back(note);
    for (const std::string& note : disk_notes(app_.machine, read_.plan, report)) report.notes.push_back(note);
    if (!boot_note_.empty() && report.volume) report.notes.push_back(boot_note_);
    return report;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse(const std::string& why, std::vector<std::string> notes = {}) const {
    return fail("cannot edit " + source_.string() + ": " + why, std::move(notes));
  }

  [[nodiscard]] tl::unexpected<Error> refuse_foreign() const {
    if (!read_.plan.tree.contains(*WindowsPath::parse(kRamDiskWim))) return refuse("it was not made by winnow");
    return refuse("its Windows runs in memory from " + std::string(kRamDiskWim),
                  {"winnow extract takes that file out, winnow edit --ramdisk-boot makes a disk of it again"});
  }

  Result<void> read_request() {
    if (!options_.manifest.empty()) {
      WINNOW_TRY(app_, load_app_manifest(options_.manifest));
    }
    WINNOW_CHECK(set_machine_flags(options_.machine, app_.machine));
    const MachineSettings& machine = app_.machine;
    const bool asks_packages = !app_.roles.empty() || !app_.features.empty() || !app_.components.empty() ||
                               !machine.packages.empty() || !machine.servicing_packages.empty() ||
                               !machine.deployment.empty() || !machine.edition.empty() || !app_.base.empty();
    if (asks_packages) {
      return refuse("roles, packages, updates, deployment and edition are chosen when an image is composed",
                    {"compose it anew with them: winnow compose --base IMAGE"});
    }
    return {};
  }

  [[nodiscard]] OwnerId app_owner() const {
    const auto& owners = read_.plan.owners;
    const auto found =
        std::find_if(owners.begin(), owners.end(), [](const Owner& o) { return o.kind == OwnerKind::app; });
    return found == owners.end() ? 0 : static_cast<OwnerId>(found - owners.begin());
  }

  // The other names of the file at `path` keep what it holds: the first of them becomes the file, the rest its links.
  // So a file of the component store stays as its manifest says when the name it was projected to is given another
  // content.
  void break_links(const WindowsPath& path) {
    std::optional<WindowsPath> first;
    for (auto& [name, entry] : read_.plan.tree) {
      if (entry.link.is_root() || entry.link != path) continue;
      entry.link = first ? *first : WindowsPath();
      if (!first) first = name;
    }
  }

  // A file takes the place of one that is there, whatever its case.
  Result<void> add_files(const AppFiles& files) {
    FileTree& tree = read_.plan.tree;
    for (const AppFile& file : files.files) {
      for (WindowsPath parent = file.path.parent(); !parent.is_root(); parent = parent.parent()) {
        const auto [entry, is_new] = tree.try_emplace(parent, folder_like(parent));
        if (!is_new && !entry->second.is_directory()) {
          return fail(file.place, "cannot add \"" + file.path.text() + "\": \"" + parent.text() + "\" is a file");
        }
      }
      TreeEntry& entry = tree[file.path];
      if (entry.is_directory()) {
        return fail(file.place, "cannot add \"" + file.path.text() + "\": a folder of that name is there");
      }
      if (entry.content) break_links(file.path);
      const std::uint32_t security = entry.content ? entry.security : usual_security(false);
      entry = {file.path,   kAttributeArchive,   security,    read_.plan.created,
               app_owner(), file.content.size(), file.digest, file.content};
    }
    return {};
  }

  // What most entries of that kind have.
  [[nodiscard]] std::uint32_t usual_security(bool is_directory) const {
    std::map<std::uint32_t, std::size_t> counts;
    for (const auto& [path, entry] : read_.plan.tree) {
      if (entry.is_directory() == is_directory) ++counts[entry.security];
    }
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? 0 : most->first;
  }
  [[nodiscard]] TreeEntry folder_like(const WindowsPath& path) const {
    return {path, kAttributeDirectory, usual_security(true), read_.plan.created, 0, 0, {}, std::nullopt};
  }

  Result<void> add_registry() {
    RegistryBuilder builder([this](OwnerId owner) { return read_.plan.owners[owner].name; });
    for (const AppRegistryKey& key : app_.registry_keys) builder.add(key.key, app_owner(), key.place);
    for (const AppService& service : app_.services) builder.add_service(service.service, app_owner(), service.place);
    WINNOW_TRY(const RegistryPlan added, std::move(builder).finish());
    for (const auto& [hive, root] : added.hives) overlay(read_.plan.registry.hives[hive], root, app_owner());
    return {};
  }

  // The image says of itself what it now is: the rows of its files anew, and what came into the registry.
  Result<void> update_provenance() {
    ImagePlan& plan = read_.plan;
    const auto entry = plan.tree.find(provenance_path());
    if (entry == plan.tree.end() || !entry->second.content) return refuse("it has no provenance.json");
    WINNOW_TRY(const LoadedContent loaded, entry->second.content->load());
    WINNOW_TRY(Json document, parse_json(as_text(loaded.bytes()), "provenance.json"));
    const auto nobody = static_cast<OwnerId>(plan.owners.size() - 1);
    Json files = Json::array();
    Json directories = Json::array();
    for (const auto& [path, row] : plan.tree) {
      if (row.owner == nobody || path == provenance_path()) continue;
      Json line = {{"path", path.with_slashes()}, {"owner", row.owner}};
      if (row.is_directory()) {
        directories.push_back(std::move(line));
      } else {
        line["size"] = row.size;
        line["sha256"] = row.digest.hex();
        files.push_back(std::move(line));
      }
    }
    document["directories"] = std::move(directories);
    document["files"] = std::move(files);
    add_registry_rows(document);
    Json edited = Json::array();
    for (const auto& [setting, place] : app_.machine.stated) edited.push_back(setting);
    document["edited"] = std::move(edited);
    const std::string text = document.dump() + "\n";
    entry->second.size = text.size();
    entry->second.digest = sha256(as_bytes(text));
    entry->second.content = Content::of_bytes(Bytes(text.begin(), text.end()));
    return {};
  }

  void add_registry_rows(Json& document) const {
    for (const auto& [hive, root] : read_.plan.registry.hives) {
      RegistryGrowth growth;
      count_owned(root, app_owner(), growth);
      if (growth.keys == 0 && growth.values == 0) continue;
      document["registry"].push_back({{"hive", to_string(hive)},
                                      {"owner", app_owner()},
                                      {"keys", growth.keys},
                                      {"values", growth.values},
                                      {"bytes", growth.bytes}});
    }
  }

  // How the disk starts Windows: its boot configuration, on its EFI system partition or in \\Boot.
  Result<std::optional<Bytes>> boot_store() const {
    WINNOW_TRY(std::optional<Bytes> efi, find_efi_boot_store(source_));
    if (efi) return efi;
    const auto entry = read_.plan.tree.find(WindowsPath::parse("Boot\\BCD").value());
    if (entry == read_.plan.tree.end() || !entry->second.content) return std::nullopt;
    WINNOW_TRY(const LoadedContent loaded, entry->second.content->load());
    return Bytes(loaded.bytes().begin(), loaded.bytes().end());
  }
  Result<void> keep_boot_options(BcdOptions& boot) {
    WINNOW_TRY(const std::optional<Bytes> store, boot_store());
    if (!store) return {};
    const Result<BcdOptions> kept = read_bcd_options(*store);
    if (!kept) {
      boot_note_ = "starts Windows as if composed anew: " + kept.error().faults().front().message;
      return {};
    }
    const bool is_test_signing = boot.test_signing || kept->test_signing;
    boot = *kept;
    boot.test_signing = is_test_signing;
    if (options_.boot_timeout) boot.timeout_seconds = *options_.boot_timeout;
    return {};
  }

  // A disk stays as large as it was, and is at least what a machine's is; it starts Windows as it did.
  Result<void> keep_disk(const ImageWriter& writer, WriteOptions& write) {
    const bool is_said = write.disk.size != 0 || write.disk.free_space != 0 || app_.machine.max_size != 0;
    WINNOW_TRY(const VolumeFile kind, detect_volume_file(source_));
    const bool is_disk = kind != VolumeFile::none && kind != VolumeFile::wim;
    if (is_disk) {
      WINNOW_CHECK(keep_boot_options(write.disk.boot));
      keep_firmware(writer, kind, write.disk);
    }
    set_machine_write_options(app_.machine, write);
    if (is_said || !is_disk || writer.format() == "wim" || writer.format().starts_with("oci")) return {};
    const auto disk = open_disk(source_, kind);
    if (disk) write.disk.size = std::max(write.disk.size, (*disk)->size());
    return {};
  }
  // In the same format it is for the same firmware, whatever the format's usual one.
  void keep_firmware(const ImageWriter& writer, VolumeFile kind, DiskOptions& disk) const {
    const std::string_view format = kind == VolumeFile::raw ? "raw" : kind == VolumeFile::vhdx ? "vhdx" : "vhd";
    if (disk.firmware || writer.format() != format) return;
    const auto opened = open_disk(source_, kind);
    const auto parts = opened ? read_partitions(**opened) : Result<PartitionedDisk>(fail(opened.error()));
    if (!parts || parts->table == PartitionScheme::none) return;
    disk.firmware = parts->table == PartitionScheme::gpt ? Firmware::uefi : Firmware::bios;
  }

  fs::path source_;
  const EditOptions& options_;
  AppManifest app_;
  ReadPlan read_;
  std::string boot_note_;  // why the disk is not started as it was
};

}  // namespace

Result<WriteReport> edit_image(const fs::path& source, const fs::path& target, const EditOptions& options,
                               Progress& progress) {
  return Edit(source, options).run(target, progress);
}

}  // namespace winnow
