// A schedule as a text, and what is said of a text that is none.
#include <awaitest/awaitest.hpp>
#include <awaitest/search/token.hpp>

#include <string>

using namespace awaitest::match;
using awaitest::detail::choice_kind;
using awaitest::detail::schedule_token;
using awaitest::detail::token_reader;

namespace {

std::string error_of(const char* text) {
  token_reader reads{text};
  return reads.read() ? "" : reads.error();
}

}  // namespace

TEST_SUITE("search: token") {
  TEST("as it is written, and read again") {
    const schedule_token made{
        0x5c2e, {{13, {choice_kind::schedule, 0xa41f, 2, 1}}, {20, {choice_kind::user, 0x0001, 9, 8}}}};
    const auto text = awaitest::detail::spelled(made);
    CHECK(text == "v1:5c2e:fifo:13s1/2@a41f,20u8/9@0001");
    const auto again = token_reader{text}.read();
    REQUIRE(again.has_value());
    CHECK(again->test == 0x5c2e);
    CHECK(again->differ == made.differ);
  }
  TEST("without a change") {
    CHECK(awaitest::detail::spelled(schedule_token{0x12, {}}) == "v1:0012:fifo");
    CHECK(token_reader{"v1:0012:fifo"}.read()->differ.empty());
  }
  TEST("what is none") {
    CHECK_THAT(error_of(""), contains("v1:"));
    CHECK_THAT(error_of("v2:5c2e:fifo"), contains("v1:"));
    CHECK_THAT(error_of("v1:fifo"), contains("four hexadecimal digits"));
    CHECK_THAT(error_of("v1:5c2e"), contains("colon"));
    CHECK_THAT(error_of("v1:5c2e:lifo"), contains("fifo"));
    CHECK_THAT(error_of("v1:5c2e:fifo:"), contains("13s1/2@a41f"));
    CHECK_THAT(error_of("v1:5c2e:fifo:x"), contains("13s1/2@a41f"));
    CHECK_THAT(error_of("v1:5c2e:fifo:13z1/2@a41f"), contains("one of"));
    CHECK_THAT(error_of("v1:5c2e:fifo:13s1/2"), contains("13s1/2@a41f"));
    CHECK_THAT(error_of("v1:5c2e:fifo:13s2/2@a41f"), contains("less than"));
    CHECK_THAT(error_of("v1:5c2e:fifo:13s1/2@a41f;14s1/2@a41f"), contains("comma"));
    CHECK_THAT(error_of("v1:5c2e:fifo:13s1/2@a41f,13s1/2@a41f"), contains("order"));
    CHECK_THAT(error_of("v1:5c2e:fifo:99999999999999999999999s1/2@a41f"), contains("13s1/2@a41f"));
  }
}
