// What went wrong, where, and what to do next. An Error carries one Fault or several: parsers collect, so one run
// reports every fault of a file, in order. Only the command line prints; libraries return.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

// A position in an input. `line` and `column` count from 1; 0 means "the file as a whole".
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
};

// "file:line:col" with the parts that are known; "" when even the file is not.
[[nodiscard]] std::string to_string(const Place& place);

// One thing that is wrong. `message` reads "cannot <verb> <object>: <reason>": lower case, no final period.
// `notes` are further lines: the other party of a conflict, the nearest name, the next step.
struct Fault {
  Place place;
  std::string message;
  std::vector<std::string> notes;
};

class [[nodiscard]] Error {
 public:
  explicit Error(Fault fault) { faults_.push_back(std::move(fault)); }
  explicit Error(std::vector<Fault> faults) : faults_(std::move(faults)) {}

  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }
  // The same error seen from further out: `note` is added to every fault.
  [[nodiscard]] Error with_note(const std::string& note) &&;
  // The same error, its faults without a file placed in `file`.
  [[nodiscard]] Error in_file(const std::string& file) &&;

 private:
  std::vector<Fault> faults_;  // never empty
};

// The text a user sees: one "place: message" line per fault, each note on a line of its own as "  note: …".
[[nodiscard]] std::string to_string(const Error& error);

// Collects faults while a parser goes on, so that one run reports them all.
class Diagnostics {
 public:
  void add(Place place, std::string message, std::vector<std::string> notes = {});
  void add(const Error& error);
  [[nodiscard]] bool empty() const { return faults_.empty(); }
  // Precondition: !empty().
  [[nodiscard]] Error error() && { return Error(std::move(faults_)); }

 private:
  std::vector<Fault> faults_;
};

}  // namespace winnow
