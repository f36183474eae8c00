#include "plan/machine_plan.hpp"

#include <algorithm>
#include <array>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "plan/registry_builder.hpp"
#include "plan/registry_edit.hpp"
#include "plan/security_descriptor.hpp"
#include "plan/unattend.hpp"

namespace winnow {

namespace {

constexpr std::string_view kShellSetup = "Microsoft-Windows-Shell-Setup";
constexpr std::string_view kJoin = "Microsoft-Windows-UnattendedJoin";
constexpr std::string_view kComputerNameKey = "ControlSet001\\Control\\ComputerName\\ComputerName";
constexpr std::string_view kTcpipKey = "ControlSet001\\Services\\Tcpip\\Parameters";
constexpr std::string_view kTimeZoneKey = "ControlSet001\\Control\\TimeZoneInformation";
constexpr std::string_view kTimeZonesKey = "Microsoft\\Windows NT\\CurrentVersion\\Time Zones";
constexpr std::size_t kTimeZoneBytes = 44;  // REG_TZI_FORMAT
constexpr std::string_view kLineEnd = "\r\n";

std::string base64(ByteView bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > bytes.size() ? '=' : kDigits[word >> (18 - 6 * k) & 0x3F];
    }
  }
  return text;
}

// Windows' own form of a password it calls hidden: base64 of the password with the element's name behind it.
std::string hidden_password(const std::string& password) {
  return base64(to_utf16le(password + "AdministratorPassword", false).value_or(Bytes{}));
}

std::string unattend_architecture(const std::string& oci) { return oci == "386" ? "x86" : oci; }

// Puts settings into one plan.
class MachineApplication {
 public:
  MachineApplication(ImagePlan& plan, const MachineSettings& settings, const MachineInputs& inputs, MachineEdit edit)
      : plan_(plan), settings_(settings), inputs_(inputs), edit_(edit), owner_(owner_of(plan)) {}

  Result<void> apply() {
    if (!settings_.computer_name.empty()) put_computer_name();
    if (!settings_.time_zone.empty()) put_time_zone();
    put_unattend();
    put_setup_complete();
    if (!faults_.empty()) return fail(std::move(faults_).error());
    return {};
  }

 private:
  static OwnerId owner_of(const ImagePlan& plan) {
    for (std::size_t i = 0; i < plan.owners.size(); ++i) {
      if (plan.owners[i].kind == OwnerKind::app) return static_cast<OwnerId>(i);
    }
    return 0;
  }

  void put_text(std::string_view key, const std::string& name, const std::string& text) {
    put_value(plan_.registry, HiveId::system, key, registry_text(name, text), owner_);
  }

  void put_computer_name() {
    for (const auto& [key, name] : {std::pair{kComputerNameKey, "ComputerName"}, std::pair{kTcpipKey, "HostName"},
                                    std::pair{kTcpipKey, "NV HostName"}}) {
      check_app_value(key, name, "computer-name", settings_.computer_name);
      put_text(key, name, settings_.computer_name);
    }
  }

  // The app's own <registry> wants something else.
  void check_app_value(std::string_view key, const std::string& name, std::string_view setting,
                       const std::string& wanted) {
    if (edit_ == MachineEdit::replaces) return;
    const PlannedKey* planned = find_key(plan_.registry, HiveId::system, key);
    if (planned == nullptr) return;
    const auto value = planned->values.find(case_key(name));
    if (value == planned->values.end() || value->second.owner != owner_ || find_text(*planned, name) == wanted) return;
    faults_.add(settings_.place_of(setting), "cannot set " + std::string(setting) + " \"" + wanted +
                                                 "\": <registry> gives value \"" + name + "\" of HKLM\\SYSTEM\\" +
                                                 std::string(key) + " other data");
  }

  // An image that knows time zones says which there are, and what they are; without them only setup can tell.
  void put_time_zone() {
    const PlannedKey* zones = find_key(plan_.registry, HiveId::software, kTimeZonesKey);
    if (zones == nullptr || zones->children.empty()) return;
    const auto zone = zones->children.find(case_key(settings_.time_zone));
    if (zone == zones->children.end()) {
      std::vector<std::string> names;
      for (const auto& [index, child] : zones->children) names.push_back(child.name);
      faults_.add(settings_.place_of("time-zone"),
                  "cannot use time zone \"" + settings_.time_zone + "\": the image knows " +
                      std::to_string(names.size()) + " others",
                  did_you_mean(nearest_name(settings_.time_zone, names)));
      return;
    }
    const auto rules = zone->second.values.find(case_key("TZI"));
    if (rules == zone->second.values.end() || rules->second.data.size() != kTimeZoneBytes) return;
    put_time_zone_rules(zone->second, Bytes(rules->second.data));
  }

  // TZI: bias, standard bias, daylight bias (u32 each), then the two dates (16 bytes each) when they change.
  void put_time_zone_rules(const PlannedKey& zone, const Bytes& rules) {
    const auto number = [&](const char* name, std::size_t offset) {
      put_value(plan_.registry, HiveId::system, kTimeZoneKey,
                registry_dword(name, read_le<std::uint32_t>(rules, offset).value_or(0)), owner_);
    };
    const auto date = [&](const char* name, std::size_t offset) {
      ComponentRegistryValue value;
      value.name = name;
      value.type = static_cast<std::uint32_t>(RegistryType::binary);
      value.data.assign(rules.begin() + static_cast<std::ptrdiff_t>(offset),
                        rules.begin() + static_cast<std::ptrdiff_t>(offset + 16));
      put_value(plan_.registry, HiveId::system, kTimeZoneKey, value, owner_);
    };
    const auto name_of = [&](const char* text, const char* resource) {
      return find_text(zone, resource).value_or(find_text(zone, text).value_or(""));
    };
    number("Bias", 0);
    number("StandardBias", 4);
    number("DaylightBias", 8);
    date("StandardStart", 12);
    date("DaylightStart", 28);
    put_text(kTimeZoneKey, "StandardName", name_of("Std", "MUI_Std"));
    put_text(kTimeZoneKey, "DaylightName", name_of("Dlt", "MUI_Dlt"));
    put_text(kTimeZoneKey, "TimeZoneKeyName", zone.name);
    put_value(plan_.registry, HiveId::system, kTimeZoneKey, registry_dword("DynamicDaylightTimeDisabled", 0), owner_);
  }

  [[nodiscard]] std::vector<UnattendSetting> unattend_settings() const {
    std::vector<UnattendSetting> all;
    const std::string shell(kShellSetup);
    if (!settings_.computer_name.empty()) {
      all.push_back(
          {"specialize", shell, {}, {{"ComputerName", settings_.computer_name}}, settings_.place_of("computer-name")});
    }
    if (inputs_.password) {
      const Place file = settings_.place_of("administrator-password-file");
      all.push_back({"oobeSystem",
                     shell,
                     {"UserAccounts", "AdministratorPassword"},
                     {{"Value", hidden_password(*inputs_.password)}, {"PlainText", "false"}},
                     file == Place{} ? settings_.place_of("administrator-password-variable") : file});
    }
    if (!settings_.time_zone.empty()) {
      all.push_back({"oobeSystem", shell, {}, {{"TimeZone", settings_.time_zone}}, settings_.place_of("time-zone")});
    }
    if (!inputs_.domain_blob.empty()) {
      // Setup reads the first; the second is for whoever applies the file with DISM.
      const Place place = settings_.place_of("domain-blob");
      for (const auto& [pass, element] :
           {std::pair{"specialize", "Identification"}, std::pair{"offlineServicing", "OfflineIdentification"}}) {
        all.push_back(
            {pass, std::string(kJoin), {element, "Provisioning"}, {{"AccountData", inputs_.domain_blob}}, place});
      }
    }
    return all;
  }

  void put_unattend() {
    const std::vector<UnattendSetting> ours = unattend_settings();
    if (ours.empty() && inputs_.unattend.empty()) return;
    Unattend unattend;
    if (const auto there = text_at(unattend_path())) {
      auto parsed = Unattend::parse(*there, "\\" + unattend_path().text());
      if (!parsed) return faults_.add(parsed.error());
      unattend = std::move(*parsed);
    }
    if (!inputs_.unattend.empty()) {
      const auto users = Unattend::parse(inputs_.unattend, settings_.unattend ? settings_.unattend->path.string() : "");
      if (!users) return faults_.add(users.error());
      if (auto merged = unattend.merge(*users); !merged) return faults_.add(merged.error());
    }
    for (const UnattendSetting& setting : ours) {
      const auto set = unattend.set(setting, unattend_architecture(plan_.architecture), edit_ == MachineEdit::replaces);
      if (!set) faults_.add(set.error());
    }
    put_file(unattend_path(), unattend.text());
  }

  // What is there runs first; a line that is there already is not there twice.
  void put_setup_complete() {
    const std::vector<std::string> lines = setup_complete_lines(settings_, inputs_);
    if (lines.empty()) return;
    std::string text = text_at(setup_complete_path()).value_or("");
    if (!text.empty() && !text.ends_with('\n')) text += kLineEnd;
    for (const std::string& line : lines) {
      const std::string whole = line + std::string(kLineEnd);
      const bool is_there =
          edit_ == MachineEdit::replaces && (text.starts_with(whole) || text.find("\n" + whole) != std::string::npos);
      if (!is_there) text += whole;
    }
    put_file(setup_complete_path(), text);
  }

  std::optional<std::string> text_at(const WindowsPath& path) {
    const auto entry = plan_.tree.find(path);
    if (entry == plan_.tree.end() || !entry->second.content) return std::nullopt;
    const auto loaded = entry->second.content->load();
    if (!loaded) {
      faults_.add(loaded.error());
      return std::nullopt;
    }
    return std::string(as_text(loaded->bytes()));
  }

  // The usual descriptor's place in the plan: an image that was read back has a table of its own.
  std::uint32_t security_of(std::string_view sddl, std::uint32_t usual) {
    auto bytes = parse_sddl(sddl);
    if (!bytes) return usual;
    auto& all = plan_.security_descriptors;
    const auto found = std::find(all.begin(), all.end(), *bytes);
    if (found != all.end()) return static_cast<std::uint32_t>(found - all.begin());
    all.push_back(std::move(*bytes));
    return static_cast<std::uint32_t>(all.size() - 1);
  }

  void put_file(const WindowsPath& path, const std::string& text) {
    for (WindowsPath parent = path.parent(); !parent.is_root(); parent = parent.parent()) {
      const auto [entry, is_new] =
          plan_.tree.try_emplace(parent, TreeEntry{parent,
                                                   kAttributeDirectory,
                                                   security_of(kDirectorySddl, kDirectorySecurity),
                                                   plan_.created,
                                                   0,
                                                   0,
                                                   {},
                                                   std::nullopt});
      if (!is_new && !entry->second.is_directory()) {
        return faults_.add({}, "cannot write \"" + path.text() + "\": \"" + parent.text() + "\" is a file");
      }
    }
    const auto there = plan_.tree.find(path);
    const std::uint32_t security =
        there == plan_.tree.end() ? security_of(kFileSddl, kFileSecurity) : there->second.security;
    plan_.tree[path] = {path,
                        kAttributeArchive,
                        security,
                        plan_.created,
                        owner_,
                        text.size(),
                        sha256(as_bytes(text)),
                        Content::of_bytes(Bytes(text.begin(), text.end()))};
  }

  ImagePlan& plan_;
  const MachineSettings& settings_;
  const MachineInputs& inputs_;
  MachineEdit edit_;
  OwnerId owner_;
  Diagnostics faults_;
};

}  // namespace

WindowsPath unattend_path() { return *WindowsPath::parse("Windows\\Panther\\unattend.xml"); }

WindowsPath setup_complete_path() { return *WindowsPath::parse("Windows\\Setup\\Scripts\\SetupComplete.cmd"); }

Result<void> apply_machine_settings(ImagePlan& plan, const MachineSettings& settings, const MachineInputs& inputs,
                                    MachineEdit edit) {
  if (!settings.is_stated()) return {};
  return MachineApplication(plan, settings, inputs, edit).apply();
}

std::vector<std::string> machine_notes(const MachineSettings& settings, const MachineInputs& inputs) {
  std::vector<std::string> notes = inputs.notes;
  if (inputs.password) {
    notes.push_back("holds the administrator's password in " + unattend_path().text() +
                    " in Windows' own form: whoever can read the image can read the password");
  }
  if (settings.debugger && settings.debugger->method == DebugMethod::net) {
    notes.emplace_back(
        "debugs over the network; how its boot configuration spells the address was never compared with Windows': look "
        "at `bcdedit /dbgsettings`");
  }
  if (settings.development) {
    notes.emplace_back("is for development: its Windows loads drivers signed by test certificates");
  }
  return notes;
}

}  // namespace winnow
