// A checked format like fmt 12's.
#include <awaitest/awaitest.hpp>

namespace {
struct checked_format {
  fmt::string_view get() const { return "a format"; }
  [[deprecated("use get()")]] operator fmt::string_view() const { return "a format"; }
};
}  // namespace

TEST("the conversion is not used") {
  INFO("line {}", 1);
  CHECK(awaitest::detail::text_of_format(checked_format{}) == "a format");
  if (false) FAIL("never {}", 1);
}
