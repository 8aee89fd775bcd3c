// error: static assertion failed.*set_up.. of a fixture is public and takes no arguments
// error: static assertion failed.*tear_down.. of a fixture is public and takes no arguments
// error: static assertion failed.*the scope of a fixture is a public .static constexpr auto scope
#include <awaitest/awaitest.hpp>

class server_with_private_hooks {
#ifdef FIXED
 public:
#endif
  static constexpr auto scope = awaitest::scope::suite;
  asio::awaitable<void> set_up() { co_return; }
  void tear_down() {}
};

TEST_F("private hooks", (server_with_private_hooks&)) { CHECK(true); }
