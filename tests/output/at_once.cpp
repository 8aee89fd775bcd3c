// A failure is told when it decides the result, and not before.
#include <awaitest/awaitest.hpp>

#include <poll.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

// The report so far: it goes to this file.
std::string told() {
  std::string text;
  const char* const name = std::getenv("TOLD");
  std::FILE* const file = std::fopen(name ? name : "told", "r");
  if (!file) return "(no file)";
  for (int c = 0; (c = std::fgetc(file)) != EOF;) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}
bool is_told(const std::string& what) { return told().find(what) != std::string::npos; }

}  // namespace

TEST("decides") {
  CHECK(1 == 2);
  CHECK_FALSE(is_told("FAILED decides"));  // which fails: it is told
}
TEST("may pass yet", retries(1)) {
  static int attempt = 0;
  CHECK(++attempt > 1);
  CHECK_FALSE(is_told("may pass yet"));
}
TEST("is to fail", should_fail("it does")) {
  CHECK(1 == 2);
  if (is_told("is to fail")) std::abort();
}
TEST("repeated", repeat(3)) {
  static int attempt = 0;
  CHECK(++attempt < 2);
  if (attempt == 2) CHECK_FALSE(is_told("FAILED repeated"));
}
TEST("is seen", tag("live")) {
  for (int i = 0; i < 3'000 && !is_told("| is seen"); ++i)
    ::poll(nullptr, 0, 10);  // the line is drawn by another thread, twice a second
  CHECK(is_told("[0/1] | is seen"));
}
TEST_ASYNC("one", tag("two")) {
  CHECK(1 == 2);
  while (!is_told("--exact other")) co_await awaitest::sleep_for(std::chrono::milliseconds{1});
  CHECK(2 == 3);
}
TEST_ASYNC("other", tag("two")) {
  while (!is_told("FAILED one")) co_await awaitest::sleep_for(std::chrono::milliseconds{1});
  CHECK(3 == 4);
}
