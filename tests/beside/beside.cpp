// A file of a program that has tests of other frameworks in others: it knows nothing of them.
#include <awaitest/awaitest.hpp>

TEST("beside: other frameworks") { CHECK(1 + 1 == 2); }
