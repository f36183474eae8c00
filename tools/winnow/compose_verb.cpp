#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "plan/effects_json.hpp"
#include "resolve/closing_line.hpp"
#include "size_analyzer/size_report.hpp"
#include "winnow/choice_json.hpp"
#include "winnow/disk_options.hpp"
#include "winnow/machine_options.hpp"
#include "winnow/resolve_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow compose manifests/node-hello.xml --output node-hello.tar --lock node-hello.lock\n";

struct Options {
  ResolveOptions resolve;
  std::string output;
  std::string format;
  std::string compression;
  int level = 0;
  DiskCommandOptions disk;
  MachineOptions machine;
};

const std::map<std::string, Compression> kCompressions = {
    {"gzip", Compression::gzip}, {"zstd", Compression::zstd}, {"none", Compression::none}};

void print_json(const Options& options, const Composition& composition, const WriteReport& report, std::ostream& out) {
  Json components = Json::array();
  const Solution& solution = std::get<Solution>(composition.resolution);
  for (const Member& member : solution.members) {
    components.push_back(to_string(composition.catalog.components()[member.id].identity));
  }
  Json steps = Json::array();
  for (const StepTime& step : report.steps) steps.push_back({{"step", step.step}, {"seconds", step.seconds}});
  Json document = {{"schema", "winnow-compose-1"},
                   {"output", options.output},
                   {"tag", composition.app.image.tag},
                   {"storedBytes", report.stored},
                   {report.manifest ? "layerBytes" : "diskBytes", report.logical},
                   {"components", components},
                   {"choice", choice_json(composition.choice)},
                   {"firstBoot", first_boot_json(composition.first_boot)},
                   {"notApplied", unapplied_json(composition.unapplied)},
                   {"notes", report.notes},
                   {"steps", steps}};
  if (report.manifest) document["manifest"] = "sha256:" + report.manifest->hex();
  if (report.diff_id) document["diffId"] = "sha256:" + report.diff_id->hex();
  if (report.volume) {
    document["volume"] = {{"records", report.volume->records},
                          {"payloadBytes", report.volume->payload},
                          {"residentBytes", report.volume->resident},
                          {"payloadClusterBytes", report.volume->payload_clusters},
                          {"allocatedBytes", report.volume->allocated}};
  }
  out << document.dump(2) << '\n';
}

void print_text(const Options& options, const Composition& composition, const WriteReport& report, std::ostream& out) {
  const Solution& solution = std::get<Solution>(composition.resolution);
  out << "wrote " << options.output << ": " << solution.members.size() << " components, "
      << composition.files.files.size() << " app files, " << human_size(report.logical)
      << (report.manifest ? " layer, "
          : report.volume ? " disk, "
                          : " files, ")
      << human_size(report.stored) << " stored\n";
  if (report.manifest) out << composition.app.image.tag << " sha256:" << report.manifest->hex() << '\n';
  out << "chosen: " << closing_line(composition.choice) << '\n';
  for (const std::string& line : {first_boot_line(composition.first_boot), unapplied_line(composition.unapplied)}) {
    if (!line.empty()) out << line << '\n';
  }
  for (const std::string& note : report.notes) out << options.output << ": " << note << '\n';
  for (const StepTime& step : report.steps) log_info(step.step + ": " + std::to_string(step.seconds) + " s");
}

// Does the image itself go to standard output, under whatever name? Then there is no room for words there.
bool is_standard_output(const std::string& path) {
  struct stat output {};
  struct stat standard {};
  return ::stat(path.c_str(), &output) == 0 && ::fstat(STDOUT_FILENO, &standard) == 0 &&
         output.st_dev == standard.st_dev && output.st_ino == standard.st_ino;
}

Result<int> run(const Options& options, World& world) {
  ComposeOptions compose_options = to_compose_options(options.resolve, world);
  if (!options.compression.empty()) compose_options.write.compression = kCompressions.at(options.compression);
  compose_options.write.level = options.level;
  WINNOW_CHECK(set_disk_options(options.disk, compose_options.write));
  set_machine_options(options.machine, compose_options);
  compose_options.reads_password = true;
  WINNOW_TRY(const ImageWriter* writer, find_image_writer(options.output, options.format));
  return with_solution(compose_options, world, [&](Composition& composition) -> Result<int> {
    WINNOW_TRY(const WriteReport report,
               compose(compose_options, composition, *writer, options.output, world.progress));
    std::ostream& out = is_standard_output(options.output) ? world.err : world.out;
    if (options.resolve.json) {
      print_json(options, composition, report, out);
    } else {
      print_text(options, composition, report, out);
    }
    return kExitDone;
  });
}

}  // namespace

Verb add_compose_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app =
      root.add_subcommand("compose", "Compose an image: app manifest in; container image, disk or WIM file out");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  app->add_option("--output,-o", options->output,
                  "NAME.tar = archive for docker load and OCI readers; a folder = OCI layout; NAME.vhd, NAME.vhdx, "
                  "NAME.raw = disk; NAME.wim")
      ->type_name("PATH")
      ->required();
  app->add_option("--format", options->format,
                  "oci-archive, oci-layout, vhd, vhdx, raw or wim, whatever the output is called");
  app->add_option("--compression", options->compression, "Of the layer (default gzip)")
      ->check(CLI::IsMember({"gzip", "zstd", "none"}));
  app->add_option("--level", options->level, "Compression level (default gzip 6, zstd 3)")->check(CLI::Range(1, 19));
  add_disk_options(*app, options->disk);
  add_machine_options(*app, options->machine);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
