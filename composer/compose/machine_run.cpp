#include "compose/machine_run.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "base/round_up.hpp"
#include "base/utf16.hpp"
#include "compose/driver_files.hpp"
#include "compose/ram_disk_notes.hpp"
#include "manifest/machine_reader.hpp"
#include "manifest/role_map.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMaxUnattend = 16u << 20;
constexpr ByteCount kMaxBlob = 16u << 20;
constexpr ByteCount kMaxPasswordFile = 4096;
constexpr std::size_t kMaxPassword = 127;                  // characters that Windows takes in an answer file
constexpr ByteCount kDefaultMaxSize = ByteCount{4} << 30;  // New-NanoServerImage's
constexpr ByteCount kClusterSize = 4096;

std::string quote(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

// Text as Windows' tools write it: UTF-16LE with or without a byte order mark, or UTF-8.
std::optional<std::string> windows_text(ByteView bytes) {
  if (bytes.size() >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) return from_utf16le(bytes.subspan(2));
  if (bytes.size() >= 2 && bytes[1] == 0) return from_utf16le(bytes);
  if (bytes.size() >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF) bytes = bytes.subspan(3);
  return std::string(as_text(bytes));
}

bool is_base64(std::string_view text) {
  const std::size_t end = std::min(text.find('='), text.size());
  const bool is_padded = text.size() - end <= 2 && text.find_first_not_of('=', end) == std::string_view::npos;
  return !text.empty() && text.size() % 4 == 0 && is_padded &&
         text.substr(0, end).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
             std::string_view::npos;
}

Result<std::string> load_blob(const MachineFile& file) {
  WINNOW_TRY(const Bytes bytes, read_file(file.path, kMaxBlob));
  std::string text = windows_text(bytes).value_or("");
  std::erase_if(text, [](char c) { return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  if (is_base64(text)) return text;
  return fail("cannot use domain blob " + quote(file.path) + ": it is no base64 text",
              {"djoin /provision /savefile writes one"});
}

Result<std::string> check_password(std::string password, const std::string& where) {
  const auto units = to_utf16(password);
  const auto refuse = [&](const std::string& reason) {
    return fail("cannot use the administrator's password in " + where + ": " + reason);
  };
  if (!units) return refuse("it is not UTF-8");
  if (units->empty()) return refuse("it is empty");
  if (units->size() > kMaxPassword) return refuse("it is longer than 127 characters");
  if (std::any_of(units->begin(), units->end(), [](char16_t unit) { return unit < 0x20; })) {
    return refuse("it holds a control character");
  }
  return password;
}

Result<std::string> load_password(const PasswordSource& source) {
  if (!source.variable.empty()) {
    const char* value = std::getenv(source.variable.c_str());
    if (value == nullptr) {
      return fail("cannot use the administrator's password in variable " + source.variable + ": it is not set");
    }
    return check_password(value, "variable " + source.variable);
  }
  WINNOW_TRY(const Bytes bytes, read_file(source.file, kMaxPasswordFile));
  std::string text = windows_text(bytes).value_or("\xFF");
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  return check_password(std::move(text), quote(source.file));
}

void add_at(Diagnostics& faults, const Error& error, const Place& place) {
  for (const Fault& fault : error.faults()) faults.add(place, fault.message, fault.notes);
}

}  // namespace

Result<void> set_machine_flags(const std::vector<MachineFlagText>& flags, MachineSettings& settings) {
  Diagnostics faults;
  std::error_code code;
  MachineReader reader(settings, std::filesystem::current_path(code), faults);
  for (const MachineFlagText& flag : flags) reader.set(flag.name, flag.text, {"--" + flag.name, 0, 0});
  if (const auto checked = check_machine_settings(settings); !checked) faults.add(checked.error());
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

// With a deployment or an edition the manifest is for Windows media, whose roles have short names.
Result<void> set_roles(const ComposeOptions& options, const Catalog& catalog, AppManifest& app) {
  const MachineSettings& machine = app.machine;
  for (const std::string& role : options.roles) app.roles.push_back({role, {"--role", 0, 0}});
  if (!machine.deployment.empty() || !machine.edition.empty()) {
    WINNOW_TRY(const RoleMap map, load_role_map(options.role_map));
    RoleChoice choice{{}, machine.deployment, machine.edition};
    std::vector<NamedRequest> roles;
    for (const NamedRequest& role : app.roles) {
      const bool is_short = std::any_of(map.roles.begin(), map.roles.end(),
                                        [&](const MediaRole& known) { return ascii_iequals(known.name, role.name); });
      if (!is_short && !catalog.packages_named(role.name).empty()) {
        roles.push_back(role);
      } else {
        choice.roles.push_back(role.name);
      }
    }
    WINNOW_TRY(const std::vector<std::string> packages, packages_of(map, choice));
    for (const std::string& package : packages) roles.push_back({package, machine.place_of("deployment")});
    app.roles = std::move(roles);
  }
  for (const MachineText& package : machine.packages) app.roles.push_back({package.text, package.place});
  return {};
}

Result<MachineInputs> load_machine_inputs(const MachineSettings& settings, bool with_password) {
  MachineInputs inputs;
  Diagnostics faults;
  if (settings.unattend) {
    const auto bytes = read_file(settings.unattend->path, kMaxUnattend);
    if (bytes) {
      inputs.unattend = windows_text(*bytes).value_or("");
    } else {
      add_at(faults, bytes.error(), settings.unattend->place);
    }
  }
  if (settings.domain_blob) {
    auto blob = load_blob(*settings.domain_blob);
    if (blob) {
      inputs.domain_blob = std::move(*blob);
    } else {
      add_at(faults, blob.error(), settings.domain_blob->place);
    }
  }
  const bool has_password = !settings.password.file.empty() || !settings.password.variable.empty();
  if (with_password && has_password) {
    auto password = load_password(settings.password);
    if (password) {
      inputs.password = std::move(*password);
    } else {
      const bool is_file = settings.password.variable.empty();
      add_at(faults, password.error(),
             settings.place_of(is_file ? "administrator-password-file" : "administrator-password-variable"));
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return inputs;
}

Result<void> add_drivers(const MachineSettings& settings, const std::string& architecture, AppFiles& files,
                         MachineInputs& inputs) {
  if (settings.drivers.empty()) return {};
  WINNOW_TRY(DriverFiles drivers, load_drivers(settings, architecture));
  Sha256 hash;
  for (const AppFile& file : drivers.files) hash.update(as_bytes(file.path.text() + "\n" + file.digest.hex() + "\n"));
  files.inputs.push_back({"machine", "drivers", hash.finish()});
  files.files.insert(files.files.end(), drivers.files.begin(), drivers.files.end());
  inputs.drivers = std::move(drivers.inf_paths);
  inputs.notes = std::move(drivers.notes);
  return {};
}

std::vector<LockedInput> machine_locked_inputs(const ComposeOptions& options, const MachineSettings& settings,
                                               const MachineInputs& inputs) {
  std::vector<LockedInput> locked;
  if (!options.machine.empty()) {
    std::string text;
    for (const MachineFlagText& flag : options.machine) text += flag.name + "=" + flag.text + "\n";
    locked.push_back({"machine", "flags", sha256(as_bytes(text))});
  }
  if (settings.unattend) {
    locked.push_back({"machine", settings.unattend->path.filename().string(), sha256(as_bytes(inputs.unattend))});
  }
  if (settings.domain_blob) {
    locked.push_back({"machine", settings.domain_blob->path.filename().string(), sha256(as_bytes(inputs.domain_blob))});
  }
  return locked;
}

void set_boot_options(const MachineSettings& settings, BcdOptions& boot) {
  if (settings.ems) boot.ems = SerialPort{settings.ems->port, settings.ems->baud_rate};
  if (settings.development) boot.test_signing = true;
  if (!settings.debugger) return;
  const KernelDebugger& debugger = *settings.debugger;
  switch (debugger.method) {
    case DebugMethod::serial:
      boot.debugger = SerialPort{debugger.line().port, debugger.line().baud_rate};
      break;
    case DebugMethod::net:
      boot.debugger = NetDebugger{debugger.remote_ip.value_or(Ipv4Address{}).bits, debugger.port.value_or(0),
                                  debugger.key, debugger.bus_parameters};
      break;
    case DebugMethod::firewire:
      boot.debugger = FirewireDebugger{debugger.channel.value_or(0)};
      break;
    case DebugMethod::usb:
      boot.debugger = UsbDebugger{debugger.target_name};
      break;
  }
}

void set_machine_write_options(const MachineSettings& settings, WriteOptions& write) {
  set_boot_options(settings, write.disk.boot);
  write.disk.ram_disk = settings.ramdisk_boot;
  if (!settings.is_stated() || write.disk.size != 0) return;
  const bool is_free = write.disk.free_space == 0 && !write.disk.fixed;
  if (settings.max_size != 0) {
    write.disk.size = settings.max_size;
  } else if (is_free) {
    write.disk.size = kDefaultMaxSize;
  }
}

std::vector<std::string> disk_notes(const MachineSettings& settings, const ImagePlan& plan, const WriteReport& report) {
  if (!settings.is_stated()) return {};
  const bool is_container = report.diff_id.has_value();
  const bool is_ram_disk = settings.ramdisk_boot && !is_container;
  std::vector<std::string> notes;
  if (is_ram_disk) notes = ram_disk_notes(plan, report);
  if (!report.volume && (settings.ems || settings.debugger || (settings.ramdisk_boot && is_container))) {
    notes.emplace_back("has no boot configuration: how Windows is started is for disks");
  }
  if (!report.volume || is_ram_disk) return notes;
  const WindowsPath windows = *WindowsPath::parse("Windows");
  ByteCount used = 0;
  for (const auto& [path, entry] : plan.tree) {
    if (path.is_below(windows)) used += round_up(entry.size, kClusterSize);
  }
  const ByteCount free = report.logical > report.volume->allocated ? report.logical - report.volume->allocated : 0;
  if (free >= used) return {};
  return {"an update may not fit: at most " + std::to_string(free >> 20) + " MiB of the disk are free, \\Windows has " +
          std::to_string(used >> 20) + " MiB"};
}

}  // namespace winnow
