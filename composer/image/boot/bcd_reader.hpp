// How Windows is started, as a boot configuration says it: what write_bcd_store() wrote, or Windows' own tools changed.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/boot/bcd_store.hpp"

namespace winnow {

// Of the store's default entry. What it does not say, or says in a way that BcdOptions has no word for (no execution at
// all, a local debugger), stays as BcdOptions has it. Error "cannot read boot configuration: <reason>".
[[nodiscard]] Result<BcdOptions> read_bcd_options(ByteView store);

}  // namespace winnow
