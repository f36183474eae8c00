// A component of the open feed while it is being made: its payload is written, its manifest may still change.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/windows_folders.hpp"

namespace winnow {

struct ComponentDraft {
  ComponentManifest manifest;
  std::string module;                       // file name of the PE module it is made of, "" for other components
  ByteCount bytes_before_stripping = 0;     // of the module
  std::uint32_t ignored_lines = 0;          // registry lines that only delete
  std::map<std::string, Bytes> data_files;  // WINE_DATA_FILE resources of the module, by resource name
};

// What components of one feed share.
class DraftFactory {
 public:
  // `folder` is the feed's folder; payload goes below it.
  DraftFactory(std::filesystem::path folder, Version version) : folder_(std::move(folder)), version_(version) {}

  // The identity of everything the feed names: our token, amd64, one winning version per name.
  [[nodiscard]] AssemblyIdentity identity(const std::string& name) const;
  [[nodiscard]] ComponentDraft draft(const std::string& name, const std::string& description) const;
  // Writes the payload and adds the file to the draft, once for each destination. Safe on several threads for different
  // components.
  [[nodiscard]] Result<void> add_file(ComponentDraft& draft, const std::string& name, ByteView bytes,
                                      const std::vector<Destination>& destinations) const;

 private:
  std::filesystem::path folder_;
  Version version_;
};

}  // namespace winnow
