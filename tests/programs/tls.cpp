// TLS with and without the peer's close_notify, on the test's own executor: its times are exact.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/ssl.hpp>

#include <cstddef>
#include <memory>
#include <utility>

#include "timing.hpp"

using asio::ip::tcp;
using tls_stream = asio::ssl::stream<tcp::socket>;

namespace {

/// A key of its own and a certificate signed by it.
asio::ssl::context server_context() {
  asio::ssl::context made{asio::ssl::context::tls_server};
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_RSA_gen(2048), &EVP_PKEY_free};
  const std::unique_ptr<X509, void (*)(X509*)> certificate{X509_new(), &X509_free};
  REQUIRE(key != nullptr);
  X509_set_pubkey(certificate.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) != 0);
  REQUIRE(SSL_CTX_use_certificate(made.native_handle(), certificate.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(made.native_handle(), key.get()) == 1);
  return made;
}

/// Thinks for three seconds about what has come, and says at once that it does.
asio::awaitable<void> serve(tcp::acceptor& acceptor, asio::ssl::context& context, bool closes) {
  tls_stream stream{co_await acceptor.async_accept(asio::use_awaitable), context};
  co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
  char data[100];
  asio::error_code error;
  for (;;) {
    const auto size =
        co_await stream.async_read_some(asio::buffer(data), asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    co_await asio::async_write(stream, asio::buffer("h", 1), asio::use_awaitable);
    co_await awaitest::sleep_for(3s);
    co_await asio::async_write(stream, asio::buffer(data, size), asio::use_awaitable);
  }
  if (closes) co_return co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  for (error = {}; !error;)
    co_await stream.next_layer().async_read_some(asio::buffer(data),
                                                 asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> talk(bool server_closes) {
  const auto on = co_await asio::this_coro::executor;
  tcp::acceptor acceptor{on, {asio::ip::address_v4::loopback(), 0}};
  auto of_server = server_context();
  asio::ssl::context of_client{asio::ssl::context::tls_client};
  auto server = awaitest::spawn(serve(acceptor, of_server, server_closes));
  const timing time;
  {
    tls_stream stream{on, of_client};
    co_await stream.next_layer().async_connect(acceptor.local_endpoint(), asio::use_awaitable);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    CHECK(time.passed() == 0s);
    char answer[4];
    for (int i = 1; i <= 2; ++i) {
      co_await asio::async_write(stream, asio::buffer("ping", 4), asio::use_awaitable);
      co_await awaitest::with_timeout(1s,
                                      asio::async_read(stream, asio::buffer(answer, 1), asio::use_awaitable));
      co_await asio::async_read(stream, asio::buffer(answer), asio::use_awaitable);
      CHECK(time.passed() == i * 3s);
    }
    if (server_closes) {
      asio::error_code error;
      co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
      CHECK(!error);
      CHECK(time.passed() == 6s);
    } else {
      CHECK_THROWS_AS(co_await awaitest::with_timeout(10s, stream.async_shutdown(asio::use_awaitable)),
                      awaitest::timed_out);
      CHECK(time.passed() == 16s);
    }
  }
  co_await server.join();
}

}  // namespace

TEST_ASYNC("programs: TLS that both sides shut down", virtual_time()) { co_await talk(true); }
TEST_ASYNC("programs: TLS whose server never says goodbye", virtual_time()) { co_await talk(false); }
