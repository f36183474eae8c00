#include "manifest/app_manifest_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"
#include "manifest/registry_root.hpp"
#include "manifest/registry_text.hpp"

namespace winnow {
namespace {

constexpr std::array<std::string_view, 5> kArchiveEndings = {".zip", ".nupkg", ".tar", ".tar.gz", ".tgz"};
constexpr std::array<std::string_view, 3> kArchitectures = {"amd64", "arm64", "x86"};
// servicing.md 4.7.
constexpr std::array<std::string_view, 6> kServiceTypes = {"kernelDriver",        "fileSystemDriver",
                                                           "win32OwnProcess",     "win32ShareProcess",
                                                           "win32UserOwnProcess", "win32UserShareProcess"};
constexpr std::array<std::string_view, 6> kServiceStarts = {"boot",        "system", "auto",
                                                            "delayedAuto", "demand", "disabled"};
constexpr std::array<std::string_view, 4> kErrorControls = {"ignore", "normal", "severe", "critical"};

constexpr std::uint64_t kMaxThreshold = std::uint64_t{1} << 40;
constexpr std::size_t kMaxKeyName = 255;  // characters of one key's name (Windows: registry element size limits)

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string join(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

bool is_archive(std::string_view source) {
  const std::string lower = ascii_lower(source);
  return std::any_of(kArchiveEndings.begin(), kArchiveEndings.end(),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

std::string trim(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Why `path` (without its root) names no key; "" when it does.
std::string reason_against_key(std::string_view path) {
  if (path.empty()) return "it names no key below the root";
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('\\'), path.size());
    const auto units = to_utf16(path.substr(0, end));
    if (end == 0) return "it has an empty key name";
    if (!units || units->size() > kMaxKeyName) return "a key name is longer than 255 characters";
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return {};
}

}  // namespace

std::optional<std::string> AppValueReader::filled(const XmlElement& element, std::string_view name) const {
  const auto value = element.attribute(name);
  if (!value) return std::nullopt;
  if (!value->empty()) return std::string(*value);
  faults.add(element.place_of(name),
             "cannot read <" + std::string(element.name()) + ">: its attribute " + quote(name) + " is empty");
  return std::nullopt;
}

std::optional<std::filesystem::path> AppValueReader::path(const XmlElement& element, std::string_view name) const {
  const auto text = filled(element, name);
  if (!text) return std::nullopt;
  return (folder / *text).lexically_normal();
}

std::optional<WindowsPath> AppValueReader::windows_path(const XmlElement& element, std::string_view name) const {
  const auto text = element.attribute(name);
  if (!text) return std::nullopt;
  auto path = WindowsPath::parse(*text);
  if (path) return std::move(*path);
  faults.add(element.place_of(name), path.error().faults().front().message);
  return std::nullopt;
}

std::optional<Digest> AppValueReader::digest(const XmlElement& element, const std::string& source) const {
  const auto text = element.attribute("sha256");
  const bool archive = is_archive(source);
  if (!text && archive) {
    faults.add(element.place(), "cannot read <files>: the archive " + quote(source) + " has no sha256",
               {"`sha256sum` prints it"});
  }
  if (!text) return std::nullopt;
  if (!archive) {
    faults.add(element.place_of("sha256"),
               "cannot read sha256: " + quote(source) + " is no archive (" + join(kArchiveEndings) + ")",
               {"a folder is read as it is"});
    return std::nullopt;
  }
  const auto digest = parse_digest(*text);
  if (!digest)
    faults.add(element.place_of("sha256"), "cannot read sha256 " + quote(*text) + ": it is not 64 hex digits");
  return digest;
}

std::optional<AppPayload> AppValueReader::payload(const XmlElement& element) const {
  AppPayload payload;
  payload.place = element.place();
  const auto source = path(element, "source");
  if (source) payload.digest = digest(element, element.attribute_text("source"));
  payload.strip = element.attribute_text("strip");
  for (const XmlElement& only : element.children("only")) {
    std::string pattern = trim(only.text());
    if (pattern.empty()) faults.add(only.place(), "cannot read <only>: it holds no pattern");
    payload.only.push_back(std::move(pattern));
  }
  auto destination = windows_path(element, "to");
  if (!source || !destination) return std::nullopt;
  payload.source = *source;
  payload.destination = std::move(*destination);
  return payload;
}

std::optional<AppEntryPoint> AppValueReader::entry_point(const XmlElement& element) const {
  AppEntryPoint entry;
  entry.place = element.place();
  for (const XmlElement& argument : element.children("argument")) entry.arguments.push_back(argument.text());
  if (auto directory = windows_path(element, "working-directory")) entry.working_directory = std::move(*directory);
  auto program = windows_path(element, "program");
  if (!program) return std::nullopt;
  if (program->is_root()) {
    faults.add(element.place_of("program"), "cannot read <entry-point>: its program is no file");
    return std::nullopt;
  }
  entry.program = std::move(*program);
  return entry;
}

std::optional<ComponentRegistryValue> AppValueReader::registry_value(const XmlElement& element) const {
  const std::string type(element.attribute("type").value_or("REG_SZ"));
  const bool verbatim = ascii_iequals(type, "REG_SZ") || ascii_iequals(type, "REG_EXPAND_SZ");
  auto data = parse_registry_text(type, verbatim ? element.text() : trim(element.text()));
  if (!data) {
    const Fault& fault = data.error().faults().front();
    faults.add(element.place(), fault.message, fault.notes);
    return std::nullopt;
  }
  ComponentRegistryValue value;
  value.name = element.attribute_text("name");
  value.type = data->type;
  value.data = std::move(data->data);
  return value;
}

std::optional<AppRegistryKey> AppValueReader::registry_key(const XmlElement& element) const {
  AppRegistryKey key;
  key.place = element.place();
  for (const XmlElement& value : element.children("value")) {
    if (auto read = registry_value(value)) key.key.values.push_back(std::move(*read));
  }
  const auto text = filled(element, "path");
  if (!text) return std::nullopt;
  const std::string path = without_final_backslash(*text);
  const std::size_t end = std::min(path.find('\\'), path.size());
  const std::string_view root = full_root_name(path.substr(0, end));
  const std::string below = path.substr(std::min(end + 1, path.size()));
  if (root.empty()) {
    faults.add(element.place_of("path"),
               "cannot read key " + quote(*text) + ": " + quote(path.substr(0, end)) + " is no root of the registry",
               {"roots are HKLM, HKCR, HKCU and HKU"});
    return std::nullopt;
  }
  if (const std::string reason = reason_against_key(below); !reason.empty()) {
    faults.add(element.place_of("path"), "cannot read key " + quote(*text) + ": " + reason);
    return std::nullopt;
  }
  key.key.path = std::string(root) + '\\' + below;
  return key;
}

// Sets `value` when the attribute is there and one of `choices`, in the spelling of the choice.
void AppValueReader::choice(const XmlElement& element, std::string_view name, std::span<const std::string_view> choices,
                            std::string& value) const {
  const auto text = element.attribute(name);
  if (!text) return;
  for (const std::string_view known : choices) {
    if (!ascii_iequals(known, *text)) continue;
    value = known;
    return;
  }
  faults.add(element.place_of(name),
             "cannot read " + std::string(name) + " " + quote(*text) + ": it is none of " + join(choices),
             did_you_mean(nearest_of(*text, choices)));
}

std::optional<AppService> AppValueReader::service(const XmlElement& element) const {
  AppService result;
  ComponentService& service = result.service;
  result.place = element.place();
  const auto name = filled(element, "name");
  const auto image_path = filled(element, "image-path");
  service.display_name = element.attribute_text("display-name");
  service.description = element.attribute_text("description");
  service.group = element.attribute_text("group");
  service.object_name = element.attribute_text("account");
  choice(element, "type", kServiceTypes, service.type);
  choice(element, "start", kServiceStarts, service.start);
  choice(element, "error-control", kErrorControls, service.error_control);
  for (const XmlElement& other : element.children("depends-on")) {
    if (auto needed = filled(other, "name")) service.depends_on_services.push_back(std::move(*needed));
  }
  if (!name || !image_path) return std::nullopt;
  if (name->find_first_of("\\/,") != std::string::npos) {
    faults.add(element.place_of("name"),
               "cannot read service " + quote(*name) + ": a service's name holds no '\\', '/' or ','");
    return std::nullopt;
  }
  service.name = *name;
  service.image_path = *image_path;
  return result;
}

std::optional<NeedsPolicy> AppValueReader::needs(const XmlElement& element) const {
  constexpr std::array<std::string_view, 3> kPolicies = {"imports", "app", "all"};
  std::string policy;
  choice(element, "policy", kPolicies, policy);
  return parse_needs_policy(policy);
}

std::optional<AppPin> AppValueReader::pin(const XmlElement& element) const {
  const auto name = filled(element, "name");
  const auto text = element.attribute("version");
  if (!name || !text) return std::nullopt;
  const auto version = parse_version(*text);
  if (version) return AppPin{*name, *version, element.place()};
  faults.add(element.place_of("version"),
             "cannot read version " + quote(*text) + ": it is not four numbers up to 65535");
  return std::nullopt;
}

void AppValueReader::choosing(const XmlElement& element, AppChoosing& choosing) const {
  constexpr std::array<std::string_view, 3> kMeasures = {"allocated", "logical", "stored-alone"};
  constexpr std::array<std::string_view, 3> kPolicies = {"off", "if-free", "on"};
  choice(element, "minimize", kMeasures, choosing.minimize);
  choice(element, "recommended", kPolicies, choosing.recommended);
  const auto text = element.attribute("prefer-threshold");
  if (!text) return;
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), bytes);
  if (error == std::errc{} && end == text->data() + text->size() && bytes <= kMaxThreshold) {
    choosing.prefer_threshold = bytes;
    return;
  }
  faults.add(element.place_of("prefer-threshold"),
             "cannot read prefer-threshold " + quote(*text) + ": it is not a number of bytes up to 2^40");
}

void AppValueReader::image(const XmlElement& element, ImageSettings& image) const {
  if (const auto text = element.attribute("os-version")) {
    const auto version = parse_version(*text);
    if (version) image.os_version = *version;
    if (!version) {
      faults.add(element.place_of("os-version"),
                 "cannot read os-version " + quote(*text) + ": it is not four numbers up to 65535");
    }
  }
  if (const auto tag = element.attribute("tag")) {
    image.tag = *tag;
    if (!is_image_tag(*tag)) {
      faults.add(element.place_of("tag"),
                 "cannot read tag " + quote(*tag) + ": it is not \"name:tag\" as registries take it");
    }
  }
  choice(element, "architecture", kArchitectures, image.architecture);
  if (auto user = filled(element, "user")) image.user = std::move(*user);
}

}  // namespace winnow
