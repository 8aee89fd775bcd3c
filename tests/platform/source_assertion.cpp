// Assertions that an exception has left, as their source has them.
#include <awaitest/platform/source_assertion.hpp>

#include <awaitest/awaitest.hpp>

#include <string>

using awaitest::detail::source_assertion;

TEST("platform: an assertion in a line of source") {
  CHECK(source_assertion::in("  CHECK(co_await f() == 3);") == "CHECK(co_await f() == 3)");
  CHECK(source_assertion::in("REQUIRE_THROWS_AS(f(), error)") == "REQUIRE_THROWS_AS(f(), error)");
  CHECK(source_assertion::in("if (x) AWAITEST_CHECK (f(1'000, ')'));") == "AWAITEST_CHECK (f(1'000, ')'))");
  CHECK(source_assertion::in("CHECK(f(\"(\\\"\") == R\"x()\")x\"); g();") ==
        "CHECK(f(\"(\\\"\") == R\"x()\")x\")");
  CHECK(source_assertion::in("CHECK(a ==  // one (\n      b);\nCHECK(c);") == "CHECK(a == // one ( b)");
  CHECK(source_assertion::in("CHECK(run([] { CHECK(1 == 1); }));") == "CHECK(run([] { CHECK(1 == 1); }))");
}
TEST("platform: a line of source without an assertion, with several, or without its end") {
  for (const auto* const line :
       {"f();  // CHECK(a)", "auto s = \"CHECK(a)\";", "/* CHECK(a) */ f();", "CHECKED(a);", "RECHECK(a);",
        "f();\nCHECK(a);", "CHECK(a); CHECK(b);", "CHECK(a\n", "CHECK", "CHECK(\"a)", "CHECK(R\"(a)", ""})
    CHECK(source_assertion::in(line) == "");
}
TEST("platform: a long assertion is cut between two characters") {
  std::string text = "CHECK(\"";
  for (int i = 0; i < 100; ++i) text += "ä";
  const auto found = source_assertion::in(text + "\")");
  CHECK(found.size() <= 123);
  CHECK_THAT(found, awaitest::match::ends_with("ä..."));
}
TEST("platform: the assertion at a place") {
  const auto place = [](int line) { return __FILE__ + (":" + std::to_string(line)); };
  const auto line = __LINE__ + 1;
  CHECK(line > 0);
  CHECK(source_assertion::at(place(line)) == "CHECK(line > 0)");
  CHECK(source_assertion::at(place(1)) == "");
  CHECK(source_assertion::at(place(100'000)) == "");
  CHECK(source_assertion::at("no file.cpp:3") == "");
  CHECK(source_assertion::at("no place") == "");
}
