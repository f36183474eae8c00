#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "base/json.hpp"
#include "resolve/check_proof.hpp"
#include "resolve/proof/proof_text.hpp"
#include "winnow/problem_source.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n"
    "  winnow dump manifests/node-hello.xml --certificate --output node-hello.proof\n"
    "  winnow check-proof manifests/node-hello.xml node-hello.proof\n"
    "Exit code 1: the certificate does not prove what it says. The checker shares no code with the solver.\n";
constexpr ByteCount kMostCertificateBytes = ByteCount{1} << 30;

struct Options {
  ResolveOptions resolve;
  std::string certificate;
};

void print_text(const Options& options, const Certificate& certificate, const ProofCheck& check, std::ostream& out) {
  out << options.certificate << " proves that nothing costs less than its solution: " << print_cost(certificate.cost)
      << "\n  " << certificate.chosen.size() << " nodes, all " << check.clauses_checked << " hard clauses hold\n  "
      << check.cores_proved << " cores refuted anew, their weights add up to the cost\n  " << check.variables_enumerated
      << " open nodes in parts small enough to try every set: none is better or first\n";
}

void print_json(const Certificate& certificate, const ProofCheck& check, std::ostream& out) {
  Json faults = Json::array();
  for (const Fault& fault : check.faults) faults.push_back(fault.message);
  const Json document = {{"schema", "winnow-check-proof-1"},
                         {"isProven", check.faults.empty()},
                         {"cost", print_cost(certificate.cost)},
                         {"nodes", certificate.chosen.size()},
                         {"clausesChecked", check.clauses_checked},
                         {"coresProved", check.cores_proved},
                         {"variablesEnumerated", check.variables_enumerated},
                         {"faults", faults}};
  out << document.dump(2) << '\n';
}

Result<int> run(const Options& options, World& world) {
  WINNOW_TRY(const LoadedProblem loaded, load_problem(options.resolve, world));
  WINNOW_TRY(const Bytes text, read_file(options.certificate, kMostCertificateBytes));
  WINNOW_TRY(const Certificate certificate, parse_certificate(as_text(text), options.certificate, loaded.problem));
  const ProofCheck check = check_proof(loaded.problem, certificate);
  if (options.resolve.json) {
    print_json(certificate, check, world.out);
    return check.faults.empty() ? kExitDone : kExitInput;
  }
  if (!check.faults.empty()) return fail(Error(check.faults).in_file(options.certificate));
  print_text(options, certificate, check, world.out);
  return kExitDone;
}

}  // namespace

Verb add_check_proof_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("check-proof", "Check the proof that a choice has the fewest bytes");
  app->footer(kExample);
  add_problem_options(*app, options->resolve);
  app->add_option("CERTIFICATE", options->certificate, "What winnow dump --certificate writes")->required();
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
