// Fixtures and parameters where all is well: what comes up, when, for whom, and what the body is given.
#include <awaitest/awaitest.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::awaitable;

namespace {

std::vector<std::string> happened;

struct inner_part {
  awaitable<void> set_up() {
    co_await asio::post(asio::use_awaitable);
    happened.emplace_back("inner up");
  }
  awaitable<void> tear_down() {
    co_await asio::post(asio::use_awaitable);
    happened.emplace_back("inner down");
  }
};
struct outer_part {
  awaitable<void> set_up() {
    co_await awaitest::use<inner_part>();
    happened.emplace_back("outer up");
  }
  void tear_down() { happened.emplace_back("outer down"); }
};
struct no_hooks {
  int value = 7;
};

struct asks_in_tear_down {
  awaitable<void> tear_down() {
    auto& it = co_await awaitest::use<no_hooks>();
    CHECK(it.value == 7);
  }
};

struct per_suite {
  static constexpr auto scope = awaitest::scope::suite;
  static inline int made = 0;
  per_suite() { ++made; }
  void set_up() { ++users_before; }
  int users = 0;
  int users_before = 0;
};
struct per_run {
  static constexpr auto scope = awaitest::scope::run;
  static inline int made = 0;
  per_run() { ++made; }
  int beats = 0;
  // Beats between and during tests; its pending timer is no test's leak.
  awaitable<void> set_up() {
    awaitest::spawn_background(
        [this]() -> awaitable<void> {
          for (;;) {
            co_await awaitest::sleep_for(1ms);
            ++beats;
          }
        },
        "heart");
    co_return;
  }
};

}  // namespace

TEST_SUITE("run: fixtures") {
  TEST_ASYNC_F("come up in the order of their uses", (outer_part&, no_hooks & plain)) {
    CHECK(happened == std::vector<std::string>{"inner up", "outer up"});
    CHECK(plain.value == 7);
    co_await asio::post(asio::use_awaitable);
  }
  TEST("and go down in the reverse, before the next test") {
    CHECK(happened == std::vector<std::string>{"inner up", "outer up", "outer down", "inner down"});
  }

  TEST_ASYNC("the same object for whoever asks in one test") {
    auto& first = co_await awaitest::use<no_hooks>();
    auto& second = co_await awaitest::use<no_hooks>();
    first.value = 8;
    CHECK(&first == &second);
  }
  TEST_F("and another one in the next", (no_hooks & plain)) { CHECK(plain.value == 7); }

  TEST("uses<T>() sets up without a parameter", uses<outer_part>()) {
    CHECK_THAT(happened, size_is(6));
    CHECK(happened.back() == "outer up");
  }
}

TEST_SUITE("run: where a fixture can be asked for") {
  TEST_ASYNC("in a child") {
    auto child = awaitest::spawn([]() -> awaitable<int> {
      auto& it = co_await awaitest::use<no_hooks>();
      co_return it.value;
    }());
    CHECK(co_await child.join() == 7);
  }
  TEST_ASYNC("in two children at once, and it comes up once") {
    static int made = 0;
    struct slow_part {
      int number = ++made;
      awaitable<void> set_up() { co_await awaitest::sleep_for(2ms); }
    };
    static constexpr auto ask = []() -> awaitable<int> {
      auto& it = co_await awaitest::use<slow_part>();
      co_return it.number;
    };
    auto first = awaitest::spawn(ask());
    auto second = awaitest::spawn(ask());
    CHECK(co_await first.join() == 1);
    CHECK(co_await second.join() == 1);
  }
  TEST_ASYNC("as the whole of a child, which refers to it") {
    auto& it = co_await awaitest::use<no_hooks>();
    auto child = awaitest::spawn(awaitest::use<no_hooks>());
    auto made = awaitest::spawn([] { return awaitest::use<no_hooks>(); });
    CHECK(&co_await child.join() == &it);
    CHECK(&co_await made.join() == &it);
  }
  TEST_ASYNC("within a time") {
    auto& it = co_await awaitest::with_timeout(1h, awaitest::use<no_hooks>());
    auto& same = co_await awaitest::with_timeout(1h, [] { return awaitest::use<no_hooks>(); });
    CHECK(it.value == 7);
    CHECK(&same == &it);
  }
  TEST_ASYNC("as a value that is awaited later") {
    auto later = awaitest::use<no_hooks>();
    CHECK(later.valid());
    auto& it = co_await std::move(later);
    CHECK(it.value == 7);
    CHECK(!later.valid());
    static_assert(std::is_same_v<decltype(later)::value_type, no_hooks&>);
  }
  TEST_ASYNC("in a cleanup; then it goes down after it") {
    happened.clear();
    awaitest::cleanup([]() -> awaitable<void> {
      co_await awaitest::use<inner_part>();
      happened.emplace_back("cleaned up");
    });
    CHECK(happened.empty());
    co_return;
  }
  TEST("as was seen") { CHECK(happened == std::vector<std::string>{"inner up", "cleaned up", "inner down"}); }
  TEST_F("in the tear_down of one that came up later", (no_hooks&, asks_in_tear_down&)) { CHECK(true); }
  TEST_ASYNC("not on another thread") {
    const auto context = awaitest::context::capture();
    std::string said;
    std::thread([&] {
      const auto in = context.enter();
      asio::io_context own;
      asio::co_spawn(
          own,
          [&]() -> awaitable<void> {
            try {
              co_await awaitest::use<no_hooks>();
            } catch (const std::logic_error& e) {
              said = e.what();
            }
          },
          asio::detached);
      own.run();
    }).join();
    CHECK_THAT(said, contains("use() was called on a thread that is not the test's"));
    co_return;
  }
  TEST("not where no test runs") {
    std::string said;
    std::thread([&] {
      asio::io_context own;
      asio::co_spawn(
          own,
          [&]() -> awaitable<void> {
            try {
              co_await awaitest::use<no_hooks>();
            } catch (const std::logic_error& e) {
              said = e.what();
            }
          },
          asio::detached);
      own.run();
    }).join();
    CHECK_THAT(said, contains("use()"));
  }
}

TEST_SUITE("run: suite scope") {
  TEST_F("first", (per_suite & it)) { CHECK(++it.users == 1); }
  TEST_F("second sees what the first has left", (per_suite & it)) {
    CHECK(++it.users == 2);
    CHECK(it.users_before == 1);
    CHECK(per_suite::made == 1);
  }
}
TEST_SUITE("run: another suite") {
  TEST_F("has another one", (per_suite & it)) {
    CHECK(it.users == 0);
    CHECK(per_suite::made == 2);
  }
}

TEST_SUITE("run: run scope") {
  TEST_ASYNC_F("goes on between and during tests", (per_run & it)) {
    const int before = it.beats;
    CHECK_EVENTUALLY(it.beats > before + 2, 20s);
  }
  TEST_F("and is the same in all", (per_run & it)) {
    CHECK(it.beats > 2);
    CHECK(per_run::made == 1);
  }
}

TEST_SUITE("run: parameters") {
  TEST_P("are given by value", (int n, std::string text), cases{{1, "one"}, {2, "two"}}) {
    CHECK(text == (n == 1 ? "one" : "two"));
    CHECK_THAT(std::string(awaitest::this_test::name()), ends_with(n == 1 ? "[1, \"one\"]" : "[2, \"two\"]"));
  }
  TEST_ASYNC_P("stand beside fixtures, in any order", (int n, no_hooks& plain, std::optional<int> more),
               cases{{7, 1}, {7, std::nullopt}}) {
    CHECK(n == plain.value);
    CHECK(more.value_or(1) == 1);
    co_return;
  }
  TEST_P("of one name are told apart", (std::string text), cases{"a", "a"}) {
    static std::set<std::string> names;
    CHECK(text == "a");
    CHECK(names.emplace(awaitest::this_test::name()).second);
  }
  TEST_P("in every combination", (int a, int b, bool c), cases::product({1, 2}, {3, 4}, {true, false})) {
    static int count = 0;
    CHECK(++count <= 8);
    CHECK(a < b);
    (void)c;
  }
  TEST_P("may be named", (int n), cases{cases::named("the only one", 5)}) {
    CHECK(n == 5);
    CHECK_THAT(std::string(awaitest::this_test::name()), ends_with("[the only one]"));
  }
  TEST_ASYNC_T("may be types", (T), types<int, std::string, std::unique_ptr<int>>) {
    T value{};
    CHECK(value == T{});
    co_return;
  }
}

TEST_SUITE("run: isolated") {
  TEST_ASYNC("a loop of its own", isolated()) {
    co_await awaitest::sleep_for(1ms);
    CHECK(&awaitest::this_test::io_context() != nullptr);
    CHECK(awaitest::this_test::worker() == 0u);
  }
}
