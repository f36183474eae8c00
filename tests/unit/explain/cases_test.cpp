// tests/cases/*.case: the answer, its bytes, and the whole text of every explanation. WINNOW_TEST_ACCEPT=1 rewrites the
// texts.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file_system.hpp"
#include "resolve/explain/choice_graph.hpp"
#include "resolve/explain/what_if.hpp"
#include "resolve/explain/why.hpp"
#include "resolve/explain/why_not.hpp"
#include "support/case_file.hpp"

namespace winnow {
namespace {

using testing::CaseFile;
using testing::CaseParser;
using testing::CaseQuestion;

const std::filesystem::path kFolder = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/cases";

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Answers the questions of one case as the command line would.
class Answers {
 public:
  explicit Answers(const CaseFile& file)
      : file_(file),
        problem_(make_problem(file.universe, file.goal)),
        optimum_(minimize(problem_)),
        settled_{file.universe, file.goal, problem_, optimum_} {}

  [[nodiscard]] const Optimum& optimum() const { return optimum_; }
  [[nodiscard]] std::vector<NodeId> chosen() const {
    std::vector<NodeId> nodes;
    for (const Variable variable : optimum_.chosen) nodes.push_back(problem_.nodes[variable]);
    return nodes;
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_of(problem_, optimum_.chosen); }

  std::string answer(const std::vector<std::string>& words) {
    const std::string& verb = words[0];
    if (verb == "faults" && words.size() == 1) return faults();
    if (verb == "graph" && words.size() == 1) return print_dot(settled_, make_choice_graph(settled_));
    if (verb == "what-if" && words.size() == 1) return print_forbid_table(settled_, forbid_each(settled_, cache_));
    if (verb == "what-if") return what_if(words);
    if (words.size() != 2) throw std::runtime_error("no such question: " + verb);
    const NamedNodes named = nodes(words[1]);
    if (verb == "why-not") return print_why_not(settled_, explain_why_not(settled_, named, cache_));
    for (const NodeId node : named.nodes) {
      const auto variable = problem_.variable_of_node(node);
      const bool is_in = variable && std::binary_search(optimum_.chosen.begin(), optimum_.chosen.end(), *variable);
      if (verb == "why" && is_in) return print_why(settled_, explain_why(settled_, *variable, cache_));
    }
    throw std::runtime_error("no answer to: " + verb + " " + words[1]);
  }

 private:
  [[nodiscard]] NamedNodes nodes(const std::string& word) const {
    NamedNodes named{word, testing::nodes_named(file_.universe, word)};
    if (named.nodes.empty()) throw std::runtime_error("no node is named " + word);
    return named;
  }

  [[nodiscard]] std::string faults() const {
    std::string text;
    for (const Fault& fault : explain_unsatisfiable(file_.universe, file_.goal)) text += to_string(Error(fault)) + "\n";
    return text;
  }

  std::string what_if(const std::vector<std::string>& words) {
    WhatIf what;
    for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
      if (words[i] == "--forbid") what.forbid.push_back(nodes(words[i + 1]));
      if (words[i] == "--drop") what.drop.push_back(words[i + 1]);
      if (words[i] == "--add") what.add.push_back(nodes(words[i + 1]));
    }
    if (2 * (what.forbid.size() + what.drop.size() + what.add.size()) + 1 != words.size()) {
      throw std::runtime_error("what-if has --forbid, --drop and --add");
    }
    const auto goal = changed_goal(file_.goal, what);
    if (!goal) return to_string(goal.error()) + "\n";
    return print_what_if(settled_, what, try_goal(settled_, *goal, hypothesis_of(what), cache_));
  }

  const CaseFile& file_;
  Problem problem_;
  Optimum optimum_;
  Settled settled_;
  ComponentCache cache_;
};

// The case's text up to its questions, then each question with the answer it gets.
void rewrite(const std::filesystem::path& path, const CaseFile& file, Answers& answers) {
  std::ifstream in(path);
  std::string text;
  for (std::string line; std::getline(in, line) && !line.starts_with("= ");) text += line + "\n";
  while (text.ends_with("\n\n")) text.pop_back();
  for (const CaseQuestion& question : file.questions) {
    text += "\n=";
    for (const std::string& word : question.words) text += " " + word;
    text += "\n";
    std::istringstream lines(answers.answer(question.words));
    for (std::string line; std::getline(lines, line);) text += (line.empty() ? "|" : "| " + line) + "\n";
  }
  ASSERT_TRUE(write_file(path, as_bytes(text)));
}

class Case : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(Case, HasTheAnswerAndTheTextsItSays) {
  const CaseFile file = CaseParser::load(GetParam());
  ASSERT_TRUE(file.answer) << "a case says what the answer is";
  Answers answers(file);
  EXPECT_EQ(answers.optimum().verdict, file.answer->empty() ? Verdict::unsatisfiable : Verdict::optimal);
  std::vector<std::string> names, expected;
  for (const NodeId node : answers.chosen()) names.push_back(file.universe.name_of(node));
  for (const NodeId node : *file.answer) expected.push_back(file.universe.name_of(node));
  EXPECT_EQ(names, expected);
  if (file.bytes) {
    EXPECT_EQ(answers.bytes(), *file.bytes);
  }
  if (std::getenv("WINNOW_TEST_ACCEPT") != nullptr) return rewrite(GetParam(), file, answers);
  for (const CaseQuestion& question : file.questions) {
    EXPECT_EQ(answers.answer(question.words), question.text) << file.name << ":" << question.line;
  }
}

std::string name_of_case(const ::testing::TestParamInfo<std::filesystem::path>& parameter) {
  return parameter.param.stem().string();  // letters, digits and _
}

INSTANTIATE_TEST_SUITE_P(Cases, Case, ::testing::ValuesIn(case_files()), name_of_case);

TEST(Cases, AreThere) { EXPECT_GE(case_files().size(), 10u); }

}  // namespace
}  // namespace winnow
