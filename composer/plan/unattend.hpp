// Windows' answer file (unattend.xml): what setup is told, by pass and component. Read, merged and written with one
// spelling.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"

namespace winnow {

inline constexpr std::string_view kUnattendNamespace = "urn:schemas-microsoft-com:unattend";

struct UnattendElement {
  std::string name;                                             // as written: "ComputerName", "cpi:offlineImage"
  std::vector<std::pair<std::string, std::string>> attributes;  // as written: "wcm:action" = "add"
  std::string text;                                             // of one without children
  std::vector<UnattendElement> children;
  Place place;

  [[nodiscard]] std::string_view attribute(std::string_view attribute_name) const;  // "" when it is not there
};

// One setting of ours: leaves below a path inside a component.
struct UnattendSetting {
  std::string pass;                                         // "specialize"
  std::string component;                                    // "Microsoft-Windows-Shell-Setup"
  std::vector<std::string> path;                            // {"UserAccounts", "AdministratorPassword"}
  std::vector<std::pair<std::string, std::string>> leaves;  // {"Value", …}, {"PlainText", "false"}
  Place place;                                              // of what asks for it
};

class Unattend {
 public:
  Unattend();
  // Faults: another root, a pass that Windows has not, a namespace that answer files have not, text beside elements.
  [[nodiscard]] static Result<Unattend> parse(std::string_view text, const std::string& file);

  // Adds what `other` says. Two values for one setting are a fault that names both places; no value is ever shown.
  [[nodiscard]] Result<void> merge(const Unattend& other);
  // The same for one setting; with `replaces` ours takes the place of what is there.
  [[nodiscard]] Result<void> set(const UnattendSetting& setting, const std::string& architecture, bool replaces);

  [[nodiscard]] bool is_empty() const { return root_.children.empty(); }
  [[nodiscard]] std::string text() const;

 private:
  UnattendElement root_;
};

}  // namespace winnow
