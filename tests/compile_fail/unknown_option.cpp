// An option that there is not.
#include <awaitest/awaitest.hpp>

// error(GNU): ‘tga’ was not declared in this scope|there are no arguments to ‘tga’
// error(Clang): use of undeclared identifier 'tga'
#ifdef FIXED
TEST("tagged", tag("net")) { CHECK(true); }
#else
TEST("tagged", tga("net")) { CHECK(true); }
#endif
