// Beside cases.
// only error: a text is no option: a label is tag..net..
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("labelled cases", (int n), cases{1, 2}, tag("net")) { CHECK(n > 0); }
#else
TEST_P("labelled cases", (int n), cases{1, 2}, "net") { CHECK(n > 0); }
#endif
