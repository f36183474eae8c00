#include "winnow/closure_text.hpp"

#include <map>
#include <ostream>

#include "base/text_table.hpp"

namespace winnow {

namespace {

constexpr std::size_t kShownDigits = 16;  // of a digest

std::string text_of(const Asker& asker) {
  const std::string place = to_string(asker.place);
  return asker.name + (place.empty() ? "" : " (" + place + ")");
}

// Elements and attributes of the manifests that a composed image would not have, with how often they occur.
std::map<std::string, std::uint64_t> not_applied(const ServicingRepository& repository,
                                                 const ServicingClosure& closure) {
  std::map<std::string, std::uint64_t> counts;
  for (const PackageIndex id : closure.packages) {
    for (const auto& [name, count] : repository.packages()[id].manifest.ignored_elements) counts[name] += count;
  }
  for (const ComponentIndex id : closure.components) {
    for (const auto& [name, count] : repository.components()[id].manifest.ignored_elements) counts[name] += count;
  }
  return counts;
}

void print_missing(const ServicingClosure& closure, std::ostream& out) {
  for (const MissingReference& row : closure.missing) {
    out << "  " << kind_name(row.kind) << " " << to_string(row.wanted);
    if (!row.found.empty()) {
      out << ": found " << to_string(row.found.back()) << ", wanted " << to_string(row.wanted.version);
    }
    out << "\n";
    for (const Asker& asker : row.askers) out << "    asked for by " << text_of(asker) << "\n";
  }
}

void print_conflicts(const ServicingRepository& repository, const ServicingClosure& closure, std::ostream& out) {
  for (const FileConflict& row : closure.conflicts) {
    out << "conflict: different files for " << row.path.text() << "\n";
    for (const FileWriter& writer : row.writers) {
      const ServicedComponent& component = repository.components()[writer.component];
      out << "  " << to_string(component.manifest.identity) << " (" << component.file << ") has SHA-256 "
          << writer.digest.hex().substr(0, kShownDigits) << "…\n";
    }
  }
}

}  // namespace

std::string kind_name(PackageReference::Kind kind) {
  switch (kind) {
    case PackageReference::Kind::package:
      return "package";
    case PackageReference::Kind::driver:
      return "driver";
    case PackageReference::Kind::component:
      break;
  }
  return "component";
}

void print_closure(const ServicingRepository& repository, const ServicingClosure& closure, std::ostream& out) {
  out << counted(closure.packages.size(), "package") << " and " << counted(closure.components.size(), "component")
      << " close";
  if (closure.other_versions != 0)
    out << ", " << closure.other_versions << " of them in another version than asked for";
  out << "; " << counted(closure.missing.size(), "reference") << " missing";
  if (!closure.conflicts.empty()) out << "; " << counted(closure.conflicts.size(), "conflict");
  out << "\n";
  print_missing(closure, out);
  for (const InapplicablePackage& row : closure.inapplicable) {
    out << (row.is_contained ? "skipped: " : "not applicable: ")
        << to_string(repository.packages()[row.package].manifest.identity) << "\n";
    for (const std::string& reason : row.reasons) out << "  " << reason << "\n";
  }
  print_conflicts(repository, closure, out);
  for (const DroppedComponent& row : closure.dropped) {
    out << "dropped: " << to_string(repository.components()[row.component].manifest.identity) << "\n  "
        << to_string(row.place) << " asks for " << to_string(row.prerequisite) << ", which nothing brings\n";
  }
  for (const ComponentIndex id : closure.losers) {
    out << "older: " << to_string(repository.components()[id].manifest.identity) << "\n";
  }
  for (const FeatureState& row : closure.features) {
    out << "feature " << row.name << ": " << (row.is_on ? "on" : "off") << ", " << row.why << "\n";
  }
  const auto counts = not_applied(repository, closure);
  if (!counts.empty()) out << "read and not applied:\n";
  for (const auto& [name, count] : counts) out << "  " << grouped_digits(count) << " x " << name << "\n";
}

Json closure_json(const ServicingRepository& repository, const ServicingClosure& closure) {
  Json document = {{"schema", "winnow-closure-1"}, {"packages", Json::array()},      {"components", Json::array()},
                   {"missing", Json::array()},     {"notApplicable", Json::array()}, {"dropped", Json::array()},
                   {"conflicts", Json::array()},   {"features", Json::array()},      {"notApplied", Json::object()}};
  for (const PackageIndex id : closure.packages) {
    document["packages"].push_back(package_id(repository.packages()[id].manifest.identity));
  }
  for (const ComponentIndex id : closure.components) {
    document["components"].push_back(key_form(repository.components()[id].manifest.identity));
  }
  for (const MissingReference& row : closure.missing) {
    Json askers = Json::array(), found = Json::array();
    for (const Asker& asker : row.askers) {
      askers.push_back({{"name", asker.name}, {"file", asker.place.file}, {"line", asker.place.line}});
    }
    for (const Version& version : row.found) found.push_back(to_string(version));
    document["missing"].push_back(
        {{"kind", kind_name(row.kind)}, {"identity", to_string(row.wanted)}, {"found", found}, {"askedForBy", askers}});
  }
  for (const InapplicablePackage& row : closure.inapplicable) {
    document["notApplicable"].push_back({{"package", package_id(repository.packages()[row.package].manifest.identity)},
                                         {"contained", row.is_contained},
                                         {"reasons", row.reasons}});
  }
  for (const DroppedComponent& row : closure.dropped) {
    document["dropped"].push_back({{"component", key_form(repository.components()[row.component].manifest.identity)},
                                   {"prerequisite", to_string(row.prerequisite)}});
  }
  for (const FileConflict& row : closure.conflicts) {
    Json writers = Json::array();
    for (const FileWriter& writer : row.writers) {
      const ServicedComponent& component = repository.components()[writer.component];
      writers.push_back({{"component", key_form(component.manifest.identity)},
                         {"file", component.file},
                         {"sha256", writer.digest.hex()}});
    }
    document["conflicts"].push_back({{"path", row.path.text()}, {"writers", writers}});
  }
  for (const FeatureState& row : closure.features) {
    document["features"].push_back({{"name", row.name}, {"on", row.is_on}, {"why", row.why}});
  }
  for (const auto& [name, count] : not_applied(repository, closure)) document["notApplied"][name] = count;
  return document;
}

}  // namespace winnow
