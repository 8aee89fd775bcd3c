// State that has changed while the coroutine that relies on it was waiting.
#include <list>
#include <map>
#include <optional>

#include "races.hpp"

using namespace races;

namespace {

// Read, co_await, write back: the lost update of every bank example.
template <bool fixed>
struct account {
  int balance = 0;
  asio::awaitable<void> deposit(int amount, int before) {
    co_await turns(before);
    const int seen = balance;
    co_await turn();  // asks the ledger
    balance = (fixed ? balance : seen) + amount;
  }
};
template <bool fixed>
asio::awaitable<void> lost_update() {
  account<fixed> one;
  co_await together(one.deposit(1, 0), one.deposit(10, 4));
  CHECK(one.balance == 11);
}

// Check, co_await, act: two callers find no connection, and both make one (redis-py#2831 and many others).
template <bool fixed>
struct client {
  bool connected = false, connecting = false;
  int connections = 0;
  awaitest::gate done;
  asio::awaitable<void> use(int before) {
    co_await turns(before);
    if (connected) co_return;
    if (fixed && std::exchange(connecting, true)) {
      co_await done.wait();
      co_return;
    }
    co_await turns(2);  // resolves and connects
    ++connections;
    connected = true;
    done.open();
  }
};
template <bool fixed>
asio::awaitable<void> double_connect() {
  client<fixed> one;
  co_await together(one.use(0), one.use(5));
  CHECK(one.connections == 1);
}

// Two cache misses start two lookups (boostorg/cobalt#199).
template <bool fixed>
struct cache {
  std::map<int, int> known;
  std::map<int, std::shared_ptr<awaitest::gate>> pending;
  int lookups = 0;
  asio::awaitable<int> get(int key) {
    if (const auto found = known.find(key); found != known.end()) co_return found->second;
    if (fixed && pending.contains(key)) {
      const auto other = pending.at(key);
      co_await other->wait();
      co_return known.at(key);
    }
    auto mine = std::make_shared<awaitest::gate>();
    pending[key] = mine;
    ++lookups;
    co_await turn();
    known[key] = key * 2;
    pending.erase(key);
    mine->open();
    co_return known.at(key);
  }
};
template <bool fixed>
asio::awaitable<void> reads(cache<fixed>& from, int before) {
  co_await turns(before);
  CHECK(co_await from.get(7) == 14);
}
template <bool fixed>
asio::awaitable<void> double_fetch() {
  cache<fixed> one;
  co_await together(reads(one, 0), reads(one, 3));
  CHECK(one.lookups == 1);
}

// An index into a list that somebody changes during the co_await (redpanda#11956 had an iterator).
template <bool fixed>
struct sessions {
  std::vector<std::string> names{"a", "b", "c"};
  std::string told;
  std::size_t wanted = 0;
  asio::awaitable<void> tell_all() {
    const auto all = names;
    wanted = all.size();
    for (std::size_t i = 0; i < (fixed ? all.size() : names.size()); ++i) {
      const auto name = fixed ? all[i] : names[i];
      co_await turn();  // sends
      told += name;
    }
  }
  asio::awaitable<void> leave() {
    co_await turns(6);
    names.erase(names.begin());
  }
};
template <bool fixed>
asio::awaitable<void> changed_while_walking() {
  sessions<fixed> one;
  co_await together(one.tell_all(), one.leave());
  CHECK(one.told.size() == one.wanted);
}

// The flag of a reconnection under way is never reset where the connection is lost meanwhile (boostorg/redis#122).
template <bool fixed>
struct reconnecting {
  bool under_way = false, lost = false;
  int attempts = 0;
  asio::awaitable<void> reconnect() {
    if (under_way) {
      if (fixed) lost = true;
      co_return;
    }
    under_way = true;
    do {
      lost = false;
      ++attempts;
      co_await turns(2);
    } while (lost);
    under_way = false;
  }
  asio::awaitable<void> lose(int before) {
    co_await turns(before);
    ++wanted;
    co_await reconnect();
  }
  int wanted = 0;
};
template <bool fixed>
asio::awaitable<void> lost_while_reconnecting() {
  reconnecting<fixed> one;
  co_await together(one.lose(0), one.lose(5));
  CHECK(one.attempts == one.wanted);
}

// The handler is called at once when there is something, and later when there is not (rippled#7438): the caller has not got ready.
template <bool fixed>
struct mailbox {
  std::optional<int> letter;
  std::function<void(int)> waiting;
  template <class F>
  void async_get(asio::any_io_executor on, F handler) {
    if (letter) {
      const int value = *std::exchange(letter, std::nullopt);
      if (fixed)
        asio::post(on, [handler, value] { handler(value); });
      else
        handler(value);
    } else {
      waiting = handler;
    }
  }
  void put(int value) {
    if (waiting)
      std::exchange(waiting, nullptr)(value);
    else
      letter = value;
  }
};
template <bool fixed>
asio::awaitable<void> sometimes_inline() {
  mailbox<fixed> box;
  int got = 0;
  bool is_ready = false;
  auto writer = awaitest::spawn(
      [](mailbox<fixed>& to) -> asio::awaitable<void> {
        co_await turns(2);
        to.put(7);
      }(box),
      "writer");
  box.async_get(co_await asio::this_coro::executor, [&](int value) {
    if (is_ready) got = value;
  });
  is_ready = true;
  co_await writer.join();
  co_await turn();
  // A second one, when its letter may be there or not.
  auto second = awaitest::spawn(
      [](mailbox<fixed>& to) -> asio::awaitable<void> {
        co_await turns(3);
        to.put(8);
      }(box),
      "second writer");
  is_ready = false;
  co_await turn();
  box.async_get(co_await asio::this_coro::executor, [&](int value) {
    if (is_ready) got += value;
  });
  is_ready = true;
  co_await second.join();
  co_await turn();
  co_await turn();
  CHECK(got == 15);
}

}  // namespace

TEST_SUITE("races: state") {
  RACE("lost update", lost_update)
  RACE("double connect", double_connect)
  RACE("double fetch", double_fetch)
  RACE("changed while walking", changed_while_walking)
  RACE("lost while reconnecting", lost_while_reconnecting)
  RACE("sometimes inline", sometimes_inline)
}
