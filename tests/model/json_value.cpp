// JSON as it is read: values, what is none, and what is missing.
#include <awaitest/awaitest.hpp>
#include <awaitest/model/json_text.hpp>
#include <awaitest/model/json_value.hpp>

#include <cstdint>
#include <string>

using namespace awaitest::match;
using awaitest::json_value;

TEST_SUITE("model: json") {
  TEST("values of all kinds") {
    const auto read = json_value::parse(
        R"( {"a" : [1, -2.5, "x\n\u00e9\u20ac\"\\\/"], "b": {"c":true,"d":false}, "e":null} )");
    REQUIRE(read.has_value());
    CHECK(read->is_object());
    CHECK((*read)["a"].items().size() == 3u);
    CHECK((*read)["a"].items()[0].number<int>() == 1);
    CHECK((*read)["a"].items()[1].text() == "-2.5");
    CHECK((*read)["a"].items()[2].text() == "x\né€\"\\/");
    CHECK((*read)["b"]["c"].is_true());
    CHECK_FALSE((*read)["b"]["d"].is_true());
    CHECK(json_value::parse("18446744073709551615")->number<std::uint64_t>() == ~std::uint64_t{0});
  }
  TEST("what is missing is empty") {
    const auto read = json_value::parse("{}");
    REQUIRE(read.has_value());
    CHECK((*read)["no"]["such"].text() == "");
    CHECK((*read)["no"].number<int>() == 0);
    CHECK((*read)["no"].items().empty());
    CHECK((*read)["no"].texts().empty());
    CHECK_FALSE((*read)["no"].is_object());
  }
  TEST_P("what is no JSON", (const char* text),
         cases{"", "{", "[1,]", "[1 2]", "\"a", "{\"a\" 1}", "{a:1}", "tru", "1 2", "[]]", "\"\\x\"",
               "\"\\u12\"", "\"\\u12g4\"", "\"\\"}) {
    CHECK_FALSE(json_value::parse(text).has_value());
  }
  TEST("too deep") {
    CHECK_FALSE(json_value::parse(std::string(1'000'000, '[')).has_value());
    CHECK(json_value::parse(std::string(100, '[') + std::string(100, ']')).has_value());
    CHECK_FALSE(json_value::parse(std::string(101, '[') + std::string(101, ']')).has_value());
  }
  TEST("what is written is read") {
    std::string text = "é€😀";
    for (int c = 1; c < 128; ++c) text += static_cast<char>(c);
    const auto read = json_value::parse(awaitest::json_string(text));
    REQUIRE(read.has_value());
    CHECK(read->text() == text);
  }
}
