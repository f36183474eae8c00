#include "size_analyzer/history/history_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "size_analyzer/history/history_time.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxFaults = 20;
constexpr std::size_t kMaxName = 1024;
constexpr std::size_t kMaxColumns = 64;

enum Column : std::size_t { kDate, kCommit, kRepo, kImage, kBytes, kBase, kColumns };
constexpr std::array<std::string_view, kColumns> kNames = {"date", "commit", "repo", "image", "bytes", "base"};

struct Field {
  std::string text;
  std::uint32_t column = 1;  // where it starts, in bytes
};

// The fields of one line. Nothing when a quote is out of place.
std::optional<std::vector<Field>> split_fields(std::string_view line) {
  std::vector<Field> fields;
  for (std::size_t at = 0;;) {
    Field field{"", static_cast<std::uint32_t>(at + 1)};
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        const std::size_t quote = line.find('"', at);
        if (quote == std::string_view::npos) return std::nullopt;
        field.text += line.substr(at, quote - at);
        at = quote + 1;
        if (at >= line.size() || line[at] != '"') break;
        field.text += '"';
      }
      if (at < line.size() && line[at] != ',') return std::nullopt;
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      field.text = line.substr(at, end - at);
      if (field.text.find('"') != std::string::npos) return std::nullopt;
      at = end;
    }
    fields.push_back(std::move(field));
    if (at >= line.size()) return fields;
    if (fields.size() == kMaxColumns) return std::nullopt;
    ++at;
  }
}

// Where the folder that names a Windows base image starts in an image's path; its size when there is none.
std::size_t base_start(std::string_view image) {
  for (std::size_t at = 0; at < image.size();) {
    for (const std::string_view prefix : {"nanoserver", "servercore", "windowsservercore"}) {
      if (image.substr(at).starts_with(prefix)) return at;
    }
    const std::size_t slash = image.find('/', at);
    at = slash == std::string_view::npos ? image.size() : slash + 1;
  }
  return image.size();
}

class CsvParser {
 public:
  explicit CsvParser(std::string name) : name_(std::move(name)) {}

  Result<std::vector<BuildRecord>> parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty() && faults_ < kMaxFaults) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      ++line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      if (has_header_) {
        read_row(line);
      } else if (!read_header(line)) {
        break;
      }
    }
    if (!has_header_ && diagnostics_.empty()) refuse(0, "cannot import " + name_ + ": it is empty");
    if (!diagnostics_.empty()) return fail(std::move(diagnostics_).error());
    std::stable_sort(records_.begin(), records_.end(),
                     [](const BuildRecord& a, const BuildRecord& b) { return *a.time < *b.time; });
    return std::move(records_);
  }

 private:
  void refuse(std::uint32_t column, std::string message) {
    ++faults_;
    diagnostics_.add({name_, column == 0 ? 0 : line_, column}, std::move(message));
  }
  void refuse_row(const Field& field, const std::string& reason) {
    refuse(field.column, "cannot import row: " + reason);
  }

  bool read_header(std::string_view line) {
    const auto fields = split_fields(line);
    if (!fields) {
      refuse(1, "cannot import " + name_ + ": its first line names no columns");
      return false;
    }
    columns_ = fields->size();
    for (std::size_t i = 0; i < kColumns; ++i) {
      const auto same_name = [&](const Field& field) { return field.text == kNames[i]; };
      const auto found = std::find_if(fields->begin(), fields->end(), same_name);
      if (found != fields->end()) {
        places_[i] = static_cast<std::size_t>(found - fields->begin());
      } else if (i != kBase) {
        refuse(1, "cannot import " + name_ + ": it has no column \"" + std::string(kNames[i]) +
                      "\"; it needs date, commit, repo, image, bytes");
        return false;
      }
    }
    has_header_ = true;
    return true;
  }

  void read_row(std::string_view line) {
    const auto fields = split_fields(line);
    if (!fields) return refuse(1, "cannot import row: a quote is out of place");
    if (fields->size() != columns_) {
      return refuse(1, "cannot import row: it has " + std::to_string(fields->size()) + " fields, the first line " +
                           std::to_string(columns_));
    }
    const auto field = [&](Column column) -> const Field& { return (*fields)[*places_[column]]; };
    for (const Column column : {kCommit, kRepo, kImage}) {
      if (!is_printable_name(field(column).text)) {
        return refuse_row(field(column),
                          std::string(kNames[column]) + " is empty, longer than 1,024 bytes or has control characters");
      }
    }
    BuildRecord record;
    record.is_imported = true;
    record.label = field(kCommit).text;
    record.series = field(kRepo).text + ":" + field(kImage).text;
    record.time = parse_build_time(field(kDate).text);
    if (!record.time) return refuse_row(field(kDate), "\"" + field(kDate).text + "\" is no date");
    const auto bytes = size_of(field(kBytes).text);
    if (!bytes) return refuse_row(field(kBytes), "\"" + field(kBytes).text + "\" is no size in bytes");
    record.total.logical = *bytes;
    place_on_base(field(kImage).text, places_[kBase] ? field(kBase).text : "", record);
    if (!seen_.insert({record.series, record.label}).second) {
      return refuse_row(field(kCommit), "build " + record.label + " of " + record.series + " occurs twice");
    }
    records_.push_back(std::move(record));
  }

  static std::optional<ByteCount> size_of(std::string_view text) {
    ByteCount bytes = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (error != std::errc() || end != text.data() + text.size() || bytes > ByteCount{1} << 62U) return std::nullopt;
    return bytes;
  }

  void place_on_base(const std::string& image, const std::string& base, BuildRecord& record) {
    const std::size_t start = places_[kBase] ? image.rfind(base) : base_start(image);
    const std::string rest = image.substr(0, std::min(start, image.size()));
    record.base = places_[kBase] ? base : image.substr(start);
    record.product = record.series.substr(0, record.series.size() - image.size()) + rest;
    if (record.base.empty()) record.product = record.series;
    while (record.product.ends_with('/')) record.product.pop_back();
  }

  std::string name_;
  std::uint32_t line_ = 0;
  std::size_t faults_ = 0;
  Diagnostics diagnostics_;
  bool has_header_ = false;
  std::size_t columns_ = 0;
  std::array<std::optional<std::size_t>, kColumns> places_;
  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<BuildRecord> records_;
};

}  // namespace

bool is_printable_name(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !text.empty() && text.size() <= kMaxName && std::none_of(text.begin(), text.end(), is_control);
}

Result<std::vector<BuildRecord>> parse_history_csv(std::string_view text, const std::string& name) {
  return CsvParser(name).parse(text);
}

}  // namespace winnow
