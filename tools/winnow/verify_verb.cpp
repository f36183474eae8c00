#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "image/container/verify_image.hpp"
#include "image/disk/check/check_disk.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "A container image is checked against the rules a Windows host applies on import; a disk (VHD, VHDX, raw, or a "
    "bare\n"
    "NTFS or FAT32 volume, known by its content) from the container and partition table down to every record, index,\n"
    "security descriptor and boot store. Each fault is a line: where, what was found, what was expected.\n"
    "Example:\n  winnow verify node-hello.tar\n  winnow verify node.vhdx\n";

struct Options {
  std::string image;
  bool json = false;
};

void print_text(const Options& options, const VerifyReport& report, std::ostream& out) {
  for (const Violation& violation : report.violations) {
    out << options.image << ": " << violation.subject << ": " << violation.message;
    if (violation.rule != 0) out << " [rule " << violation.rule << "]";
    out << '\n';
  }
  out << options.image << ": " << report.entries << " entries, " << report.violations.size() << " violations\n";
}

void print_json(const Options& options, const VerifyReport& report, std::ostream& out) {
  Json violations = Json::array();
  for (const Violation& violation : report.violations) {
    violations.push_back({{"rule", violation.rule}, {"subject", violation.subject}, {"message", violation.message}});
  }
  const Json document = {
      {"schema", "winnow-verify-1"}, {"image", options.image}, {"entries", report.entries}, {"violations", violations}};
  out << document.dump(2) << '\n';
}

Result<int> run(const Options& options, World& world) {
  WINNOW_TRY(const VerifyReport report,
             is_disk_image(options.image) ? check_disk(options.image) : verify_image(options.image));
  if (options.json) {
    print_json(options, report, world.out);
  } else {
    print_text(options, report, world.out);
  }
  return report.violations.empty() ? kExitDone : kExitInput;
}

}  // namespace

Verb add_verify_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("verify", "Check an image or a disk against the rules Windows applies to it");
  app->footer(kExample);
  app->add_option("IMAGE", options->image, "Archive, OCI layout folder, bare layer tar, or disk")->required();
  app->add_flag("--json", options->json, "Print JSON");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
