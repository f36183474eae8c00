#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace winnow {

namespace {

constexpr std::size_t kFileSink = 1;  // behind the one of stderr

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("winnow", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("winnow: %l: %v");
    made->sinks().front()->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

}  // namespace

void show_log() { logger().sinks().front()->set_level(spdlog::level::info); }

Result<void> log_to_file(const std::filesystem::path& file) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string(), true);
    sink->set_pattern("%v");
    close_log_file();
    logger().sinks().push_back(std::move(sink));
    logger().flush_on(spdlog::level::info);
  } catch (const spdlog::spdlog_ex& error) {
    return fail("cannot write log " + file.string() + ": " + error.what());
  }
  return {};
}

void close_log_file() {
  auto& sinks = logger().sinks();
  if (sinks.size() > kFileSink) sinks.resize(kFileSink);
}

void log_info(std::string_view message) { logger().info("{}", message); }

}  // namespace winnow
