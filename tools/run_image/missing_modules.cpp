#include "run_image/missing_modules.hpp"

#include <algorithm>
#include <array>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "binary/api_set.hpp"
#include "binary/pe_file.hpp"
#include "catalog/catalog.hpp"
#include "image_reader/provenance.hpp"

namespace winnow {

namespace {

using Kind = MissingModule::Kind;

// open-feed.md 1, measured by leaving each out.
constexpr std::array<std::string_view, 6> kAlwaysNeeded = {"ntdll.dll",  "kernel32.dll", "kernelbase.dll",
                                                           "l_intl.nls", "locale.nls",   "sortdefault.nls"};

std::string component_in(const Provenance& provenance, std::string_view module) {
  for (const auto& [path, owner] : provenance.files) {
    const ProvenanceOwner& candidate = provenance.owners[owner];
    if (candidate.kind == ProvenanceOwner::Kind::component && ascii_iequals(path.name(), module)) return candidate.name;
  }
  return "";
}

std::string_view verb_phrase(Kind kind) {
  switch (kind) {
    case Kind::initialization:
      return " could not initialize";
    case Kind::unusable:
      return " cannot be loaded";
    case Kind::start_up:
    case Kind::import:
    case Kind::delay_import:
    case Kind::load:
      break;
  }
  return " is missing";
}

std::string_view kind_name(Kind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"startUp", "import",         "delayImport",
                                                      "load",    "initialization", "unusable"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string who_needs(const MissingModule& missing) {
  if (missing.kind == Kind::start_up) return ", which every program needs";
  if (!missing.function.empty()) return ", wanted for its function " + missing.function;
  return missing.importer.empty() ? "" : ", needed by " + missing.importer;
}

}  // namespace

std::vector<MissingModule> find_missing_base(const DriveFolder& drive, const std::vector<MissingModule>& known) {
  std::vector<MissingModule> missing;
  for (const std::string_view name : kAlwaysNeeded) {
    const bool is_known =
        std::any_of(known.begin(), known.end(), [&](const MissingModule& item) { return item.module == name; });
    if (!is_known && !drive.has_file_named(std::string(name)))
      missing.push_back({Kind::start_up, std::string(name), {}, {}, {}});
  }
  return missing;
}

Result<void> name_contract_hosts(std::vector<MissingModule>& missing, const DriveFolder& drive) {
  const auto is_contract = [](const MissingModule& item) { return ApiSetSchema::is_contract_name(item.module); };
  const auto file = drive.modules().find("apisetschema.dll");
  if (file == drive.modules().end() || std::none_of(missing.begin(), missing.end(), is_contract)) return {};
  WINNOW_TRY(const MappedFile bytes, MappedFile::open(file->second));
  WINNOW_TRY(const PeFile module, PeFile::parse(bytes.bytes(), file->first));
  const auto section = module.section(".apiset");
  if (!section) return {};
  WINNOW_TRY(const ApiSetSchema schema, ApiSetSchema::parse(*section, file->first));
  std::vector<MissingModule> named;
  for (MissingModule& item : missing) {
    const auto host = is_contract(item) ? schema.host(item.module) : std::nullopt;
    if (host && !drive.has_file_named(*host)) item.module = *host;
    if (std::find(named.begin(), named.end(), item) == named.end()) named.push_back(std::move(item));
  }
  missing = std::move(named);
  return {};
}

Result<void> name_components(std::vector<MissingModule>& missing, const std::optional<Json>& provenance,
                             const std::vector<std::filesystem::path>& feeds) {
  if (missing.empty()) return {};
  if (provenance) {
    WINNOW_TRY(const Provenance owners, parse_provenance(*provenance));
    for (MissingModule& item : missing) item.component = component_in(owners, item.module);
  }
  if (feeds.empty()) return {};
  WINNOW_TRY(const Catalog catalog, Catalog::load(feeds));
  for (MissingModule& item : missing) {
    const auto providers = catalog.providers_of(item.module);
    if (item.component.empty() && !providers.empty()) {
      item.component = catalog.components()[providers.front()].identity.name;
    }
  }
  return {};
}

std::vector<Fault> print_missing(const RunReport& report) {
  std::vector<Fault> faults;
  for (const MissingModule& item : report.missing) {
    Fault fault{{}, "cannot run " + report.program + ": module " + item.module, {}};
    fault.message += verb_phrase(item.kind);
    fault.message += who_needs(item);
    const bool is_absent = item.kind != Kind::initialization && item.kind != Kind::unusable;
    if (is_absent && !item.component.empty()) fault.notes.push_back("component " + item.component + " would bring it");
    faults.push_back(std::move(fault));
  }
  return faults;
}

Json to_json(const RunReport& report) {
  Json missing = Json::array();
  for (const MissingModule& item : report.missing) {
    missing.push_back({{"kind", kind_name(item.kind)},
                       {"module", item.module},
                       {"importer", item.importer},
                       {"function", item.function},
                       {"component", item.component}});
  }
  return {{"schema", "winnow-run-1"},
          {"program", report.program},
          {"exitCode", report.exit_code},
          {"timedOut", report.timed_out},
          {"missing", std::move(missing)}};
}

}  // namespace winnow
