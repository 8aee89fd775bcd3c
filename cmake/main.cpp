// The one file that holds awaitest's heavy definitions and main(): the target awaitest::main.
#include <awaitest/main.hpp>
