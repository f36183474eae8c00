// Runs the program of an image on Linux with nothing but the image's own files: a private copy of Wine's Unix side
// (loader, server, .so files) plays the kernel, every DLL, table and registry value comes from the image. No root, no
// container, and no protection either: a program that runs this way may do whatever its user may.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace winnow {

struct RunOptions {
  std::filesystem::path image;         // archive, OCI layout, or a folder that holds what C:\ is to hold
  std::vector<std::string> command;    // program and arguments instead of the image's own; a folder has none of its own
  std::vector<std::string> arguments;  // appended to the command; where there is none, they are it
  std::vector<std::string> environment;      // "NAME=value", over the image's own
  std::vector<std::string> without;          // files treated as absent: a name in any folder ("ws2_32.dll"), or a path
  std::vector<std::filesystem::path> feeds;  // asked which component would bring a missing module
  std::chrono::seconds timeout{0};           // for the program; 0: none
  bool pass_input = true;                    // the caller's stdin; else /dev/null
  int output = 1;                            // file descriptors the program's output goes to, as it is written
  int error_output = 2;
  std::filesystem::path wine_root = "/usr/lib";  // where Debian's wine64 and libwine put the Unix side
};

// A module the program asked for in vain.
struct MissingModule {
  enum class Kind {
    start_up,        // nothing runs without it; Wine itself says little or nothing
    import,          // named in the import table of `importer`; Wine's exit code 53
    delay_import,    // wanted by a first call of `function`
    load,            // asked for by name while running (LoadLibrary, P/Invoke)
    initialization,  // there, but its DllMain failed; Wine's exit code 66
    unusable,        // there, but it cannot be loaded
  };
  Kind kind = Kind::import;
  std::string module;     // lower case: "ws2_32.dll"
  std::string importer;   // "C:\app\net.exe"; "" when nobody is named
  std::string function;   // of a delay import
  std::string component;  // that would bring it, by the image's own provenance or the feeds; "" when unknown

  bool operator==(const MissingModule&) const = default;
};

inline constexpr int kTimeoutExitCode = 124;  // as timeout(1) has it

struct RunReport {
  std::string program;  // "C:\app\net.exe"
  int exit_code = 0;    // the program's own; 128 + signal when one ended it; kTimeoutExitCode
  bool timed_out = false;
  std::vector<MissingModule> missing;  // in the order met, none twice; a program may live with some (exit_code tells)
};

// Error when the program could not be started at all: no image, no such file in it, no Wine on this machine,
// interrupted
// ("cannot run <program>: interrupted"). Everything it made is gone when it returns, whatever happened.
[[nodiscard]] Result<RunReport> run_image(const RunOptions& options);

// What is missing, for people: "cannot run C:\app\net.exe: module ws2_32.dll is missing, needed by C:\app\net.exe",
// with a note "component Wine-ws2_32.dll would bring it".
[[nodiscard]] std::vector<Fault> print_missing(const RunReport& report);
[[nodiscard]] Json to_json(const RunReport& report);

}  // namespace winnow
