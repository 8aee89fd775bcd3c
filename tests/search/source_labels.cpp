// The labels of a test, in its source.
#include <awaitest/awaitest.hpp>
#include <awaitest/platform/source_labels.hpp>

#include <string>

using namespace awaitest::match;
using awaitest::detail::source_labels;

namespace {

std::string labels(const char* text) {
  std::string all;
  for (const auto& one : source_labels::in(text, 10, "reached"))
    all += one.text + "@" + std::to_string(one.line) + " ";
  return all;
}

}  // namespace

TEST_SUITE("search: labels in the source") {
  TEST("of the body alone") {
    CHECK(
        labels(
            "TEST(\"{\", tag(\"a\")) {\n  if (x) { this_test::reached(\"one\"); }\n  reached( \"two\" );\n}\n"
            "TEST(\"b\") { reached(\"three\"); }") == "one@11 two@12 ");
  }
  TEST("in a suite's braces nothing of the next test") {
    CHECK(labels("  TEST(\"a\") { reached(\"one\"); }\n  TEST(\"b\") { reached(\"two\"); }\n}") == "one@10 ");
  }
  TEST("not in comments and texts, nor other functions") {
    CHECK(labels("TEST(\"a\") {\n  // reached(\"no\")\n  f(\"reached(\\\"no\\\")\"); has_reached(\"no\"); "
                 "reached(name);\n}") == "");
  }
  TEST("with quotes in it") {
    CHECK(labels("TEST(\"a\") { reached(\"a \\\"b\\\" \\\\\"); }") == "a \"b\" \\@10 ");
  }
  TEST("of a file that is not there") {
    CHECK(source_labels::in_test({"/nowhere/x.cpp", 3}, "reached").empty());
  }
}
