#define AWAITEST_NO_INTERPOSITION
#include <awaitest/main.hpp>
