// Who provides a module name, as the loader would find it: what is in System32 hides what is elsewhere. Shared by the
// reader of needs and by check_solution.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/request.hpp"

namespace winnow {

// One need of one binary.
struct ModuleNeed {
  std::string module;    // lower case: "ws2_32.dll", "api-ms-win-core-file-l1-2-0.dll"
  std::string importer;  // file name of the binary that needs it
  WindowsPath importer_folder;
  bool from_app = false;
};

struct Lookup {
  enum class Kind {
    component,  // `providers` are candidates of one kind of folder, newest first
    app,        // one of the app's own files answers
    no_host,    // an API-set contract the schema gives no host
    nobody,
  };
  Kind kind = Kind::nobody;
  std::string module;  // what was looked for in the end: the contract's host, or the name itself
  std::vector<ComponentId> providers;
  bool contract = false;  // the name is an API-set contract, so the schema itself is needed
};

// "amd64", as manifests spell it; "unknown" for machines winnow does not know.
[[nodiscard]] std::string_view to_string(Machine machine);

// Of several components those whose payload is there; all of them where nobody's is.
void keep_whole(const Catalog& catalog, std::vector<ComponentId>& ids);

class ModuleLookup {
 public:
  ModuleLookup(const Request& request, const Catalog& catalog, const ApiSetSchema& api_sets);

  [[nodiscard]] Lookup find(const ModuleNeed& need) const;
  // Is the binary native code for another architecture than the image's, so that nothing can load it?
  [[nodiscard]] bool is_foreign(const BinaryNeeds& needs) const;
  // Must this import not be followed at all: a managed assembly's mscoree.dll, when the app brings its own runtime.
  [[nodiscard]] bool is_own_runtime(const BinaryNeeds& needs, const std::string& module) const;

 private:
  [[nodiscard]] bool app_has(const WindowsPath& folder, const std::string& module) const;

  const Request& request_;
  const Catalog& catalog_;
  const ApiSetSchema& api_sets_;
  std::set<WindowsPath> app_files_;
  bool app_has_runtime_ = false;
};

}  // namespace winnow
