// Small universes as text, for tests a person can follow: tests/cases/*.case. A line is one word and what belongs to
// it; what is indented belongs to the node above; every need has the line it stands in as its source.
//
//   node web 1.0 8192             name, version, bytes; then language=de, penalty=1:deprecated
//     needs tls -> gnutls openssl@3   "web needs tls", any of these; without -> the nodes of that name; -> alone:
//     nobody imports | delay-imports | names | recommends | gate WHAT [-> NODE…] language de WHAT [-> NODE…] conflicts
//     WHAT [-> NODE…] shares FILE BYTES           a file that other nodes have too
//   request web [-> NODE…]        "shop asks for web"
//   soft-request web [-> NODE…]
//   exclude NODE…
//   pin tls 3                     all other versions are forbidden
//   set languages de,fr | recommended on | prefer 4096 | soft-needs on
//   answer web tls@3 | answer none
//   bytes 12288                   of the answer
//   = why tls                     a question, and the text of its answer:
//   | tls is in shop because
//
// NODE is NAME (all its versions, in the order of the file) or NAME@VERSION.
#pragma once

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "resolve/goal.hpp"
#include "resolve/universe_builder.hpp"

namespace winnow::testing {

struct CaseQuestion {
  std::vector<std::string> words;  // "why", "tls"
  std::string text;                // of the answer
  std::uint32_t line = 0;
};

struct CaseFile {
  std::string name;  // "chain.case"
  Universe universe;
  Goal goal;
  std::optional<std::vector<NodeId>> answer;  // sorted; empty = there is none
  std::optional<std::uint64_t> bytes;
  std::vector<CaseQuestion> questions;
};

class CaseParser {
 public:
  // Throws std::runtime_error "chain.case:3: …".
  static CaseFile parse(const std::string& name, const std::string& text) { return CaseParser(name).run(text); }
  static CaseFile load(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot open " + path.string());
    std::stringstream text;
    text << file.rdbuf();
    return parse(path.filename().string(), text.str());
  }

 private:
  using Words = std::vector<std::string>;
  struct Line {
    std::uint32_t number = 0;
    bool is_indented = false;
    Words words;
  };

  explicit CaseParser(const std::string& name) { case_.name = name; }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw std::runtime_error(case_.name + ":" + std::to_string(line_) + ": " + reason);
  }
  void expect(bool holds, const std::string& reason) const {
    if (!holds) refuse(reason);
  }
  std::uint64_t number(const std::string& word) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    expect(error == std::errc{} && end == word.data() + word.size(), "\"" + word + "\" is no number");
    return value;
  }

  CaseFile run(const std::string& text) {
    const std::vector<Line> lines = split(text);
    for (const Line& line : lines) {
      line_ = line.number;
      if (line.words[0] == "node") add_node(line);
    }
    std::optional<NodeId> node;
    for (const Line& line : lines) {
      line_ = line.number;
      if (line.words[0] == "node") {
        node = node ? *node + 1 : 0;  // nodes were added in this order
      } else if (line.is_indented) {
        expect(node.has_value(), "an indented line needs a node above it");
        add_to_node(*node, line.words);
      } else {
        node_lines_.push_back(line);
      }
    }
    std::vector<NodeId> ids;
    case_.universe = std::move(builder_).build(&ids);
    for (auto& [name, versions] : handles_) {
      for (auto& [version, handle] : versions) handle = ids[handle];
    }
    case_.goal.app = "shop";
    for (const Line& line : node_lines_) {
      line_ = line.number;
      add_statement(line.words);
    }
    return std::move(case_);
  }

  std::vector<Line> split(const std::string& text) {
    std::vector<Line> lines;
    std::istringstream stream(text);
    std::string row;
    for (line_ = 1; std::getline(stream, row); ++line_) {
      if (row.starts_with("|")) {
        expect(!case_.questions.empty(), "text without a question above it");
        expect(row == "|" || row.starts_with("| "), "text starts with \"| \"");
        case_.questions.back().text += (row.size() > 2 ? row.substr(2) : "") + "\n";
        continue;
      }
      std::istringstream words(row);
      Line line{line_, row.starts_with("  "), {}};
      for (std::string word; words >> word;) line.words.push_back(word);
      if (line.words.empty() || line.words[0].starts_with("#")) continue;
      expect(row.find('\t') == std::string::npos && row.back() != ' ', "no tabs, no blanks at the end");
      expect(!row.starts_with("   ") && (line.is_indented || row[0] != ' '), "indent by two blanks");
      if (line.words[0] == "=") {
        expect(line.words.size() > 1, "which question?");
        case_.questions.push_back({{line.words.begin() + 1, line.words.end()}, "", line_});
        continue;
      }
      expect(case_.questions.empty(), "questions come last");
      lines.push_back(std::move(line));
    }
    return lines;
  }

  void add_node(const Line& line) {
    expect(!line.is_indented && line.words.size() >= 4, "node NAME VERSION BYTES");
    NewNode node;
    node.name = line.words[1];
    node.version = line.words[2];
    node.bytes = {number(line.words[3]), number(line.words[3]), number(line.words[3])};
    for (std::size_t i = 4; i < line.words.size(); ++i) {
      const std::string& word = line.words[i];
      if (word.starts_with("language=")) {
        node.language = word.substr(9);
      } else if (word.starts_with("penalty=") && word.find(':') != std::string::npos) {
        node.penalty = static_cast<std::uint32_t>(number(word.substr(8, word.find(':') - 8)));
        node.penalty_reason = word.substr(word.find(':') + 1);
      } else {
        refuse("a node has language= or penalty=NUMBER:WHY, not \"" + word + "\"");
      }
    }
    auto& versions = handles_[node.name];
    for (const auto& [version, _] : versions) {
      expect(version != node.version || !node.language.empty(), node.name + " " + node.version + " is there already");
    }
    versions.emplace_back(node.version, builder_.add_node(node));
  }

  std::vector<NodeId> nodes_of(const std::string& word) const {
    const std::size_t at = word.find('@');
    const auto found = handles_.find(word.substr(0, at));
    expect(found != handles_.end(), "no node is named \"" + word.substr(0, at) + "\"");
    std::vector<NodeId> nodes;
    for (const auto& [version, handle] : found->second) {
      if (at == std::string::npos || version == word.substr(at + 1)) nodes.push_back(handle);
    }
    expect(!nodes.empty(), "no node is \"" + word + "\"");
    return nodes;
  }
  // WHAT [-> NODE…], from words[first] on.
  std::vector<NodeId> targets(const Words& words, std::size_t first) const {
    expect(words.size() > first, "\"" + words[0] + "\" what?");
    if (words.size() == first + 1) return nodes_of(words[first]);
    expect(words[first + 1] == "->", "\"->\" comes before nodes");
    return nodes_from(words, first + 2);
  }
  std::vector<NodeId> nodes_from(const Words& words, std::size_t first) const {
    std::vector<NodeId> nodes;
    for (std::size_t i = first; i < words.size(); ++i) {
      const auto more = nodes_of(words[i]);
      nodes.insert(nodes.end(), more.begin(), more.end());
    }
    return nodes;
  }

  std::string name_of_handle(NodeId node) const {
    for (const auto& [name, versions] : handles_) {
      for (const auto& [version, handle] : versions) {
        if (handle == node) return name;
      }
    }
    return "";
  }

  void add_to_node(NodeId node, const Words& words) {
    static const std::map<std::string, std::pair<NeedKind, std::string>> kNeeds = {
        {"needs", {NeedKind::dependency, "needs "}},
        {"gate", {NeedKind::gate, "is admitted only beside "}},
        {"imports", {NeedKind::import, "imports "}},
        {"delay-imports", {NeedKind::delay_import, "delay-imports "}},
        {"names", {NeedKind::named, "names "}},
        {"recommends", {NeedKind::recommended, "recommends "}},
        {"language", {NeedKind::language, "has resources in "}}};
    const std::string name = name_of_handle(node);
    if (words[0] == "shares") {
      expect(words.size() == 3, "shares FILE BYTES");
      builder_.add_shared_file(node, words[1], {number(words[2]), number(words[2]), number(words[2])});
      return;
    }
    if (words[0] == "conflicts") {
      for (const NodeId other : targets(words, 1)) {
        builder_.add_conflict(node, other, "conflicts with " + words[1], case_.name, line_);
      }
      return;
    }
    const auto kind = kNeeds.find(words[0]);
    expect(kind != kNeeds.end(), "a node does not have \"" + words[0] + "\"");
    const bool is_language = words[0] == "language";
    NewNeed need;
    need.kind = kind->second.first;
    need.any_of = targets(words, is_language ? 2 : 1);
    need.what = words[is_language ? 2 : 1];
    need.from = name;
    need.text = kind->second.second + words[1];
    need.file = case_.name;
    need.line = line_;
    if (is_language) need.language = words[1];
    builder_.add_need(node, need);
  }

  void add_statement(const Words& words) {
    Goal& goal = case_.goal;
    const Place place{case_.name, line_, 0};
    if (words[0] == "request" || words[0] == "soft-request") {
      goal.items.push_back(
          {targets(words, 1), "shop", "asks for " + words[1], words[1], place, words[0] == "soft-request"});
    } else if (words[0] == "exclude") {
      expect(words.size() > 1, "\"exclude\" what?");
      for (const NodeId node : nodes_from(words, 1)) goal.forbidden.push_back({node, "is excluded", place});
    } else if (words[0] == "pin") {
      expect(words.size() == 3, "pin NAME VERSION");
      const NodeId pinned = nodes_of(words[1] + "@" + words[2]).front();
      for (const NodeId node : nodes_of(words[1])) {
        if (node != pinned) goal.forbidden.push_back({node, "is not version " + words[2] + ", which is pinned", place});
      }
    } else if (words[0] == "set") {
      expect(words.size() == 3, "set WHAT VALUE");
      set(words[1], words[2]);
    } else if (words[0] == "answer") {
      expect(words.size() > 1 && !case_.answer, "one answer: its nodes, or none");
      case_.answer = words[1] == "none" ? std::vector<NodeId>{} : nodes_from(words, 1);
      std::sort(case_.answer->begin(), case_.answer->end());
    } else if (words[0] == "bytes") {
      expect(words.size() == 2 && !case_.bytes, "bytes NUMBER, once");
      case_.bytes = number(words[1]);
    } else {
      refuse("there is no \"" + words[0] + "\"");
    }
  }

  void set(const std::string& what, const std::string& value) {
    Goal& goal = case_.goal;
    if (what == "recommended" && (value == "on" || value == "if-free")) {
      goal.recommended = value == "on" ? RecommendedPolicy::on : RecommendedPolicy::if_free;
    } else if (what == "prefer") {
      goal.prefer_threshold = number(value);
    } else if (what == "soft-needs" && value == "on") {
      goal.follow_soft_needs = true;
    } else if (what == "languages") {
      std::istringstream list(value);
      for (std::string language; std::getline(list, language, ',');) goal.languages.insert(language);
    } else {
      refuse("cannot set " + what + " to " + value);
    }
  }

  CaseFile case_;
  UniverseBuilder builder_;
  std::map<std::string, std::vector<std::pair<std::string, NodeId>>> handles_;  // name -> version -> handle, then id
  std::vector<Line> node_lines_;                                                // those that are not about a node
  std::uint32_t line_ = 0;
};

// Nodes named by a word of a question: NAME or NAME@VERSION; empty when there is none.
inline std::vector<NodeId> nodes_named(const Universe& universe, const std::string& word) {
  const std::size_t at = word.find('@');
  std::vector<NodeId> nodes;
  for (const UniverseNode& node : universe.nodes_named(word.substr(0, at))) {
    if (at == std::string::npos || universe.text(node.version) == word.substr(at + 1)) {
      nodes.push_back(universe.id_of(node));
    }
  }
  return nodes;
}

}  // namespace winnow::testing
