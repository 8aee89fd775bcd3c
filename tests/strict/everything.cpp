// A test file of a project that allows no warning: each macro, option, matcher and kind of mock at least once. It is also
// run, and passes.
#include <awaitest/awaitest.hpp>
#include <awaitest/timer.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

struct user {
  user() = default;
  user(int number, std::string called) : id{number}, name{std::move(called)} {}
  int id = 0;
  std::string name{};
  friend bool operator==(const user&, const user&) = default;
};
struct opaque {
  int n = 0;
  friend bool operator==(const opaque&, const opaque&) = default;
};
struct streamed {
  int n = 0;
  friend bool operator==(const streamed&, const streamed&) = default;
  friend std::ostream& operator<<(std::ostream& out, const streamed& it) { return out << it.n; }
};
struct printing_itself {
  int n = 0;
  friend bool operator==(const printing_itself&, const printing_itself&) = default;
  void awaitest_print(std::string& out) const { out += "itself"; }
};
enum class color : std::uint8_t { red, green };
enum plain_enum { plain_one, plain_two };

asio::awaitable<int> number(int n) { co_return n; }
asio::awaitable<void> nothing() { co_return; }
asio::awaitable<void> broken() {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  throw std::system_error(asio::error::make_error_code(asio::error::eof));
}
int positive(int n) {
  if (n < 0) throw std::invalid_argument("negative");
  return n;
}
void check_positive(int n) {
  if (n < 0) throw std::invalid_argument("negative");
}

// Functions that end where a test ends, or must not go on.
int digit(char c) {
  switch (c) {
    case '0': return 0;
    case '1': return 1;
    default: FAIL("no digit: {}", c);
  }
}
int skipped_or(int n) {
  if (n != 0) return n;
  SKIP("nothing to do");
}
std::size_t length(const std::string* text) {
  REQUIRE(text);
  return text->size();
}

struct database {
  static constexpr auto scope = awaitest::scope::suite;
  asio::awaitable<void> set_up() { co_await asio::post(asio::use_awaitable); }
  void tear_down() { rows = 0; }
  int rows = 3;
};
struct counter {
  void set_up() { ++n; }
  int n = 0;
};

class users {
 public:
  users() = default;
  users(const users&) = delete;
  users& operator=(const users&) = delete;
  virtual ~users();
  virtual asio::awaitable<user> fetch(int id) = 0;
  virtual asio::awaitable<user> fetch(std::string_view name) = 0;
  virtual asio::awaitable<void> save(user who, const std::string& why) = 0;
  virtual asio::awaitable<std::map<int, int>> ages(const std::map<int, int>& of) const noexcept = 0;
  virtual asio::awaitable<user&> shared() & = 0;
  virtual asio::awaitable<std::unique_ptr<int>> take(std::unique_ptr<int> what) = 0;
  virtual std::size_t size() const noexcept = 0;
  virtual bool rename(user& who, const char* to) = 0;
  virtual void close() = 0;
};
users::~users() = default;

class mock_users final : public users {
 public:
  MOCK_ASYNC(user, fetch, (int id), (override));
  MOCK_ASYNC(user, fetch, (std::string_view name), (override, as(on_fetch_by_name)));
  MOCK_ASYNC(void, save, (user who, const std::string& why), (override));
  MOCK_ASYNC((std::map<int, int>), ages, ((const std::map<int, int>&)of), (const, noexcept, override));
  MOCK_ASYNC(user&, shared, (), (ref(&), override));
  MOCK_ASYNC(std::unique_ptr<int>, take, (std::unique_ptr<int> what), (override, final));
  MOCK(std::size_t, size, (), (const, noexcept, override));
  MOCK(bool, rename, (user & who, const char* to), (override));
  MOCK(void, close, (), (override));
};

using read_mock = awaitest::async_mock_op<void(std::error_code, std::size_t), asio::mutable_buffer>;

struct is_even {
  bool matches(int n) const { return n % 2 == 0; }
  std::string describe() const { return "even"; }
  std::string explain(int) const { return "it is odd"; }
};

}  // namespace

TEST("comparisons") {
  const std::vector<int> v{1, 2, 3};
  const double x = 0.5;
  const float f = 1.5F;
  const char c = 'a';
  const bool yes = true;
  const unsigned bits = 5;
  CHECK(v.size() == 3);
  CHECK(3 == v.size());
  CHECK(v.size() > 2);
  CHECK(x == 0.5);
  CHECK(1.0 != x);
  CHECK(x < 1);
  CHECK(f > 1.0);
  CHECK(c == 97);
  CHECK(yes == 1);
  CHECK(yes);
  CHECK(std::int64_t{1} < std::uint32_t{2});
  CHECK(0 <= bits && bits <= 5);
  CHECK(bits == 6 || bits == 5);
  CHECK((bits & 4) == 4);
  CHECK(bits & 4U);
  CHECK(bits | 4U);
  CHECK(bits ^ 4U);
  CHECK(!v.empty());
  CHECK(x == awaitest::approx(0.5));
  CHECK(x <= awaitest::approx(0.5).epsilon(0.1).margin(0.1));
  CHECK_FALSE(v.empty());
  CHECK_FALSE(v.size() == 4);
  REQUIRE(v.size() == 3);
  REQUIRE_FALSE(v.size() < 3);
}

TEST("values of all kinds") {
  const int n = 1;
  const int* const pointer = &n;
  const int* const nowhere = nullptr;
  const std::string text = "ada";
  const std::array<char, 4> array{'a', 'd', 'a', '\0'};
  CHECK(pointer != nullptr);
  CHECK(nowhere == nullptr);
  CHECK(pointer);
  CHECK(text == "ada");
  CHECK("ada" == text);
  CHECK(text == array.data());
  CHECK(text == std::string_view("ada"));
  CHECK(opaque{1} == opaque{1});
  CHECK(streamed{1} == streamed{1});
  CHECK(printing_itself{1} == printing_itself{1});
  CHECK(color::red != color::green);
  CHECK(plain_one != plain_two);
  CHECK(std::make_unique<int>(1) != nullptr);
  CHECK(std::optional<int>(1) == 1);
  CHECK(std::variant<int, std::string>(1) == std::variant<int, std::string>(1));
  CHECK(std::pair<int, std::string>(1, "a") == std::pair<int, std::string>(1, "a"));
  CHECK(std::tuple<>() == std::tuple<>());
  CHECK(std::map<std::string, int>{{"a", 1}} == std::map<std::string, int>{{"a", 1}});
  CHECK(std::vector<bool>{true} == std::vector<bool>{true});
  CHECK(std::error_code(asio::error::eof) == asio::error::eof);
  CHECK(2s == 2000ms);
  CHECK(std::chrono::steady_clock::now() > std::chrono::steady_clock::time_point::min());
  CHECK(&positive != nullptr);
  CHECK(1.0F == 1.0F);
  CHECK(1.0L == 1.0L);
}

TEST("matchers") {
  const std::vector<int> v{1, 2, 3};
  const std::string text = "a name";
  const user ada{1, "ada"};
  CHECK_THAT(v, contains(2));
  CHECK_THAT(v, each(gt(0)));
  CHECK_THAT(v, elements_are(1, 2, _));
  CHECK_THAT(v, unordered_elements_are(3, 2, 1));
  CHECK_THAT(v, size_is(3));
  CHECK_THAT(v, not_(is_empty()));
  CHECK_THAT(text, contains("name"));
  CHECK_THAT(text, starts_with("a"));
  CHECK_THAT(text, ends_with("e"));
  CHECK_THAT(text, matches("a.*"));
  CHECK_THAT(text, any_of(eq("a name"), ne("b")));
  CHECK_THAT(1, all_of(lt(2), le(1), ge(1)));
  CHECK_THAT(0.5, near(0.4, 0.2));
  CHECK_THAT(0.5, eq(0.5));
  CHECK_THAT(ada, field(&user::id, ge(1)));
  CHECK_THAT(ada, eq(user{1, "ada"}));
  CHECK_THAT(2, is_even{});
  CHECK_THAT(std::error_code(asio::error::eof), throws_error(asio::error::eof));
  REQUIRE_THAT(text, "a name");
}

TEST("exceptions") {
  CHECK_THROWS(positive(-1));
  CHECK_THROWS(check_positive(-1));
  CHECK_THROWS_AS(positive(-1), std::invalid_argument);
  CHECK_THROWS_AS(check_positive(-1), const std::exception&);
  CHECK_THROWS_WITH(positive(-1), "negative");
  CHECK_THROWS_WITH(check_positive(-1), starts_with("neg"));
  CHECK_NOTHROW(positive(1));
  CHECK_NOTHROW(check_positive(1));
  CHECK_ERROR(throw std::system_error(asio::error::make_error_code(asio::error::eof)), asio::error::eof);
  REQUIRE_THROWS(positive(-1));
  REQUIRE_THROWS(check_positive(-1));
  REQUIRE_THROWS_AS(positive(-1), std::invalid_argument);
  REQUIRE_THROWS_WITH(positive(-1), "negative");
  REQUIRE_NOTHROW(positive(1));
  REQUIRE_NOTHROW(check_positive(1));
  REQUIRE_ERROR(throw std::system_error(std::make_error_code(std::errc::timed_out)), std::errc::timed_out);
}

TEST("context") {
  INFO("plain");
  INFO("{} and {}", 1, std::string("two"));
  const int n = 1;
  CAPTURE(n, n + 1, opaque{1});
  const std::string text = "four";
  CHECK(digit('1') == 1);
  CHECK(skipped_or(n) == n);
  CHECK(length(&text) == 4);
  if (n == 1)
    CHECK(true);
  else
    FAIL();
}
TEST("a test that is skipped") { SKIP(); }
TEST("a test that fails", should_fail("on purpose")) { FAIL("because of {}", 1); }
TEST("options", tag("a", "b"), timeout(20s), serial(), resource("port"), skip_if(false, "never"), retries(1),
     repeat(2), allow_leaks(), uses<counter>(), isolated(), real_time()) {
  CHECK(true);
}
TEST("a test that is not run", skip("why not")) {}

TEST_SUITE("suite", tag("c"), timeout(20s)) {
  TEST("in it") { CHECK(true); }
  TEST_SUITE("deeper") {
    TEST_ASYNC("in it") { CHECK(co_await number(1) == 1); }
  }
  TEST_F("fixtures", (database & db, counter & one)) {
    CHECK(db.rows == 3);
    CHECK(one.n == 1);
  }
  TEST_ASYNC_F("fixtures, awaited", (database & db), tag("d")) {
    auto& one = co_await awaitest::use<counter>();
    CHECK(one.n + db.rows == 4);
  }
  TEST_P("values", (counter & one, int n, bool tls), cases{{1, true}, cases::named("second", 2, false)},
         tag("e")) {
    CHECK(one.n == 1);
    CHECK((n == 1) == tls);
  }
  TEST_ASYNC_P("values, awaited", (int n, std::string text), cases::product({1, 2}, {"a", "b"})) {
    CHECK(co_await number(n) == n);
    CHECK_THAT(text, size_is(1));
  }
  TEST_P("values of a range", (int n), cases::from(std::vector<int>{1, 2})) { CHECK(n > 0); }
  TEST_T("types", (T), types<int, std::string>) {
    T value{};
    CHECK(value == T{});
  }
  TEST_ASYNC_T("types, awaited", (T), types<int, double>) {
    T value{};
    co_await nothing();
    CHECK(value == T{});
  }
}

TEST_ASYNC("awaited") {
  CHECK(co_await number(1) == 1);
  CHECK(co_await number(1) == co_await number(1));
  CHECK(co_await number(1) == 1 && co_await number(2) == 2);
  CHECK_FALSE(co_await number(0));
  CHECK_THAT(co_await number(1), gt(0));
  CHECK_NOTHROW(co_await nothing());
  CHECK_NOTHROW(co_await number(1));
  CHECK_THROWS(co_await broken());
  CHECK_THROWS_AS(co_await broken(), std::system_error);
  CHECK_THROWS_WITH(co_await broken(), not_(is_empty()));
  CHECK_ERROR(co_await broken(), asio::error::eof);
  CHECK_EVENTUALLY(co_await number(1) == 1, 1s);
  REQUIRE_EVENTUALLY(co_await number(1) == 1, 1s);
  REQUIRE(co_await number(1) == 1);
  REQUIRE_FALSE(co_await number(0));
  REQUIRE_THAT(co_await number(1), 1);
  REQUIRE_ERROR(co_await broken(), asio::error::eof);
  CHECK(co_await awaitest::with_timeout(1s, number(1)) == 1);
  CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::sleep_for(1h)), awaitest::timed_out);
}

TEST_ASYNC("children, and their order") {
  awaitest::gate open;
  awaitest::barrier both{2};
  awaitest::sequencer turns;
  int cleaned = 0;
  awaitest::cleanup([&cleaned] { ++cleaned; });
  awaitest::cleanup([]() -> asio::awaitable<void> { co_return; });
  const auto child = awaitest::spawn(
      [&]() -> asio::awaitable<int> {
        co_await open.wait();
        co_await both.arrive();
        co_await turns.turn(0);
        co_return 1;
      },
      "named");
  const auto background =
      awaitest::spawn_background([]() -> asio::awaitable<void> { co_await awaitest::sleep_for(1h); });
  open.open();
  co_await both.arrive();
  CHECK(co_await child.join() == 1);
  CHECK(child.done());
  CHECK_FALSE(background.done());
  background.cancel();
  co_await awaitest::settle();
  co_await turns.turn(1);
  CHECK(turns.next() == 2);
  open.close();
}

TEST_ASYNC("the test, and other threads") {
  CHECK_THAT(awaitest::this_test::name(), starts_with("the test"));
  CHECK(awaitest::this_test::seed() == awaitest::this_test::seed());
  CHECK(awaitest::this_test::random()() != awaitest::this_test::random()());
  CHECK(awaitest::this_test::executor() == co_await asio::this_coro::executor);
  CHECK_FALSE(awaitest::this_test::io_context().stopped());
  CHECK_FALSE(awaitest::this_test::temp_dir().empty());
  CHECK(awaitest::this_test::worker() < 1000);
  CHECK(awaitest::now() > std::chrono::steady_clock::time_point::min());
  const auto here = awaitest::context::capture();
  std::thread other([here] {
    const auto in = here.enter();
    CHECK(true);
  });
  other.join();
}

TEST_ASYNC("virtual time", virtual_time()) {
  const auto before = awaitest::clock::now();
  co_await awaitest::sleep_for(1h);
  CHECK(awaitest::clock::now() - before >= 1h);
}
TEST_ASYNC("virtual time by hand", virtual_time(at("2030-03-01T00:00:00Z"), manual)) {
  awaitest::timer timer{co_await asio::this_coro::executor, 1h};
  bool fired = false;
  timer.async_wait([&fired](std::error_code error) { fired = !error; });
  co_await awaitest::this_test::advance(1h);
  CHECK(fired);
}

TEST_ASYNC("mocked methods") {
  mock_users m;
  users& u = m;
  m.on_fetch.expect(7).times(2).returns(user{7, "ada"});
  m.on_fetch.allow(gt(7)).invokes([](int id) -> asio::awaitable<user> { co_return user{id, {}}; });
  m.on_fetch_by_name.expect("ada").answers(user{8, "ada"});
  CHECK((co_await u.fetch(7)).id == 7);
  CHECK((co_await u.fetch(7)).id == 7);
  CHECK((co_await u.fetch(9)).id == 9);
  CHECK((co_await u.fetch("ada")).id == 8);

  std::vector<std::string> reasons;
  m.on_save.expect(field(&user::id, 1), _).capture(std::ignore, reasons).completes();
  co_await u.save(user{1, "one"}, "new");
  CHECK_THAT(reasons, elements_are("new"));

  m.on_ages.expect(size_is(1)).returns(std::map<int, int>{{1, 2}});
  const std::map<int, int> of{{1, 0}};
  auto ages = u.ages(of);
  CHECK((co_await std::move(ages)).at(1) == 2);

  user one{1, "one"};
  m.on_shared.expect().returns(one);
  CHECK((co_await u.shared()).id == 1);

  m.on_take.expect(_).invokes([](std::unique_ptr<int> what) { return what; });
  auto taken = co_await u.take(std::make_unique<int>(4));
  CHECK(*taken == 4);

  m.on_size.returns_by_default(3U);
  m.on_size.allow();
  CHECK(u.size() == 3);
  m.on_rename.expect(_, "new")
      .with([](const user& who, std::string_view) { return who.id == 1; })
      .returns(true);
  CHECK(u.rename(one, "new"));
  m.on_close.expect().throws(std::runtime_error("closed"));
  CHECK_THROWS(u.close());

  CHECK(m.on_fetch.call_count() == 3);
  CHECK(m.on_fetch.awaited_with(9));
  CHECK(m.on_fetch.has_awaits(7, 7, 9));
  CHECK(m.on_fetch.has_awaits_in_any_order(9, 7));
  CHECK(m.on_save.awaited_once_with(_, "new"));
  CHECK(m.on_save.has_awaits(std::tuple(_, "new")));
  CHECK(m.on_fetch.any_call(9));
  CHECK(m.on_rename.called_once());
  CHECK(m.on_rename.last_call().arg<0>().id == 1);
}

TEST_ASYNC("mocked functions, answered in all ways") {
  awaitest::async_mock<int(int)> ask{"ask"};
  awaitest::mock<int(int, std::string)> plain{"plain"};
  awaitest::sequence order;
  awaitest::gate open;
  ask.expect(1).in(order).returns(1).after(1ms);
  ask.expect(2).in(order, awaitest::step::done).through(open).fails(asio::error::eof);
  ask.expect(3).at_least(1).answers(3, awaitest::error(asio::error::eof),
                                    awaitest::raised(std::runtime_error("no")));
  ask.expect(4).between(0, 2).pends().may_be_dropped();
  plain.allow(_, contains("a")).returns(1);
  plain.forbid(_, "b");
  CHECK(co_await ask(1) == 1);
  open.open();
  CHECK_ERROR(co_await ask(2), asio::error::eof);
  CHECK(co_await ask(3) == 3);
  CHECK_ERROR(co_await ask(3), asio::error::eof);
  CHECK_THROWS_WITH(co_await ask(3), "no");
  CHECK(plain(1, "a") == 1);

  ask.expect(5).pends();
  const auto job = awaitest::spawn(ask(5));
  auto call = co_await ask.next_call();
  CHECK(call.arg<0>() == 5);
  CHECK(call.state() == awaitest::call_state::pending);
  call.reply(6);
  CHECK(co_await job.join() == 6);
  CHECK(ask.in_flight() == 0);
  CHECK(ask.max_in_flight() == 1);
  CHECK(ask.verify_and_clear());
  ask.reset(awaitest::reset_of::everything);
  ask.expect_no_call();
  ask.record(false);
}

TEST_ASYNC("mocked operations") {
  read_mock read{"read"};
  std::array<char, 8> data{};
  read.expect(_).returns(std::error_code{}, std::size_t{5});
  CHECK(co_await read(asio::buffer(data), asio::use_awaitable) == 5);
  read.expect(_).fails(asio::error::eof);
  CHECK_ERROR(co_await read(asio::buffer(data), asio::use_awaitable), asio::error::eof);
  read.expect(_).returns(6U);
  std::size_t got = 0;
  read(asio::buffer(data), [&got](std::error_code, std::size_t n) { got = n; });
  CHECK_EVENTUALLY(got == 6, 1s);
}

TEST_F("a test of a fixture that is skipped", (counter & one)) { SKIP("at {}", one.n); }
TEST_P("cases that are skipped", (int n), cases{1}) { SKIP("case {}", n); }
TEST_T("types that are skipped", (T), types<int>) { SKIP("for {}", sizeof(T)); }
