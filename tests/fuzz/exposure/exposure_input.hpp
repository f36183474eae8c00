// What must hold of any bytes given to the reader of security update documents: it ends, with a document whose indexes
// are in range or with an error, and a report over it keeps lower <= upper.
#pragma once

#include <cstdlib>
#include <string_view>

#include "base/bytes.hpp"
#include "size_analyzer/exposure/exposure_report.hpp"

namespace winnow::testing {

inline void hold(bool condition) {
  if (!condition) std::abort();
}

inline void check_document(const SecurityDocument& document) {
  hold(!document.id.empty() && document.month.size() == 7);
  for (const Vulnerability& vulnerability : document.vulnerabilities) {
    hold(!vulnerability.id.empty());
    for (const AffectedProduct& affected : vulnerability.affected) hold(affected.product < document.products.size());
    for (const SecurityFix& fix : vulnerability.fixes) {
      for (const ProductIndex product : fix.products) hold(product < document.products.size());
    }
  }
}

inline void check_exposure_input(ByteView bytes) {
  const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  (void)TagMap::parse(text, "input");
  auto parsed = parse_security_document(text, "input");
  if (!parsed) {
    hold(!parsed.error().faults().empty());
    return;
  }
  check_document(parsed->document);
  SecurityDocuments documents{{std::move(parsed->document)}, std::move(parsed->warnings)};
  ExposureRequest request;
  ImageFacts facts;
  facts.owners.emplace_back();
  request.image = ExposedSubject::image(facts);
  request.baseline = ExposedSubject::product("product");
  request.image_products = {"*"};
  const auto report = measure_exposure(documents, TagMap(), request);
  if (!report) return;
  for (const ExposureMeasure& measure : report->measures) {
    hold(measure.image.lower <= measure.image.upper);
    // A bulletin that is critical for the whole may be important for a part of it.
    hold(measure.name == "important bulletins" || measure.image.upper <= measure.baseline.upper);
  }
  hold(!print_exposure(*report, true).empty() && !exposure_markdown(*report).empty() && !exposure_csv(*report).empty());
  (void)to_json(*report).dump();
}

}  // namespace winnow::testing
