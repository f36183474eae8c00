// Makes a Universe. Nodes may come in any order: the result is in canonical order and the same for every order.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "resolve/universe.hpp"

namespace winnow {

struct UniverseTables;

// Of a node, of a file; of a universe with its files: sums of them fit into 63 bits.
inline constexpr std::uint64_t kMostNodeBytes = std::uint64_t{1} << 40;
inline constexpr std::size_t kMostNodes = std::size_t{1} << 22;

// Everything by its text; targets and conflicts by the handle add_node() gave.
struct NewNode {
  std::string name;
  std::string version;
  std::string architecture = "amd64";
  std::string language;
  MeasuredBytes bytes{};
  std::uint32_t penalty = 0;
  std::string penalty_reason;
};

struct NewNeed {
  NeedKind kind = NeedKind::dependency;
  std::vector<NodeId> any_of;  // handles, in declared order
  std::string what, from, text, file;
  std::uint32_t line = 0;
  std::string language;
};

class UniverseBuilder {
 public:
  // A handle for the calls below; NOT the NodeId the node will have. Nodes of one name, architecture and language must
  // have different versions.
  NodeId add_node(const NewNode& node);
  void add_need(NodeId node, const NewNeed& need);
  void add_conflict(NodeId node, NodeId other, std::string_view text, std::string_view file = {},
                    std::uint32_t line = 0);
  // A file that several nodes bring and that counts once. `key` names it (path and digest); with one owner only, its
  // bytes become the node's own.
  void add_shared_file(NodeId node, std::string_view key, const MeasuredBytes& bytes);

  // Is `a` an older version than `b`? Default: number by number, digits before letters, as servicing's four parts.
  using VersionOrder = bool (*)(std::string_view a, std::string_view b);
  void set_version_order(VersionOrder order) { is_older_ = order; }

  // Called once. `ids`, when given, receives the NodeId of every handle.
  [[nodiscard]] Universe build(std::vector<NodeId>* ids = nullptr) &&;

 private:
  struct Node {
    UniverseNode row;
    std::vector<UniverseNeed> needs;
    std::vector<std::vector<NodeId>> targets;  // handles, one list for each need
    std::vector<UniverseConflict> conflicts;   // `other` is a handle
    std::vector<std::uint32_t> files;          // into files_
  };
  struct File {
    MeasuredBytes bytes{};
    std::uint32_t owners = 0;
  };

  static constexpr std::uint32_t kAlone = UINT32_MAX;  // instead of a file's number: it has one owner

  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  [[nodiscard]] TextId intern(std::string_view text);
  [[nodiscard]] std::vector<NodeId> canonical_order() const;
  void renumber_texts();
  [[nodiscard]] std::vector<std::uint32_t> number_files(UniverseTables& tables);
  static void add_rows(UniverseTables& tables, Node& node, const std::vector<NodeId>& id_of,
                       const std::vector<std::uint32_t>& file_number);
  static void set_ages(std::vector<UniverseNode>& nodes);

  std::vector<Node> nodes_;
  std::unordered_map<std::string, TextId, TextHash, std::equal_to<>> text_ids_;
  std::vector<std::string> texts_{""};
  std::map<std::string, std::uint32_t, std::less<>> file_ids_;
  std::vector<File> files_;
  VersionOrder is_older_ = nullptr;
};

// Writes the tables to `path`, and maps them again: opening does no work for each node. A mapped file is input like any
// other: every index in it is checked against its table before it is used.
class UniverseFile {
 public:
  [[nodiscard]] static Result<void> write(const Universe& universe, const std::filesystem::path& path);
  [[nodiscard]] static Result<Universe> open(const std::filesystem::path& path);

 private:
  friend Universe universe_of(std::shared_ptr<const UniverseTables> tables);
  [[nodiscard]] static std::array<ByteView, 8> tables_of(const Universe& universe);
  [[nodiscard]] static bool is_sound(const Universe& universe);
};

}  // namespace winnow
