#include "manifest/assembly_identity.hpp"

#include <charconv>

#include "base/bytes.hpp"
#include "base/utf16.hpp"
#include "manifest/identity_hash.hpp"

namespace winnow {
namespace {

// servicing.md 5: the multipliers of the identity hash.
constexpr std::uint64_t kLaneFactor = 65599;
constexpr std::uint64_t kKeyFactor = 0x1FFFFFFF7;
constexpr std::size_t kMaxKeyName = 40;  // longer names keep 19 characters of either end
constexpr std::size_t kKeyNameEdge = 19;
constexpr std::size_t kMaxKeyLanguage = 8;  // longer ones keep 3
constexpr std::size_t kKeyLanguageEdge = 3;

bool is_neutral(std::string_view value) { return value.empty() || ascii_iequals(value, "neutral"); }

std::string abbreviate(const std::string& text, std::size_t longest, std::size_t edge) {
  return text.size() <= longest ? text : text.substr(0, edge) + ".." + text.substr(text.size() - edge);
}

std::string key_name(std::string_view name) {
  std::string kept;
  for (const char c : name) {
    if (c != ' ' && c != '(' && c != ')') kept += c;
  }
  return abbreviate(kept, kMaxKeyName, kKeyNameEdge);
}

std::string key_text(const AssemblyIdentity& identity, WithVersion with_version) {
  const std::string language = is_neutral(identity.language) ? "none" : identity.language;
  std::string key = identity.architecture + '_' + key_name(identity.name) + '_';
  key += identity.public_key_token.empty() ? "none" : identity.public_key_token;
  if (with_version == WithVersion::yes) key += '_' + to_string(identity.version);
  key += '_' + abbreviate(language, kMaxKeyLanguage, kKeyLanguageEdge) + '_' + pseudo_key(identity, with_version);
  return ascii_lower(key);
}

}  // namespace

// Four interleaved 32-bit lanes over the lower-cased text, joined as a polynomial modulo 2^64.
std::uint64_t store_text_hash(std::string_view text) {
  std::array<std::uint32_t, 4> lanes{};
  const std::string lower = ascii_lower(text);
  for (std::size_t i = 0; i < lower.size(); ++i) {
    std::uint32_t& lane = lanes[i % lanes.size()];
    lane = static_cast<std::uint32_t>(lane * kLaneFactor + static_cast<unsigned char>(lower[i]));
  }
  std::uint64_t hash = 0;
  for (const std::uint32_t lane : lanes) hash = hash * kKeyFactor + lane;
  return hash;
}

std::string pseudo_key(const AssemblyIdentity& identity, WithVersion with_version) {
  std::uint64_t key = 0;
  const auto add = [&key](std::string_view attribute, std::string_view value) {
    if (!value.empty()) key = store_text_hash(value) + kKeyFactor * store_text_hash(attribute) + kKeyFactor * key;
  };
  add("name", identity.name);
  add("culture", is_neutral(identity.language) ? "" : identity.language);
  add("type", identity.type);
  if (with_version == WithVersion::yes) add("version", to_string(identity.version));
  add("publicKeyToken", identity.public_key_token);
  add("processorArchitecture", is_neutral(identity.architecture) ? "" : identity.architecture);
  add("versionScope", identity.version_scope);
  Bytes bytes;
  ByteWriter(bytes).be64(key);
  return to_hex(bytes);
}

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  const char* next = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < version.parts.size(); ++i) {
    if (i > 0 && (next == end || *next++ != '.')) return std::nullopt;
    const auto [stop, error] = std::from_chars(next, end, version.parts[i]);
    if (error != std::errc{}) return std::nullopt;
    next = stop;
  }
  return next == end ? std::optional(version) : std::nullopt;
}

std::string to_string(const Version& version) {
  std::string text;
  for (const std::uint16_t part : version.parts) text += (text.empty() ? "" : ".") + std::to_string(part);
  return text;
}

std::string package_id(const AssemblyIdentity& identity) {
  const std::string language = is_neutral(identity.language) ? "" : identity.language;
  return identity.name + '~' + identity.public_key_token + '~' + identity.architecture + '~' + language + '~' +
         to_string(identity.version);
}

std::string key_form(const AssemblyIdentity& identity) { return key_text(identity, WithVersion::yes); }

std::string family_key(const AssemblyIdentity& identity) { return key_text(identity, WithVersion::no); }

std::string to_string(const AssemblyIdentity& identity) {
  std::string text = identity.name + ' ' + to_string(identity.version) + ' ' + identity.architecture;
  if (!is_neutral(identity.language)) text += ' ' + identity.language;
  return text;
}

}  // namespace winnow
