#include "servicing/check_package_set.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "payload/stored_file.hpp"

namespace winnow {

namespace {

using State = CatalogSignature::State;

constexpr ByteCount kPiece = ByteCount{4} << 20;  // of a file that is read for its digest

Result<Digest> digest_of(const Content& content) {
  if (content.size() <= kPiece) {
    WINNOW_TRY(const LoadedContent loaded, content.load());
    return sha256(loaded.bytes());
  }
  Sha256 digest;
  Bytes piece(static_cast<std::size_t>(kPiece));
  for (ByteCount at = 0; at < content.size(); at += kPiece) {
    const std::span<std::uint8_t> part(piece.data(), static_cast<std::size_t>(std::min(kPiece, content.size() - at)));
    WINNOW_CHECK(content.read(at, part));
    digest.update(part);
  }
  return digest.finish();
}

class PackageSetChecker {
 public:
  PackageSetChecker(const PackageSet& set, const TrustPolicy& policy) : set_(set), policy_(policy) {}

  PackageSetCheck check(bool with_payload) {
    for (const SetCatalog& catalog : set_.catalogs) check_catalog(catalog);
    index_catalogs();
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

  // Who names what; of several catalogs the first that is accepted, if any is.
  void index_catalogs() {
    for (const bool accepted : {true, false}) {
      for (std::size_t i = 0; i < set_.catalogs.size(); ++i) {
        if (is_accepted(check_.catalogs[i].signature) != accepted) continue;
        const SecurityCatalog& catalog = set_.catalogs[i].catalog;
        for (const Digest& member : catalog.sha256_members()) sha256_members_.emplace(member, Rank{!accepted, i});
        for (const Sha1Digest& member : catalog.sha1_members()) sha1_members_.emplace(member, Rank{!accepted, i});
      }
    }
  }
  std::string catalog_of(const std::string& file, ByteView text) {
    std::optional<Rank> best;
    if (const auto found = sha256_members_.find(sha256(text)); found != sha256_members_.end()) best = found->second;
    if (!sha1_members_.empty()) {
      const auto found = sha1_members_.find(sha1(text));
      if (found != sha1_members_.end() && (!best || found->second < *best)) best = found->second;
    }
    if (best) return set_.catalogs[best->second].file;  // if it is not accepted, its fault is there already
    if (!policy_.allow_unsigned) {
      add("cannot trust " + shown(file) + ": no security catalog of the set names it",
          {"--allow-unsigned takes packages of your own"});
    }
    return "";
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
    const auto loaded = expand_stored_file(payload->content, shown(payload->path));
    if (!loaded) return {loaded.error().faults().front().message, 0};
    const auto digest = digest_of(*loaded);
    if (!digest) return {what + digest.error().faults().front().message, 0};
    if (*digest == file.digest) return {"", loaded->size()};
    return {what + "its SHA-256 is " + digest->hex() + ", " + job.component->file + " says " + file.digest.hex(), 0};
  }
  void check_payload() {
    std::vector<Job> jobs;
    for (const SetComponent& component : set_.components) {
      for (std::size_t i = 0; i < component.manifest.files.size(); ++i) jobs.push_back({&component, i});
    }
    std::vector<std::pair<std::size_t, std::size_t>> order;  // as they lie on the medium
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto& payload = jobs[i].component->payload[jobs[i].file];
      order.emplace_back(payload ? payload->order : 0, i);
    }
    std::sort(order.begin(), order.end());
    std::vector<Outcome> outcomes(jobs.size());
    parallel_for(jobs.size(), [&](std::size_t i) { outcomes[order[i].second] = compare(jobs[order[i].second]); });
    for (const Outcome& outcome : outcomes) {
      if (!outcome.fault.empty()) {
        add(outcome.fault);
        continue;
      }
      ++check_.files;
      check_.bytes += outcome.bytes;
    }
  }

  using Rank = std::pair<bool, std::size_t>;  // is it not accepted, which catalog

  const PackageSet& set_;
  const TrustPolicy& policy_;
  PackageSetCheck check_;
  std::map<Digest, Rank> sha256_members_;
  std::map<Sha1Digest, Rank> sha1_members_;
};

}  // namespace

PackageSetCheck check_package_set(const PackageSet& set, const TrustPolicy& policy) {
  return PackageSetChecker(set, policy).check(true);
}

PackageSetCheck check_signatures(const PackageSet& set, const TrustPolicy& policy) {
  return PackageSetChecker(set, policy).check(false);
}

}  // namespace winnow
