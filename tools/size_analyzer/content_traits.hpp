// What the content of one file says about it: which kind of bytes, for which language and architecture, whose, and
// which of its bytes are something else than the file. Nothing outside the file is looked at.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// A stretch of the file; the stretches of a file do not overlap.
struct ContentPart {
  ByteKind kind = ByteKind::data;
  std::string name;
  ByteCount size = 0;
};

struct ContentTraits {
  ByteKind kind = ByteKind::data;
  bool is_pe = false;
  bool is_driver_like = false;  // a PE file of the native subsystem
  std::string language;
  std::string architecture;
  std::string company;  // of the version resource, as all that follow
  std::string product;
  std::string version;
  std::vector<std::string> imports;  // modules in lower case, contracts as written; sorted
  std::vector<std::string> delay_imports;
  std::vector<ContentPart> parts;
  std::string warning;  // what was met and not understood; "" for none
};

// Any thread. `path` as ImageFile spells it.
[[nodiscard]] ContentTraits examine_content(const std::string& path, ByteView content);
// By the path alone: of files whose content is not there to read.
[[nodiscard]] ByteKind kind_of_path(const std::string& path);

// Whether a folder of this name holds one language: "en-US", "sr-Latn-RS", "qps-ploc".
[[nodiscard]] bool is_language_tag(std::string_view name);
// The language of the innermost such folder; "" when there is none.
[[nodiscard]] std::string language_of_path(const std::string& path);
// "en-US" for 0x409; "" for neutral and unknown numbers.
[[nodiscard]] std::string language_of_number(std::uint16_t number);

}  // namespace winnow
