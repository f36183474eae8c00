#include "resolve/proof/proof_text.hpp"

#include <charconv>

namespace winnow {

namespace {

constexpr std::uint32_t kMostLines = 50'000'000;

std::optional<std::size_t> level_named(std::string_view word) {
  for (std::size_t level = 0; level < kCostLevels; ++level) {
    if (to_string(static_cast<CostLevel>(level)) == word) return level;
  }
  return std::nullopt;
}

// Words between single spaces; nothing when there are two in a row or one at an end.
bool split_words(std::string_view line, std::vector<std::string_view>& words) {
  words.clear();
  while (true) {
    const std::size_t end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (words.back().empty()) return false;
    if (end == std::string_view::npos) return true;
    line.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> parse_amount(std::string_view word) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || std::to_string(number) != word) return std::nullopt;
  return number;
}

}  // namespace

std::string print_cost(const Cost& cost) {
  std::string text;
  for (std::size_t level = 0; level < kCostLevels; ++level) {
    if (cost.levels[level] == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::string(to_string(static_cast<CostLevel>(level))) + " " + std::to_string(cost.levels[level]);
  }
  return text.empty() ? "nothing" : text;
}

std::string print_remark(std::string_view text) {
  if (text.empty()) return "";
  std::string remark = " # ";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    remark += code < 0x20 || code == 0x7f ? '?' : c;
  }
  return remark;
}

std::optional<std::uint64_t> parse_plain_number(std::string_view digits) {
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  if (digits.front() == '0' && digits.size() > 1) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

Result<bool> ProofLines::next() {
  words_.clear();
  word_ = 0;
  if (rest_.empty()) return false;
  ++line_;
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) return fault("the last line has no end, the file was cut");
  if (line_ > kMostLines) return fault("it has more than " + std::to_string(kMostLines) + " lines");
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  line = line.substr(0, line.find(" # "));
  if (!split_words(line, words_)) return fault("words are separated by one space");
  return true;
}

Result<std::uint32_t> ProofLines::take_number(std::string_view prefix, std::uint32_t limit, std::string_view what) {
  const std::string_view word = take();
  const auto number = word.starts_with(prefix) ? parse_plain_number(word.substr(prefix.size())) : std::nullopt;
  if (!number) return fault("\"" + std::string(word) + "\" is not " + std::string(what));
  if (*number > limit) {
    return fault("\"" + std::string(word) + "\" is not " + std::string(what) + ", the last is " + std::string(prefix) +
                 std::to_string(limit));
  }
  return static_cast<std::uint32_t>(*number);
}

Result<Cost> ProofLines::take_cost() {
  Cost cost;
  if (peek() == "nothing") {
    take();
    return cost;
  }
  std::size_t lowest = 0;
  bool any = false;
  while (has_word()) {
    const auto level = level_named(peek());
    if (!level) break;
    if (any && *level <= lowest) return fault("the levels of a cost are not in order");
    lowest = *level;
    any = true;
    take();
    const std::string_view word = take();
    const auto amount = parse_amount(word);
    if (!amount || *amount == 0) return fault("\"" + std::string(word) + "\" is not an amount");
    cost.levels[*level] = *amount;
  }
  if (!any) return fault("\"" + std::string(peek()) + "\" is not a cost");
  return cost;
}

Result<void> ProofLines::take_word(std::string_view word) {
  if (peek() != word) return fault("\"" + std::string(peek()) + "\" is not \"" + std::string(word) + "\"");
  take();
  return {};
}

Result<void> ProofLines::end_line() const {
  if (has_word()) return fault("\"" + std::string(peek()) + "\" is one word too many");
  return {};
}

tl::unexpected<Error> ProofLines::fault(const std::string& reason) const {
  return fail({file_, line_, 0}, "cannot read the " + what_ + ": " + reason);
}

}  // namespace winnow
