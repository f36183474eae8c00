// What is known about missing modules beyond the loader's own words: which ones nothing runs without, and who would
// bring one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "run_image/drive_folder.hpp"
#include "run_image/run_image.hpp"

namespace winnow {

// Modules and tables without which no program gets as far as its own first instruction, and of which Wine says little
// or nothing, that the image does not hold. `known`: what the loader did say.
[[nodiscard]] std::vector<MissingModule> find_missing_base(const DriveFolder& drive,
                                                           const std::vector<MissingModule>& known);

// The loader names API-set contracts ("api-ms-win-crt-math-l1-1-0.dll"), which nobody can bring; this puts the module
// that the image's own schema maps each of them to in its place, once.
[[nodiscard]] Result<void> name_contract_hosts(std::vector<MissingModule>& missing, const DriveFolder& drive);

// Fills in `component`: from the image's provenance (a module that was hidden is still in it), else from the feeds.
[[nodiscard]] Result<void> name_components(std::vector<MissingModule>& missing, const std::optional<Json>& provenance,
                                           const std::vector<std::filesystem::path>& feeds);

}  // namespace winnow
