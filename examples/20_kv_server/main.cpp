// kv_server [port]: serves on the loopback interface until SIGINT or SIGTERM.
#include "kv_server.hpp"

#include <cstdio>
#include <exception>
#include <string>

#include <asio.hpp>

int main(int argc, char** argv) {
  try {
    const unsigned long port = argc > 1 ? std::stoul(argv[1]) : 7400;
    asio::io_context context;
    kv::server server{context.get_executor(),
                      {asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(port)}};
    std::printf("listening on port %d\n", int{server.local_endpoint().port()});
    asio::co_spawn(context, kv::serve_until_signal(server), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
    context.run();
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "kv_server: %s\n", e.what());
    return 1;
  }
}
