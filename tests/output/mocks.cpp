// What mocks say: unexpected calls with everything that was considered, unmet expectations, calls that nobody awaits.
#include <awaitest/awaitest.hpp>

#include <stdexcept>
#include <string>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::awaitable;

namespace {

struct user {
  int id = 0;
  std::string name;
  friend bool operator==(const user&, const user&) = default;
  void awaitest_print(std::string& out) const { out += "user " + std::to_string(id) + " '" + name + "'"; }
};

struct users {
  virtual ~users() = default;
  virtual awaitable<user> fetch(int id) = 0;
  virtual awaitable<void> save(user u, std::string why) = 0;
  virtual std::size_t count() const noexcept = 0;
};

struct mock_users : users {
  MOCK_ASYNC(user, fetch, (int id), (override));
  MOCK_ASYNC(void, save, (user u, std::string why), (override));
  MOCK(std::size_t, count, (), (const, noexcept, override));
};

awaitable<void> save(users& to, int id, const char* name, const char* why) {
  auto saving = to.save(user{id, name}, why);
  co_await std::move(saving);
}

}  // namespace

TEST_SUITE("unexpected") {
  TEST_ASYNC("nothing was expected") {
    mock_users m;
    co_await m.fetch(7);
  }
  TEST_ASYNC("argument by argument") {
    mock_users m;
    m.on_save.forbid().with([](const user& u, const std::string&) { return u.id == 99; });
    m.on_save.allow(field(&user::id, lt(3)), _).completes();
    m.on_save.expect(user{3, "ada"}, contains("new")).times(2);
    co_await save(m, 3, "ada", "a new one");
    co_await save(m, 1, "eve", "");
    co_await save(m, 3, "bob", "an old one");
  }
  TEST_ASYNC("called once too often") {
    mock_users m;
    m.on_fetch.expect(7).returns(user{7, "ada"});
    co_await m.fetch(7);
    co_await m.fetch(7);
  }
  TEST_ASYNC("forbidden, in a child") {
    mock_users m;
    m.on_fetch.forbid();
    auto child = awaitest::spawn([&]() -> awaitable<void> { co_await m.fetch(1); }, "loader");
    CHECK_THROWS_AS(co_await child.join(), awaitest::unexpected_call);
  }
  TEST_ASYNC("out of order") {
    mock_users m;
    const awaitest::sequence order;
    m.on_fetch.expect(1).in(order);
    m.on_save.expect().in(order);
    CHECK_THROWS(co_await save(m, 0, "", "too early"));
    co_await m.fetch(1);
    co_await save(m, 0, "", "now");
  }
  TEST_ASYNC("answers used up") {
    mock_users m;
    m.on_fetch.allow(_).answers(user{1, "one"}, awaitest::error(asio::error::eof));
    co_await m.fetch(1);
    CHECK_ERROR(co_await m.fetch(2), asio::error::eof);
    co_await m.fetch(3);
  }
  TEST("a plain noexcept method") {
    mock_users m;
    CHECK(m.count() == 0);
  }
  TEST_ASYNC("expect_no_call") {
    mock_users m;
    m.on_fetch.allow(_).returns(user{});
    co_await m.fetch(1);
    m.on_fetch.expect_no_call();
  }
  TEST_ASYNC("an operation") {
    awaitest::async_mock_op<void(std::error_code, std::size_t), asio::mutable_buffer> read{"read"};
    read.forbid();
    char data[4];
    CHECK_ERROR(co_await read(asio::buffer(data), asio::use_awaitable), asio::error::fault);
  }
}

TEST_SUITE("unmet") {
  TEST_ASYNC("never called") {
    mock_users m;
    m.on_fetch.expect(7).returns(user{});
    co_return;
  }
  TEST_ASYNC("called with something else") {
    mock_users m;
    m.on_fetch.allow(_).returns(user{});
    m.on_fetch.expect(7).at_least(2).returns(user{});
    co_await m.fetch(8);
    co_await m.fetch(7);
  }
  TEST_ASYNC("was to be cancelled") {
    mock_users m;
    m.on_fetch.expect(1).pends().must_be_cancelled();
    auto loading = awaitest::spawn(m.fetch(1));
    auto call = co_await m.on_fetch.next_call();
    call.reply(user{});
    co_await loading.join();
  }
  TEST_ASYNC("and the body has failed before") {
    mock_users m;
    m.on_fetch.expect(7).returns(user{});
    REQUIRE(1 == 2);
    co_await m.fetch(7);
  }
}

TEST_SUITE("awaits") {
  TEST_ASYNC("never awaited") {
    mock_users m;
    m.on_fetch.expect(7).returns(user{});
    static_cast<void>(m.fetch(7));
    co_return;
  }
  TEST_ASYNC("assertions after the fact") {
    mock_users m;
    m.on_fetch.allow(_).returns(user{});
    CHECK(m.on_fetch.awaited());
    co_await m.fetch(7);
    co_await m.fetch(8);
    CHECK(m.on_fetch.awaited_once_with(7));
    CHECK(m.on_fetch.awaited_with(7));
    CHECK(m.on_fetch.not_awaited());
    CHECK(m.on_fetch.has_awaits(8, 7));
    CHECK_FALSE(m.on_fetch.any_await(8));
  }
  TEST_ASYNC("stuck in a call that nobody answers") {
    mock_users m;
    m.on_fetch.expect(7).pends();
    auto loading = awaitest::spawn(m.fetch(7), "loader");
    co_await loading.join();
  }
  TEST_ASYNC("out of time in two calls", timeout(20ms)) {
    mock_users m;
    m.on_fetch.allow(_).after(1h);
    awaitest::async_mock_op<void(std::error_code)> ping{"ping"};
    ping.allow().after(1h);
    ping([](std::error_code) {});
    co_await m.fetch(7);
  }
  TEST_ASYNC("many calls") {
    mock_users m;
    m.on_fetch.allow(lt(30)).returns(user{});
    for (int id = 0; id <= 30; ++id) co_await m.fetch(id);
  }
}

TEST("where no test is running, it is the test's that made the mock") {
  mock_users m;
  m.on_count.forbid();
  std::thread([&] { m.count(); }).join();
}
