#include "winnow/problem_source.hpp"

#include <CLI/CLI.hpp>

#include "base/file_system.hpp"
#include "resolve/proof/problem_text.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMostProblemBytes = ByteCount{1} << 30;

Result<bool> is_problem_text(const std::string& path) {
  WINNOW_TRY(const InputFile file, InputFile::open(path));
  WINNOW_TRY(const FileState state, file.state());
  Bytes start(kProblemTextStart.size());
  if (state.size < start.size()) return false;
  WINNOW_CHECK(file.read_at(0, start));
  return as_text(start) == kProblemTextStart;
}

}  // namespace

void add_problem_options(CLI::App& app, ResolveOptions& options) {
  add_resolve_options(app, options);
  app.get_option("MANIFEST")->description("App manifest (manifests/README.md), or a problem as winnow dump writes it");
}

Result<LoadedProblem> load_problem(const ResolveOptions& options, World& world) {
  WINNOW_TRY(const bool is_text, is_problem_text(options.manifest));
  LoadedProblem loaded;
  if (is_text) {
    WINNOW_TRY(const Bytes text, read_file(options.manifest, kMostProblemBytes));
    WINNOW_TRY(loaded.problem, parse_problem(as_text(text), options.manifest));
    loaded.names.app = options.manifest;
    return loaded;
  }
  WINNOW_TRY(loaded.origin, resolve_app(to_compose_options(options, world), world.progress));
  const Choice& choice = loaded.origin->choice;
  loaded.problem = choice.problem;
  loaded.names = names_of(choice.universe, choice.goal, choice.problem);
  return loaded;
}

}  // namespace winnow
