// Types of a user whose namespace has functions of all the names that ours have: in every place that takes one.
#include <awaitest/awaitest.hpp>

#include <chrono>
#include <map>
#include <ostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace theirs {

struct plain {
  int number = 0;
  bool operator==(const plain&) const = default;
};
struct streamed {
  bool operator==(const streamed&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const streamed&) { return out << "streamed"; }
};
enum class shade { light, dark };
struct container : std::vector<plain> {};
struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct database {
  asio::awaitable<void> set_up() { co_return; }
  asio::awaitable<void> tear_down() { co_return; }
};
struct service {
  virtual ~service() = default;
  virtual asio::awaitable<plain> fetch(shade, streamed) = 0;
  virtual plain get(const plain&) const = 0;
};
struct mock_service : service {
  MOCK_ASYNC(plain, fetch, (shade, streamed), (override));
  MOCK(plain, get, (const plain&), (const, override));
};

struct is_odd {
  bool matches(const plain& value) const { return value.number % 2 != 0; }
  std::string describe() const { return "is odd"; }
};

inline asio::awaitable<plain> answer() { co_return plain{7}; }

}  // namespace theirs

using theirs::plain;
using theirs::shade;
using theirs::streamed;

TEST_ASYNC_F("lookup: fixtures, children, mocks", (theirs::database & first), timeout(1s)) {
  auto& second = co_await awaitest::use<theirs::database>();
  CHECK(&first == &second);
  auto child = awaitest::spawn(theirs::answer(), "theirs");
  CHECK(co_await child.join() == plain{7});
  CHECK(co_await awaitest::with_timeout(1s, theirs::answer()) == plain{7});
  awaitest::cleanup([value = plain{1}] { CHECK(value.number == 1); });

  theirs::mock_service mock;
  mock.on_fetch.expect(shade::dark, _).returns(plain{3});
  mock.on_get.allow(field(&plain::number, gt(1))).invokes([](const plain& given) { return given; });
  CHECK(co_await mock.fetch(shade::dark, streamed{}) == plain{3});
  CHECK(mock.get(plain{2}) == plain{2});
  CHECK(mock.on_fetch.awaited_once_with(shade::dark, streamed{}));
  mock.on_fetch.verify_and_clear();

  awaitest::async_mock<plain(plain)> callable{"callable"};
  callable.expect(_).answers(plain{1}, awaitest::error(asio::error::eof));
  CHECK(co_await callable(plain{}) == plain{1});
  CHECK_ERROR(co_await callable(plain{}), asio::error::eof);
  awaitest::async_mock_op<void(std::error_code, plain), plain> operation{"operation"};
  operation.expect(_).returns(std::error_code{}, plain{4});
  CHECK(co_await operation(plain{}, asio::use_awaitable) == plain{4});
  CHECK_EVENTUALLY(plain{1} == plain{1}, 1s);
}

TEST_P("lookup: cases", (plain value, shade how), cases{{plain{1}, shade::light}}) {
  CAPTURE(value, how);
  CHECK_THAT(value, theirs::is_odd{});
}

TEST("lookup: printing and matching") {
  const std::vector<plain> some{{1}, {2}};
  CHECK(some != std::vector<plain>{});
  CHECK_THAT(some, contains(plain{1}));
  CHECK_THAT(some, elements_are(plain{1}, _));
  CHECK_THAT(some, unordered_elements_are(plain{2}, plain{1}));
  CHECK(theirs::container{} == theirs::container{});
  CHECK(std::map<shade, streamed>{} == std::map<shade, streamed>{});
  CHECK(std::pair{shade::dark, streamed{}} == std::pair{shade::dark, streamed{}});
  CHECK_THROWS_AS(throw theirs::failure("why"), theirs::failure);
  CHECK_THROWS_WITH(throw theirs::failure("why"), contains("why"));
  CHECK_THAT(std::make_error_code(std::errc::timed_out), awaitest::match::throws_error(std::errc::timed_out));
}
