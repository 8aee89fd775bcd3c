// The end comes while something is under way.
#include <set>

#include "races.hpp"

using namespace races;

namespace {

// A client that is accepted while the server stops is in nobody's list (arangodb#21131).
template <bool fixed>
struct server {
  bool stopping = false;
  int open = 0, closed_at_stop = 0;
  asio::awaitable<void> accepts() {
    co_await turns(4);  // somebody connects
    if (fixed && stopping) co_return;
    ++open;
  }
  asio::awaitable<void> stop() {
    co_await turns(8);
    stopping = true;
    closed_at_stop = open;
    open = 0;
  }
};
template <bool fixed>
asio::awaitable<void> accepted_while_stopping() {
  server<fixed> one;
  co_await together(one.accepts(), one.stop());
  CHECK(one.open == 0);
}

// A start that is under way sets what the stop has reset (scylladb#15031).
template <bool fixed>
struct service {
  bool running = false, stopped = false;
  asio::awaitable<void> start() {
    co_await turns(3);  // opens its files
    if (fixed && stopped) co_return;
    running = true;
  }
  asio::awaitable<void> stop() {
    co_await turns(6);
    stopped = true;
    running = false;
  }
};
template <bool fixed>
asio::awaitable<void> stopped_while_starting() {
  service<fixed> one;
  co_await together(one.start(), one.stop());
  CHECK(!one.running);
}

// Two writers to one stream: their parts interleave (boostorg/beast#1207).
template <bool fixed>
struct stream {
  std::string sent;
  bool busy = false;
  awaitest::gate idle;
  asio::awaitable<void> write(char what) {
    if (fixed) {
      while (busy) {
        idle.close();
        co_await idle.wait();
      }
      busy = true;
    }
    for (int part = 0; part < 2; ++part) {
      sent += what;
      co_await turn();
    }
    busy = false;
    if (fixed) idle.open();
  }
  asio::awaitable<void> write_later(char what, int before) {
    co_await turns(before);
    co_await write(what);
  }
};
template <bool fixed>
asio::awaitable<void> two_writers() {
  stream<fixed> one;
  co_await together(one.write_later('a', 0), one.write_later('b', 4));
  CHECK((one.sent == "aabb" || one.sent == "bbaa"));
}

// A message leaves the queue before it is sent; the one that fails is lost (libp2p and others).
template <bool fixed>
struct outbox {
  std::vector<int> queue{1, 2, 3};
  std::vector<int> delivered;
  bool connected = true;
  asio::awaitable<void> flush() {
    while (!queue.empty()) {
      const int next = queue.front();
      if (!fixed) queue.erase(queue.begin());
      co_await turn();  // sends
      if (!connected) co_return;
      delivered.push_back(next);
      if (fixed) queue.erase(queue.begin());
    }
  }
  asio::awaitable<void> disconnect() {
    co_await turns(7);
    connected = false;
  }
};
template <bool fixed>
asio::awaitable<void> popped_before_sent() {
  outbox<fixed> one;
  co_await together(one.flush(), one.disconnect());
  CHECK(one.delivered.size() + one.queue.size() == 3u);
}

}  // namespace

TEST_SUITE("races: shutdown") {
  RACE("accepted while stopping", accepted_while_stopping)
  RACE("stopped while starting", stopped_while_starting)
  RACE("two writers", two_writers)
  RACE("popped before sent", popped_before_sent)
}
