#include <awaitest/main.hpp>
