// What manifest tests share: the error of a result as a user sees it, and manifests that use everything once.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/utf16.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow::testing {

template <class T>
[[nodiscard]] std::string error_of(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

[[nodiscard]] inline AssemblyIdentity identity_of(const std::string& name) {
  return {name, {{10, 0, 20348, 1}}, "amd64", "neutral", "31bf3856ad364e35", "", "nonSxS"};
}

[[nodiscard]] inline Bytes utf16_data(std::string_view text) { return to_utf16le(text, true).value(); }

// Registry data of every form, well-formed and not.
[[nodiscard]] inline std::vector<ComponentRegistryValue> all_registry_values() {
  using namespace std::string_view_literals;
  return {
      {"", 1, utf16_data("the default"), false, false, false},
      {"empty", 1, utf16_data(""), false, true, false},
      {"blanks", 1, utf16_data("  a\tb\r\nc "), false, false, true},
      {"markup", 2, utf16_data("%A% <\"'&> $(runtime.system32)\\x"), true, true, true},
      {"control", 1, utf16_data("bell\a"), false, false, false},
      {"two", 1, utf16_data("a\0b"sv), false, false, false},
      {"bare", 1, {0x61, 0}, false, false, false},
      {"odd", 1, {0x61, 0, 0}, false, false, false},
      {"surrogate", 1, {0x00, 0xD8, 0, 0}, false, false, false},
      {"dword", 4, {1, 2, 3, 4}, false, false, false},
      {"short dword", 4, {1, 2}, false, false, false},
      {"qword", 11, {0, 0, 0, 0x40, 1, 0, 0, 0}, false, false, false},
      {"list", 7, utf16_data("one\0t\"w,o\0"sv), true, false, false},
      {"empty list", 7, {0, 0}, false, false, false},
      {"empty item", 7, {0, 0, 0, 0}, false, false, false},
      {"open list", 7, {0x61, 0}, false, false, false},
      {"bytes", 3, {0, 1, 0xFF}, false, false, false},
      {"none", 0, {}, false, false, false},
      {"driver", 0xFFFF0012, {1, 0}, false, false, false},
      {"big endian", 5, {0, 0, 0, 1}, false, false, false},
  };
}

inline void add_full_effects(ComponentManifest& m) {
  m.is_deployment = true;
  m.dependencies[0].name = "INSTALLER";
  m.settings = {{"Plain", "", std::nullopt, "", std::nullopt, "", "", false},
                {"Sessions", "xsd:unsignedInt", "2", "regkey('HKEY_LOCAL_MACHINE\\SYSTEM')", "Number & Count",
                 "REG_DWORD", "allUsers", false},
                {"Default", "xsd:string", "", "wmi('x')", "", "REG_SZ", "perUser", true}};
  m.categories = {"BootCritical", "ServicingStackComponent"};
  m.service_groups = {{"netsvcs", "Schedule", "last"}, {"netsvcs", "gpsvc", "first"}};
  m.provider_orders = {{"HwOrder\\ProviderOrder", "LanmanWorkstation", "first"}};
  m.path_entries = {{"path", "%SystemRoot%\\System32\\OpenSSH\\", "last"}};
  EventChannel channel{
      false, "A/Operational", "A", "Operational", "true", "Custom", "O:BAG:SYD:", "16", "1028096", "true", "false"};
  m.event_publishers = {{"A",
                         "{00000000-0000-0000-0000-000000000001}",
                         "%windir%\\a.dll",
                         "%windir%\\b.dll",
                         "p.dll",
                         {channel, {true, "System", "C1", "", "", "", "", ""}}},
                        {"B", "{00000000-0000-0000-0000-000000000002}", "", "", ""}};
  m.firewall_rules = {{{"Action", "Allow"}, {"Active", "TRUE"}, {"Name", "@x.dll,-1 & more"}}};
  m.work = {{"genericCommand", {{"executableName", "$(runtime.system32)\\cmd.exe"}, {"arguments", "/c \"x\""}}},
            {"mof", {{"name", "$(runtime.wbem)\\a.mof"}}},
            {"Task",
             {{"URI", "\\Microsoft\\A"},
              {"Command", "a.exe"},
              {"Arguments", "1\r\n2"},
              {"Command", "b.exe"},
              {"ClassId", "{1}"},
              {"Data", "<x>"}}},
            {"genericCommand", {}},
            {"Task", {{"URI", ""}}}};
  m.strings = {{"en-US", {{"a", "A & B"}, {"", ""}}}, {"", {}}};
}

[[nodiscard]] inline ComponentManifest full_component() {
  ComponentManifest m;
  m.identity = {"Winnow (Test) x", {{1, 2, 3, 65535}}, "wow64", "uz-Latn-UZ", "0123456789abcdef", "win32", "nonSxS"};
  m.description = "all of it\n& \"more\"";
  m.display_name = "Größe";
  m.dependencies = {{identity_of("A"), DependencyType::install, false, 0},
                    {identity_of("B"), DependencyType::prerequisite, false, 0},
                    {identity_of("C.Resources"), DependencyType::install, true, 0}};
  m.dependencies[2].identity.language = "*";
  m.relations = {
      {RelationKind::any_of,
       {{true, "tls & more", {}}, {false, "Old", {{VersionCompare::ge, {{1, 4, 0, 0}}}, {VersionCompare::lt, {{2}}}}}},
       0},
      {RelationKind::recommended, {{false, "Console", {{VersionCompare::eq, {{1}}}}}}, 0},
      {RelationKind::conflict, {{false, "Other", {{VersionCompare::gt, {{1}}}, {VersionCompare::le, {{9}}}}}}, 0}};
  m.provides = {"http", "http2"};
  m.deprecated = "x <replaces> it";
  m.files = {{"a.dll", "a.dll", "$(runtime.system32)", 0, 123456789012, sha256(as_bytes("a")), "WRP"},
             {"b.dll", "src\\b.bin", "", 0x80010003, 0, {}, ""}};
  m.files[0].destination_name = "c.dll";
  m.files[0].writeable_type = "systemData";
  m.files[0].links = {"$(runtime.windows)\\a.dll", "$(runtime.system32)\\DriverStore\\x y\\a.dll"};
  m.files[1].work = {{"gac", {{"managedversion", "2.0.0.0"}, {"clrarch", "amd64"}}}, {"lodctr", {}}};
  m.directories = {{"$(runtime.windows)\\Temp", 0x2004, true, "WRP"}, {"$(runtime.programData)", 0, false, ""}};
  m.registry_keys = {{"HKEY_LOCAL_MACHINE\\SOFTWARE\\Empty", "", {}},
                     {"HKEY_CLASSES_ROOT\\.txt", "WRP", all_registry_values()}};
  m.registry_keys[0].owner = true;
  m.registry_keys[0].overridables = {{"Shell", "REG_SZ"}, {"", ""}};
  m.services = {{"svc",
                 "Service",
                 "does <things>",
                 "win32ShareProcess",
                 "auto",
                 "severe",
                 "%SystemRoot%\\svc.exe -k",
                 "LocalSystem",
                 "Base",
                 {"RpcSs", "Tcpip"}},
                {"plain", "", "", "", "", "", "", "", "", {}}};
  ComponentService& service = m.services[0];
  service.depends_on_groups = {"TDI"};
  service.required_privileges = {"SeAuditPrivilege", "SeTcbPrivilege"};
  service.tag = "5";
  service.sid_type = "unrestricted";
  service.launch_protected = "windowsLight";
  service.failure_actions_flag = "true";
  service.failure_actions =
      ServiceFailureActions{86400, "run.exe \"x\"", "bye", {{"restartService", 60000}, {"none", 0}}};
  service.triggers = {
      {"NetworkEndpointEvent", "RPC_INTERFACE_EVENT", "start", {{"string", "12345678"}, {"binary", ""}}},
      {"WnfStateEvent", "", "stop"}};
  service.security_descriptor = "WRP";
  m.services[1].failure_actions = ServiceFailureActions{};
  add_full_effects(m);
  m.security_definitions = {{"#Other", "O:SYG:SYD:AIS:"}, {"WRP", "O:BAG:BAD:P(A;;FA;;;SY)"}};
  return m;
}

[[nodiscard]] inline PackageManifest full_package() {
  PackageManifest m;
  m.identity = identity_of("Winnow-Test-Package");
  m.identifier = "base";
  m.release_type = "Product";
  m.display_name = "The base";
  m.description = "What <every> program needs";
  m.restart = "possible";
  m.permanence = "permanent";
  m.psf_name = "base.psf";
  m.parents.push_back({{identity_of("Parent"), identity_of("Other-Parent")},
                       "detect",
                       "separate",
                       "languageResources",
                       {std::nullopt, VersionCompare::eq, VersionCompare::ge, VersionCompare::ne},
                       0});
  m.parents.push_back({{identity_of("Second")}, "", "delegate", "", {}, 0});
  m.servicing_stack = identity_of("Stack");
  m.capabilities = {{"Winnow.Test", "1.0", ""}};
  m.required_capabilities = {{"Winnow.Base", "", "de-DE"}};
  m.package_size = 18446744073709551615ULL;
  const auto update = [&](const char* name) -> PackageUpdate& {
    m.updates.emplace_back();
    m.updates.back().name = name;
    return m.updates.back();
  };
  const auto reference = [](PackageReference::Kind kind, const char* name) {
    PackageReference made;
    made.kind = kind;
    made.identity = identity_of(name);
    return made;
  };
  PackageUpdate& always = update("always");
  always.restart = "required";
  always.references = {reference(PackageReference::Kind::component, "A"),
                       reference(PackageReference::Kind::driver, "dual_x.inf")};
  always.references[1].inf = "x.inf";
  always.references[1].ranking = "normal";
  PackageUpdate& choice = update("choice");
  choice.display_name = "A choice";
  choice.description = "Of two";
  choice.selectable = choice.on_by_default = true;
  choice.condition = UpdateCondition{"detect", {"always", "nothing"}, {{"revision", identity_of("C")}}};
  choice.references = {reference(PackageReference::Kind::package, "P")};
  choice.references[0].contained = true;
  choice.references[0].integrate = "hidden";
  update("nothing");
  return m;
}

[[nodiscard]] inline FeedIndex full_index() {
  FeedIndex index;
  index.name = "open";
  index.version = "8.0~repack-4";
  index.description = " An open-source userland.\n\nNot Microsoft's & never \"that\".\n";
  index.packages = {{identity_of("P"), "base", true, sha256(as_bytes("p"))}, {identity_of("Q"), "", false, {}}};
  index.components = {
      {identity_of("A"),
       "base",
       sha256(as_bytes("a")),
       {{"Windows\\System32\\a.dll", 18446744073709551615ULL, sha256(as_bytes("x"))}, {"Windows\\b.nls", 0, {}}}},
      {identity_of("B"), "", {}, {}}};
  return index;
}

}  // namespace winnow::testing
