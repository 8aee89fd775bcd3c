// The other way to get main(): include it in one file.
#include <awaitest/main.hpp>
