// A stored report of anybody, read and used: for the fuzzer and for the replay of its corpus.
#pragma once

#include "size_analyzer/facts_json.hpp"
#include "size_analyzer/history/build_record.hpp"
#include "size_analyzer/waste.hpp"

namespace winnow::testing {

// Whether `bytes` are a report. One that is taken is read back from its own text as it was, and its history record and
// waste are made.
inline bool read_report(ByteView bytes) {
  const auto facts = parse_facts(as_text(bytes), "input");
  if (!facts) return false;
  const auto again = parse_facts(print_facts(*facts), "again");
  if (!again || !(*again == *facts)) __builtin_trap();
  (void)print_waste(find_waste(*facts));
  if (const auto record = record_build(*facts, {"", "1", "", std::nullopt})) {
    Sizes kinds;
    for (const KindRecord& kind : record->kinds) kinds += kind.sizes;
    if (!(kinds == facts->total)) __builtin_trap();
    (void)digest_of(*record);
  }
  return true;
}

}  // namespace winnow::testing
