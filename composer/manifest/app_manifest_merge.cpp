#include "manifest/app_manifest_merge.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/app_manifest_values.hpp"
#include "manifest/machine_reader.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

// What one file states about things that may be stated once: a second statement in the same file is a fault, one in a
// file that includes it replaces the first.
class StatedOnce {
 public:
  explicit StatedOnce(Diagnostics& faults) : faults_(faults) {}

  // False, and a fault, when the file has stated `what` of that name before; names compare as Windows does.
  bool state(const std::string& what, const std::string& name, const Place& place) {
    const auto [first, added] = stated_.try_emplace({what, case_key(name)}, place);
    if (added) return true;
    faults_.add(place, "cannot read " + what + " " + quote(name) + ": it is given twice",
                {"the first is at " + to_string(first->second)});
    return false;
  }

 private:
  Diagnostics& faults_;
  std::map<std::pair<std::string, std::u16string>, Place> stated_;
};

// Reads the elements of one file into the manifest, over what included files have put there.
class FileMerge {
 public:
  FileMerge(AppManifest& manifest, Diagnostics& faults, fs::path folder)
      : manifest_(manifest), faults_(faults), read_{std::move(folder), faults}, once_(faults) {}

  void merge(const XmlElement& root) {
    read_name(root, "name", manifest_.name);
    read_name(root, "version", manifest_.version);
    for (const XmlElement& element : root.children()) {
      const auto* merger = std::find_if(kMergers.begin(), kMergers.end(),
                                        [&](const auto& known) { return known.first == element.name(); });
      if (merger != kMergers.end()) (this->*merger->second)(element);
    }
  }

 private:
  void read_name(const XmlElement& root, std::string_view attribute, std::string& value) {
    auto text = read_.filled(root, attribute);
    if (!text) return;
    if (text->find_first_not_of(kNameCharacters) != std::string::npos || text->find_first_of("._-+") == 0) {
      faults_.add(root.place_of(attribute), "cannot read " + std::string(attribute) + " " + quote(*text) +
                                                ": it is not letters, digits and . _ - + behind a letter or digit");
    }
    value = std::move(*text);
  }

  void description(const XmlElement& element) { manifest_.description = element.text(); }

  void feed(const XmlElement& element) {
    const auto path = read_.path(element, "path");
    const bool known =
        path && std::find(manifest_.feeds.begin(), manifest_.feeds.end(), *path) != manifest_.feeds.end();
    if (path && !known) manifest_.feeds.push_back(*path);
  }

  void base(const XmlElement& element) {
    if (auto path = read_.path(element, "path")) manifest_.base = std::move(*path);
  }

  void files(const XmlElement& element) {
    auto payload = read_.payload(element);
    if (!payload) return;
    const auto& all = manifest_.payloads;
    const auto same = std::find_if(all.begin(), all.end(), [&](const AppPayload& old) {
      return old.source == payload->source && old.destination == payload->destination && old.strip == payload->strip &&
             old.only == payload->only;
    });
    if (same == all.end()) return manifest_.payloads.push_back(std::move(*payload));
    faults_.add(payload->place, "cannot read files " + quote(payload->source.string()) + ": they are given twice",
                {"the first are at " + to_string(same->place)});
  }

  void entry_point(const XmlElement& element) {
    if (auto entry = read_.entry_point(element)) manifest_.entry_point = std::move(*entry);
  }

  void environment(const XmlElement& element) {
    for (const XmlElement& variable : element.children("variable")) {
      const auto name = read_.filled(variable, "name");
      if (!name || !once_.state("variable", *name, variable.place())) continue;
      if (name->find('=') != std::string::npos) {
        faults_.add(variable.place(), "cannot read variable " + quote(*name) + ": a name holds no '='");
      }
      // Windows knows one variable however its name is spelled, so the last spelling is kept with the last value.
      std::erase_if(manifest_.environment, [&](const auto& old) { return case_key(old.first) == case_key(*name); });
      manifest_.environment[*name] = variable.attribute_text("value");
    }
  }

  void request(const XmlElement& element, std::vector<NamedRequest>& requests) {
    const auto name = read_.filled(element, "name");
    if (!name) return;
    const bool known = std::any_of(requests.begin(), requests.end(),
                                   [&](const NamedRequest& old) { return case_key(old.name) == case_key(*name); });
    if (!known) requests.push_back({*name, element.place()});
  }
  void role(const XmlElement& element) { request(element, manifest_.roles); }
  void feature(const XmlElement& element) { request(element, manifest_.features); }
  void component(const XmlElement& element) { request(element, manifest_.components); }
  void exclude(const XmlElement& element) { request(element, manifest_.exclusions); }

  void pin(const XmlElement& element) {
    auto read = read_.pin(element);
    if (!read || !once_.state("pin", read->name, read->place)) return;
    std::erase_if(manifest_.pins, [&](const AppPin& old) { return case_key(old.name) == case_key(read->name); });
    manifest_.pins.push_back(std::move(*read));
  }

  void choose(const XmlElement& element) { read_.choosing(element, manifest_.choosing); }

  void language(const XmlElement& element) {
    const auto name = read_.filled(element, "name");
    if (!name) return;
    const bool known = std::any_of(manifest_.languages.begin(), manifest_.languages.end(),
                                   [&](const std::string& old) { return ascii_iequals(old, *name); });
    if (!known) manifest_.languages.push_back(*name);
  }

  void registry(const XmlElement& element) {
    for (const XmlElement& child : element.children("key")) {
      auto key = read_.registry_key(child);
      if (!key) continue;
      for (const XmlElement& value : child.children("value")) {
        once_.state("registry value", key->key.path + '\\' + value.attribute_text("name"), value.place());
      }
      merge_key(std::move(*key));
    }
  }

  void merge_key(AppRegistryKey key) {
    auto& keys = manifest_.registry_keys;
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const AppRegistryKey& old) {
      return case_key(old.key.path) == case_key(key.key.path);
    });
    if (known == keys.end()) {
      keys.push_back(std::move(key));
      return;
    }
    known->place = key.place;
    for (ComponentRegistryValue& value : key.key.values) {
      auto& values = known->key.values;
      const auto old = std::find_if(values.begin(), values.end(), [&](const ComponentRegistryValue& candidate) {
        return case_key(candidate.name) == case_key(value.name);
      });
      if (old != values.end()) {
        *old = std::move(value);
      } else {
        values.push_back(std::move(value));
      }
    }
  }

  void service(const XmlElement& element) {
    auto read = read_.service(element);
    if (!read || !once_.state("service", read->service.name, read->place)) return;
    std::erase_if(manifest_.services,
                  [&](const AppService& old) { return case_key(old.service.name) == case_key(read->service.name); });
    manifest_.services.push_back(std::move(*read));
  }

  void needs(const XmlElement& element) {
    if (const auto policy = read_.needs(element)) manifest_.needs = *policy;
  }

  void image(const XmlElement& element) { read_.image(element, manifest_.image); }

  void machine(const XmlElement& element) { MachineReader(manifest_.machine, read_.folder, faults_).read(element); }

  using Merger = void (FileMerge::*)(const XmlElement&);
  static const std::array<std::pair<std::string_view, Merger>, 18> kMergers;

  AppManifest& manifest_;
  Diagnostics& faults_;
  AppValueReader read_;
  StatedOnce once_;
};

const std::array<std::pair<std::string_view, FileMerge::Merger>, 18> FileMerge::kMergers = {
    {{"description", &FileMerge::description},
     {"feed", &FileMerge::feed},
     {"base", &FileMerge::base},
     {"files", &FileMerge::files},
     {"entry-point", &FileMerge::entry_point},
     {"environment", &FileMerge::environment},
     {"role", &FileMerge::role},
     {"feature", &FileMerge::feature},
     {"component", &FileMerge::component},
     {"exclude", &FileMerge::exclude},
     {"pin", &FileMerge::pin},
     {"choose", &FileMerge::choose},
     {"language", &FileMerge::language},
     {"registry", &FileMerge::registry},
     {"service", &FileMerge::service},
     {"needs", &FileMerge::needs},
     {"image", &FileMerge::image},
     {"machine", &FileMerge::machine}}};

}  // namespace

void merge_app_file(const XmlElement& root, const std::filesystem::path& folder, AppManifest& manifest,
                    Diagnostics& faults) {
  FileMerge(manifest, faults, folder).merge(root);
}

}  // namespace winnow
