// Mocks whose expectations are met: matching, counts, answers, orders.
#include <awaitest/awaitest.hpp>

#include <asio/use_awaitable.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

struct user {
  int id = 0;
  std::string name;
  friend bool operator==(const user&, const user&) = default;
};
struct not_found : std::runtime_error {
  not_found() : std::runtime_error("not found") {}
};

struct users {
  users() = default;
  users(const users&) = delete;
  users& operator=(const users&) = delete;
  virtual ~users() = default;
  virtual asio::awaitable<user> fetch(int id) = 0;
  virtual asio::awaitable<user> fetch(std::string_view name) = 0;
  virtual asio::awaitable<void> save(user u, std::string why) = 0;
  virtual asio::awaitable<std::map<int, int>> ages(const std::map<int, int>& of) const noexcept = 0;
  virtual asio::awaitable<user&> shared() & = 0;
  virtual asio::awaitable<std::unique_ptr<int>> take(std::unique_ptr<int> what) = 0;
  virtual int size() const noexcept = 0;
  virtual bool rename(user& who, const char* to) = 0;
};

struct mock_users : users {
  MOCK_ASYNC(user, fetch, (int id), (override));
  MOCK_ASYNC(user, fetch, (std::string_view name), (override, as(on_fetch_by_name)));
  MOCK_ASYNC(void, save, (user u, std::string why), (override));
  MOCK_ASYNC((std::map<int, int>), ages, ((const std::map<int, int>&)of), (const, noexcept, override));
  MOCK_ASYNC(user&, shared, (), (ref(&), override));
  MOCK_ASYNC(std::unique_ptr<int>, take, (std::unique_ptr<int>), (override, final));
  MOCK(int, size, (), (override, noexcept, const));
  MOCK(bool, rename, (user & who, const char* to), (override));
};

template <class T>
struct store {
  virtual ~store() = default;
  virtual asio::awaitable<T> get(const T& otherwise) = 0;
};
template <class T>
struct mock_store : store<T> {
  MOCK_ASYNC(T, get, (const T& otherwise), (override));
};

struct duck {  // no interface behind it
  MOCK_ASYNC(int, twice, (int));
  MOCK(int, plain, (int));
};

}  // namespace

TEST_SUITE("mock: methods") {
  TEST_ASYNC("overloads, qualifiers, types with commas, references, move-only types") {
    mock_users m;
    users& u = m;
    m.on_fetch.expect(7).returns(user{7, "ada"});
    m.on_fetch_by_name.expect("ada").returns(user{8, "ada"});
    CHECK((co_await u.fetch(7)).id == 7);
    CHECK((co_await u.fetch("ada")).id == 8);

    m.on_ages.expect(size_is(1)).returns(std::map<int, int>{{1, 2}});
    const users& constant = m;
    const std::map<int, int> of{{1, 0}};
    auto ages = constant.ages(of);
    CHECK((co_await std::move(ages)).at(1) == 2);

    user one{1, "one"};
    m.on_shared.expect().returns(one);
    auto& same = co_await u.shared();
    CHECK(&same == &one);

    m.on_take.expect(_).invokes([](std::unique_ptr<int> what) {
      ++*what;
      return what;
    });
    auto taken = co_await u.take(std::make_unique<int>(4));
    CHECK(*taken == 5);

    m.on_size.expect().returns(3);
    CHECK(constant.size() == 3);
  }

  TEST_ASYNC("in a class template, and in a class without an interface") {
    mock_store<std::string> strings;
    strings.on_get.expect("x").invokes([](const std::string& s) { return s + s; });
    CHECK(co_await strings.get("x") == "xx");

    duck d;
    d.on_twice.allow(_).invokes([](int n) { return 2 * n; });
    d.on_plain.allow(_).returns(1);
    CHECK(co_await d.twice(4) == 8);
    CHECK(d.plain(4) == 1);
  }

  TEST("a plain method writes to what its parameter refers to") {
    mock_users m;
    user u{1, "old"};
    m.on_rename.expect(field(&user::name, "old"), "new").invokes([](user& who, const char* to) {
      who.name = to;
      return true;
    });
    CHECK(m.rename(u, "new"));
    CHECK(u.name == "new");
    CHECK(m.on_rename.last_call().arg<0>().name == "old");  // as it was at the call
    CHECK(m.on_rename.called_once_with(_, "new"));
  }

  TEST_ASYNC("views and references are recorded by value") {
    mock_users m;
    m.on_fetch_by_name.allow(_).returns(user{});
    {
      std::string gone = "a name that is longer than any small string";
      co_await m.fetch(std::string_view{gone});
    }
    CHECK_THAT(m.on_fetch_by_name.last_call().arg<0>(), starts_with("a name that"));
  }
}

TEST_SUITE("mock: expectations") {
  TEST_ASYNC("values, matchers, braces and predicates") {
    mock_users m;
    m.on_save.expect(field(&user::id, ge(1)), contains("new")).completes();
    m.on_save.expect(user{5, "eve"}, _);
    m.on_save.expect().with([](const user& u, const std::string& why) { return why == u.name; });
    auto same = m.save({3, "same"}, "same");
    co_await std::move(same);
    auto eve = m.save({5, "eve"}, "x");
    co_await std::move(eve);
    auto fresh = m.save({1, ""}, "a new one");
    co_await std::move(fresh);
    CHECK(m.on_save.call_count() == 3);
  }

  TEST_ASYNC("the newest that matches is taken, and an older one when it has had its calls") {
    awaitest::async_mock<int(int)> f{"f"};
    f.allow(_).returns(0);
    f.expect(1).times(2).returns(1);
    f.expect(1).returns(2);
    CHECK(co_await f(1) == 2);
    CHECK(co_await f(1) == 1);
    CHECK(co_await f(1) == 1);
    CHECK(co_await f(1) == 0);
    CHECK(co_await f(9) == 0);
  }

  TEST_ASYNC("times, at_least, at_most, between") {
    awaitest::async_mock<int(int)> f{"f"};
    f.expect(1).at_least(2).returns(1);
    f.expect(2).at_most(2).returns(2);
    f.expect(3).between(1, 3).returns(3);
    f.expect(4).times(0);
    for (int n = 0; n < 4; ++n) CHECK(co_await f(1) == 1);
    CHECK(co_await f(2) == 2);
    CHECK(co_await f(3) == 3);
    CHECK(f.verify_and_clear());
  }

  TEST_ASYNC("answers without an answer: the default, or a value-initialised one") {
    awaitest::async_mock<int()> f{"f"};
    awaitest::async_mock<user()> g{"g"};
    f.returns_by_default(7);
    f.expect();
    g.expect();
    CHECK(co_await f() == 7);
    CHECK((co_await g()).id == 0);
  }

  TEST_ASYNC("an order across mocks, by call") {
    awaitest::async_mock<int()> first{"first"};
    awaitest::async_mock<int()> second{"second"};
    const awaitest::sequence order;
    first.expect().in(order).returns(1);
    second.expect().times(2).in(order).returns(2);
    first.expect().in(order).returns(3);
    CHECK(co_await first() == 1);
    CHECK(co_await second() == 2);
    CHECK(co_await second() == 2);
    CHECK(co_await first() == 3);
  }

  TEST_ASYNC("a partial order: both before the last, in any order") {
    awaitest::mock<int(int)> f{"f"};
    const awaitest::sequence left;
    const awaitest::sequence right;
    f.expect(1).in(left).returns(1);
    f.expect(2).in(right).returns(2);
    f.expect(3).in(left).in(right).returns(3);
    CHECK(f(2) == 2);
    CHECK(f(1) == 1);
    CHECK(f(3) == 3);
    co_return;
  }

  TEST_ASYNC("an order by completion") {
    awaitest::async_mock<void()> write{"write"};
    awaitest::async_mock<void()> close{"close"};
    const awaitest::sequence order;
    awaitest::gate written;
    write.expect().in(order).through(written);
    close.expect().in(order, awaitest::step::done);
    auto writing = awaitest::spawn(write());
    co_await awaitest::settle();
    written.open();
    co_await writing.join();
    co_await close();
  }

  TEST_ASYNC("captures arguments as they are called with") {
    mock_users m;
    std::vector<std::string> reasons;
    user last;
    m.on_save.allow().capture(last, reasons);
    m.on_save.expect(user{3, ""}, _).capture(std::ignore, reasons);
    auto a = m.save({1, "a"}, "first");
    co_await std::move(a);
    auto b = m.save({3, ""}, "second");
    co_await std::move(b);
    CHECK(last.id == 1);
    CHECK_THAT(reasons, elements_are("first", "second"));
  }

  TEST_ASYNC("forbid is met by no call") {
    mock_users m;
    m.on_save.forbid();
    m.on_fetch.allow(_).returns(user{1, ""});
    m.on_fetch.forbid(lt(0));
    CHECK((co_await m.fetch(4)).id == 1);
  }

  TEST("what makes no sense is said at once") {
    awaitest::async_mock<int(int)> f{"f"};
    CHECK_THROWS_AS(f.allow(_).returns(1).returns(2), std::logic_error);
    CHECK_THROWS_AS(f.allow(_).times(1).times(2), std::logic_error);
    CHECK_THROWS_AS(f.allow(_).at_least(1), std::logic_error);
    CHECK_THROWS_AS(f.allow(_).between(3, 2), std::logic_error);
    CHECK_THROWS_AS(f.forbid(_).returns(1), std::logic_error);
    CHECK_THROWS_AS(f.forbid(_).times(1), std::logic_error);
    CHECK_THROWS_AS(f.allow(_).answers(), std::logic_error);
    CHECK_THROWS_AS(f.last_call(), std::out_of_range);
  }

  TEST_ASYNC("verify_and_clear on demand, reset with and without the answers") {
    awaitest::async_mock<int(int)> f{"f"};
    f.expect(1).returns(1);
    CHECK(co_await f(1) == 1);
    f.reset();
    CHECK(f.call_count() == 0);
    CHECK(f.calls().empty());
    CHECK(co_await f(1) == 1);  // the expectation is still there, and counts from 0
    CHECK(f.verify_and_clear());
    f.expect(2).returns(2);
    f.reset(awaitest::reset_of::everything);
    f.allow(_).returns(3);
    CHECK(co_await f(2) == 3);
  }
}

TEST_SUITE("mock: answers") {
  TEST_ASYNC("returns, throws, fails, completes") {
    mock_users m;
    m.on_fetch.expect(1).returns(user{1, "one"});
    m.on_fetch.expect(2).throws(not_found{});
    m.on_fetch.expect(3).fails(asio::error::eof);
    m.on_fetch.expect(4).returns({4, "braces"});
    m.on_save.allow().completes();
    CHECK((co_await m.fetch(1)).name == "one");
    CHECK_THROWS_AS(co_await m.fetch(2), not_found);
    CHECK_ERROR(co_await m.fetch(3), asio::error::eof);
    CHECK((co_await m.fetch(4)).name == "braces");
    CHECK(m.on_fetch.calls().at(1).state() == awaitest::call_state::failed);
  }

  TEST_ASYNC("a list, one for each call") {
    mock_users m;
    m.on_fetch.expect(_).answers(
        user{1, ""}, awaitest::error(asio::error::eof), awaitest::raised(not_found{}),
        [](int id) { return user{id * 2, ""}; }, awaitest::pending);
    CHECK((co_await m.fetch(5)).id == 1);
    CHECK_ERROR(co_await m.fetch(5), asio::error::eof);
    CHECK_THROWS_AS(co_await m.fetch(5), not_found);
    CHECK((co_await m.fetch(5)).id == 10);
    auto pending = awaitest::spawn(m.fetch(5));
    co_await awaitest::settle();
    CHECK(m.on_fetch.last_call().state() == awaitest::call_state::pending);
    m.on_fetch.last_call().reply(user{6, ""});
    CHECK((co_await pending.join()).id == 6);

    m.on_save.expect(_, _).answers(awaitest::completed, awaitest::error(asio::error::eof));
    auto good = m.save({}, "");
    co_await std::move(good);
    auto bad = m.save({}, "");
    CHECK_ERROR(co_await std::move(bad), asio::error::eof);
  }

  TEST_ASYNC("a move-only value is given once") {
    awaitest::async_mock<std::unique_ptr<int>()> f{"f"};
    f.expect().returns(std::make_unique<int>(3));
    auto value = co_await f();
    CHECK(*value == 3);
  }

  TEST_ASYNC("actions: plain, coroutine, of no parameters, of more general ones") {
    awaitest::async_mock<long(int, std::string)> f{"f"};
    f.expect(1, _).invokes([](int n, const std::string& s) { return n + static_cast<long>(s.size()); });
    f.expect(2, _).invokes([] { return 20; });
    f.expect(3, _).invokes([](long n, std::string_view s) -> asio::awaitable<int> {
      co_await awaitest::sleep_for(1us);
      co_return static_cast<int>(n) + static_cast<int>(s.size());
    });
    CHECK(co_await f(1, "ab") == 3);
    CHECK(co_await f(2, "") == 20);
    CHECK(co_await f(3, "abc") == 6);
  }

  TEST_ASYNC("a coroutine action with captures outlives its expectation and its mock") {
    awaitest::gate go;
    std::string result;
    auto f = std::make_unique<awaitest::async_mock<std::string(std::string)>>("f");
    f->expect(_).invokes([&go, kept = std::string(100, 'k')](std::string s) -> asio::awaitable<std::string> {
      co_await go.wait();
      co_return s + kept;
    });
    auto call = awaitest::spawn((*f)("x"));
    co_await awaitest::settle();
    CHECK(f->verify_and_clear());
    f.reset();
    go.open();
    result = co_await call.join();
    CHECK(result == "x" + std::string(100, 'k'));
  }

  TEST_ASYNC("latency and gates") {
    awaitest::async_mock<int()> f{"f"};
    awaitest::gate go;
    f.expect().through(go).after(1ms).returns(1);
    f.expect().after(1ms).fails(asio::error::eof);
    CHECK_ERROR(co_await f(), asio::error::eof);
    auto gated = awaitest::spawn(f());
    co_await awaitest::settle();
    CHECK(f.in_flight() == 1);
    go.open();
    CHECK(co_await gated.join() == 1);
    CHECK(f.in_flight() == 0);
  }

  TEST_ASYNC("an action that calls its mock, sets expectations and destroys the mock") {
    auto f = std::make_unique<awaitest::async_mock<int(int)>>("f");
    auto& mock = *f;
    f->expect(3).invokes([&](int) -> asio::awaitable<int> {
      mock.expect(2).invokes([&](int n) {
        f.reset();
        return n;
      });
      auto inner = mock(2);
      co_return 10 + co_await std::move(inner);
    });
    auto call = mock(3);
    CHECK(co_await std::move(call) == 12);
    CHECK(f == nullptr);
  }

  TEST_ASYNC("through code that takes a callable by value") {
    awaitest::async_mock<std::string(std::string)> resolve{"resolve"};
    resolve.expect("host").returns("127.0.0.1");
    const auto connect = [](auto resolver) -> asio::awaitable<std::string> {
      auto found = resolver("host");
      co_return co_await std::move(found);
    };
    auto connecting = connect(resolve);
    CHECK(co_await std::move(connecting) == "127.0.0.1");
  }
}

TEST_SUITE("mock: assertions after the fact") {
  TEST_ASYNC("calls are counted when called, awaits when awaited for the first time") {
    awaitest::async_mock<int(int)> f{"f"};
    f.allow(_).returns(1).may_be_dropped();
    CHECK(f.not_called());
    CHECK(f.not_awaited());
    {
      auto never = f(1);
      CHECK(f.call_count() == 1);
      CHECK(f.called_once());
      CHECK(f.await_count() == 0);
      CHECK(f.last_call().state() == awaitest::call_state::called);
    }
    CHECK(f.last_call().state() == awaitest::call_state::dropped);
    CHECK_FALSE(f.awaited());
    co_await f(2);
    CHECK(f.awaited());
    CHECK(f.awaited_once());
    CHECK(f.awaited_with(2));
    CHECK(f.awaited_once_with(2));
    CHECK(f.called_with(2));
    CHECK(f.any_call(1));
    co_await f(3);
    co_await f(4);
    CHECK(f.any_await(3));
    CHECK_FALSE(f.any_await(1));
    CHECK_FALSE(f.awaited_once());
    CHECK_FALSE(f.awaited_with(3));  // the last await was with 4
    CHECK(f.has_awaits(2, 3));
    CHECK(f.has_awaits(gt(2), 4));
    CHECK_FALSE(f.has_awaits(2, 4));
    CHECK_FALSE(f.has_awaits(3, 2));
    CHECK(f.has_awaits_in_any_order(4, 2));
    CHECK_FALSE(f.has_awaits_in_any_order(4, 4));
    CHECK(f.has_awaits_in_any_order(ge(3), 3));  // each stands for an await of its own
  }
  TEST_ASYNC("of two parameters, as tuples") {
    awaitest::async_mock<void(int, std::string)> f{"f"};
    f.allow();
    co_await f(1, "a");
    co_await f(2, "b");
    CHECK(f.has_awaits(std::tuple(1, "a"), std::tuple(_, starts_with("b"))));
  }
  TEST_ASYNC("100 000 calls, and none of them kept") {
    awaitest::async_mock<int(int)> f{"f"};
    f.record(false);
    f.expect(_).times(100'000).returns(1);
    int sum = 0;
    for (int n = 0; n < 100'000; ++n) sum += co_await f(n);
    CHECK(sum == 100'000);
    CHECK(f.calls().empty());
    CHECK(f.call_count() == 100'000);
    CHECK(f.max_in_flight() == 1);
  }
}
