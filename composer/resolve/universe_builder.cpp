#include "resolve/universe_builder.hpp"

#include <algorithm>
#include <numeric>

#include "resolve/universe_tables.hpp"

namespace winnow {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A run of digits (without leading zeros) or one other character.
std::string_view take_piece(std::string_view& text) {
  std::size_t end = 1;
  if (is_digit(text.front())) {
    while (text.size() > 1 && text.front() == '0' && is_digit(text[1])) text.remove_prefix(1);
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end);
  return piece;
}

bool is_older_by_numbers(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view x = take_piece(a), y = take_piece(b);
    if (x == y) continue;
    if (is_digit(x.front()) && is_digit(y.front()) && x.size() != y.size()) return x.size() < y.size();
    return x < y;
  }
  return a.empty() && !b.empty();
}

template <class Row>
std::uint32_t append(std::vector<Row>& table, const std::vector<Row>& rows) {
  const auto first = static_cast<std::uint32_t>(table.size());
  table.insert(table.end(), rows.begin(), rows.end());
  return first;
}

}  // namespace

TextId UniverseBuilder::intern(std::string_view text) {
  const auto found = text_ids_.find(text);
  if (found != text_ids_.end()) return found->second;
  const auto id = static_cast<TextId>(texts_.size());
  texts_.emplace_back(text);
  text_ids_.emplace(text, id);
  return id;
}

NodeId UniverseBuilder::add_node(const NewNode& node) {
  Node made;
  made.row.name = intern(node.name);
  made.row.version = intern(node.version);
  made.row.architecture = intern(node.architecture);
  made.row.language = intern(node.language);
  made.row.bytes = node.bytes;
  made.row.penalty = node.penalty;
  made.row.penalty_reason = intern(node.penalty_reason);
  nodes_.push_back(std::move(made));
  return static_cast<NodeId>(nodes_.size() - 1);
}

void UniverseBuilder::add_need(NodeId node, const NewNeed& need) {
  UniverseNeed row;
  row.kind = need.kind;
  row.what = intern(need.what);
  row.from = intern(need.from);
  row.text = intern(need.text);
  row.file = intern(need.file);
  row.line = need.line;
  row.language = intern(need.language);
  nodes_[node].needs.push_back(row);
  nodes_[node].targets.push_back(need.any_of);
}

void UniverseBuilder::add_conflict(NodeId node, NodeId other, std::string_view text, std::string_view file,
                                   std::uint32_t line) {
  nodes_[node].conflicts.push_back({other, intern(text), intern(file), line});
}

void UniverseBuilder::add_shared_file(NodeId node, std::string_view key, const MeasuredBytes& bytes) {
  auto found = file_ids_.find(key);
  if (found == file_ids_.end()) {
    found = file_ids_.emplace(key, static_cast<std::uint32_t>(files_.size())).first;
    files_.push_back({bytes, 0});
  }
  std::vector<std::uint32_t>& files = nodes_[node].files;
  if (std::find(files.begin(), files.end(), found->second) != files.end()) return;
  files.push_back(found->second);
  ++files_[found->second].owners;
}

std::vector<NodeId> UniverseBuilder::canonical_order() const {
  std::vector<NodeId> order(nodes_.size());
  std::iota(order.begin(), order.end(), NodeId{0});
  const auto is_older = is_older_ != nullptr ? is_older_ : is_older_by_numbers;
  std::sort(order.begin(), order.end(), [&](NodeId a, NodeId b) {
    const UniverseNode &x = nodes_[a].row, &y = nodes_[b].row;
    if (x.name != y.name) return texts_[x.name] < texts_[y.name];
    if (x.architecture != y.architecture) return texts_[x.architecture] < texts_[y.architecture];
    if (x.language != y.language) return texts_[x.language] < texts_[y.language];
    const std::string &v = texts_[x.version], &w = texts_[y.version];
    if (is_older(v, w) != is_older(w, v)) return is_older(v, w);
    return v < w;
  });
  return order;
}

// Texts in their own order, so that ids say nothing about the order of calls.
void UniverseBuilder::renumber_texts() {
  std::vector<TextId> order(texts_.size());
  std::iota(order.begin(), order.end(), TextId{0});
  std::sort(order.begin(), order.end(), [this](TextId a, TextId b) { return texts_[a] < texts_[b]; });
  std::vector<TextId> now(texts_.size());
  std::vector<std::string> sorted;
  sorted.reserve(texts_.size());
  for (const TextId old : order) {
    now[old] = static_cast<TextId>(sorted.size());
    sorted.push_back(std::move(texts_[old]));
  }
  texts_ = std::move(sorted);
  for (Node& node : nodes_) {
    for (TextId* id :
         {&node.row.name, &node.row.version, &node.row.architecture, &node.row.language, &node.row.penalty_reason}) {
      *id = now[*id];
    }
    for (UniverseNeed& need : node.needs) {
      for (TextId* id : {&need.what, &need.from, &need.text, &need.file, &need.language}) *id = now[*id];
    }
    for (UniverseConflict& conflict : node.conflicts) {
      conflict.text = now[conflict.text];
      conflict.file = now[conflict.file];
    }
  }
}

// Files with several owners, in the order of their keys; what has one owner is added to it. kAlone for those.
std::vector<std::uint32_t> UniverseBuilder::number_files(UniverseTables& tables) {
  std::vector<std::uint32_t> number(files_.size(), kAlone);
  for (const auto& [key, id] : file_ids_) {
    if (files_[id].owners < 2) continue;
    number[id] = static_cast<std::uint32_t>(tables.shared_files.size());
    tables.shared_files.push_back(files_[id].bytes);
  }
  for (Node& node : nodes_) {
    for (const std::uint32_t id : node.files) {
      if (number[id] != kAlone) continue;
      for (std::size_t i = 0; i < kSizeMeasures; ++i) node.row.bytes[i] += files_[id].bytes[i];
    }
  }
  return number;
}

Universe UniverseBuilder::build(std::vector<NodeId>* ids) && {
  auto tables = std::make_shared<UniverseTables>();
  renumber_texts();
  const std::vector<NodeId> order = canonical_order();
  const std::vector<std::uint32_t> file_number = number_files(*tables);
  std::vector<NodeId> id_of(nodes_.size());
  for (NodeId id = 0; id < order.size(); ++id) id_of[order[id]] = id;
  for (const NodeId handle : order) add_rows(*tables, nodes_[handle], id_of, file_number);
  set_ages(tables->nodes);
  std::uint32_t end = 0;
  for (const std::string& text : texts_) {
    end += static_cast<std::uint32_t>(text.size());
    tables->text_ends.push_back(end);
    tables->text_bytes += text;
  }
  if (ids != nullptr) *ids = std::move(id_of);
  return universe_of(std::move(tables));
}

void UniverseBuilder::add_rows(UniverseTables& tables, Node& node, const std::vector<NodeId>& id_of,
                               const std::vector<std::uint32_t>& file_number) {
  for (std::size_t i = 0; i < node.needs.size(); ++i) {
    UniverseNeed& need = node.needs[i];
    need.first_target = static_cast<std::uint32_t>(tables.targets.size());
    need.target_count = static_cast<std::uint32_t>(node.targets[i].size());
    for (const NodeId handle : node.targets[i]) tables.targets.push_back(id_of[handle]);
  }
  for (UniverseConflict& conflict : node.conflicts) conflict.other = id_of[conflict.other];
  std::vector<std::uint32_t> files;
  for (const std::uint32_t id : node.files) {
    if (file_number[id] != kAlone) files.push_back(file_number[id]);
  }
  std::sort(files.begin(), files.end());
  node.row.first_need = append(tables.needs, node.needs);
  node.row.need_count = static_cast<std::uint32_t>(node.needs.size());
  node.row.first_conflict = append(tables.conflicts, node.conflicts);
  node.row.conflict_count = static_cast<std::uint32_t>(node.conflicts.size());
  node.row.first_file = append(tables.shared_file_ids, files);
  node.row.file_count = static_cast<std::uint32_t>(files.size());
  tables.nodes.push_back(node.row);
}

// Nodes of one name, architecture and language stand together, oldest first.
void UniverseBuilder::set_ages(std::vector<UniverseNode>& nodes) {
  for (std::size_t i = nodes.size(); i-- > 1;) {
    const UniverseNode &older = nodes[i - 1], &newer = nodes[i];
    const bool is_same =
        older.name == newer.name && older.architecture == newer.architecture && older.language == newer.language;
    nodes[i - 1].age = is_same ? newer.age + 1 : 0;
  }
}

}  // namespace winnow
