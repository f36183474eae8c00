// Cabinets (.cab), which Windows' packages come in: LZX, MSZIP or stored, member names with '\', a signature behind the
// last folder (which is not looked at).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

[[nodiscard]] bool is_cabinet(ByteView bytes);

// The files of a cabinet, as Payload::entries. Refused, in the words of load_payload() and by the same limits: what it
// refuses, a name Windows could not hold, a name of a device ("nul.txt"), two names that differ only in case, a part of
// a set of cabinets. `name` stands for the cabinet in messages.
[[nodiscard]] Result<std::vector<PayloadEntry>> unpack_cabinet(const SharedBytes& cabinet, const std::string& name);

}  // namespace winnow
