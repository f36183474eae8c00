// A small image plan, and the bits tests build registry trees from.
#pragma once

#include <string>
#include <string_view>

#include "base/utf16.hpp"
#include "image/hive/hive_writer.hpp"
#include "plan/image_plan.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow::test {

inline Bytes utf16(std::string_view text) { return *to_utf16le(text, true); }
inline Bytes dword(std::uint32_t value) {
  Bytes bytes;
  ByteWriter(bytes).le32(value);
  return bytes;
}
inline Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

inline void add_directory(ImagePlan& plan, std::string_view path) {
  TreeEntry entry;
  entry.path = *WindowsPath::parse(path);
  entry.attributes = kAttributeDirectory;
  entry.time = plan.created;
  plan.tree.emplace(entry.path, entry);
}

inline void add_file(ImagePlan& plan, std::string_view path, std::string_view text) {
  TreeEntry entry;
  entry.path = *WindowsPath::parse(path);
  entry.attributes = kAttributeArchive;
  entry.security = 1;
  entry.time = plan.created;
  entry.size = text.size();
  entry.digest = sha256(as_bytes(text));
  entry.content = Content::of_bytes(bytes_of(text));
  plan.tree.emplace(entry.path, entry);
}

inline PlannedKey& add_key(PlannedKey& parent, std::string_view name) {
  PlannedKey& key = parent.children[case_key(name)];
  if (key.name.empty()) key.name = std::string(name);
  return key;
}

inline void add_value(PlannedKey& key, std::string_view name, std::uint32_t type, Bytes data) {
  key.values[case_key(name)] = {std::string(name), type, std::move(data), 0, false};
}

// One program and one text, a version in SOFTWARE: what an importer needs and no more.
inline ImagePlan make_plan() {
  ImagePlan plan;
  plan.name = "shop";
  plan.version = "1.0";
  plan.tag = "shop:1.0";
  plan.os_version = {{10, 0, 20348, 2113}};
  plan.architecture = "amd64";
  plan.created = 1'700'000'000;
  plan.owners.push_back({OwnerKind::winnow, "winnow", "", "", ""});
  plan.security_descriptors = {*parse_sddl(kDirectorySddl), *parse_sddl(kFileSddl)};
  plan.container.command = {"C:\\app\\shop.exe", "--all"};
  plan.container.working_directory = "C:\\app";
  plan.container.user = "ContainerUser";
  plan.container.environment = {{"LANG", "en"}, {"PATH", "C:\\Windows"}};
  for (const auto* path : {"Windows", "Windows\\System32", "Windows\\System32\\config", "app"})
    add_directory(plan, path);
  add_file(plan, "app\\shop.exe", "MZ program");
  add_file(plan, "Windows\\System32\\kernel32.dll", std::string(1000, 'k'));
  PlannedKey& microsoft = add_key(plan.registry.hives[HiveId::software], "Microsoft");
  PlannedKey& version = add_key(add_key(microsoft, "Windows NT"), "CurrentVersion");
  add_value(version, "CurrentBuildNumber", 1, utf16("20348"));
  add_value(version, "UBR", 4, dword(2113));
  return plan;
}

inline HiveOptions hive_options() {
  HiveOptions options;
  options.file_name = "C:\\Windows\\System32\\config\\TEST";
  options.root_name = "ROOT";
  options.time = 0x01D9'0000'0000'0000;
  options.security_descriptors = {*parse_sddl("O:BAG:SYD:(A;CI;0xF003F;;;SY)")};
  return options;
}

}  // namespace winnow::test
