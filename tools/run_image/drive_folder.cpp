#include "run_image/drive_folder.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "base/file_system.hpp"
#include "base/utf16.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 7> kLowerCaseFolders = {
    "windows",       "windows\\system32", "windows\\system32\\drivers",
    "windows\\temp", "windows\\fonts",    "windows\\globalization",
    "users"};

// The name this path's last component gets on Linux.
std::string linux_name(const WindowsPath& path) {
  const std::string lower = ascii_lower(path.text());
  const bool folded = std::find(kLowerCaseFolders.begin(), kLowerCaseFolders.end(), lower) != kLowerCaseFolders.end();
  return folded ? ascii_lower(path.name()) : std::string(path.name());
}

bool is_pe(ByteView content) { return as_text(content).starts_with("MZ"); }

bool lies_in(const WindowsPath& path, std::string_view folder) { return ascii_iequals(path.parent().text(), folder); }

}  // namespace

DriveFolder::DriveFolder(fs::path root, const std::vector<std::string>& without) : root_(std::move(root)) {
  for (const std::string& text : without) {
    const auto path = WindowsPath::parse(text);
    const bool is_path = path && path->components().size() > 1;
    hidden_.push_back({text, case_key(path ? path->text() : text), is_path, false});
  }
  paths_.emplace(WindowsPath(), root_);
}

bool DriveFolder::hide(const WindowsPath& path) {
  bool hit = false;
  for (Hidden& hidden : hidden_) {
    if (hidden.key != case_key(hidden.is_path ? std::string_view(path.text()) : path.name())) continue;
    hidden.matched = true;
    hit = true;
  }
  return hit;
}

std::vector<std::string> DriveFolder::unmatched() const {
  std::vector<std::string> texts;
  for (const Hidden& hidden : hidden_) {
    if (!hidden.matched) texts.push_back(hidden.text);
  }
  return texts;
}

fs::path DriveFolder::find(const WindowsPath& path) const {
  const auto found = paths_.find(path);
  return found == paths_.end() ? fs::path() : found->second;
}

Result<fs::path> DriveFolder::place(const WindowsPath& path) {
  if (const fs::path known = find(path); !known.empty()) return known;
  WINNOW_CHECK(add_directory(path.parent()));
  return paths_.emplace(path, find(path.parent()) / linux_name(path)).first->second;
}

Result<void> DriveFolder::add_directory(const WindowsPath& path) {
  WINNOW_TRY(const fs::path folder, place(path));
  std::error_code code;
  fs::create_directory(folder, code);
  if (code) return fail("cannot make folder " + folder.string() + ": " + code.message());
  return {};
}

Result<void> DriveFolder::add_file(const WindowsPath& path, ByteView content) {
  if (hide(path)) return {};
  WINNOW_TRY(const fs::path file, place(path));
  WINNOW_CHECK(write_file(file, content));
  names_.insert(ascii_lower(path.name()));
  if (is_pe(content)) remember_module(path, file);
  return {};
}

Result<void> DriveFolder::add_link(const WindowsPath& path, const WindowsPath& target) {
  if (hide(path)) return {};
  const fs::path source = find(target);
  if (source.empty()) return {};  // the first name is hidden, so the file is
  WINNOW_TRY(const fs::path file, place(path));
  std::error_code code;
  fs::remove(file, code);
  fs::create_hard_link(source, file, code);
  if (code) return fail("cannot link " + file.string() + ": " + code.message());
  names_.insert(ascii_lower(path.name()));
  const auto module = modules_.find(ascii_lower(target.name()));
  if (module != modules_.end() && module->second == source) remember_module(path, file);
  return {};
}

// A driver finds its Unix half only when it is found by its bare name, so modules of all folders are collected.
void DriveFolder::remember_module(const WindowsPath& path, const fs::path& file) {
  if (!ascii_iequals(path.components().front(), "windows")) return;
  const auto [place, is_new] = modules_.emplace(ascii_lower(path.name()), file);
  if (!is_new && lies_in(path, "windows\\system32")) place->second = file;
}

}  // namespace winnow
