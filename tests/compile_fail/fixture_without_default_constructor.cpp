// error: static assertion failed.*a fixture is made by awaitest: its type needs a public default constructor
#include <awaitest/awaitest.hpp>

struct store_on_a_port {
#ifdef FIXED
  store_on_a_port() : store_on_a_port(0) {}
#endif
  explicit store_on_a_port(int on) : port{on} {}
  int port;
};

TEST("a fixture without default constructor", uses<store_on_a_port>()) { CHECK(true); }
