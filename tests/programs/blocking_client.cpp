// A client that blocks its caller, on an io_context of its own that it runs for as long as each operation may take, as in Asio's
// examples of timeouts; its server is an io_context on a thread. Its times are exact to the millisecond.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <string>
#include <thread>

#include "timing.hpp"

using asio::ip::tcp;

namespace {

class blocking_client {
 public:
  void connect(const tcp::endpoint& to, timing::duration limit) {
    asio::error_code error;
    socket_.async_connect(to, [&](const asio::error_code& e) { error = e; });
    run(limit);
    if (error) throw asio::system_error(error);
  }
  std::string read_line(timing::duration limit) {
    asio::error_code error;
    std::size_t size = 0;
    asio::async_read_until(socket_, asio::dynamic_buffer(received_), '\n',
                           [&](const asio::error_code& e, std::size_t n) {
                             error = e;
                             size = n;
                           });
    run(limit);
    if (error) throw asio::system_error(error);
    const auto line = received_.substr(0, size - 1);
    received_.erase(0, size);
    return line;
  }
  void write_line(const std::string& line, timing::duration limit) {
    const auto data = line + "\n";
    asio::error_code error;
    asio::async_write(socket_, asio::buffer(data),
                      [&](const asio::error_code& e, std::size_t) { error = e; });
    run(limit);
    if (error) throw asio::system_error(error);
  }

 private:
  void run(timing::duration limit) {
    io_.restart();
    io_.run_for(limit);
    if (io_.stopped()) return;
    socket_.close();
    io_.run();
  }

  asio::io_context io_;
  tcp::socket socket_{io_};
  std::string received_;
};

/// Thinks for two seconds about each of that many lines, and does not answer the next ones.
class server_on_a_thread {
 public:
  explicit server_on_a_thread(int answers) {
    asio::co_spawn(io_, serve(answers), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  server_on_a_thread(const server_on_a_thread&) = delete;
  server_on_a_thread& operator=(const server_on_a_thread&) = delete;
  ~server_on_a_thread() {
    io_.stop();
    thread_.join();
  }
  tcp::endpoint where() const { return acceptor_.local_endpoint(); }

 private:
  asio::awaitable<void> serve(int answers) {
    auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
    for (std::string received;; --answers) {
      const auto size =
          co_await asio::async_read_until(socket, asio::dynamic_buffer(received), '\n', asio::use_awaitable);
      if (answers > 0) {
        asio::steady_timer thinks{io_, 2s};
        co_await thinks.async_wait(asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer(received, size), asio::use_awaitable);
      }
      received.erase(0, size);
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

}  // namespace

TEST("programs: a client that blocks, and gives up after its limit", virtual_time()) {
  const server_on_a_thread server{1};
  blocking_client client;
  timing time;
  client.connect(server.where(), 5s);
  client.write_line("hello", 5s);
  CHECK(client.read_line(5s) == "hello");
  CHECK(time.is_about(2s));
  client.write_line("again", 5s);
  CHECK_THROWS_AS(client.read_line(5s), asio::system_error);
  CHECK(time.is_about(7s));
}
