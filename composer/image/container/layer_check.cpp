#include "image/container/layer_check.hpp"

#include <array>
#include <memory>

#include "formats/pax.hpp"
#include "image/container/byte_source.hpp"
#include "image/container/layer_reader.hpp"
#include "image/container/rules/layer_rules.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMaxHiveSize = 512u << 20;

class LayerCheck {
 public:
  explicit LayerCheck(std::vector<Violation>& violations) : violations_(violations) {}

  Result<void> run(LayerReader& reader) {
    for (;;) {
      WINNOW_TRY(std::optional<LayerEntry> entry, reader.next());
      if (!entry) break;
      ++entries_;
      strip_slash(*entry);
      names_.check(*entry, violations_);
      links_.check(*entry, violations_);
      check_metadata(*entry, violations_);
      hives_.check(*entry);
      if (!HiveRules::is_wanted(*entry)) continue;
      WINNOW_TRY(const Bytes content, reader.read_content(kMaxHiveSize));
      hives_.check_content(*entry, content, violations_);
    }
    hives_.finish(violations_);
    return {};
  }

  [[nodiscard]] std::size_t entries() const { return entries_; }
  [[nodiscard]] const std::optional<std::string>& os_version() const { return hives_.os_version(); }

 private:
  void strip_slash(LayerEntry& entry) {
    if (!entry.name.ends_with('/') || entry.name.size() == 1) return;
    violations_.push_back({1, entry.name, "its name ends in '/'"});
    entry.name.pop_back();
  }

  std::vector<Violation>& violations_;
  std::size_t entries_ = 0;
  NameRules names_;
  LinkRules links_;
  HiveRules hives_;
};

void check_end(const LayerEnd& end, const std::string& name, std::vector<Violation>& violations) {
  if (end.size % pax::kBlockSize != 0) {
    violations.push_back({14, name, "its tar has " + std::to_string(end.size) + " bytes, no multiple of 512"});
  }
  if (end.has_more) {
    violations.push_back({14, name, "its tar goes on after the zero blocks that end it"});
  } else if (end.zero_blocks < pax::kEndBlocks) {
    violations.push_back({14, name, "its tar does not end in two zero blocks"});
  }
}

void add_unreadable(const Error& error, const std::string& name, std::vector<Violation>& violations) {
  violations.push_back({0, name, error.faults().front().message});
}

}  // namespace

LayerFacts check_layer(ByteView blob, const std::string& name, std::vector<Violation>& violations) {
  LayerFacts facts;
  const auto stream = open_layer_stream(blob);
  if (!stream) {
    add_unreadable(stream.error(), name, violations);
    return facts;
  }
  HashingSource hashing(**stream);
  LayerReader reader(hashing);
  LayerCheck check(violations);
  const Result<void> done = check.run(reader);
  facts.entries = check.entries();
  if (!done) {
    add_unreadable(done.error(), name, violations);
    return facts;
  }
  check_end(reader.end(), name, violations);
  facts.diff_id = hashing.finish();
  facts.os_version = check.os_version();
  return facts;
}

LayerFacts hash_layer(ByteView blob, const std::string& name, std::vector<Violation>& violations) {
  LayerFacts facts;
  const auto stream = open_layer_stream(blob);
  if (!stream) {
    add_unreadable(stream.error(), name, violations);
    return facts;
  }
  HashingSource hashing(**stream);
  std::array<std::uint8_t, 65536> buffer;
  for (;;) {
    const auto count = hashing.read(buffer);
    if (!count) {
      add_unreadable(count.error(), name, violations);
      return facts;
    }
    if (*count == 0) break;
  }
  facts.diff_id = hashing.finish();
  return facts;
}

}  // namespace winnow
