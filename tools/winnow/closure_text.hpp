// The closure of Windows' packages for people and for programs: what closes, what is missing and who asks for it.
#pragma once

#include <iosfwd>

#include "base/json.hpp"
#include "servicing/servicing_closure.hpp"

namespace winnow {

// "package", "component", "driver".
[[nodiscard]] std::string kind_name(PackageReference::Kind kind);

void print_closure(const ServicingRepository& repository, const ServicingClosure& closure, std::ostream& out);
// Schema winnow-closure-1.
[[nodiscard]] Json closure_json(const ServicingRepository& repository, const ServicingClosure& closure);

}  // namespace winnow
