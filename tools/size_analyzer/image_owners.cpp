#include "size_analyzer/image_owners.hpp"

#include <array>

#include "base/utf16.hpp"
#include "size_analyzer/component_store.hpp"

namespace winnow {

namespace {

OwnerType type_of(ProvenanceOwner::Kind kind) {
  switch (kind) {
    case ProvenanceOwner::Kind::component:
      return OwnerType::component;
    case ProvenanceOwner::Kind::app:
      return OwnerType::app;
    case ProvenanceOwner::Kind::winnow:
      break;
  }
  return OwnerType::winnow;
}

OwnerFacts owner(OwnerType type, OwnerBasis basis, const std::string& name) {
  OwnerFacts facts;
  facts.kind = type;
  facts.basis = basis;
  facts.name = name;
  return facts;
}

OwnerFacts owner_of_feed(const IndexedComponent& component) {
  OwnerFacts facts = owner(OwnerType::component, OwnerBasis::feed, component.identity.name);
  facts.version = to_string(component.identity.version);
  facts.package = component.role;
  return facts;
}

// "Program Files/Vendor/…" -> "Program Files/Vendor"; "" for all else.
std::string program_folder(const std::string& path) {
  for (const std::string_view root : {"program files/", "program files (x86)/", "programdata/"}) {
    if (!ascii_lower(path).starts_with(root)) continue;
    const std::size_t slash = path.find('/', root.size());
    return slash == std::string::npos ? "" : path.substr(0, slash);
  }
  return "";
}

}  // namespace

Result<ImageOwners> ImageOwners::create(const ScannedImage& image) {
  ImageOwners owners(image);
  WINNOW_CHECK(owners.read_provenance());
  if (image.format == "feed") owners.add_components(image.feed->index());
  return owners;
}

Result<void> ImageOwners::read_provenance() {
  if (!image_->info.provenance) return {};
  WINNOW_TRY(provenance_, parse_provenance(*image_->info.provenance));
  for (const ProvenanceOwner& stated : provenance_->owners) {
    OwnerFacts facts = owner(type_of(stated.kind), OwnerBasis::provenance, stated.name);
    facts.version = stated.version;
    facts.package = stated.role;
    facts.reason = stated.reason;
    facts.is_requested = stated.requested || stated.kind == ProvenanceOwner::Kind::app;
    numbers_.push_back(table_.add(std::move(facts)));
  }
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    for (const ProvenanceOwner::Need& need : provenance_->owners[i].needs) {
      table_.owners()[numbers_[i]].needs.push_back({numbers_[need.to], need.kind, need.text});
    }
  }
  return {};
}

// Those of registry values only have no file that would name them.
void ImageOwners::add_components(const FeedIndex& index) {
  for (const IndexedComponent& component : index.components) (void)table_.add(owner_of_feed(component));
}

OwnerIndex ImageOwners::owner_of(std::size_t file, const std::vector<std::size_t>& names) {
  const ImageFile& own = image_->info.files[file];
  auto found = by_provenance(own);
  if (!found) found = by_component_store(names);
  if (!found) found = by_feed(own);
  if (!found) found = by_version(names.front());
  if (!found) found = by_path(own.path);
  return found.value_or(kNobody);
}

std::optional<OwnerIndex> ImageOwners::by_provenance(const ImageFile& file) {
  const bool is_hive = ascii_lower(file.path).starts_with("windows/system32/config/") ||
                       ascii_iequals(file.path, "Users/Default/NTUSER.DAT");
  // winnow makes the hives, and its provenance cannot list itself.
  if (ascii_iequals(file.path, kProvenancePath) || (provenance_ && is_hive)) {
    return table_.add(owner(OwnerType::winnow, OwnerBasis::provenance, "winnow"));
  }
  if (!provenance_) return std::nullopt;
  const auto path = WindowsPath::parse(file.path);
  const auto found = path ? provenance_->files.find(*path) : provenance_->files.end();
  if (found == provenance_->files.end()) return std::nullopt;
  return numbers_[found->second];
}

std::optional<OwnerIndex> ImageOwners::by_component_store(const std::vector<std::size_t>& names) {
  for (const std::size_t name : names) {
    const auto place = place_in_store(image_->info.files[name].path);
    if (!place) continue;
    const StoreName& component = place->component;
    OwnerFacts facts = owner(OwnerType::component, OwnerBasis::component_store,
                             component.name + (component.language.empty() ? "" : " (" + component.language + ")"));
    facts.version = component.version;
    facts.architecture = component.architecture;
    if (place->is_package) facts.package = component.name;
    return table_.add(std::move(facts));
  }
  return std::nullopt;
}

std::optional<OwnerIndex> ImageOwners::by_feed(const ImageFile& file) {
  const auto path = image_->feed ? WindowsPath::parse(file.path) : Result<WindowsPath>(WindowsPath());
  const IndexedComponent* component = image_->feed && path ? image_->feed->owner_of(*path, file.digest) : nullptr;
  if (component == nullptr) return std::nullopt;
  return table_.add(owner_of_feed(*component));
}

std::optional<OwnerIndex> ImageOwners::by_version(std::size_t first) {
  const ContentTraits& traits = image_->traits[first];
  if (traits.company.empty() && traits.product.empty()) return std::nullopt;
  OwnerFacts facts = owner(OwnerType::component, OwnerBasis::version_resource,
                           traits.product.empty() ? traits.company : traits.product);
  facts.package = traits.company;
  return table_.add(std::move(facts));
}

std::optional<OwnerIndex> ImageOwners::by_path(const std::string& path) {
  const std::string folder = program_folder(path);
  if (folder.empty()) return std::nullopt;
  return table_.add(owner(OwnerType::app, OwnerBasis::path, folder));
}

}  // namespace winnow
