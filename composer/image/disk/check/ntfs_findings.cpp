#include "image/disk/check/ntfs_findings.hpp"

namespace winnow::check {

void NtfsFindings::flush(Findings& findings, const std::string& prefix,
                         const std::function<std::string(std::uint64_t)>& path_of) {
  for (Fault& fault : faults_) {
    std::string subject = prefix + fault.subject;
    if (fault.has_record) {
      const std::string path = path_of(fault.record);
      subject += "MFT record " + std::to_string(fault.record) + (path.empty() ? "" : " (" + path + ")");
    }
    findings.add(std::move(subject), std::move(fault.message));
  }
  if (count_ > kMaxFindings) {
    findings.add(prefix + "volume", std::to_string(count_ - kMaxFindings) + " more faults are not listed");
  }
  faults_.clear();
  count_ = 0;
}

}  // namespace winnow::check
