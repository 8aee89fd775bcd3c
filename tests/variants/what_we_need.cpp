// Compiles where everything that awaitest includes of others does.
#include <asio.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>
