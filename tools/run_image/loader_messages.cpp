#include "run_image/loader_messages.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/utf16.hpp"

namespace winnow {

namespace {

using Kind = MissingModule::Kind;

constexpr std::size_t kMaxLine = 64 << 10;  // longer lines pass by unread

// What stands between `before` and the next `after` behind it; nothing when either is not there.
std::optional<std::string_view> between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t found = text.find(before);
  if (found == std::string_view::npos) return std::nullopt;
  const std::size_t begin = found + before.size();
  const std::size_t end = after.empty() ? text.size() : text.find(after, begin);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(begin, end - begin);
}

// Wine prints a path as L"C:\\app\\net.exe".
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == '"')) ++i;
    out += text[i];
  }
  return out;
}

MissingModule missing(Kind kind, std::string_view module, std::string importer = {}, std::string function = {}) {
  return {kind, ascii_lower(module), std::move(importer), std::move(function), {}};
}

// "err:module:import_dll Library X (which is needed by L"P") not found"
// "err:module:import_dll Loading library X (which is needed by L"P") failed (error c000007b)."
std::optional<MissingModule> parse_import(std::string_view line) {
  const bool is_unusable = line.find("err:module:import_dll Loading library ") != std::string_view::npos;
  const auto name =
      between(line, is_unusable ? "import_dll Loading library " : "err:module:import_dll Library ", " (which");
  const auto importer = between(line, "(which is needed by L\"", "\")");
  if (!name || !importer) return std::nullopt;
  // This library is there; another that it imports is not, and a line before this one says which.
  if (is_unusable && line.find("c0000135") != std::string_view::npos) return std::nullopt;
  return missing(is_unusable ? Kind::unusable : Kind::import, *name, unescape(*importer));
}

// "err:module:DelayLoadFailureHook failed to delay load rpcrt4.dll.NdrClientInitializeNew"
std::optional<MissingModule> parse_delay_import(std::string_view line) {
  const auto target = between(line, "DelayLoadFailureHook failed to delay load ", "");
  const std::size_t dot = target ? target->rfind('.') : std::string_view::npos;
  if (dot == std::string_view::npos) return std::nullopt;
  return missing(Kind::delay_import, target->substr(0, dot), {}, std::string(target->substr(dot + 1)));
}

std::optional<MissingModule> parse_initialization(std::string_view line) {
  const auto name = between(line, "err:module:LdrInitializeThunk \"", "\" failed to initialize");
  if (!name) return std::nullopt;
  return missing(Kind::initialization, *name);
}

// "err:environ:read_nls_file failed to load /…/nls/l_intl.nls"
std::optional<MissingModule> parse_table(std::string_view line) {
  const auto path = between(line, "read_nls_file failed to load ", "");
  if (!path) return std::nullopt;
  return missing(Kind::start_up, path->substr(path->rfind('/') + 1));
}

// Texts of language runtimes around a bare module name.
std::optional<MissingModule> parse_runtime(std::string_view line) {
  struct Pattern {
    std::string_view before;
    std::string_view after;
  };
  constexpr std::array<Pattern, 3> kPatterns = {{
      {"panic: Failed to load ", ":"},                                 // Go, golang.org/x/sys/windows
      {"DllNotFoundException: Unable to load DLL '", "'"},             // .NET Core 2
      {"DllNotFoundException: Unable to load shared library '", "'"},  // .NET Core on
  }};
  for (const Pattern& pattern : kPatterns) {
    auto name = between(line, pattern.before, pattern.after);
    if (!name) name = pattern.after == ":" ? between(line, pattern.before, "") : std::nullopt;
    if (!name || name->empty() || name->find(' ') != std::string_view::npos) continue;
    MissingModule found = missing(Kind::load, *name);
    if (found.module.find('.') == std::string::npos) found.module += ".dll";
    return found;
  }
  return std::nullopt;
}

// Whether more bytes could still make `start` a line of Wine's, "0024:err:…" or "wine: …".
bool may_be_wine_line(std::string_view start) {
  constexpr std::string_view kOwn = "wine: failed to open ";
  const std::size_t own = std::min(start.size(), kOwn.size());
  if (start.substr(0, own) == kOwn.substr(0, own)) return true;
  constexpr std::size_t kThread = 4;  // hex digits of the thread id
  const std::string_view thread = start.substr(0, kThread);
  const auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
  if (!std::all_of(thread.begin(), thread.end(), is_hex)) return false;
  constexpr std::string_view kClass = ":err:";
  const std::string_view rest = start.substr(thread.size());
  const std::size_t common = std::min(rest.size(), kClass.size());
  return rest.substr(0, common) == kClass.substr(0, common);
}

}  // namespace

std::optional<MissingModule> parse_loader_line(std::string_view line) {
  for (const auto parse : {parse_import, parse_delay_import, parse_initialization, parse_table, parse_runtime}) {
    if (auto found = parse(line)) return found;
  }
  return std::nullopt;
}

bool is_harmless_line(std::string_view line) {
  constexpr std::array<std::string_view, 3> kTexts = {
      "wine: failed to open L\"C:\\\\windows\\\\system32\\\\wineboot.exe\": c0000135",
      ":err:environ:run_wineboot failed to start wineboot c0000135",
      ":err:module:load_apiset_dll failed to load apiset: c000000f",
  };
  return std::any_of(kTexts.begin(), kTexts.end(),
                     [&](std::string_view text) { return line.find(text) != std::string_view::npos; });
}

void LoaderMessages::feed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view piece = text.substr(0, end);
    const bool is_overlong = line_.size() + piece.size() > kMaxLine;
    if (is_overlong) {
      sink_(std::string_view(line_).substr(passed_));
      sink_(piece);
      line_.clear();
      passed_ = 0;
    } else {
      line_ += piece;
    }
    if (end == std::string_view::npos) return pass_partial_line();
    end_line("\n");
    text.remove_prefix(end + 1);
  }
}

void LoaderMessages::finish() {
  if (!line_.empty()) end_line("");
}

// A prompt without line end must be seen at once; only what may turn out to be a line of Wine's waits.
void LoaderMessages::pass_partial_line() {
  if (passed_ == 0 && may_be_wine_line(line_)) return;
  sink_(std::string_view(line_).substr(passed_));
  passed_ = line_.size();
}

// What the program wrote goes on byte for byte, its "\r\n" included; only reading it leaves the "\r" out.
void LoaderMessages::end_line(std::string_view line_end) {
  std::string_view line = line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (auto found = parse_loader_line(line)) {
    if (std::find(missing_.begin(), missing_.end(), *found) == missing_.end()) missing_.push_back(std::move(*found));
  }
  if (passed_ > 0 || !is_harmless_line(line)) {
    if (passed_ < line_.size()) sink_(std::string_view(line_).substr(passed_));
    if (!line_end.empty()) sink_(line_end);
  }
  line_.clear();
  passed_ = 0;
}

}  // namespace winnow
