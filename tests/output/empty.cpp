// No test at all.
#include <awaitest/awaitest.hpp>
