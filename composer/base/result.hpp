// Result<T>: a value, or the Error that says why there is none. Everything that can fail because of the user, the input
// or the disk returns one.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace winnow {

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

// `return fail("cannot open x: no such file");`
[[nodiscard]] inline tl::unexpected<Error> fail(Place place, std::string message, std::vector<std::string> notes = {}) {
  return tl::unexpected<Error>(Error(Fault{std::move(place), std::move(message), std::move(notes)}));
}
[[nodiscard]] inline tl::unexpected<Error> fail(std::string message, std::vector<std::string> notes = {}) {
  return fail(Place{}, std::move(message), std::move(notes));
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace winnow

#define WINNOW_CONCAT_INNER(a, b) a##b
#define WINNOW_CONCAT(a, b) WINNOW_CONCAT_INNER(a, b)
#define WINNOW_TRY_INNER(result, declaration, expression)        \
  auto result = (expression);                                    \
  if (!result) return ::winnow::fail(std::move(result).error()); \
  declaration = std::move(*result)

// WINNOW_TRY(auto bytes, read_file(path, limit)): the value, or return the error to the caller.
#define WINNOW_TRY(declaration, expression) \
  WINNOW_TRY_INNER(WINNOW_CONCAT(winnow_result_, __LINE__), declaration, expression)

// WINNOW_CHECK(write(x)): go on, or return the error to the caller.
#define WINNOW_CHECK(expression)                                \
  do {                                                          \
    if (auto winnow_checked = (expression); !winnow_checked) {  \
      return ::winnow::fail(std::move(winnow_checked).error()); \
    }                                                           \
  } while (false)
