// The API-set schema (apisetschema.dll, section .apiset; versions 2, 4 and 6): which module implements a contract name
// such as api-ms-win-core-file-l1-2-0.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

class ApiSetSchema {
 public:
  ApiSetSchema() = default;  // no contracts
  // `section` is the .apiset section. Error: "cannot read API-set schema <name>: <reason>".
  [[nodiscard]] static Result<ApiSetSchema> parse(ByteView section, const std::string& name);

  // Is it a contract name (api-… or ext-…, any case, with or without .dll)? Says nothing about the schema having it.
  [[nodiscard]] static bool is_contract_name(std::string_view module);
  // The host of contract `module` when imported by `importer` (file name; an entry may have an exception for it), lower
  // case: "kernelbase.dll". Nothing when the schema has no such contract or gives it no host. The last "-N" (revision)
  // of the name is ignored, as the loader does.
  [[nodiscard]] std::optional<std::string> host(std::string_view module, std::string_view importer = {}) const;
  // Has the schema the contract at all (perhaps without a host)?
  [[nodiscard]] bool has_contract(std::string_view module) const;
  // Every contract with its default host ("" = none), by name as the schema spells it (with the revision), lower case
  // without .dll. Versions 2 and 4 leave the prefix out; theirs are spelled with "api-", and found with either prefix.
  [[nodiscard]] std::map<std::string, std::string> contracts() const;

 private:
  friend class ApiSetReader;
  struct Entry {
    std::string name;  // as the schema spells it, lower case
    std::string host;
    std::map<std::string, std::string> exceptions;  // importer -> host
  };
  [[nodiscard]] const Entry* find(std::string_view module) const;

  bool has_prefixes_ = true;
  std::map<std::string, Entry, std::less<>> entries_;  // by name without the revision, lower case
};

}  // namespace winnow
