#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "image/container/verify_image.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow verify node-hello.tar\n";

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
  WINNOW_TRY(const VerifyReport report, verify_image(options.image));
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
  CLI::App* app = root.add_subcommand("verify", "Check an image against the rules a Windows host applies on import");
  app->footer(kExample);
  app->add_option("IMAGE", options->image, "Archive, OCI layout folder, or a bare layer tar")->required();
  app->add_flag("--json", options->json, "Print JSON");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
