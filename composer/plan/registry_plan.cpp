#include "plan/registry_plan.hpp"

namespace winnow {

namespace {

struct HiveRow {
  HiveId id;
  std::string_view name;
  std::string_view path;
};
constexpr std::array<HiveRow, 7> kHives = {{
    {HiveId::default_user, "DEFAULT", "Windows\\System32\\config\\DEFAULT"},
    {HiveId::sam, "SAM", "Windows\\System32\\config\\SAM"},
    {HiveId::security, "SECURITY", "Windows\\System32\\config\\SECURITY"},
    {HiveId::software, "SOFTWARE", "Windows\\System32\\config\\SOFTWARE"},
    {HiveId::system, "SYSTEM", "Windows\\System32\\config\\SYSTEM"},
    {HiveId::new_user, "NTUSER.DAT", "Users\\Default\\NTUSER.DAT"},
    {HiveId::components, "COMPONENTS", "Windows\\System32\\config\\COMPONENTS"},
}};

}  // namespace

WindowsPath hive_path(HiveId hive) { return *WindowsPath::parse(kHives[static_cast<std::size_t>(hive)].path); }
std::string_view to_string(HiveId hive) { return kHives[static_cast<std::size_t>(hive)].name; }

}  // namespace winnow
