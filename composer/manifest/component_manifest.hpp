// A component manifest (asm.v3, servicing.md 4): what one component puts on an image and what it depends on.
// The same type is read from a feed and written by a feed maker: parse_component_manifest(print_component_manifest(m))
// == m.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"
#include "manifest/component_effects.hpp"
#include "manifest/version_compare.hpp"

namespace winnow {

// The name of winnow's own namespace inside servicing's files: what the vocabulary has no word for.
inline constexpr std::string_view kWinnowNamespace = "urn:winnow:v1";
inline constexpr std::string_view kAssemblyNamespace = "urn:schemas-microsoft-com:asm.v3";

struct ComponentFile {
  std::string name;
  std::string source_name;               // file in the payload folder; equal to `name` when the manifest has none
  std::string destination;               // destinationPath as written, macros and all, no final '\'; "" = not projected
  std::uint32_t attributes = 0;          // FILE_ATTRIBUTE_* bits named by `attributes`; 0 when absent
  ByteCount size = 0;                    // logical; winnow:size, 0 when a manifest has none
  Digest digest;                         // SHA-256 of the expanded file (asmv2:hash)
  std::string security_descriptor;       // name of a SecurityDefinition, "" when none
  std::string destination_name = {};     // destinationName: its name there, "" when that is `name`
  std::string writeable_type = {};       // "systemData": it may change after the installation
  std::vector<std::string> links = {};   // further names of the same data: whole paths as written
  std::vector<FirstBootWork> work = {};  // what is to be done with it when Windows runs

  bool operator==(const ComponentFile&) const = default;
};

struct ComponentDirectory {
  std::string destination;  // destinationPath as written, no final '\'
  std::uint32_t attributes = 0;
  bool owner = false;
  std::string security_descriptor;

  bool operator==(const ComponentDirectory&) const = default;
};

// Windows' registry type numbers (winnt.h).
enum class RegistryType : std::uint32_t {
  none = 0,
  sz = 1,
  expand_sz = 2,
  binary = 3,
  dword = 4,
  dword_big_endian = 5,
  link = 6,
  multi_sz = 7,
  resource_list = 8,
  full_resource_descriptor = 9,
  resource_requirements_list = 10,
  qword = 11,
};

struct ComponentRegistryValue {
  std::string name;            // "" = the key's default value
  std::uint32_t type = 1;      // RegistryType, or any 32-bit code that driver manifests spell in hex
  Bytes data;                  // as stored in a hive: UTF-16LE with NUL for text, little-endian numbers
  bool append = false;         // operationHint="append": join to an existing REG_MULTI_SZ
  bool keep_existing = false;  // mutable="true": created if absent, kept if present
  bool overridable = false;    // an <overridable> of its key names it: a more specific component may replace it

  bool operator==(const ComponentRegistryValue&) const = default;
};

// <overridable> of a key for a value that stands elsewhere: a setting's, or another component's.
struct OverridableName {
  std::string name;
  std::string type;  // as written: "REG_SZ"

  bool operator==(const OverridableName&) const = default;
};

struct ComponentRegistryKey {
  std::string path;  // keyName, e.g. "HKEY_LOCAL_MACHINE\SOFTWARE\Classes\.txt", no final '\'
  std::string security_descriptor;
  std::vector<ComponentRegistryValue> values;      // in the order of the file
  bool owner = false;                              // its descriptor goes before those of other components
  std::vector<OverridableName> overridables = {};  // beyond `values`

  bool operator==(const ComponentRegistryKey&) const = default;
};

enum class DependencyType { install, prerequisite };

struct ComponentDependency {
  AssemblyIdentity identity;  // exact; language "*" with resources = a selector over chosen languages
  DependencyType type = DependencyType::install;
  bool resources = false;  // resourceType="Resources"
  std::uint32_t line = 0;  // where the manifest says so, 0 when made in memory; not part of equality
  std::string name = {};   // what $(dependentAssembly.<name>.path) calls it

  bool operator==(const ComponentDependency& other) const {
    return identity == other.identity && type == other.type && resources == other.resources && name == other.name;
  }
};

// What the vocabulary of servicing has no word for, in elements of winnow's namespace (manifests/README.md,
// "Relations").

// All four parts at once; no bound excludes one version (NE).
struct VersionBound {
  VersionCompare compare = VersionCompare::eq;
  Version version;

  bool operator==(const VersionBound&) const = default;
};
[[nodiscard]] bool satisfies(const Version& version, const std::vector<VersionBound>& bounds);

// Components by name, or all that provide a capability; those whose version meets every bound.
struct ComponentSelector {
  bool is_capability = false;
  std::string name;
  std::vector<VersionBound> bounds;

  bool operator==(const ComponentSelector&) const = default;
};
// "tls", "Web-Server GE 2.0.0.0 LT 3.0.0.0": for people.
[[nodiscard]] std::string to_string(const ComponentSelector& selector);

enum class RelationKind {
  any_of,       // one of what is selected must be there
  recommended,  // one of it should be there
  conflict,     // nothing of it may be there
};

struct ComponentRelation {
  RelationKind kind = RelationKind::any_of;
  std::vector<ComponentSelector> selectors;  // in the order of preference; never empty
  std::uint32_t line = 0;                    // as of ComponentDependency

  bool operator==(const ComponentRelation& other) const { return kind == other.kind && selectors == other.selectors; }
};

struct ComponentManifest {
  AssemblyIdentity identity;
  std::string description;
  std::string display_name;
  std::vector<ComponentDependency> dependencies;
  std::vector<ComponentRelation> relations;
  std::vector<std::string> provides;  // capabilities
  std::string deprecated;             // why something else should be taken; "" when it should not
  std::vector<ComponentFile> files;
  std::vector<ComponentDirectory> directories;
  std::vector<ComponentRegistryKey> registry_keys;
  std::vector<ComponentService> services;
  std::map<std::string, std::string> security_definitions;  // name -> SDDL (4.6)
  bool is_deployment = false;                               // <deployment>: names components, brings nothing itself
  std::vector<ComponentSetting> settings;
  std::vector<std::string> categories;  // memberships without data: BootCritical, ServicingStackComponent
  std::vector<ComponentListEntry> service_groups;
  std::vector<ComponentListEntry> provider_orders;
  std::vector<ComponentListEntry> path_entries;
  std::vector<EventPublisher> event_publishers;
  std::vector<ManifestAttributes> firewall_rules;
  std::vector<FirstBootWork> work;
  std::map<std::string, std::map<std::string, std::string>> strings;  // culture -> id -> text (<localization>)
  // Element -> count: read, not applied, never silent. Top-level elements by their name; below one we know, with the
  // way there: "migration", "file/signatureInfo", "memberships/StoreContent", "serviceData@startAfterInstall".
  std::map<std::string, std::uint32_t> ignored_elements;

  bool operator==(const ComponentManifest&) const = default;
};

// `file` names the text in errors. Collects every fault. Limits: kMaxManifestBytes, XML depth
// (manifest/xml_document.hpp).
[[nodiscard]] Result<ComponentManifest> parse_component_manifest(std::string_view text, const std::string& file);
// The manifest as XML, one spelling for one value: ends in a newline, two-space indent, attributes in fixed order.
// Precondition: names and texts hold characters XML can carry (registry data may hold anything), the items of a
// service's lists no comma and no blanks around. What ignored_elements counts is not written.
[[nodiscard]] std::string print_component_manifest(const ComponentManifest& manifest);

}  // namespace winnow
