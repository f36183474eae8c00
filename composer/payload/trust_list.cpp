#include "payload/trust_list.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "payload/der_reader.hpp"
#include "payload/security_catalog.hpp"

namespace winnow {

namespace {

constexpr std::string_view kCatalogList = "1.3.6.1.4.1.311.12.1.1";
constexpr std::string_view kTextMembers = "1.3.6.1.4.1.311.12.1.2";   // named by the digest's hex digits in UTF-16
constexpr std::string_view kBytesMembers = "1.3.6.1.4.1.311.12.1.3";  // named by the digest
constexpr std::string_view kIndirectData = "1.3.6.1.4.1.311.2.1.4";
constexpr std::string_view kImageData = "1.3.6.1.4.1.311.2.1.15";

struct Member {
  Bytes digest;
  bool is_image = false;
};

std::optional<Bytes> digest_of_text(ByteView utf16) {
  std::string text;
  for (std::size_t i = 0; i + 1 < utf16.size(); i += 2) {
    if (utf16[i] == 0 && utf16[i + 1] == 0 && i + 2 == utf16.size()) break;
    if (utf16[i + 1] != 0) return std::nullopt;
    text += static_cast<char>(utf16[i]);
  }
  return from_hex(text);
}

// What a member says it is beside its name: which digest of what.
bool read_indirect_data(ByteView content, Member& member) {
  DerReader data(content);
  const auto type = data.next(kDerSequence);
  const auto info = data.next(kDerSequence);
  if (!type || !info) return false;
  const auto id = DerReader(*type).next(kDerObject);
  DerReader fields(*info);
  const auto algorithm = fields.next(kDerSequence);
  const auto digest = fields.next(kDerOctets);
  if (!id || !algorithm || !digest) return false;
  member.is_image = object_id_text(*id) == kImageData;
  return std::equal(digest->begin(), digest->end(), member.digest.begin(), member.digest.end());
}

bool read_attributes(ByteView set, Member& member) {
  DerReader attributes(set);
  while (!attributes.at_end()) {
    const auto attribute = attributes.next(kDerSequence);
    if (!attribute) return false;
    DerReader fields(*attribute);
    const auto id = fields.next(kDerObject);
    const auto values = fields.next(kDerSet);
    if (!id || !values) return false;
    if (object_id_text(*id) != kIndirectData) continue;
    const auto value = DerReader(*values).next(kDerSequence);
    if (!value || !read_indirect_data(*value, member)) return false;
  }
  return true;
}

std::optional<Member> read_member(ByteView content, bool named_by_text) {
  DerReader fields(content);
  const auto name = fields.next(kDerOctets);
  if (!name) return std::nullopt;
  Member member;
  if (named_by_text) {
    auto digest = digest_of_text(*name);
    if (!digest) return std::nullopt;
    member.digest = std::move(*digest);
  } else {
    member.digest.assign(name->begin(), name->end());
  }
  if (fields.at_end()) return member;
  const auto attributes = fields.next(kDerSet);
  if (!attributes || !fields.at_end() || !read_attributes(*attributes, member)) return std::nullopt;
  return member;
}

bool add(const Member& member, TrustListMembers& members) {
  Digest sha256;
  Sha1Digest sha1;
  const bool is_sha256 = member.digest.size() == sha256.bytes.size();
  if (!is_sha256 && member.digest.size() != sha1.bytes.size()) return false;
  if (member.is_image) {
    ++members.images;
  } else if (is_sha256) {
    std::copy(member.digest.begin(), member.digest.end(), sha256.bytes.begin());
    members.sha256.push_back(sha256);
  } else {
    std::copy(member.digest.begin(), member.digest.end(), sha1.bytes.begin());
    members.sha1.push_back(sha1);
  }
  return true;
}

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::string read_members(ByteView content, bool named_by_text, TrustListMembers& members) {
  DerReader list(content);
  for (std::size_t number = 1; !list.at_end(); ++number) {
    if (number > kMaxCatalogMembers) return "it has more than " + std::to_string(kMaxCatalogMembers) + " members";
    const auto item = list.next(kDerSequence);
    const auto member = item ? read_member(*item, named_by_text) : std::nullopt;
    if (!member) return "its member " + std::to_string(number) + " is damaged";
    if (!add(*member, members)) {
      return "its member " + std::to_string(number) + " has a digest of " + std::to_string(member->digest.size()) +
             " bytes, neither SHA-1 nor SHA-256";
    }
  }
  sort_unique(members.sha256);
  sort_unique(members.sha1);
  return "";
}

}  // namespace

std::string read_trust_list(ByteView content, TrustListMembers& members) {
  const std::string damaged = "its trust list is damaged";
  DerReader fields(content);
  if (!fields.skip(kDerInteger)) return damaged;  // version
  const auto usage = fields.next(kDerSequence);
  const auto purpose = usage ? DerReader(*usage).next(kDerObject) : std::nullopt;
  if (!purpose) return damaged;
  if (object_id_text(*purpose) != kCatalogList) return "its trust list is of another kind, " + object_id_text(*purpose);
  // Identifier, number, dates.
  for (const std::uint8_t tag : {kDerOctets, kDerInteger, kDerUtcTime, kDerGeneralTime, kDerUtcTime, kDerGeneralTime}) {
    if (!fields.skip(tag)) return damaged;
  }
  const auto algorithm = fields.next(kDerSequence);
  const auto kind = algorithm ? DerReader(*algorithm).next(kDerObject) : std::nullopt;
  if (!kind) return damaged;
  const std::string id = object_id_text(*kind);
  if (id != kTextMembers && id != kBytesMembers) return "its members are of a kind nobody knows, " + id;
  if (fields.peek() != kDerSequence) return fields.at_end() || fields.peek() == 0xA0 ? "" : damaged;
  const auto subjects = fields.next(kDerSequence);
  return subjects ? read_members(*subjects, id == kTextMembers, members) : damaged;
}

}  // namespace winnow
