// CHECK_THROWS and its family: what passes, and what is said when it does not.
#include <asio.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <system_error>

#include "../run/inner_run.hpp"

using namespace awaitest::match;

namespace {

struct base : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct derived : base {
  using base::base;
};
struct odd {};
template <class A, class B>
struct pair_error {};

[[noreturn]] void raise(const char* text = "boom") { throw derived(text); }
int fine() { return 1; }

/// What was expected, and the message.
std::string message(void (*body)()) {
  const auto got = inner::run(inner::plain("failing", body));
  REQUIRE(got.tests.at(0).failures.size() == 1u);
  const auto& what = got.failure();
  return what.expected.empty() ? what.message : "expected: " + what.expected + "\n" + what.message;
}

}  // namespace

TEST_SUITE("author: exceptions") {
  TEST("what holds") {
    CHECK_THROWS(raise());
    CHECK_THROWS(throw odd{});
    CHECK_THROWS(throw 1);
    CHECK_THROWS_AS(raise(), derived);
    CHECK_THROWS_AS(raise(), base);
    CHECK_THROWS_AS(raise(), const std::exception&);
    CHECK_THROWS_AS(throw 1, int);
    CHECK_THROWS_AS((throw pair_error<int, int>()), pair_error<int, int>);
    CHECK_THROWS_WITH(raise("a b"), "a b");
    CHECK_THROWS_WITH(raise("a b"), contains("b"));
    CHECK_THROWS_WITH(raise("a b"), not_(contains("c")));
    CHECK_THROWS_WITH(throw std::string("text"), "text");
    CHECK_THROWS_WITH(throw "literal", starts_with("lit"));
    CHECK_NOTHROW(fine());
    CHECK_NOTHROW(std::map<int, int>{{1, 2}});
    CHECK_ERROR(throw std::system_error(asio::error::eof), asio::error::eof);
    CHECK_ERROR(throw std::system_error(asio::error::operation_aborted), asio::error::operation_aborted);
    CHECK_ERROR(throw std::system_error(ENOENT, std::system_category()),
                std::errc::no_such_file_or_directory);
    CHECK_ERROR(throw std::system_error(std::make_error_code(std::errc::timed_out)),
                std::make_error_code(std::errc::timed_out));
    CHECK_ERROR(static_cast<void>(std::filesystem::file_size("/nowhere/at/all")),
                std::errc::no_such_file_or_directory);
    REQUIRE_THROWS(raise());
    REQUIRE_THROWS_AS(raise(), derived);
    REQUIRE_THROWS_WITH(raise(), "boom");
    REQUIRE_NOTHROW(fine());
    REQUIRE_ERROR(throw std::system_error(asio::error::eof), asio::error::eof);
  }

  TEST("nothing was thrown") {
    CHECK(message([] { CHECK_THROWS(fine()); }) == "expected: an exception\nthrown:   nothing");
    CHECK(message([] { CHECK_THROWS_AS(fine(), derived); }) == "expected: derived\nthrown:   nothing");
    CHECK(message([] { CHECK_THROWS_WITH(fine(), "x"); }) ==
          "expected: an exception with a message\nthrown:   nothing");
    CHECK(message([] { CHECK_ERROR(fine(), asio::error::eof); }) ==
          "expected: the error asio::error::eof\nthrown:   nothing");
  }

  TEST("something else was thrown") {
    CHECK_THAT(message([] { CHECK_THROWS_AS(raise(), std::logic_error); }),
               awaitest::match::all_of(contains("expected: std::logic_error\n"), contains("derived: boom")));
    CHECK_THAT(message([] { CHECK_NOTHROW(raise()); }), contains("derived: boom"));
    CHECK_THAT(message([] { CHECK_NOTHROW(throw odd{}); }), contains("odd"));
    CHECK_THAT(
        message([] { CHECK_THROWS_WITH(raise("a"), "b"); }),
        awaitest::match::all_of(contains("== \"b\""), contains("message:  \"a\""), contains("derived: a")));
    CHECK_THAT(message([] { CHECK_THROWS_WITH(raise("a"), starts_with("b")); }),
               contains("starts with \"b\""));
    CHECK_THAT(
        message([] { CHECK_ERROR(throw std::system_error(asio::error::eof), asio::error::not_found); }),
        awaitest::match::all_of(contains("asio.misc:"), contains("End of file")));
    CHECK_THAT(message([] { CHECK_ERROR(raise(), std::errc::timed_out); }), contains("derived: boom"));
    CHECK_THAT(message([] { CHECK_ERROR(throw 3, std::errc::timed_out); }), contains("of type int"));
  }

  TEST("a code is not its condition's namesake of another category") {
    // eof has the number 2 in asio.misc; ENOENT has it in system.
    const auto got = message([] {
      CHECK_ERROR(throw std::system_error(2, std::system_category()), std::error_code(asio::error::eof));
    });
    CHECK_THAT(got, awaitest::match::all_of(contains("asio.misc:2"), contains("system:2")));
  }

  TEST("exactly one failure, and the test goes on after CHECK") {
    const auto got = inner::run(inner::plain("three", [] {
      CHECK_THROWS(fine());
      CHECK_NOTHROW(raise());
      CHECK_ERROR(raise(), asio::error::eof);
      REQUIRE_THROWS_AS(throw 1, derived);
      CHECK(1 == 2);
    }));
    CHECK(got.tests.at(0).failures.size() == 4u);
    CHECK(got.tests.at(0).checks == 4u);
  }

  TEST("the end of a task inside is no exception to be judged") {
    const std::vector<void (*)()> bodies{
        [] { CHECK_THROWS(([] { REQUIRE(1 == 2); }())); },
        [] { CHECK_THROWS_AS(([] { REQUIRE(1 == 2); }()), std::exception); },
        [] { CHECK_THROWS_WITH(([] { REQUIRE(1 == 2); }()), "x"); },
        [] { CHECK_NOTHROW(([] { REQUIRE(1 == 2); }())); },
        [] { CHECK_ERROR(([] { REQUIRE(1 == 2); }()), asio::error::eof); },
        [] {
          const auto call = [] { REQUIRE(1 == 2); };
          CHECK_THAT(call, throws_error(asio::error::eof));
        },
    };
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      CAPTURE(i);
      static bool went_on;
      static void (*body)();
      went_on = false;
      body = bodies[i];
      const auto got = inner::run(inner::plain("nested", [] {
        body();
        went_on = true;
      }));
      CHECK_FALSE(went_on);
      CHECK_THAT(got.failures(), elements_are("assertion failed: 1 == 2"));
    }
  }

  TEST("an exception does not stay caught") {
    try {
      CHECK_THROWS(raise());
      CHECK(std::current_exception() == std::exception_ptr());
      throw odd{};
    } catch (const odd&) {
      CHECK_THROWS_AS(raise(), derived);
      CHECK(std::uncaught_exceptions() == 0);
    }
  }
}
