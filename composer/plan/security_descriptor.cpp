#include "plan/security_descriptor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

namespace {

template <class T>
using NamedBits = std::pair<std::string_view, T>;

// Well-known SIDs by alias (MS-DTYP 2.4.2.4), those that Windows' own manifests use.
constexpr std::array kSidAliases = {
    NamedBits<std::string_view>{"BA", "S-1-5-32-544"}, NamedBits<std::string_view>{"BU", "S-1-5-32-545"},
    NamedBits<std::string_view>{"BG", "S-1-5-32-546"}, NamedBits<std::string_view>{"PU", "S-1-5-32-547"},
    NamedBits<std::string_view>{"AO", "S-1-5-32-548"}, NamedBits<std::string_view>{"SO", "S-1-5-32-549"},
    NamedBits<std::string_view>{"PO", "S-1-5-32-550"}, NamedBits<std::string_view>{"BO", "S-1-5-32-551"},
    NamedBits<std::string_view>{"RE", "S-1-5-32-552"}, NamedBits<std::string_view>{"RD", "S-1-5-32-555"},
    NamedBits<std::string_view>{"NO", "S-1-5-32-556"}, NamedBits<std::string_view>{"MU", "S-1-5-32-558"},
    NamedBits<std::string_view>{"LU", "S-1-5-32-559"}, NamedBits<std::string_view>{"SY", "S-1-5-18"},
    NamedBits<std::string_view>{"LS", "S-1-5-19"},     NamedBits<std::string_view>{"NS", "S-1-5-20"},
    NamedBits<std::string_view>{"WD", "S-1-1-0"},      NamedBits<std::string_view>{"CO", "S-1-3-0"},
    NamedBits<std::string_view>{"CG", "S-1-3-1"},      NamedBits<std::string_view>{"OW", "S-1-3-4"},
    NamedBits<std::string_view>{"NU", "S-1-5-2"},      NamedBits<std::string_view>{"IU", "S-1-5-4"},
    NamedBits<std::string_view>{"SU", "S-1-5-6"},      NamedBits<std::string_view>{"AN", "S-1-5-7"},
    NamedBits<std::string_view>{"ED", "S-1-5-9"},      NamedBits<std::string_view>{"PS", "S-1-5-10"},
    NamedBits<std::string_view>{"AU", "S-1-5-11"},     NamedBits<std::string_view>{"RC", "S-1-5-12"},
    NamedBits<std::string_view>{"WR", "S-1-5-33"},     NamedBits<std::string_view>{"AC", "S-1-15-2-1"},
    NamedBits<std::string_view>{"LW", "S-1-16-4096"},  NamedBits<std::string_view>{"ME", "S-1-16-8192"},
    NamedBits<std::string_view>{"HI", "S-1-16-12288"}, NamedBits<std::string_view>{"SI", "S-1-16-16384"},
};
constexpr std::array kAceTypes = {NamedBits<std::uint8_t>{"A", 0}, NamedBits<std::uint8_t>{"D", 1},
                                  NamedBits<std::uint8_t>{"AU", 2}, NamedBits<std::uint8_t>{"ML", 0x11}};
constexpr std::array kAceFlags = {NamedBits<std::uint8_t>{"OI", 1},    NamedBits<std::uint8_t>{"CI", 2},
                                  NamedBits<std::uint8_t>{"NP", 4},    NamedBits<std::uint8_t>{"IO", 8},
                                  NamedBits<std::uint8_t>{"ID", 0x10}, NamedBits<std::uint8_t>{"SA", 0x40},
                                  NamedBits<std::uint8_t>{"FA", 0x80}};
// Access rights (MS-DTYP 2.5.1.1): generic, standard, directory-object letters, file and key groups, label policies.
constexpr std::array kRights = {
    NamedBits<std::uint32_t>{"GA", 0x10000000}, NamedBits<std::uint32_t>{"GX", 0x20000000},
    NamedBits<std::uint32_t>{"GW", 0x40000000}, NamedBits<std::uint32_t>{"GR", 0x80000000},
    NamedBits<std::uint32_t>{"RC", 0x20000},    NamedBits<std::uint32_t>{"SD", 0x10000},
    NamedBits<std::uint32_t>{"WD", 0x40000},    NamedBits<std::uint32_t>{"WO", 0x80000},
    NamedBits<std::uint32_t>{"CC", 0x1},        NamedBits<std::uint32_t>{"DC", 0x2},
    NamedBits<std::uint32_t>{"LC", 0x4},        NamedBits<std::uint32_t>{"SW", 0x8},
    NamedBits<std::uint32_t>{"RP", 0x10},       NamedBits<std::uint32_t>{"WP", 0x20},
    NamedBits<std::uint32_t>{"DT", 0x40},       NamedBits<std::uint32_t>{"LO", 0x80},
    NamedBits<std::uint32_t>{"CR", 0x100},      NamedBits<std::uint32_t>{"FA", 0x1F01FF},
    NamedBits<std::uint32_t>{"FR", 0x120089},   NamedBits<std::uint32_t>{"FW", 0x120116},
    NamedBits<std::uint32_t>{"FX", 0x1200A0},   NamedBits<std::uint32_t>{"KA", 0xF003F},
    NamedBits<std::uint32_t>{"KR", 0x20019},    NamedBits<std::uint32_t>{"KW", 0x20006},
    NamedBits<std::uint32_t>{"KX", 0x20019},    NamedBits<std::uint32_t>{"NW", 0x1},
    NamedBits<std::uint32_t>{"NR", 0x2},        NamedBits<std::uint32_t>{"NX", 0x4},
};

constexpr std::uint16_t kSelfRelative = 0x8000;
constexpr std::uint16_t kDaclPresent = 0x0004;
constexpr std::uint16_t kSaclPresent = 0x0010;
constexpr std::size_t kMaxAclBytes = 0xFFFF;  // ACL.AclSize is 16 bits
constexpr std::size_t kMaxSubAuthorities = 15;

struct Acl {
  std::uint16_t control = 0;
  std::uint16_t count = 0;
  Bytes entries;
};

template <class T, std::size_t N>
const T* find_named(const std::array<NamedBits<T>, N>& table, std::string_view name) {
  const auto it = std::find_if(table.begin(), table.end(), [name](const auto& row) { return row.first == name; });
  return it == table.end() ? nullptr : &it->second;
}

// Two-letter codes in a row, or'ed together; nothing on an unknown one.
template <class T, std::size_t N>
std::optional<T> parse_codes(const std::array<NamedBits<T>, N>& table, std::string_view text) {
  T bits = 0;
  for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(2, text.size()))) {
    const T* bit = find_named(table, text.substr(0, 2));
    if (bit == nullptr) return std::nullopt;
    bits = static_cast<T>(bits | *bit);
  }
  return bits;
}

template <class T>
std::optional<T> parse_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<Bytes> parse_sid(std::string_view text) {
  if (const std::string_view* full = find_named(kSidAliases, text)) text = *full;
  if (!text.starts_with("S-1-")) return std::nullopt;
  text.remove_prefix(4);
  std::vector<std::uint64_t> parts;
  for (;;) {
    const std::size_t dash = text.find('-');
    const auto part = parse_number<std::uint64_t>(text.substr(0, dash));
    if (!part) return std::nullopt;
    parts.push_back(*part);
    if (dash == std::string_view::npos) break;
    text.remove_prefix(dash + 1);
  }
  if (parts.size() < 2 || parts.size() - 1 > kMaxSubAuthorities || parts[0] >> 48 != 0) return std::nullopt;
  Bytes sid = {1, static_cast<std::uint8_t>(parts.size() - 1)};
  ByteWriter out(sid);
  out.be16(static_cast<std::uint16_t>(parts[0] >> 32));
  out.be32(static_cast<std::uint32_t>(parts[0]));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] > 0xFFFFFFFF) return std::nullopt;
    out.le32(static_cast<std::uint32_t>(parts[i]));
  }
  return sid;
}

// One "type;flags;rights;object;inherited object;sid" between parentheses.
bool append_ace(std::string_view text, Acl& acl) {
  std::array<std::string_view, 6> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t end = i + 1 < fields.size() ? text.find(';') : text.size();
    if (end == std::string_view::npos) return false;
    fields[i] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const std::uint8_t* type = find_named(kAceTypes, fields[0]);
  const auto flags = parse_codes(kAceFlags, fields[1]);
  const auto number = parse_number<std::uint32_t>(fields[2]);
  const auto rights = number ? number : parse_codes(kRights, fields[2]);
  const auto sid = parse_sid(fields[5]);
  if (type == nullptr || !flags || !rights || !sid || !fields[3].empty() || !fields[4].empty()) return false;
  ByteWriter out(acl.entries);
  out.u8(*type);
  out.u8(*flags);
  out.le16(static_cast<std::uint16_t>(8 + sid->size()));
  out.le32(*rights);
  out.bytes(*sid);
  ++acl.count;
  return acl.entries.size() + 8 <= kMaxAclBytes;
}

// "PAIAR(ace)(ace)…": flags, then entries. `present` and `shift` place the control bits of a DACL or a SACL.
std::optional<Acl> parse_acl(std::string_view text, bool is_sacl) {
  Acl acl;
  acl.control = is_sacl ? kSaclPresent : kDaclPresent;
  while (!text.empty() && text.front() != '(') {
    const std::size_t length = text.starts_with("P") ? 1 : 2;
    const std::string_view flag = text.substr(0, length);
    const int bit = flag == "P" ? 12 : flag == "AR" ? 8 : flag == "AI" ? 10 : -1;
    if (bit < 0) return std::nullopt;
    acl.control = static_cast<std::uint16_t>(acl.control | 1u << (bit + (is_sacl ? 1 : 0)));
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    const std::size_t end = text.find(')');
    if (text.front() != '(' || end == std::string_view::npos) return std::nullopt;
    if (!append_ace(text.substr(1, end - 1), acl)) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  return acl;
}

// Splits "O:…G:…D:…S:…" at its section letters, which stand outside parentheses.
struct Sections {
  std::array<std::optional<std::string_view>, 4> parts;  // O G D S
};
std::optional<Sections> split_sections(std::string_view text) {
  constexpr std::string_view kLetters = "OGDS";
  Sections sections;
  while (!text.empty()) {
    const std::size_t which = kLetters.find(text[0]);
    if (which == std::string_view::npos || text.size() < 2 || text[1] != ':' || sections.parts[which])
      return std::nullopt;
    std::size_t end = 2;
    for (int depth = 0; end < text.size(); ++end) {
      depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
      if (depth == 0 && end + 1 < text.size() && text[end + 1] == ':' &&
          kLetters.find(text[end]) != std::string_view::npos) {
        break;
      }
    }
    sections.parts[which] = text.substr(2, end - 2);
    text.remove_prefix(end);
  }
  return sections;
}

void append_acl(Bytes& out, const Acl& acl) {
  ByteWriter writer(out);
  writer.u8(2);  // ACL_REVISION
  writer.u8(0);
  writer.le16(static_cast<std::uint16_t>(8 + acl.entries.size()));
  writer.le16(acl.count);
  writer.le16(0);
  writer.bytes(acl.entries);
}

}  // namespace

// Layout: header (20) | owner SID | group SID | SACL | DACL; a part that is absent has offset 0.
Result<Bytes> parse_sddl(std::string_view sddl) {
  const std::string subject = "cannot read security descriptor \"" + std::string(sddl) + "\": ";
  const auto sections = split_sections(sddl);
  if (!sections) return fail(subject + "it is no sequence of O: G: D: S: parts");
  Bytes out = {1, 0};
  ByteWriter writer(out);
  writer.zeros(18);
  std::uint16_t control = kSelfRelative;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!sections->parts[i]) continue;
    const auto sid = parse_sid(*sections->parts[i]);
    if (!sid) return fail(subject + "\"" + std::string(*sections->parts[i]) + "\" is no SID winnow knows");
    writer.put_le32_at(4 + 4 * i, static_cast<std::uint32_t>(out.size()));
    writer.bytes(*sid);
  }
  for (const std::size_t i : {std::size_t{3}, std::size_t{2}}) {
    if (!sections->parts[i]) continue;
    const auto acl = parse_acl(*sections->parts[i], i == 3);
    if (!acl) return fail(subject + "its " + (i == 3 ? "SACL" : "DACL") + " has an entry winnow does not know");
    control = static_cast<std::uint16_t>(control | acl->control);
    writer.put_le32_at(i == 3 ? 12 : 16, static_cast<std::uint32_t>(out.size()));
    append_acl(out, *acl);
  }
  writer.put_le16_at(2, control);
  return out;
}

}  // namespace winnow
