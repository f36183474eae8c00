// Findings inside an NTFS volume. They name the MFT record; its path is known only when all records were read, so the
// lines are made at the end.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "image/disk/check/findings.hpp"

namespace winnow::check {

class NtfsFindings {
 public:
  // "MFT record 64 (\a\b.txt): <message>"
  void add(std::uint64_t record, std::string message) { add_fault({record, true, {}, std::move(message)}); }
  // Something that is no record: "boot sector", "$Bitmap".
  void add(std::string subject, std::string message) { add_fault({0, false, std::move(subject), std::move(message)}); }
  // Moves all to `findings`, each subject behind `prefix`.
  void flush(Findings& findings, const std::string& prefix, const std::function<std::string(std::uint64_t)>& path_of);

 private:
  struct Fault {
    std::uint64_t record;
    bool has_record;
    std::string subject;
    std::string message;
  };
  void add_fault(Fault fault) {
    if (count_++ < kMaxFindings) faults_.push_back(std::move(fault));
  }
  std::vector<Fault> faults_;
  std::size_t count_ = 0;
};

// Where the parser of one record says what is wrong with it; silent when the record was reported on before.
class RecordReport {
 public:
  RecordReport() = default;
  RecordReport(NtfsFindings* findings, std::uint64_t record) : findings_(findings), record_(record) {}
  void operator()(std::string message) const {
    if (findings_ != nullptr) findings_->add(record_, std::move(message));
  }

 private:
  NtfsFindings* findings_ = nullptr;
  std::uint64_t record_ = 0;
};

}  // namespace winnow::check
