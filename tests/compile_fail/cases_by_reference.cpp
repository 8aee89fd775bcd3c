// error: static assertion failed.*cases are for tests that take values
#include <awaitest/awaitest.hpp>

#include <string>

#ifdef FIXED
TEST_P("cases by reference", (std::string text), cases{"a", "b"}) { CHECK(text.size() == 1); }
#else
TEST_P("cases by reference", (const std::string& text), cases{"a", "b"}) { CHECK(text.size() == 1); }
#endif
