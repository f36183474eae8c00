#include "feed/rgs_script.hpp"

#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/utf16.hpp"
#include "manifest/registry_root.hpp"

namespace winnow {
namespace {

using Replacements = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kSpace = " \t\r\n\v\f";

struct Token {
  std::string text;     // "" at the end of the script
  bool quoted = false;  // a quoted brace is a name, not a brace
  std::uint32_t line = 0;

  [[nodiscard]] bool is(std::string_view symbol) const { return !quoted && text == symbol; }
  [[nodiscard]] bool at_end() const { return !quoted && text.empty(); }
};

// Words, quoted texts, '=' and '}'. An opening brace is one only when a space follows, so that '{guid}' needs no
// quotes.
Result<std::vector<Token>> split_into_tokens(std::string_view text) {
  std::vector<Token> tokens;
  std::uint32_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (kSpace.find(text[at]) != std::string_view::npos) {
      if (text[at++] == '\n') ++line;
      continue;
    }
    Token token{"", false, line};
    if (text[at] == '\'') {
      token.quoted = true;
      for (++at;; ++at) {
        if (at >= text.size()) return fail({"", line, 0}, "a quoted text is not closed");
        if (text[at] == '\'' && (at + 1 >= text.size() || text[at + 1] != '\'')) break;
        if (text[at] == '\'') ++at;
        if (text[at] == '\n') ++line;
        token.text += text[at];
      }
      ++at;
    } else if (text[at] == '}' || text[at] == '=') {
      token.text = text[at++];
    } else {
      const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
      token.text = text.substr(at, end - at);
      at = end;
    }
    tokens.push_back(std::move(token));
  }
  tokens.push_back({"", false, line});
  return tokens;
}

Result<std::string> replace_names(std::string_view text, const Replacements& replacements) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      result += text[at++];
      continue;
    }
    const std::size_t close = text.find('%', at + 1);
    if (close == std::string_view::npos) return fail("\"" + std::string(text) + "\" has a single percent sign");
    const std::string_view name = text.substr(at + 1, close - at - 1);
    const auto known = replacements.find(name);
    if (!name.empty() && known == replacements.end()) return fail("%" + std::string(name) + "% is not known");
    result += name.empty() ? "%" : known->second;
    at = close + 1;
  }
  return result;
}

class ScriptReader {
 public:
  ScriptReader(std::vector<Token> tokens, const Replacements& replacements, RegistryKeys& keys)
      : tokens_(std::move(tokens)), replacements_(replacements), keys_(keys) {}

  Result<void> read() {
    while (!peek().at_end()) {
      WINNOW_TRY(const std::string name, next_text());
      const std::string_view root = full_root_name(name);
      if (root.empty()) return fault("\"" + name + "\" is not a root key");
      WINNOW_CHECK(expect("{"));
      WINNOW_CHECK(read_block(std::string(root), 1));
    }
    return {};
  }

 private:
  [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
  tl::unexpected<Error> fault(const std::string& reason) const { return fail({"", peek().line, 0}, reason); }

  // The next token, whatever it is, with names replaced.
  Result<std::string> next_text() {
    if (peek().at_end()) return fault("it ends in the middle");
    auto text = replace_names(peek().text, replacements_);
    if (!text) return fault(text.error().faults().front().message);
    ++at_;
    return text;
  }

  Result<void> expect(std::string_view symbol) {
    if (!peek().is(symbol)) return fault("expected \"" + std::string(symbol) + "\", found \"" + peek().text + "\"");
    ++at_;
    return {};
  }

  // After the opening brace, up to and with the closing one.
  Result<void> read_block(const std::string& path, std::size_t depth) {
    if (depth > kMaxScriptDepth) return fault("keys are nested deeper than " + std::to_string(kMaxScriptDepth));
    while (!peek().is("}")) {
      // What a script says about removal does not matter to a key that is about to be made.
      if (peek().is("NoRemove") || peek().is("ForceRemove") || peek().is("Delete")) {
        const bool deletes = peek().is("Delete");
        ++at_;
        if (deletes) {
          WINNOW_CHECK(next_text());
          continue;
        }
      }
      if (peek().is("val")) {
        ++at_;
        WINNOW_TRY(std::string name, next_text());
        WINNOW_CHECK(read_value(path, std::move(name)));
      } else {
        WINNOW_CHECK(read_key(path, depth));
      }
    }
    return expect("}");
  }

  Result<void> read_key(const std::string& parent, std::size_t depth) {
    WINNOW_TRY(const std::string name, next_text());
    const std::string path = parent + "\\" + name;
    const bool has_default = peek().is("=");
    if (has_default) WINNOW_CHECK(read_value(path, ""));
    const bool has_block = peek().is("{");
    if (!has_block) {
      if (!has_default) keys_.add_key(path);
      return {};
    }
    ++at_;
    if (!has_default && peek().is("}")) keys_.add_key(path);
    return read_block(path, depth + 1);
  }

  // "= s 'text'", "= d 12", "= b 00ff".
  Result<void> read_value(const std::string& path, std::string name) {
    WINNOW_CHECK(expect("="));
    WINNOW_TRY(const std::string type, next_text());
    WINNOW_TRY(const std::string text, next_text());
    ComponentRegistryValue value;
    value.name = std::move(name);
    if (ascii_iequals(type, "s")) {
      WINNOW_TRY(value.data, text_data(text));
    } else if (ascii_iequals(type, "d")) {
      std::uint32_t number = 0;
      const bool hex = text.starts_with("0x") || text.starts_with("0X");
      const char* const end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data() + (hex ? 2 : 0), end, number, hex ? 16 : 10);
      if (error != std::errc() || stop != end) return fault("\"" + text + "\" is not a number");
      value.type = static_cast<std::uint32_t>(RegistryType::dword);
      value.data = dword_data(number);
    } else if (ascii_iequals(type, "b")) {
      auto data = from_hex(text);
      if (!data) return fault("\"" + text + "\" is not hex");
      value.type = static_cast<std::uint32_t>(RegistryType::binary);
      value.data = std::move(*data);
    } else {
      return fault("\"" + type + "\" is not a value type");
    }
    keys_.set_value(path, std::move(value));
    return {};
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  const Replacements& replacements_;
  RegistryKeys& keys_;
};

Result<void> read_script(std::string_view text, const Replacements& replacements, RegistryKeys& keys) {
  if (text.size() > kMaxScriptBytes) return fail("it holds more than " + std::to_string(kMaxScriptBytes) + " bytes");
  WINNOW_TRY(std::vector<Token> tokens, split_into_tokens(text));
  return ScriptReader(std::move(tokens), replacements, keys).read();
}

}  // namespace

Result<void> add_registrar_script(std::string_view text, const std::string& file, const Replacements& replacements,
                                  RegistryKeys& keys) {
  // A resource may end in padding.
  while (text.ends_with('\0')) text.remove_suffix(1);
  const auto read = read_script(text, replacements, keys);
  if (read) return {};
  const Fault& fault = read.error().faults().front();
  return fail({file, fault.place.line, 0}, "cannot parse registrar script: " + fault.message);
}

}  // namespace winnow
