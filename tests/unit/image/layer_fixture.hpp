// A base layer with UtilityVM that keeps every rule, as items a test bends one by one.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "unit/image/image_fixtures.hpp"
#include "unit/image/tar_builder.hpp"

namespace winnow::test {

inline std::string hive_text(const HiveKey& root) {
  const Bytes bytes = write_hive(root, hive_options()).value();
  return std::string(as_text(bytes));
}

inline HiveKey key_at(const std::vector<std::string>& path, std::vector<HiveValue> values) {
  HiveKey result;
  result.values = std::move(values);
  for (std::size_t i = path.size(); i-- > 0;) {
    result.name = path[i];
    HiveKey parent;
    parent.children.push_back(std::move(result));
    result = std::move(parent);
  }
  return result;
}

inline std::string software_hive() {
  return hive_text(key_at({"Microsoft", "Windows NT", "CurrentVersion"},
                          {{"CurrentBuildNumber", 1, utf16("20348")}, {"UBR", 4, dword(2113)}}));
}

// A boot store whose boot manager names `loader`; only the object "{11…}" is a loader.
inline std::string boot_store(const std::string& loader) {
  const std::string guid = "{11111111-2222-3333-4444-555555555555}";
  HiveKey objects = key_at({"Objects", "{9dea862c-5cdd-4e70-acc1-f32b344d4795}", "Elements", "23000003"},
                           {{"Element", 1, utf16(loader)}});
  HiveKey loaders = key_at({guid, "Description"}, {{"Type", 4, dword(0x10200003)}});
  objects.children[0].children.push_back(loaders.children[0]);
  return hive_text(objects);
}

inline std::map<std::string, std::string> sound_records(bool is_directory) {
  return {{"LIBARCHIVE.creationtime", "1700000000.1234567"},
          {"MSWINDOWS.fileattr", is_directory ? "16" : "32"},
          {"MSWINDOWS.rawsd", to_base64(*parse_sddl(is_directory ? kDirectorySddl : kFileSddl))},
          {"atime", "1700000000"},
          {"ctime", "1700000000"}};
}

inline TarItem directory(const std::string& name) { return {name, '5', "", "", sound_records(true)}; }
inline TarItem file(const std::string& name, const std::string& content) {
  return {name, '0', content, "", sound_records(false)};
}
inline TarItem link(const std::string& name, const std::string& target) { return {name, '1', "", target, {}}; }

inline std::vector<TarItem> sound_layer() {
  const std::string empty = hive_text(HiveKey{});
  const std::string config = "/Windows/System32/config";
  std::vector<TarItem> items;
  for (const auto* name : {"Files", "Files/Windows", "Files/Windows/System32", "Files/Windows/System32/config"}) {
    items.push_back(directory(name));
  }
  for (const auto* name : {"DEFAULT", "SAM", "SECURITY"}) items.push_back(file("Files" + config + "/" + name, empty));
  items.push_back(file("Files" + config + "/SOFTWARE", software_hive()));
  items.push_back(file("Files" + config + "/SYSTEM", empty));
  items.push_back(file("Files/Windows/System32/ntdll.dll", "MZ"));
  items.push_back(link("Files/Windows/ntdll.dll", "Files/Windows/System32/ntdll.dll"));
  for (const auto* name : {"UtilityVM", "UtilityVM/Files", "UtilityVM/Files/EFI", "UtilityVM/Files/EFI/Microsoft",
                           "UtilityVM/Files/EFI/Microsoft/Boot"}) {
    items.push_back(directory(name));
  }
  items.push_back(file("UtilityVM/Files/EFI/Microsoft/Boot/BCD", boot_store("{11111111-2222-3333-4444-555555555555}")));
  items.push_back(file("UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi", "MZ"));
  for (const auto* name :
       {"UtilityVM/Files/Windows", "UtilityVM/Files/Windows/System32", "UtilityVM/Files/Windows/System32/config"}) {
    items.push_back(directory(name));
  }
  items.push_back(file("UtilityVM/Files" + config + "/SOFTWARE", empty));
  items.push_back(file("UtilityVM/Files" + config + "/SYSTEM", empty));
  items.push_back(link("UtilityVM/Files/Windows/ntdll.dll", "Files/Windows/System32/ntdll.dll"));
  return items;
}

inline TarItem& item(std::vector<TarItem>& items, const std::string& name) {
  return *std::find_if(items.begin(), items.end(), [&](const TarItem& i) { return i.name == name; });
}

// `added` right behind the item `name`.
inline void add_behind(std::vector<TarItem>& items, const std::string& name, TarItem added) {
  const auto place = std::find_if(items.begin(), items.end(), [&](const TarItem& i) { return i.name == name; });
  items.insert(place + 1, std::move(added));
}

}  // namespace winnow::test
