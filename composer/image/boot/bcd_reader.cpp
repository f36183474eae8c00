#include "image/boot/bcd_reader.hpp"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "formats/bcd.hpp"
#include "image/hive/hive_reader.hpp"

namespace winnow {

namespace {

std::string braced(std::string_view guid) { return "{" + std::string(guid) + "}"; }

// An element's name: eight lower-case hexadecimal digits.
std::string digits_of(std::uint32_t element) {
  Bytes bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(element >> shift));
  return to_hex(bytes);
}

class StoreReader {
 public:
  explicit StoreReader(const Hive& hive) : hive_(hive) {}

  Result<BcdOptions> read() {
    const std::string manager = braced(bcd::kBootManager);
    const auto loader = text(manager, bcd::kDefaultObject);
    if (!loader) return fail("cannot read boot configuration: it has no default entry");
    loader_ = *loader;
    BcdOptions options;
    options.locale = text(loader_, bcd::kLocale).value_or(options.locale);
    options.timeout_seconds = number(manager, bcd::kTimeout).value_or(options.timeout_seconds);
    options.test_signing = is_on(loader_, bcd::kTestSigning);
    if (const auto nx = number(loader_, bcd::kNx)) options.nx_opt_out = *nx != 0;
    options.ignore_failures = number(loader_, bcd::kBootStatusPolicy) == bcd::kIgnoreAllFailures;
    if (is_on(loader_, bcd::kOsEms) || is_on(manager, bcd::kEmsEnabled)) {
      options.ems = serial_port(bcd::kEmsSettings, bcd::kEmsPort, bcd::kEmsBaud);
    }
    if (is_on(loader_, bcd::kKernelDebug)) options.debugger = debugger();
    return options;
  }

 private:
  [[nodiscard]] std::optional<RegistryValue> element(const std::string& object, std::uint32_t element) const {
    return hive_.find_value("Objects\\" + object + "\\Elements\\" + digits_of(element), "Element");
  }
  [[nodiscard]] std::optional<std::string> text(const std::string& object, std::uint32_t name) const {
    const auto value = element(object, name);
    return value ? to_text(*value) : std::nullopt;
  }
  // As many bytes as it takes: stores of Microsoft's have 1e for 30, and 00c201 for 115200.
  [[nodiscard]] std::optional<std::uint32_t> number(const std::string& object, std::uint32_t name) const {
    const auto value = element(object, name);
    if (!value || value->data.empty() || value->data.size() > sizeof(std::uint64_t)) return std::nullopt;
    std::uint64_t number = 0;
    for (std::size_t i = value->data.size(); i-- > 0;) number = number << 8 | value->data[i];
    if (number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::uint32_t>(number);
  }
  [[nodiscard]] bool is_on(const std::string& object, std::uint32_t name) const {
    const auto value = element(object, name);
    return value && !value->data.empty() && value->data.front() != 0;
  }
  // What the entry itself says goes before the settings it inherits.
  template <class Read>
  [[nodiscard]] auto inherited(std::string_view settings, Read&& read) const {
    auto own = read(loader_);
    return own ? own : read(braced(settings));
  }
  [[nodiscard]] std::optional<std::uint32_t> number_below(std::string_view settings, std::uint32_t name) const {
    return inherited(settings, [&](const std::string& object) { return number(object, name); });
  }
  [[nodiscard]] std::string text_below(std::string_view settings, std::uint32_t name) const {
    return inherited(settings, [&](const std::string& object) { return text(object, name); }).value_or("");
  }

  [[nodiscard]] SerialPort serial_port(std::string_view settings, std::uint32_t port, std::uint32_t baud) const {
    SerialPort line;
    line.port = number_below(settings, port).value_or(line.port);
    line.baud = number_below(settings, baud).value_or(line.baud);
    return line;
  }
  [[nodiscard]] std::optional<Debugger> debugger() const {
    constexpr std::string_view kSettings = bcd::kDebuggerSettings;
    switch (number_below(kSettings, bcd::kDebuggerType).value_or(bcd::kSerialDebugger)) {
      case bcd::kSerialDebugger:
        return serial_port(kSettings, bcd::kDebuggerPort, bcd::kDebuggerBaud);
      case bcd::kFirewireDebugger:
        return FirewireDebugger{number_below(kSettings, bcd::kDebuggerChannel).value_or(0)};
      case bcd::kUsbDebugger:
        return UsbDebugger{text_below(kSettings, bcd::kDebuggerTargetName)};
      case bcd::kNetDebugger:
        return NetDebugger{number_below(kSettings, bcd::kDebuggerHostIp).value_or(0),
                           number_below(kSettings, bcd::kDebuggerHostPort).value_or(0),
                           text_below(kSettings, bcd::kDebuggerKey),
                           text_below(kSettings, bcd::kDebuggerBusParameters)};
      default:
        return std::nullopt;
    }
  }

  const Hive& hive_;
  std::string loader_;
};

}  // namespace

Result<BcdOptions> read_bcd_options(ByteView store) {
  const auto hive = Hive::parse(store);
  if (!hive) return fail("cannot read boot configuration: " + hive.error().faults().front().message);
  return StoreReader(*hive).read();
}

}  // namespace winnow
