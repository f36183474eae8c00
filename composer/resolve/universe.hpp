// All that could be chosen, as one graph: nodes with their bytes, the needs between them, who excludes whom. A Universe
// knows no request and no policy: needs of every kind are in it, each with its source. It is a set of flat tables, so
// that a file of it can be mapped and used at once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace winnow {

using NodeId =
    std::uint32_t;  // index into Universe::nodes(); the order is canonical: name, architecture, language, version
using TextId = std::uint32_t;  // 0 is ""
inline constexpr NodeId kNoNode = UINT32_MAX;

// The three sizes a choice can be made by.
enum class SizeMeasure : std::uint8_t {
  allocated,     // clusters of 4,096 bytes
  logical,       // file lengths
  stored_alone,  // each file compressed on its own: an estimate of a layer that adds up
};
inline constexpr std::size_t kSizeMeasures = 3;
[[nodiscard]] std::string_view to_string(SizeMeasure measure);  // "allocated", "logical", "stored-alone"

using MeasuredBytes = std::array<std::uint64_t, kSizeMeasures>;  // by SizeMeasure

enum class NeedKind : std::uint8_t {
  dependency,    // a manifest says so; hard
  gate,          // a prerequisite: must be there, and nothing pulls it in for that
  language,      // resources, where the language of the need is chosen
  import,        // a binary imports from a module; hard
  delay_import,  // a binary imports from it on first use
  named,         // a binary names the module in its strings
  recommended,   // the manifest recommends it: policy off, if-free or on
};
inline constexpr std::size_t kNeedKinds = 7;
[[nodiscard]] std::string_view to_string(NeedKind kind);

// One (component, version, architecture, language). Texts are indexes for Universe::text().
struct UniverseNode {
  TextId name = 0;
  TextId version = 0;         // "10.0.20348.1"; any text: only `age` compares versions
  TextId architecture = 0;    // "amd64"
  TextId language = 0;        // "" = neutral
  MeasuredBytes bytes{};      // of files that are this node's alone
  std::uint32_t age = 0;      // how many nodes of the same name, architecture and language are newer
  std::uint32_t penalty = 0;  // of the policy, e.g. 1 = deprecated
  TextId penalty_reason = 0;
  std::uint32_t first_need = 0, need_count = 0;          // into needs()
  std::uint32_t first_conflict = 0, conflict_count = 0;  // into conflicts()
  std::uint32_t first_file = 0, file_count = 0;          // into shared_file_ids(): files that other nodes have too
  std::uint32_t reserved = 0;                            // 0: no padding in a mapped file

  auto operator<=>(const UniverseNode&) const = default;
};

// "`from` `text` (file:line)": one of `targets` must be there when the node is. No targets: nobody provides it.
struct UniverseNeed {
  std::uint32_t first_target = 0, target_count = 0;  // into targets(), in declared order: the first is the default
  NeedKind kind = NeedKind::dependency;
  std::array<std::uint8_t, 3> reserved{};  // 0: no padding in a mapped file
  TextId what = 0;                         // the module, capability or component that was asked for
  TextId from = 0;                         // "ws2_32.dll", or the component's name
  TextId text = 0;                         // "imports KERNEL32.dll", "depends on"
  TextId file = 0;                         // where that is said, 0 when nowhere
  std::uint32_t line = 0;
  TextId language = 0;  // of NeedKind::language

  auto operator<=>(const UniverseNeed&) const = default;
};

// The node that has it and `other` cannot both be chosen.
struct UniverseConflict {
  NodeId other = 0;
  TextId text = 0;  // "conflicts with x < 2"
  TextId file = 0;
  std::uint32_t line = 0;

  auto operator<=>(const UniverseConflict&) const = default;
};

class Universe {
 public:
  [[nodiscard]] std::span<const UniverseNode> nodes() const { return nodes_; }
  [[nodiscard]] std::span<const UniverseNeed> needs() const { return needs_; }
  [[nodiscard]] std::span<const NodeId> targets() const { return targets_; }
  [[nodiscard]] std::span<const UniverseConflict> conflicts() const { return conflicts_; }
  [[nodiscard]] std::span<const std::uint32_t> shared_file_ids() const { return shared_file_ids_; }
  [[nodiscard]] std::span<const MeasuredBytes> shared_files() const { return shared_files_; }

  [[nodiscard]] std::span<const UniverseNeed> needs_of(NodeId id) const {
    return needs_.subspan(nodes_[id].first_need, nodes_[id].need_count);
  }
  [[nodiscard]] std::span<const UniverseConflict> conflicts_of(NodeId id) const {
    return conflicts_.subspan(nodes_[id].first_conflict, nodes_[id].conflict_count);
  }
  [[nodiscard]] std::span<const std::uint32_t> shared_files_of(NodeId id) const {
    return shared_file_ids_.subspan(nodes_[id].first_file, nodes_[id].file_count);
  }
  [[nodiscard]] std::span<const NodeId> targets_of(const UniverseNeed& need) const {
    return targets_.subspan(need.first_target, need.target_count);
  }
  [[nodiscard]] std::string_view text(TextId id) const;
  // "name", or "name version" where the universe has several of that name, with the architecture or the language where
  // those differ too; for people.
  [[nodiscard]] std::string name_of(NodeId id) const;
  // Nodes with exactly this name, canonical order.
  [[nodiscard]] std::span<const UniverseNode> nodes_named(std::string_view name) const;
  [[nodiscard]] NodeId id_of(const UniverseNode& node) const { return static_cast<NodeId>(&node - nodes_.data()); }
  // SHA-256 over all tables: two universes with the same digest are the same.
  [[nodiscard]] const Digest& digest() const { return digest_; }

 private:
  friend class UniverseFile;
  friend Universe universe_of(std::shared_ptr<const struct UniverseTables> tables);

  std::span<const UniverseNode> nodes_;
  std::span<const UniverseNeed> needs_;
  std::span<const NodeId> targets_;
  std::span<const UniverseConflict> conflicts_;
  std::span<const std::uint32_t> shared_file_ids_;
  std::span<const MeasuredBytes> shared_files_;
  std::span<const std::uint32_t> text_ends_;  // text i is [ends[i - 1], ends[i]) of text_bytes_
  std::span<const char> text_bytes_;
  Digest digest_;
  std::shared_ptr<const void> storage_;  // what the spans look at
};

}  // namespace winnow
