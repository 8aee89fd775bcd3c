// error: static assertion failed.*a test with fixtures takes them by reference; values are for TEST_P
#include <awaitest/awaitest.hpp>

struct plain_store {};

#ifdef FIXED
TEST_F("a value in TEST_F", (plain_store&)) { CHECK(true); }
#else
TEST_F("a value in TEST_F", (plain_store)) { CHECK(true); }
#endif
