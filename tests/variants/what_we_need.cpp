// Compiles where everything that awaitest includes of others does.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <asio.hpp>

#include <regex>
