#include "kv_server.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>

namespace kv {

using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr auto never = asio::steady_timer::time_point::max();

// Cuts the first word off.
std::string_view next_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> sum(std::int64_t a, std::int64_t b) {
  using limits = std::numeric_limits<std::int64_t>;
  if (b > 0 ? a > limits::max() - b : a < limits::min() - b) return std::nullopt;
  return a + b;
}

}  // namespace

struct server::state {
  state(const asio::any_io_executor& executor, const tcp::endpoint& where, options o)
      : limits(o), acceptor(executor, where), drained(executor, never) {}

  void stop();
  void publish(const std::string& line, const std::string& key);
  std::size_t clients() const;

  options limits;
  tcp::acceptor acceptor;
  std::map<std::string, std::string, std::less<>> values;
  std::set<session*> sessions;  // each puts itself in and takes itself out
  asio::steady_timer drained;   // never expires: cancelled when the last session is gone
  bool stopping = false;
};

// One client. Lives in the frame of server::serve(), so a server that is destroyed takes it along.
class server::session {
 public:
  session(std::shared_ptr<state> s, tcp::socket socket)
      : state_(std::move(s)),
        socket_(std::move(socket)),
        patience_(socket_.get_executor()),
        wakeup_(socket_.get_executor(), never),
        admitted_(state_->clients() < state_->limits.max_clients) {
    state_->sessions.insert(this);
  }

  ~session() {
    state_->sessions.erase(this);
    if (state_->sessions.empty()) state_->drained.cancel();
  }

  session(const session&) = delete;
  session& operator=(const session&) = delete;

  asio::awaitable<void> run() {
    co_await (read_requests() && write_replies());
    co_await wait_for_close();
  }

  void stop() { patience_.cancel(); }
  bool admitted() const { return admitted_; }

  void notify(std::string_view line, const std::string& key) {
    if (watched_.count(key) != 0) send(line);
  }

 private:
  asio::awaitable<void> read_requests() {
    bool open = admitted_;
    if (!open) end("ERR server is full");
    while (open) {
      open = co_await next_line();
      if (open) open = answer(line_);
    }
    if (!goodbye_.empty()) send(goodbye_);
    finished_ = true;
    wakeup_.cancel();
  }

  // False when there will be no further line.
  asio::awaitable<bool> next_line() {
    if (state_->stopping) co_return end("BYE");
    if (watched_.empty()) {
      patience_.expires_after(state_->limits.idle);
    } else {
      patience_.expires_at(never);
    }
    // Errors are taken by reference because || waits for the first success: a failed read would not end it.
    asio::error_code read_error;
    asio::error_code wait_error;
    auto input = asio::dynamic_buffer(buffer_, state_->limits.max_line);
    const auto first =
        co_await (asio::async_read_until(socket_, input, '\n', redirect_error(use_awaitable, read_error)) ||
                  patience_.async_wait(redirect_error(use_awaitable, wait_error)));
    if (state_->stopping) co_return end("BYE");
    if (first.index() == 1) co_return end("ERR idle");
    if (read_error == asio::error::not_found) co_return end("ERR line too long");
    if (read_error) co_return false;
    const std::size_t size = std::get<0>(first);
    line_.assign(buffer_, 0, size - 1);
    if (line_.ends_with('\r')) line_.pop_back();
    buffer_.erase(0, size);
    co_return true;
  }

  bool end(std::string_view goodbye) {
    goodbye_ = goodbye;
    return false;
  }

  // Returns whether to go on reading.
  bool answer(std::string_view line) {
    auto rest = line;
    const auto command = next_word(rest);
    if (command == "PING") {
      send("PONG");
    } else if (command == "QUIT") {
      return end("BYE");
    } else if (command == "SET") {
      set(rest);
    } else if (command == "GET") {
      get(rest);
    } else if (command == "DEL") {
      remove(rest);
    } else if (command == "ADD") {
      add(rest);
    } else if (command == "WATCH") {
      watch(rest);
    } else {
      send("ERR unknown command: " + std::string(command));
    }
    return true;
  }

  void set(std::string_view rest) {
    const auto key = next_word(rest);
    if (key.empty() || rest.empty()) return send("ERR usage: SET key value");
    send("OK");
    store(std::string(key), std::string(rest));
  }

  void get(std::string_view rest) {
    const auto key = next_word(rest);
    if (key.empty() || !rest.empty()) return send("ERR usage: GET key");
    const auto found = state_->values.find(key);
    send(found == state_->values.end() ? "NONE" : "VALUE " + found->second);
  }

  void remove(std::string_view rest) {
    const auto key = next_word(rest);
    if (key.empty() || !rest.empty()) return send("ERR usage: DEL key");
    const auto found = state_->values.find(key);
    if (found == state_->values.end()) return send("NONE");
    send("OK");
    state_->values.erase(found);
    state_->publish("GONE " + std::string(key), std::string(key));
  }

  void add(std::string_view rest) {
    const std::string key{next_word(rest)};
    const auto amount = to_number(rest);
    if (key.empty() || !amount) return send("ERR usage: ADD key number");
    const auto found = state_->values.find(key);
    const auto old =
        found == state_->values.end() ? std::optional<std::int64_t>{0} : to_number(found->second);
    if (!old) return send("ERR not a number: " + key);
    const auto total = sum(*old, *amount);
    if (!total) return send("ERR out of range: " + key);
    send("VALUE " + std::to_string(*total));
    store(key, std::to_string(*total));
  }

  void watch(std::string_view rest) {
    const auto key = next_word(rest);
    if (key.empty() || !rest.empty()) return send("ERR usage: WATCH key");
    watched_.emplace(key);
    send("OK");
  }

  void store(const std::string& key, const std::string& value) {
    state_->values[key] = value;
    state_->publish("EVENT " + key + " " + value, key);
  }

  void send(std::string_view line) {
    outbox_.append(line).push_back('\n');
    wakeup_.cancel();
  }

  // Replies and events of one client leave in the order in which they were made, many in one write.
  asio::awaitable<void> write_replies() {
    for (;;) {
      while (outbox_.empty() && !finished_) {
        asio::error_code woken;
        co_await wakeup_.async_wait(redirect_error(use_awaitable, woken));
      }
      if (outbox_.empty()) break;
      const std::string chunk = std::exchange(outbox_, {});
      co_await asio::async_write(socket_, asio::buffer(chunk), use_awaitable);
    }
    asio::error_code gone;
    socket_.shutdown(tcp::socket::shutdown_send, gone);
  }

  // A socket closed with unread input resets the connection, and the client may lose the last reply.
  asio::awaitable<void> wait_for_close() {
    patience_.expires_after(state_->limits.linger);
    asio::error_code wait_error;
    co_await (discard_input() || patience_.async_wait(redirect_error(use_awaitable, wait_error)));
  }

  asio::awaitable<void> discard_input() {
    std::array<char, 512> unread;
    asio::error_code error;
    while (!error)
      co_await socket_.async_read_some(asio::buffer(unread), redirect_error(use_awaitable, error));
  }

  std::shared_ptr<state> state_;
  tcp::socket socket_;
  asio::steady_timer patience_;
  asio::steady_timer wakeup_;  // never expires: cancelled when there is something to write
  std::string buffer_;         // received, the start of the next line included
  std::string line_;
  std::string_view goodbye_;
  std::string outbox_;
  std::set<std::string, std::less<>> watched_;
  bool admitted_;
  bool finished_ = false;
};

void server::state::stop() {
  if (std::exchange(stopping, true)) return;
  asio::error_code ignored;
  acceptor.close(ignored);
  for (auto* s : sessions) s->stop();
}

void server::state::publish(const std::string& line, const std::string& key) {
  for (auto* s : sessions) s->notify(line, key);
}

std::size_t server::state::clients() const {
  const auto count = std::count_if(sessions.begin(), sessions.end(), [](auto* s) { return s->admitted(); });
  return static_cast<std::size_t>(count);
}

server::server(const asio::any_io_executor& executor, const tcp::endpoint& where, options o)
    : state_(std::make_shared<state>(executor, where, o)) {}

tcp::endpoint server::local_endpoint() const { return state_->acceptor.local_endpoint(); }

std::size_t server::clients() const { return state_->clients(); }

void server::stop() { state_->stop(); }

// The coroutines get the state, not `this`: the handle they were started from may be gone by then.
asio::awaitable<void> server::run() { return run(state_); }

asio::awaitable<void> server::run(std::shared_ptr<state> self) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  asio::error_code error;
  while (!self->stopping && cancellation.cancelled() == asio::cancellation_type::none) {
    tcp::socket socket = co_await self->acceptor.async_accept(redirect_error(use_awaitable, error));
    if (error == asio::error::connection_aborted) continue;  // it left before it was taken
    if (error) break;
    asio::co_spawn(self->acceptor.get_executor(), serve(self, std::move(socket)), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
  }
  const bool broken = error && error != asio::error::operation_aborted && !self->stopping;
  self->stop();
  while (!self->sessions.empty()) {
    asio::error_code woken;
    co_await self->drained.async_wait(redirect_error(use_awaitable, woken));
  }
  if (broken) throw std::system_error(error, "accept");
}

asio::awaitable<void> server::serve(std::shared_ptr<state> self, tcp::socket socket) {
  session client{std::move(self), std::move(socket)};
  try {
    co_await client.run();
  } catch (const std::system_error&) {
    // The client went away with replies unsent; there is nobody left to tell.
  }
}

asio::awaitable<void> serve_until_signal(server s) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGINT, SIGTERM};
  signals.async_wait([s](const asio::error_code& error, int) mutable {
    if (!error) s.stop();
  });
  co_await s.run();
}

}  // namespace kv
