// Two ends of a TCP connection, for the tests of I/O.
#pragma once

#include <asio.hpp>

#include <utility>

/// The client's end and the server's, with the defaults of the system: no TCP_NODELAY.
inline asio::awaitable<std::pair<asio::ip::tcp::socket, asio::ip::tcp::socket>> connected(
    const asio::ip::address& listens = asio::ip::address_v4::loopback()) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::acceptor acceptor(executor, {listens, 0});
  asio::ip::tcp::socket client(executor);
  co_await client.async_connect({asio::ip::address_v4::loopback(), acceptor.local_endpoint().port()},
                                asio::use_awaitable);
  auto server = co_await acceptor.async_accept(asio::use_awaitable);
  co_return std::pair{std::move(client), std::move(server)};
}
