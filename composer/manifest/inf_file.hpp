// The INF text format ("General Syntax Rules for INF Files" in Microsoft's driver documentation): sections of lines,
// each an optional key and comma-separated fields. What the lines mean is left to others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"

namespace winnow {

// Limits against hostile input.
inline constexpr std::size_t kMaxInfBytes = 16u << 20;
inline constexpr std::size_t kMaxInfFields = 4096;  // of one line

struct InfLine {
  std::string key;                  // left of '=', "" when there is none
  std::vector<std::string> fields;  // unquoted, %strings% as written; a missing field is ""
  std::uint32_t line = 0;           // where it begins

  // Field `index`, "" past the last one.
  [[nodiscard]] std::string_view field(std::size_t index) const {
    return index < fields.size() ? std::string_view(fields[index]) : std::string_view();
  }
};

class InfFile {
 public:
  // Error: "file:line: cannot parse INF file: <reason>".
  [[nodiscard]] static Result<InfFile> parse(std::string_view text, const std::string& file);

  // The lines of all sections of that name (any case), in order; empty when there is none.
  [[nodiscard]] const std::vector<InfLine>& section(std::string_view name) const;
  [[nodiscard]] bool has_section(std::string_view name) const;
  // As first written, in the order of the file.
  [[nodiscard]] const std::vector<std::string>& section_names() const { return names_; }
  // All fields of the lines of `section` whose key is `key` (any case), expanded, empty ones left out.
  [[nodiscard]] std::vector<std::string> values(std::string_view section, std::string_view key) const;

  // `%name%` replaced by its string, `%11%` by the folder, "%%" by a percent sign; an unknown name stays as written,
  // which is how "%SystemRoot%" and "%1" pass through.
  [[nodiscard]] std::string expand(std::string_view text) const;
  // A string that the file leaves to whoever installs it.
  void define(std::string_view name, std::string value);

  [[nodiscard]] Place place(const InfLine& line) const { return {file_, line.line, 0}; }

 private:
  std::string file_;
  std::vector<std::string> names_;
  std::map<std::string, std::vector<InfLine>, std::less<>> sections_;  // by lower-case name
  std::map<std::string, std::string, std::less<>> strings_;            // by lower-case name
};

}  // namespace winnow
