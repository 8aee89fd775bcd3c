// Mocks that are awaited: what is expected of them, what they answer, and a test that answers by hand.
#include <awaitest/awaitest.hpp>

#include <stdexcept>
#include <string>

#include <asio/use_awaitable.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::awaitable;

namespace {

struct user {
  int id = 0;
  std::string name;
  friend bool operator==(const user&, const user&) = default;
};

// What the code under test depends on...
struct users {
  virtual ~users() = default;
  virtual awaitable<user> fetch(int id) = 0;
  virtual awaitable<void> save(user u, std::string why) = 0;
  virtual bool is_open() const noexcept = 0;
};

// ...and its mock. Each method has an object with its expectations: on_fetch, on_save, on_is_open.
struct mock_users : users {
  MOCK_ASYNC(user, fetch, (int id), (override));
  MOCK_ASYNC(void, save, (user u, std::string why), (override));
  MOCK(bool, is_open, (), (const, noexcept, override));
};

// The code under test.
awaitable<std::string> greet(users& from, int id) {
  if (!from.is_open()) throw std::logic_error("closed");
  const user u = co_await from.fetch(id);
  co_return "hello " + u.name;
}
awaitable<void> rename(users& in, int id, std::string name) {
  user u = co_await in.fetch(id);
  u.name = std::move(name);
  auto saving = in.save(u, "new name");
  co_await std::move(saving);
}

}  // namespace

TEST_SUITE("mocks") {
  TEST_ASYNC("expect: it must happen, with these arguments") {
    mock_users m;
    m.on_is_open.allow().returns(true);
    m.on_fetch.expect(7).returns(user{7, "ada"});
    CHECK(co_await greet(m, 7) == "hello ada");
  }

  TEST_ASYNC("matchers instead of values") {
    mock_users m;
    m.on_fetch.expect(gt(0)).returns(user{1, "ada"});
    m.on_save.expect(field(&user::name, "eve"), contains("name")).completes();
    co_await rename(m, 1, "eve");
    CHECK(m.on_save.awaited_once_with(user{1, "eve"}, _));  // or looked at afterwards
  }

  TEST_ASYNC("answers: errors, exceptions, actions, one after the other") {
    mock_users m;
    m.on_fetch.expect(_).answers(awaitest::error(asio::error::timed_out), user{2, "bob"});
    CHECK_ERROR(co_await m.fetch(2), asio::error::timed_out);
    CHECK((co_await m.fetch(2)).name == "bob");
    m.on_fetch.allow(lt(0)).throws(std::out_of_range("no such user"));
    CHECK_THROWS_AS(co_await m.fetch(-1), std::out_of_range);
    m.on_fetch.expect(3).invokes([](int id) -> awaitable<user> {
      co_await awaitest::sleep_for(1ms);
      co_return user{id, "made up"};
    });
    CHECK((co_await m.fetch(3)).id == 3);
  }

  TEST_ASYNC("the test answers, in whatever order it likes") {
    mock_users m;
    m.on_is_open.allow().returns(true);
    auto first = awaitest::spawn(greet(m, 1));
    auto second = awaitest::spawn(greet(m, 2));
    auto one = co_await m.on_fetch.next_call();
    auto two = co_await m.on_fetch.next_call();
    CHECK(m.on_fetch.in_flight() == 2);
    two.reply(2, "bob");
    CHECK(co_await second.join() == "hello bob");
    CHECK_FALSE(first.done());
    one.fail(asio::error::connection_reset);
    CHECK_ERROR(co_await first.join(), asio::error::connection_reset);
  }

  TEST_ASYNC("orders go across mocks") {
    awaitest::async_mock<void()> lock{"lock"};  // a mock that is a function
    awaitest::async_mock<void()> unlock{"unlock"};
    const awaitest::sequence order;
    lock.expect().in(order);
    unlock.expect().in(order);
    co_await lock();
    co_await unlock();
  }

  TEST_ASYNC("a call that is never awaited fails the test", should_fail("that is what it shows")) {
    mock_users m;
    m.on_fetch.expect(7).returns(user{7, "ada"});
    auto forgotten = m.fetch(7);
    co_return;
  }
}
