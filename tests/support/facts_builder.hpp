// ImageFacts for tests, put together by hand: owners and files in any order, sorted and summed by build().
#pragma once

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "size_analyzer/image_facts.hpp"

namespace winnow::testing {

// FactsBuilder().component("base", "Wine-a.dll").file("Windows/System32/a.dll", "Wine-a.dll", {1000, 4096,
// 500}).build()
class FactsBuilder {
 public:
  FactsBuilder() {
    facts_.name = "test.tar";
    facts_.format = "container image";
    facts_.owners.push_back({OwnerType::nobody, OwnerBasis::none, "unclaimed", "", "", "", "", false, {}});
  }

  // Owners go by name, so names must differ.
  FactsBuilder& owner(OwnerFacts owner) {
    facts_.owners.push_back(std::move(owner));
    return *this;
  }
  FactsBuilder& component(const std::string& package, const std::string& name, const std::string& version = "1.0") {
    return owner({OwnerType::component, OwnerBasis::provenance, name, version, package, "amd64", "", false, {}});
  }
  FactsBuilder& app(const std::string& name, const std::string& version = "1.0") {
    return owner({OwnerType::app, OwnerBasis::provenance, name, version, "", "amd64", "", true, {}});
  }
  FactsBuilder& needs(const std::string& from, const std::string& to, const std::string& kind = "import",
                      const std::string& text = "") {
    needs_.push_back({from, to, kind, text});
    return *this;
  }
  // `owner` "" = nobody.
  FactsBuilder& file(const std::string& path, const std::string& owner, Sizes sizes, ByteKind kind = ByteKind::data) {
    FileFacts file;
    file.path = path;
    file.kind = kind;
    file.sizes = sizes;
    return file_facts(std::move(file), owner);
  }
  FactsBuilder& file_facts(FileFacts file, const std::string& owner) {
    files_.emplace_back(std::move(file), owner);
    return *this;
  }
  FactsBuilder& overhead(ByteKind kind, const std::string& name, Sizes sizes) {
    facts_.overheads.push_back({kind, name, 0, sizes});
    return *this;
  }
  FactsBuilder& count(const std::string& name, std::uint64_t value) {
    facts_.counts.push_back({name, value});
    return *this;
  }
  // All else.
  ImageFacts& facts() { return facts_; }

  [[nodiscard]] ImageFacts build() const {
    ImageFacts facts = facts_;
    std::sort(facts.owners.begin() + 1, facts.owners.end(), [](const OwnerFacts& a, const OwnerFacts& b) {
      return std::tie(a.kind, a.package, a.name, a.version) < std::tie(b.kind, b.package, b.name, b.version);
    });
    std::map<std::string, OwnerIndex> numbers = {{"", kNobody}};
    for (OwnerIndex i = 1; i < facts.owners.size(); ++i) numbers[facts.owners[i].name] = i;
    for (const auto& [from, to, kind, text] : needs_) {
      facts.owners[numbers.at(from)].needs.push_back({numbers.at(to), kind, text});
    }
    for (OwnerFacts& owner : facts.owners) {
      std::sort(owner.needs.begin(), owner.needs.end(), [](const OwnerNeed& a, const OwnerNeed& b) {
        return std::tie(a.to, a.kind, a.text) < std::tie(b.to, b.kind, b.text);
      });
    }
    for (const auto& [file, owner] : files_) {
      facts.files.push_back(file);
      facts.files.back().owner = numbers.at(owner);
    }
    std::sort(facts.files.begin(), facts.files.end(), [](const FileFacts& a, const FileFacts& b) {
      return std::tie(a.path, a.layer, a.owner) < std::tie(b.path, b.layer, b.owner);
    });
    std::sort(facts.overheads.begin(), facts.overheads.end(), [](const OverheadFacts& a, const OverheadFacts& b) {
      return std::tie(a.kind, a.name, a.layer) < std::tie(b.kind, b.name, b.layer);
    });
    facts.total = {};
    for (const FileFacts& file : facts.files) facts.total += file.sizes;
    for (const OverheadFacts& overhead : facts.overheads) facts.total += overhead.sizes;
    if (const auto checked = check_facts(facts); !checked) throw std::logic_error(to_string(checked.error()));
    return facts;
  }

 private:
  ImageFacts facts_;
  std::vector<std::tuple<std::string, std::string, std::string, std::string>> needs_;  // from, to, kind, text
  std::vector<std::pair<FileFacts, std::string>> files_;                               // with the owner's name
};

}  // namespace winnow::testing
