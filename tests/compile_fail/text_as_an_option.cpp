// A label is an option, a text is none.
// only error: a text is no option: a label is tag..net..
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST("labelled", tag("net")) { CHECK(true); }
#else
TEST("labelled", "net") { CHECK(true); }
#endif
