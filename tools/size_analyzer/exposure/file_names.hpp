// Names of program files in the text of security documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// Every word of `text` that is the name of a program file ("srv2.sys", "atmfd.dll"): lower case, sorted, each once.
// Words of other kinds ("see", "wow6432", "example.com") are left out.
[[nodiscard]] std::vector<std::string> find_file_names(std::string_view text);

// Every bulletin id ("MS16-045") in `text` whose year is `year` ("2016"): sorted, each once.
[[nodiscard]] std::vector<std::string> find_bulletin_ids(std::string_view text, std::string_view year);

}  // namespace winnow
