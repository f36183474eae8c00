#include "manifest/inf_file.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/windows_folders.hpp"

namespace winnow {
namespace {

constexpr std::string_view kSpace = " \t\r";
constexpr std::string_view kStringsSection = "strings";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Reads one logical line: quotes, the comment, and lines joined by a final backslash.
class LineReader {
 public:
  LineReader(std::string_view text, std::uint32_t line) : text_(text), line_(line) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] std::uint32_t line() const { return line_; }
  [[nodiscard]] std::string_view rest_of_line() const { return text_.substr(at_, text_.find('\n', at_) - at_); }
  void skip_line() {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }

  // Nothing when a line has more fields than the limit.
  std::optional<InfLine> read() {
    InfLine result{"", {}, line_};
    bool has_key = false;
    bool more = true;
    while (more) {
      char separator = '\n';
      std::string field = read_field(!has_key && result.fields.empty(), &separator);
      if (separator == '=') {
        result.key = std::move(field);
        has_key = true;
        continue;
      }
      if (result.fields.size() == kMaxInfFields) return std::nullopt;
      result.fields.push_back(std::move(field));
      more = separator == ',';
    }
    if (result.fields.size() == 1 && result.fields[0].empty()) result.fields.clear();
    return result;
  }

 private:
  // One field up to its separator: ',' or '\n', and '=' when `may_be_key`. Spaces around the field do not belong to it,
  // spaces inside quotes do.
  std::string read_field(bool may_be_key, char* separator) {
    std::string field;
    std::size_t kept = 0;  // length that trailing spaces may not be cut below
    for (;;) {
      if (at_end() || text_[at_] == '\n' || text_[at_] == ';') {
        skip_line();
        *separator = '\n';
        break;
      }
      const char c = text_[at_++];
      if (c == ',' || (c == '=' && may_be_key)) {
        *separator = c;
        break;
      }
      if (c == '"') {
        read_quoted(field);
        kept = field.size();
      } else if (c == '\\' && is_continuation()) {
        skip_line();
      } else if (kSpace.find(c) == std::string_view::npos || !field.empty()) {
        field += c;
      }
    }
    while (field.size() > kept && kSpace.find(field.back()) != std::string_view::npos) field.pop_back();
    return field;
  }

  // After the opening quote; "" stands for one quote. A quote that is not closed ends with the line.
  void read_quoted(std::string& field) {
    while (!at_end() && text_[at_] != '\n') {
      const char c = text_[at_++];
      if (c != '"') {
        if (c != '\r') field += c;
      } else if (!at_end() && text_[at_] == '"') {
        field += '"';
        ++at_;
      } else {
        return;
      }
    }
  }

  // After a backslash: does nothing but space or a comment follow on the line?
  [[nodiscard]] bool is_continuation() const {
    const std::string_view rest = trimmed(rest_of_line());
    return (rest.empty() || rest.front() == ';') && text_.find('\n', at_) != std::string_view::npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_;
};

std::optional<std::string> folder_text(std::string_view name) {
  std::uint32_t id = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (fault != std::errc() || end != name.data() + name.size()) return std::nullopt;
  const WindowsFolder* folder = find_windows_folder(id);
  if (folder == nullptr) return std::nullopt;
  return std::string(folder->text);
}

}  // namespace

Result<InfFile> InfFile::parse(std::string_view text, const std::string& file) {
  if (text.size() > kMaxInfBytes) {
    return fail({file, 0, 0}, "cannot parse INF file: it holds more than " + std::to_string(kMaxInfBytes) + " bytes");
  }
  InfFile inf;
  inf.file_ = file;
  std::vector<InfLine>* lines = nullptr;
  for (LineReader reader(text, 1); !reader.at_end();) {
    const std::string_view start = trimmed(reader.rest_of_line());
    if (start.starts_with('[')) {
      const std::size_t end = start.find(']');
      if (end == std::string_view::npos) {
        return fail({file, reader.line(), 0}, "cannot parse INF file: a section name has no \"]\"");
      }
      const std::string name(start.substr(1, end - 1));
      const auto [known, is_new] = inf.sections_.try_emplace(ascii_lower(name));
      if (is_new) inf.names_.push_back(name);
      lines = &known->second;
      reader.skip_line();
      continue;
    }
    const std::uint32_t line_number = reader.line();
    std::optional<InfLine> line = reader.read();
    if (!line) {
      return fail({file, line_number, 0},
                  "cannot parse INF file: a line has more than " + std::to_string(kMaxInfFields) + " fields");
    }
    if (line->key.empty() && line->fields.empty()) continue;
    if (lines == nullptr)
      return fail({file, line_number, 0}, "cannot parse INF file: a line stands before any section");
    lines->push_back(std::move(*line));
  }
  for (const InfLine& line : inf.section(kStringsSection)) inf.define(line.key, std::string(line.field(0)));
  return inf;
}

const std::vector<InfLine>& InfFile::section(std::string_view name) const {
  static const std::vector<InfLine> kNone;
  const auto known = sections_.find(ascii_lower(name));
  return known == sections_.end() ? kNone : known->second;
}

bool InfFile::has_section(std::string_view name) const { return sections_.contains(ascii_lower(name)); }

std::vector<std::string> InfFile::values(std::string_view name, std::string_view key) const {
  std::vector<std::string> all;
  for (const InfLine& line : section(name)) {
    if (!ascii_iequals(line.key, key)) continue;
    for (const std::string& field : line.fields) {
      if (!field.empty()) all.push_back(expand(field));
    }
  }
  return all;
}

std::string InfFile::expand(std::string_view text) const {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('%', at);
    const std::size_t close = open == std::string_view::npos ? open : text.find('%', open + 1);
    if (close == std::string_view::npos) return result += text.substr(at);
    result += text.substr(at, open - at);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (name.empty()) {
      result += '%';
    } else if (const auto known = strings_.find(ascii_lower(name)); known != strings_.end()) {
      result += known->second;
    } else if (const auto folder = folder_text(name)) {
      result += *folder;
    } else {
      result += text.substr(open, close - open + 1);
    }
    at = close + 1;
  }
  return result;
}

void InfFile::define(std::string_view name, std::string value) {
  strings_.insert_or_assign(ascii_lower(name), std::move(value));
}

}  // namespace winnow
