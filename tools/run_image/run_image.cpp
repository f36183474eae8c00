#include "run_image/run_image.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <vector>

#include "base/file_system.hpp"
#include "base/interrupt.hpp"
#include "base/utf16.hpp"
#include "image_reader/image_reader.hpp"
#include "run_image/child_process.hpp"
#include "run_image/drive_folder.hpp"
#include "run_image/host_wine.hpp"
#include "run_image/loader_messages.hpp"
#include "run_image/missing_modules.hpp"
#include "run_image/output_spool.hpp"
#include "run_image/wine_registry.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kServerTimeout{20};  // for Wine's server to end what is left

// The private folder a run happens in:
//   wine/            Wine's Unix side and links to the image's modules
//   prefix/          drive_c (the image), dosdevices, the registry as text
//   home/            so that nothing of the user's own is linked into the image's profile
class PrivateWine {
 public:
  static Result<PrivateWine> create(const RunOptions& options);

  Result<void> take_image();
  Result<void> finish();  // everything that depends on the image being in place
  Result<RunReport> run();

 private:
  PrivateWine(const RunOptions& options, TemporaryDirectory folder, WineTree wine)
      : options_(options),
        folder_(std::move(folder)),
        wine_(std::move(wine)),
        drive_(folder_.path() / "prefix/drive_c", options.without) {}

  Result<void> take_archive();
  Result<void> take_folder(const fs::path& root);
  Result<void> link_modules();
  Result<fs::path> working_directory();
  [[nodiscard]] std::vector<std::string> environment() const;
  // The program, as "C:\app\net.exe"; an error when it is a path and the image has no such file.
  [[nodiscard]] Result<std::vector<std::string>> command_line() const;
  void end_server();

  const RunOptions& options_;
  TemporaryDirectory folder_;
  WineTree wine_;
  DriveFolder drive_;
  ImageInfo info_;  // without its files
};

tl::unexpected<Error> cannot_make(const fs::path& path, const std::error_code& code) {
  return fail("cannot make " + path.string() + ": " + code.message());
}

Result<PrivateWine> PrivateWine::create(const RunOptions& options) {
  WINNOW_TRY(TemporaryDirectory folder, TemporaryDirectory::create("winnow-run"));
  const fs::path& root = folder.path();
  WINNOW_TRY(WineTree wine, copy_host_wine(options.wine_root, root / "wine"));
  for (const char* name : {"prefix/drive_c", "prefix/dosdevices", "home"}) {
    std::error_code code;
    fs::create_directories(root / name, code);
    if (code) return cannot_make(root / name, code);
  }
  return PrivateWine(options, std::move(folder), std::move(wine));
}

// An OCI layout is a folder too; a folder without its index is taken for the files themselves.
Result<void> PrivateWine::take_image() {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(options_.image, ignored);
  const bool is_layout = is_folder && (fs::exists(options_.image / "index.json", ignored) ||
                                       fs::exists(options_.image / "manifest.json", ignored));
  WINNOW_CHECK(is_folder && !is_layout ? take_folder(options_.image) : take_archive());
  if (const auto unmatched = drive_.unmatched(); !unmatched.empty()) {
    return fail("cannot leave out " + unmatched.front() + ": the image holds no such file");
  }
  return {};
}

Result<void> PrivateWine::take_archive() {
  const auto place = [this](const ImageFile& file, ByteView content) -> Result<void> {
    if (interrupted()) return fail("cannot run " + options_.image.string() + ": interrupted");
    if (file.path.starts_with("UtilityVM/")) return {};  // C:\ of another machine
    WINNOW_TRY(const WindowsPath path, WindowsPath::parse(file.path));
    if (file.is_directory) return drive_.add_directory(path);
    if (file.link_target.empty()) return drive_.add_file(path, content);
    WINNOW_TRY(const WindowsPath target, WindowsPath::parse(file.link_target));
    return drive_.add_link(path, target);
  };
  WINNOW_TRY(info_, read_image(options_.image, place));
  info_.files.clear();
  return {};
}

Result<void> PrivateWine::take_folder(const fs::path& root) {
  WINNOW_TRY(const auto entries, list_tree(root));
  for (const DirectoryEntry& entry : entries) {
    WINNOW_TRY(const WindowsPath path, WindowsPath::parse(entry.path));
    if (entry.is_directory) {
      WINNOW_CHECK(drive_.add_directory(path));
      continue;
    }
    WINNOW_TRY(const MappedFile file, MappedFile::open(root / entry.path));
    WINNOW_CHECK(drive_.add_file(path, file.bytes()));
  }
  return {};
}

Result<void> PrivateWine::finish() {
  const fs::path prefix = folder_.path() / "prefix";
  WINNOW_TRY(const WindowsPath system32, WindowsPath::parse("Windows\\System32"));
  WINNOW_CHECK(drive_.add_directory(system32));
  WINNOW_CHECK(link_modules());
  std::error_code code;
  fs::create_directory_symlink(drive_.find(system32), wine_.nls, code);
  if (code) return cannot_make(wine_.nls, code);
  fs::create_directory_symlink("../drive_c", prefix / "dosdevices/c:", code);
  if (code) return cannot_make(prefix / "dosdevices/c:", code);
  WINNOW_CHECK(write_file(prefix / ".update-timestamp", as_bytes("disable\n")));
  return write_wine_registry(drive_, prefix);
}

// The one folder Wine takes built-in modules from: flat, lower case, and nothing in it but what the image has.
Result<void> PrivateWine::link_modules() {
  for (const auto& [name, file] : drive_.modules()) {
    std::error_code code;
    fs::create_symlink(file, wine_.modules / name, code);
    if (code) return cannot_make(wine_.modules / name, code);
  }
  return {};
}

Result<std::vector<std::string>> PrivateWine::command_line() const {
  std::vector<std::string> words = options_.command.empty() ? info_.command : options_.command;
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  if (words.empty()) {
    return fail("cannot run " + options_.image.string() + ": it names no program to run",
                {"name one: -- 'C:\\app\\program.exe'"});
  }
  const std::string& program = words.front();
  const bool is_path = program.find_first_of("\\/") != std::string::npos;
  const auto path = WindowsPath::parse(program);
  if (is_path && (!path || drive_.find(*path).empty()))
    return fail("cannot run " + program + ": the image holds no such file");
  return words;
}

Result<fs::path> PrivateWine::working_directory() {
  if (info_.working_directory.empty()) return folder_.path() / "prefix/drive_c";
  WINNOW_TRY(const WindowsPath path, WindowsPath::parse(info_.working_directory));
  WINNOW_CHECK(drive_.add_directory(path));  // docker makes one that is missing, too
  return drive_.find(path);
}

bool is_reserved(std::string_view name) {
  const std::string upper_start = ascii_lower(name.substr(0, 4));
  return upper_start == "wine" || upper_start.starts_with("ld_") || ascii_iequals(name, "LANG") ||
         ascii_iequals(name, "USER");
}

// Wine gives these to Windows programs only under their own names with "WINE" in front; the bare ones are for Unix.
std::string wine_spelling(const std::string& variable) {
  constexpr std::array<std::string_view, 5> kUnixNames = {"PATH", "PWD", "HOME", "TEMP", "TMP"};
  const std::string name = variable.substr(0, variable.find('='));
  const auto same = [&](std::string_view unix_name) { return ascii_iequals(name, unix_name); };
  const auto found = std::find_if(kUnixNames.begin(), kUnixNames.end(), same);
  return found == kUnixNames.end() ? variable : "WINE" + std::string(*found) + variable.substr(name.size());
}

// Nothing of the caller's environment reaches the program, and nothing of the image's reaches Wine's Unix side.
std::vector<std::string> PrivateWine::environment() const {
  const fs::path& root = folder_.path();
  std::vector<std::string> variables = {
      "PATH=/usr/bin:/bin",
      "LANG=C.UTF-8",
      "HOME=" + (root / "home").string(),
      "TMPDIR=" + (root / "home").string(),  // where Debian's wineserver makes the folder of its socket, and leaves it
      "USER=" + (info_.user.empty() ? "ContainerAdministrator" : info_.user),
      "WINEPREFIX=" + (root / "prefix").string(),
      "WINESERVER=" + wine_.server.string(),
      "WINELOADER=" + wine_.loader.string(),
      "WINEDEBUG=-all,err+all",
  };
  std::vector<std::string> own = info_.environment;
  own.insert(own.end(), options_.environment.begin(), options_.environment.end());
  std::map<std::string, std::string> by_name;  // the last one said wins
  for (const std::string& variable : own) {
    const std::string name = variable.substr(0, variable.find('='));
    if (name.size() < variable.size() && !is_reserved(name)) by_name[ascii_lower(name)] = wine_spelling(variable);
  }
  for (const auto& [name, variable] : by_name) variables.push_back(variable);
  return variables;
}

// Passes text on to a file descriptor. When nobody reads it any more the program goes on all the same.
OutputSpool::Sink writer_to(int descriptor) {
  return [descriptor](std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(descriptor, text.data(), text.size());
      if (count < 0 && errno != EINTR) return;
      text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
  };
}

Result<RunReport> PrivateWine::run() {
  WINNOW_TRY(const std::vector<std::string> words, command_line());
  RunReport report;
  report.program = words.front();
  LoaderMessages messages(writer_to(options_.error_output));
  ChildCommand command;
  command.program = wine_.loader;
  command.arguments = words;
  command.environment = environment();
  WINNOW_TRY(command.directory, working_directory());
  if (options_.pass_input) command.input = STDIN_FILENO;
  command.spool_folder = folder_.path();
  command.output_sink = writer_to(options_.output);
  command.error_sink = [&messages](std::string_view text) { messages.feed(text); };
  command.timeout = options_.timeout;
  const auto result = run_child(command);
  end_server();
  if (!result) return fail(result.error());
  messages.finish();
  if (result->interrupted) return fail("cannot run " + report.program + ": interrupted");
  report.timed_out = result->timed_out;
  report.exit_code = result->timed_out ? kTimeoutExitCode : result->exit_code;
  report.missing = messages.missing();
  if (report.exit_code != 0 && !report.timed_out) {
    const auto base = find_missing_base(drive_, report.missing);
    report.missing.insert(report.missing.end(), base.begin(), base.end());
  }
  WINNOW_CHECK(name_contract_hosts(report.missing, drive_));
  WINNOW_CHECK(name_components(report.missing, info_.provenance, options_.feeds));
  return report;
}

// Services and other children outlive the program; they live in the server, which is of this prefix only. How that ends
// is no concern of the caller's: the folder goes in any case.
void PrivateWine::end_server() {
  ChildCommand command;
  command.program = wine_.server;
  command.environment = environment();
  command.directory = folder_.path();
  command.timeout = kServerTimeout;
  command.heeds_interrupts = false;
  for (const char* action : {"-k", "-w"}) {
    command.arguments = {action};
    static_cast<void>(run_child(command));
  }
}

}  // namespace

Result<RunReport> run_image(const RunOptions& options) {
  WINNOW_TRY(PrivateWine wine, PrivateWine::create(options));
  WINNOW_CHECK(wine.take_image());
  WINNOW_CHECK(wine.finish());
  return wine.run();
}

}  // namespace winnow
