// The security descriptors of a plan's files and folders, each stored once.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "plan/file_tree.hpp"
#include "plan/stored_security.hpp"

namespace winnow {

class SecurityTable {
 public:
  // The index of a descriptor in ImagePlan::security_descriptors.
  std::uint32_t intern(Bytes descriptor);
  // Of an SDDL text set on an object of that kind; the error of parse_sddl().
  [[nodiscard]] Result<std::uint32_t> intern_sddl(std::string_view sddl, SecuredObject object);
  // Gives entries whose descriptor leaves its list to the parent the parent's, from the root down.
  void inherit(FileTree& tree);
  [[nodiscard]] std::vector<Bytes> take() && { return std::move(list_); }

 private:
  std::map<Bytes, std::uint32_t> index_;
  std::vector<Bytes> list_;
};

}  // namespace winnow
