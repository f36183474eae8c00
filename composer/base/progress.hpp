// What a long step tells the world while it runs. The library only calls; the command line draws (or does not).
#pragma once

#include <cstdint>
#include <string_view>

namespace winnow {

class Progress {
 public:
  virtual ~Progress() = default;
  // A new step begins, e.g. "compress layer"; `total` is in whatever the step counts, 0 when unknown.
  virtual void begin_step(std::string_view name, std::uint64_t total) = 0;
  // `done` of `total` so far. May be called from any thread, often; must be cheap.
  virtual void advance(std::uint64_t done) = 0;
};

// Draws nothing.
class SilentProgress final : public Progress {
 public:
  void begin_step(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
};

}  // namespace winnow
