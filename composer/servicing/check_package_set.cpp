#include "servicing/check_package_set.hpp"

#include "base/parallel.hpp"

namespace winnow {

namespace {

using State = CatalogSignature::State;

class PackageSetChecker {
 public:
  PackageSetChecker(const PackageSet& set, const TrustPolicy& policy) : set_(set), policy_(policy) {}

  PackageSetCheck check(bool with_payload) {
    for (const SetCatalog& catalog : set_.catalogs) check_catalog(catalog);
    for (const SetPackage& package : set_.packages) {
      check_.package_catalogs.push_back(catalog_of(package.file, package.text));
    }
    for (const SetComponent& component : set_.components) {
      check_.component_catalogs.push_back(catalog_of(component.file, component.text));
    }
    if (with_payload) check_payload();
    return std::move(check_);
  }

 private:
  void add(std::string message, std::vector<std::string> notes = {}) {
    check_.faults.push_back({{}, std::move(message), std::move(notes)});
  }
  [[nodiscard]] std::string shown(const std::string& file) const { return set_.name + "/" + file; }

  [[nodiscard]] bool is_accepted(const CatalogSignature& signature) const {
    switch (signature.state) {
      case State::trusted:
        return true;
      case State::unknown_root:
        return policy_.roots.empty() || policy_.allow_unsigned;
      case State::absent:
        return policy_.allow_unsigned;
      case State::broken:
        break;
    }
    return false;
  }
  void check_catalog(const SetCatalog& catalog) {
    CatalogSignature signature = catalog.catalog.check_signature(policy_.roots);
    if (!is_accepted(signature)) {
      std::vector<std::string> notes;
      if (signature.state == State::absent) notes.emplace_back("--allow-unsigned takes packages of your own");
      add("cannot trust " + shown(catalog.file) + ": it is " + to_string(signature), std::move(notes));
    }
    check_.catalogs.push_back({catalog.file, std::move(signature)});
  }

  // The catalog that names a manifest, one that is accepted if there is any.
  std::string catalog_of(const std::string& file, ByteView text) {
    std::string found;
    for (std::size_t i = 0; i < set_.catalogs.size(); ++i) {
      if (!set_.catalogs[i].catalog.contains(text)) continue;
      if (is_accepted(check_.catalogs[i].signature)) return set_.catalogs[i].file;
      if (found.empty()) found = set_.catalogs[i].file;  // its fault is there already
    }
    if (found.empty() && !policy_.allow_unsigned) {
      add("cannot trust " + shown(file) + ": no security catalog of the set names it",
          {"--allow-unsigned takes packages of your own"});
    }
    return found;
  }

  struct Outcome {
    std::string fault;  // "" when the file is as it should be
    ByteCount bytes = 0;
  };
  struct Job {
    const SetComponent* component;
    std::size_t file;
  };
  [[nodiscard]] Outcome compare(const Job& job) const {
    const ComponentFile& file = job.component->manifest.files[job.file];
    const auto& payload = job.component->payload[job.file];
    if (!payload) {
      return {"cannot use " + shown(job.component->file) + ": its file \"" + file.name + "\" is not in the set", 0};
    }
    const std::string what = "cannot use " + shown(payload->path) + ": ";
    if (file.digest == Digest{}) return {what + job.component->file + " states no SHA-256 of it", 0};
    const auto loaded = payload->content.load();
    if (!loaded) return {what + loaded.error().faults().front().message, 0};
    const Digest digest = sha256(loaded->bytes());
    if (digest == file.digest) return {"", loaded->bytes().size()};
    return {what + "its SHA-256 is " + digest.hex() + ", " + job.component->file + " says " + file.digest.hex(), 0};
  }
  void check_payload() {
    std::vector<Job> jobs;
    for (const SetComponent& component : set_.components) {
      for (std::size_t i = 0; i < component.manifest.files.size(); ++i) jobs.push_back({&component, i});
    }
    std::vector<Outcome> outcomes(jobs.size());
    parallel_for(jobs.size(), [&](std::size_t i) { outcomes[i] = compare(jobs[i]); });
    for (const Outcome& outcome : outcomes) {
      if (!outcome.fault.empty()) {
        add(outcome.fault);
        continue;
      }
      ++check_.files;
      check_.bytes += outcome.bytes;
    }
  }

  const PackageSet& set_;
  const TrustPolicy& policy_;
  PackageSetCheck check_;
};

}  // namespace

PackageSetCheck check_package_set(const PackageSet& set, const TrustPolicy& policy) {
  return PackageSetChecker(set, policy).check(true);
}

PackageSetCheck check_signatures(const PackageSet& set, const TrustPolicy& policy) {
  return PackageSetChecker(set, policy).check(false);
}

}  // namespace winnow
