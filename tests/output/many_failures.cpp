// Tests that fail more often than anybody wants to read.
#include <awaitest/awaitest.hpp>

#include <stdexcept>

using namespace std::chrono_literals;

TEST("a million") {
  for (int i = 0; i < 1'000'000; ++i) CHECK(i < 0);
  throw std::runtime_error("and then an exception");
}
TEST("a hundred") {
  for (int i = 0; i < 100; ++i) CHECK(i < 0);
}
TEST("for ever", timeout(1ms)) {
  for (;;) CHECK(false);
}
