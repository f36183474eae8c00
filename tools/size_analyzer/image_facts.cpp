#include "size_analyzer/image_facts.hpp"

#include <array>
#include <limits>
#include <tuple>

namespace winnow {

namespace {

constexpr std::array<std::string_view, 3> kMeasureNames = {"logical", "allocated", "stored"};
constexpr std::array<std::string_view, kByteKindCount> kKindNames = {
    "executable",
    "library",
    "driver",
    "service binary",
    "language",
    "font",
    "NLS table",
    "registry hive",
    "component store",
    "update payload",
    "data",
    "debug section",
    "signature",
    "slack",
    "named stream",
    "file table",
    "directory index",
    "file system",
    "partition table",
    "free space",
    "container format",
    "unclaimed",
};
constexpr std::array<std::string_view, kOwnerTypeCount> kOwnerTypeNames = {"component", "app", "winnow", "nobody"};
constexpr std::array<std::string_view, kOwnerBasisCount> kBasisNames = {"provenance",       "feed", "component store",
                                                                        "version resource", "path", "none"};

using Checked = Result<void>;

// Adds up without wrapping: what does not fit is remembered.
class Sum {
 public:
  void add(const Sizes& sizes) {
    add(sizes_.logical, sizes.logical);
    add(sizes_.allocated, sizes.allocated);
    add(sizes_.stored, sizes.stored);
  }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] const Sizes& sizes() const { return sizes_; }

 private:
  void add(ByteCount& total, ByteCount more) {
    overflowed_ = overflowed_ || more > std::numeric_limits<ByteCount>::max() - total;
    total += more;
  }
  Sizes sizes_;
  bool overflowed_ = false;
};

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool exceeds(const Sizes& part, const Sizes& whole) {
  return part.logical > whole.logical || part.allocated > whole.allocated || part.stored > whole.stored;
}

class FactsChecker {
 public:
  explicit FactsChecker(const ImageFacts& facts) : facts_(facts) {}

  Checked check();

 private:
  Checked check_owners();
  Checked check_owner(const OwnerFacts& owner);
  Checked check_files();
  Checked check_file(const FileFacts& file);
  Checked check_overheads();
  Checked check_lists();
  Checked check_total();
  [[nodiscard]] tl::unexpected<Error> refuse(const std::string& what) const {
    return fail("cannot trust the facts of " + facts_.name + ": " + what);
  }
  [[nodiscard]] bool is_layer(std::uint32_t layer) const { return layer == 0 || layer < facts_.layers.size(); }

  const ImageFacts& facts_;
  Sum sum_;
};

Checked FactsChecker::check() {
  WINNOW_CHECK(check_owners());
  WINNOW_CHECK(check_files());
  WINNOW_CHECK(check_overheads());
  WINNOW_CHECK(check_lists());
  return check_total();
}

Checked FactsChecker::check_owners() {
  const std::vector<OwnerFacts>& owners = facts_.owners;
  if (owners.empty() || owners.front().kind != OwnerType::nobody) return refuse("its first owner is not nobody");
  const auto key = [](const OwnerFacts& owner) {
    return std::tie(owner.kind, owner.package, owner.name, owner.version);
  };
  for (std::size_t i = 1; i < owners.size(); ++i) {
    if (owners[i].kind == OwnerType::nobody) return refuse("owner " + quoted(owners[i].name) + " is nobody too");
    if (i > 1 && key(owners[i]) < key(owners[i - 1])) {
      return refuse("owner " + quoted(owners[i].name) + " is out of order");
    }
    WINNOW_CHECK(check_owner(owners[i]));
  }
  return {};
}

Checked FactsChecker::check_owner(const OwnerFacts& owner) {
  const OwnerNeed* last = nullptr;
  const auto key = [](const OwnerNeed& need) { return std::tie(need.to, need.kind, need.text); };
  for (const OwnerNeed& need : owner.needs) {
    if (need.to >= facts_.owners.size()) {
      return refuse("owner " + quoted(owner.name) + " needs owner " + std::to_string(need.to) + ", which is not there");
    }
    if (last != nullptr && key(need) < key(*last)) {
      return refuse("the needs of owner " + quoted(owner.name) + " are out of order");
    }
    last = &need;
  }
  return {};
}

Checked FactsChecker::check_files() {
  const FileFacts* last = nullptr;
  const auto key = [](const FileFacts& file) { return std::tie(file.path, file.layer, file.owner); };
  for (const FileFacts& file : facts_.files) {
    if (last != nullptr && key(file) <= key(*last)) {
      return refuse("file " + quoted(file.path) + " is out of order");
    }
    WINNOW_CHECK(check_file(file));
    sum_.add(file.sizes);
    last = &file;
  }
  return {};
}

Checked FactsChecker::check_file(const FileFacts& file) {
  const std::string name = "file " + quoted(file.path);
  if (file.owner >= facts_.owners.size()) return refuse(name + " has an owner that is not there");
  if (!is_layer(file.layer)) return refuse(name + " has a layer that is not there");
  Sum parts;
  for (const FilePart& part : file.parts) {
    if (part.owner >= facts_.owners.size()) return refuse("a part of " + name + " has an owner that is not there");
    parts.add(part.sizes);
  }
  if (parts.overflowed() || exceeds(parts.sizes(), file.sizes)) {
    return refuse("the parts of " + name + " are larger than it");
  }
  return {};
}

Checked FactsChecker::check_overheads() {
  const OverheadFacts* last = nullptr;
  const auto key = [](const OverheadFacts& overhead) { return std::tie(overhead.kind, overhead.name, overhead.layer); };
  for (const OverheadFacts& overhead : facts_.overheads) {
    if (last != nullptr && key(overhead) <= key(*last)) {
      return refuse("overhead " + quoted(overhead.name) + " is out of order");
    }
    if (!is_layer(overhead.layer))
      return refuse("overhead " + quoted(overhead.name) + " has a layer that is not there");
    sum_.add(overhead.sizes);
    last = &overhead;
  }
  return {};
}

Checked FactsChecker::check_lists() {
  for (std::size_t i = 0; i < facts_.services.size(); ++i) {
    const ServiceFacts& service = facts_.services[i];
    if (service.owner >= facts_.owners.size()) {
      return refuse("service " + quoted(service.name) + " has an owner that is not there");
    }
    if (i > 0 && service.name <= facts_.services[i - 1].name) {
      return refuse("service " + quoted(service.name) + " is out of order");
    }
  }
  for (std::size_t i = 1; i < facts_.choices.size(); ++i) {
    if (facts_.choices[i].need < facts_.choices[i - 1].need) {
      return refuse("choice " + quoted(facts_.choices[i].need) + " is out of order");
    }
  }
  return {};
}

Checked FactsChecker::check_total() {
  if (sum_.overflowed()) return refuse("its files and overheads have more bytes than can be counted");
  for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
    const ByteCount sum = value_of(sum_.sizes(), measure);
    const ByteCount total = value_of(facts_.total, measure);
    if (sum != total) {
      return refuse("its files and overheads have " + std::to_string(sum) + " " + std::string(to_string(measure)) +
                    " bytes, its total is " + std::to_string(total));
    }
  }
  return {};
}

}  // namespace

Sizes& Sizes::operator+=(const Sizes& other) {
  logical += other.logical;
  allocated += other.allocated;
  stored += other.stored;
  return *this;
}

std::string_view to_string(Measure measure) { return kMeasureNames[static_cast<std::size_t>(measure)]; }

ByteCount value_of(const Sizes& sizes, Measure measure) {
  switch (measure) {
    case Measure::logical:
      return sizes.logical;
    case Measure::allocated:
      return sizes.allocated;
    case Measure::stored:
      break;
  }
  return sizes.stored;
}

std::string_view to_string(ByteKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::string_view to_string(OwnerType kind) { return kOwnerTypeNames[static_cast<std::size_t>(kind)]; }
std::string_view to_string(OwnerBasis basis) { return kBasisNames[static_cast<std::size_t>(basis)]; }

Result<void> check_facts(const ImageFacts& facts) { return FactsChecker(facts).check(); }

}  // namespace winnow
