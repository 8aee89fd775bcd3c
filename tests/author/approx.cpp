// approx: relative, absolute, and where floating point has no size.
#include <awaitest/awaitest.hpp>

#include <limits>

using awaitest::approx;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
}  // namespace

TEST_SUITE("author: approx") {
  TEST("is relative to the larger one, 1e-6 unless told") {
    CHECK(0.1 + 0.2 == approx(0.3));
    CHECK(1.0 + 9e-7 == approx(1.0));
    CHECK(1.0 + 2e-6 != approx(1.0));
    CHECK(1e100 * (1 + 5e-7) == approx(1e100));
    CHECK(-1.0000001 == approx(-1));
    CHECK(1.0 != approx(-1));
    CHECK(99.0 == approx(100).epsilon(0.01));
    CHECK(98.9 != approx(100).epsilon(0.01));
    CHECK(0.1f == approx(0.1));
  }

  TEST("from either side, with any number") {
    CHECK(approx(3) == 3);
    CHECK(3 == approx(3));
    CHECK(approx(0.5) != 0.6);
    CHECK(3.0L == approx(3));
    CHECK(std::size_t{7} == approx(7));
    CHECK_FALSE(3 == approx(4));
    CHECK_FALSE(approx(4) == 3);
  }

  TEST("near zero only an absolute margin helps") {
    CHECK(0.0 == approx(0));
    CHECK(-0.0 == approx(0));
    CHECK(1e-12 != approx(0));
    CHECK(smallest != approx(0));
    CHECK(1e-12 == approx(0).margin(1e-9));
    CHECK(-1e-12 == approx(0).margin(1e-9));
    CHECK(2e-9 != approx(0).margin(1e-9));
    CHECK(5.0 == approx(4).margin(1).epsilon(0));
    CHECK(5.1 != approx(4).margin(1).epsilon(0));
    CHECK(5.1 == approx(4).epsilon(0.5).margin(1));
  }

  TEST("infinities equal themselves, a NaN nothing") {
    CHECK(infinity == approx(infinity));
    CHECK(-infinity == approx(-infinity));
    CHECK(infinity != approx(-infinity));
    CHECK(infinity != approx(largest));
    CHECK(largest != approx(infinity));
    CHECK(largest != approx(-largest));
    CHECK(not_a_number != approx(not_a_number));
    CHECK(not_a_number != approx(0).margin(infinity));
    CHECK(1.0 != approx(not_a_number));
    CHECK_FALSE(not_a_number <= approx(1));
    CHECK_FALSE(not_a_number >= approx(1));
    CHECK_FALSE(infinity == approx(1).epsilon(0.5));
  }

  TEST("less and greater include what is near") {
    CHECK(1.0 <= approx(1));
    CHECK(1.0000001 <= approx(1));
    CHECK(0.5 <= approx(1));
    CHECK_FALSE(1.1 <= approx(1));
    CHECK(0.9999999 >= approx(1));
    CHECK_FALSE(0.9 >= approx(1));
  }

  TEST("is printed with its value") {
    CHECK(awaitest::detail::text_of(approx(3.25)) == "approx(3.25)");
    CHECK(awaitest::detail::text_of(approx(infinity)) == "approx(inf)");
  }
}
