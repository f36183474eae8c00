#include "image_reader/image_plan_reader.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/utf16.hpp"
#include "image_reader/image_reader.hpp"
#include "image_reader/json_fields.hpp"
#include "image_reader/provenance.hpp"

namespace winnow {

namespace {

constexpr std::string_view kDefaultRepository = "docker.io/library/";  // in front of names that have no other
constexpr std::uint64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kUnixEpoch = 11'644'473'600;  // seconds from 1601 to 1970

PlannedKey to_planned(const RegistryTree& tree, OwnerId owner) {
  PlannedKey key;
  key.name = tree.name;
  key.owner = owner;
  for (const RegistryTree::Value& value : tree.values) {
    key.values.emplace(case_key(value.name), PlannedValue{value.name, value.type, value.data, owner, false});
  }
  for (const RegistryTree& child : tree.children) key.children.emplace(case_key(child.name), to_planned(child, owner));
  return key;
}

class PlanReader {
 public:
  PlanReader(std::filesystem::path image, const ReadPlanOptions& options, TemporaryDirectory spool)
      : image_(std::move(image)),
        options_(options),
        spool_(std::make_shared<const TemporaryDirectory>(std::move(spool))) {}

  Result<ReadPlan> read();

 private:
  Result<void> see(const ImageFile& file, ByteView content);
  Result<void> add_registry(HiveId hive, ByteView content);
  Result<void> read_header(const ImageInfo& info);
  Result<void> add_file(const ImageFile& file);
  void add_extras(const ImageFile& file, TreeEntry& entry);
  [[nodiscard]] OwnerId owner_of(const WindowsPath& path, bool is_directory) const;
  std::uint32_t security_of(const ImageFile& file);

  std::filesystem::path image_;
  ReadPlanOptions options_;
  std::shared_ptr<const TemporaryDirectory> spool_;
  std::optional<Provenance> provenance_;
  std::map<WindowsPath, Content> contents_;
  std::map<Bytes, std::uint32_t> descriptors_;
  std::map<HiveId, RegistryTree> hives_;
  ReadPlan out_;
};

std::optional<HiveId> hive_at(const WindowsPath& path) {
  for (const HiveId hive : kAllHives) {
    if (hive_path(hive) == path) return hive;
  }
  return std::nullopt;
}

Result<ReadPlan> PlanReader::read() {
  const auto visitor = [this](const ImageFile& file, ByteView content) { return see(file, content); };
  WINNOW_TRY(const ImageInfo info, read_image(image_, visitor));
  WINNOW_CHECK(read_header(info));
  const auto nobody = static_cast<OwnerId>(out_.plan.owners.size() - 1);
  for (const auto& [hive, tree] : hives_) {
    PlannedKey root = to_planned(tree, nobody);
    root.name.clear();
    out_.plan.registry.hives.emplace(hive, std::move(root));
  }
  for (const ImageFile& file : info.files) WINNOW_CHECK(add_file(file));
  out_.is_plain = out_.extras.empty();
  out_.spool = spool_;
  return std::move(out_);
}

Result<void> PlanReader::see(const ImageFile& file, ByteView content) {
  WINNOW_TRY(const WindowsPath path, WindowsPath::parse(file.path));
  if (file.is_directory || !file.link_target.empty()) return {};
  if (const auto hive = hive_at(path)) return add_registry(*hive, content);
  if (!options_.with_contents) return {};
  const std::filesystem::path spooled = spool_->path() / std::to_string(contents_.size());
  WINNOW_CHECK(write_file(spooled, content));
  contents_.emplace(path, Content::of_file(spooled, content.size()));
  return {};
}

Result<void> PlanReader::add_registry(HiveId hive, ByteView content) {
  const std::filesystem::path file = spool_->path() / "hive";  // hivex reads files only
  WINNOW_CHECK(write_file(file, content));
  WINNOW_TRY(RegistryTree tree, read_hive(file, std::string(to_string(hive))));
  hives_.emplace(hive, std::move(tree));
  return {};
}

OwnerKind kind_of(ProvenanceOwner::Kind kind) {
  switch (kind) {
    case ProvenanceOwner::Kind::component:
      return OwnerKind::component;
    case ProvenanceOwner::Kind::app:
      return OwnerKind::app;
    case ProvenanceOwner::Kind::winnow:
      break;
  }
  return OwnerKind::winnow;
}

Result<void> PlanReader::read_header(const ImageInfo& info) {
  ImagePlan& plan = out_.plan;
  plan.tag = info.tag.starts_with(kDefaultRepository) ? info.tag.substr(kDefaultRepository.size()) : info.tag;
  plan.os_version = parse_version(info.os_version).value_or(Version{});
  plan.architecture = info.architecture;
  plan.container.command = info.command;
  plan.container.working_directory = info.working_directory;
  plan.container.user = info.user;
  for (const std::string& variable : info.environment) {
    const std::size_t equals = std::min(variable.find('='), variable.size());
    plan.container.environment.emplace_back(variable.substr(0, equals),
                                            variable.substr(std::min(equals + 1, variable.size())));
  }
  if (info.provenance) {
    WINNOW_TRY(provenance_, parse_provenance(*info.provenance));
    plan.name = provenance_->name;
    plan.version = provenance_->version;
    plan.servicing = text_of(member(*info.provenance, "image"), "servicing");
    plan.created = static_cast<std::int64_t>(number_of(member(*info.provenance, "image"), "time"));
    for (const ProvenanceOwner& owner : provenance_->owners) {
      plan.owners.push_back({kind_of(owner.kind), owner.name, owner.version, owner.role, owner.reason});
    }
  }
  plan.owners.push_back({});  // nobody
  return {};
}

OwnerId PlanReader::owner_of(const WindowsPath& path, bool is_directory) const {
  const auto nobody = static_cast<OwnerId>(out_.plan.owners.size() - 1);
  if (!provenance_) return nobody;
  const auto& owners = is_directory ? provenance_->directories : provenance_->files;
  const auto found = owners.find(path);
  if (found != owners.end()) return static_cast<OwnerId>(found->second);
  const bool is_own = ascii_iequals(path.with_slashes(), kProvenancePath) || path.name() == "winnow";
  return is_own && !provenance_->owners.empty() ? 0 : nobody;
}

std::uint32_t PlanReader::security_of(const ImageFile& file) {
  std::vector<Bytes>& all = out_.plan.security_descriptors;
  const auto [place, is_new] = descriptors_.emplace(file.security_descriptor, static_cast<std::uint32_t>(all.size()));
  if (is_new) all.push_back(file.security_descriptor);
  return place->second;
}

Result<void> PlanReader::add_file(const ImageFile& file) {
  WINNOW_TRY(const WindowsPath path, WindowsPath::parse(file.path));
  if (!file.is_directory && hive_at(path)) return {};
  TreeEntry entry;
  entry.path = path;
  entry.attributes = file.attributes;
  entry.owner = owner_of(path, file.is_directory);
  entry.size = file.size;
  entry.digest = file.is_directory ? Digest{} : file.digest;
  if (const auto content = contents_.find(path); content != contents_.end()) entry.content = content->second;
  if (!file.link_target.empty()) {
    WINNOW_TRY(const WindowsPath target, WindowsPath::parse(file.link_target));
    if (const auto first = out_.plan.tree.find(target); first != out_.plan.tree.end()) {
      const OwnerId owner = entry.owner;
      entry = first->second;
      entry.path = path;
      entry.owner = owner;
      if (entry.link.is_root()) entry.link = target;
      out_.plan.tree.emplace(path, std::move(entry));
      return {};
    }
  }
  entry.security = security_of(file);
  add_extras(file, entry);
  out_.plan.tree.emplace(path, std::move(entry));
  return {};
}

void PlanReader::add_extras(const ImageFile& file, TreeEntry& entry) {
  TreeTextExtra extra;
  const FileTimes& times = file.times;
  const bool are_equal =
      times.created == times.modified && times.changed == times.modified && times.accessed == times.modified;
  entry.time = static_cast<std::int64_t>(times.modified / kTicksPerSecond) - kUnixEpoch;
  if (!are_equal || times.modified % kTicksPerSecond != 0) {
    extra.fields += "\ttimes=" + std::to_string(times.created) + "," + std::to_string(times.modified) + "," +
                    std::to_string(times.changed) + "," + std::to_string(times.accessed);
  }
  if (file.reparse) {
    extra.fields += "\treparse=" + std::to_string(file.reparse->tag) + ":" + file.reparse->data.hex();
  }
  for (const ImageStream& stream : file.streams) {
    extra.lines += "s\t" + entry.path.text() + ":" + stream.name + "\tsize=" + std::to_string(stream.size) +
                   "\tsha256=" + stream.digest.hex() + "\n";
  }
  if (!extra.fields.empty() || !extra.lines.empty()) out_.extras.emplace(entry.path, std::move(extra));
}

}  // namespace

Result<ReadPlan> read_image_plan(const std::filesystem::path& image, const ReadPlanOptions& options) {
  WINNOW_TRY(TemporaryDirectory spool, TemporaryDirectory::create("winnow-image"));
  return PlanReader(image, options, std::move(spool)).read();
}

}  // namespace winnow
