// Beside cases.
// only error: an option is a call: skip..why.., not skip
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("one after the other", (int n), cases{1, 2}, serial()) { CHECK(n > 0); }
#else
TEST_P("one after the other", (int n), cases{1, 2}, serial) { CHECK(n > 0); }
#endif
