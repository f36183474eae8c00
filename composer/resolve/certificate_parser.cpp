#include "resolve/certificate.hpp"
#include "resolve/proof/proof_text.hpp"

namespace winnow {

namespace {

// Reads the lines in the one order that print_certificate() writes them in.
class CertificateParser {
 public:
  CertificateParser(std::string_view text, const std::string& file, const Problem& problem)
      : lines_(text, file), problem_(problem) {
    lines_.name_contents("certificate");
  }

  [[nodiscard]] Result<Certificate> parse() {
    WINNOW_CHECK(parse_head());
    WINNOW_TRY(bool more, lines_.next());
    while (more && lines_.peek() == "chosen") {
      WINNOW_CHECK(parse_chosen());
      WINNOW_TRY(more, lines_.next());
    }
    while (more && lines_.peek() == "forced") {
      WINNOW_CHECK(parse_forced());
      WINNOW_TRY(more, lines_.next());
    }
    while (more && lines_.peek() == "loop") {
      WINNOW_CHECK(parse_loop());
      WINNOW_TRY(more, lines_.next());
    }
    while (more && lines_.peek() == "core") {
      WINNOW_CHECK(parse_core());
      WINNOW_TRY(more, lines_.next());
    }
    if (more) return lines_.fault("\"" + std::string(lines_.peek()) + "\" does not start a line here");
    return std::move(certificate_);
  }

 private:
  // A line that starts with `word` and must be there.
  [[nodiscard]] Result<void> next_line(std::string_view word) {
    WINNOW_TRY(const bool more, lines_.next());
    if (!more) return lines_.fault("it ends before its \"" + std::string(word) + "\"");
    return lines_.take_word(word);
  }

  [[nodiscard]] Result<void> parse_head() {
    WINNOW_CHECK(next_line("winnow-certificate"));
    WINNOW_CHECK(lines_.take_word("1"));
    WINNOW_CHECK(lines_.end_line());
    WINNOW_CHECK(next_line("problem"));
    const std::string digest = "sha256:" + digest_of(problem_).hex();
    if (lines_.peek() != digest) {
      return lines_.fault("it is about the problem " + std::string(lines_.peek()) + ", this is " + digest);
    }
    lines_.take();
    WINNOW_CHECK(lines_.end_line());
    WINNOW_CHECK(next_line("cost"));
    WINNOW_TRY(certificate_.cost, lines_.take_cost());
    WINNOW_CHECK(lines_.end_line());
    WINNOW_CHECK(next_line("bound"));
    WINNOW_TRY(certificate_.bound, lines_.take_cost());
    return lines_.end_line();
  }

  [[nodiscard]] Result<Variable> take_variable(std::size_t count, std::string_view what) {
    const std::uint32_t limit = static_cast<std::uint32_t>(count);
    WINNOW_TRY(const std::uint32_t number, lines_.take_number("x", limit, what));
    if (number == 0) return lines_.fault("\"x0\" is not " + std::string(what) + ", they count from 1");
    return number - 1;
  }

  [[nodiscard]] Result<std::uint32_t> take_clause(std::string_view prefix) {
    const auto count = static_cast<std::uint32_t>(problem_.clauses.size());
    WINNOW_TRY(const std::uint32_t number, lines_.take_number(prefix, count, "a clause"));
    if (number == 0) return lines_.fault("\"" + std::string(prefix) + "0\" is not a clause, they count from 1");
    return number - 1;
  }

  [[nodiscard]] Result<void> parse_chosen() {
    lines_.take();
    WINNOW_TRY(const Variable variable, take_variable(problem_.node_count(), "a node"));
    certificate_.chosen.push_back(variable);
    return lines_.end_line();
  }

  [[nodiscard]] Result<void> parse_forced() {
    lines_.take();
    WINNOW_TRY(const std::uint32_t clause, take_clause(""));
    certificate_.forced.push_back(clause);
    return lines_.end_line();
  }

  [[nodiscard]] Result<void> parse_loop() {
    lines_.take();
    LoopClause loop;
    while (lines_.has_word() && lines_.peek() != ":") {
      WINNOW_TRY(const Variable variable, take_variable(problem_.node_count(), "a node"));
      loop.unfounded.push_back(variable);
    }
    WINNOW_CHECK(lines_.take_word(":"));
    while (lines_.has_word()) {
      WINNOW_TRY(const Variable variable, take_variable(problem_.node_count(), "a node"));
      loop.supports.push_back(variable);
    }
    certificate_.loops.push_back(std::move(loop));
    return {};
  }

  [[nodiscard]] Result<void> parse_core() {
    lines_.take();
    Core core;
    WINNOW_TRY(core.weight, lines_.take_cost());
    WINNOW_CHECK(lines_.take_word(":"));
    while (lines_.has_word()) {
      WINNOW_TRY(const CoreLiteral literal, take_literal());
      core.literals.push_back(literal);
    }
    certificate_.cores.push_back(std::move(core));
    return {};
  }

  // "x3", "s7" or "c2>=3".
  [[nodiscard]] Result<CoreLiteral> take_literal() {
    CoreLiteral literal;
    if (lines_.peek().starts_with('s')) {
      literal.kind = CoreLiteral::Kind::soft_clause;
      WINNOW_TRY(literal.index, take_clause("s"));
      return literal;
    }
    if (!lines_.peek().starts_with('c')) {
      WINNOW_TRY(literal.index, take_variable(problem_.costs.size(), "a variable"));
      return literal;
    }
    const std::string_view word = lines_.take();
    const std::size_t sign = std::min(word.find(">="), word.size());
    const auto core = parse_plain_number(word.substr(1, sign - 1));
    const auto at_least = sign < word.size() ? parse_plain_number(word.substr(sign + 2)) : std::nullopt;
    if (!core || !at_least) return lines_.fault("\"" + std::string(word) + "\" is not a count of a core");
    if (*core == 0 || *core > certificate_.cores.size()) {
      return lines_.fault("\"" + std::string(word) + "\" counts no earlier core");
    }
    const std::size_t size = certificate_.cores[*core - 1].literals.size();
    if (*at_least < 2 || *at_least > size) {
      return lines_.fault("\"" + std::string(word) + "\" counts no 2 to " + std::to_string(size) +
                          " literals of that core");
    }
    return CoreLiteral{CoreLiteral::Kind::count, static_cast<std::uint32_t>(*core - 1),
                       static_cast<std::uint32_t>(*at_least)};
  }

  ProofLines lines_;
  const Problem& problem_;
  Certificate certificate_;
};

}  // namespace

Result<Certificate> parse_certificate(std::string_view text, const std::string& file, const Problem& problem) {
  return CertificateParser(text, file, problem).parse();
}

}  // namespace winnow
