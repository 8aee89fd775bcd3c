// Programs that do not come to their tests: a generator of cases, or a static object, that waits for ever.
#include <awaitest/awaitest.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace {

bool hangs(std::string_view where) {
  const char* const wanted = std::getenv("HANGS");
  return wanted && wanted == where;
}
std::vector<int> in_a_function() {
  while (hangs("in a generator")) ::pause();
  return {1};
}

/// Not in the process that starts the others.
bool is_isolated() {
  std::ifstream file{"/proc/self/cmdline"};
  const std::string arguments{std::istreambuf_iterator<char>{file}, {}};
  return arguments.find("--wire") != arguments.npos;
}
const struct static_object {
  static_object() {
    while (hangs("in a constructor") && is_isolated()) ::pause();
  }
} before_main;

}  // namespace

TEST_P("has a case", (int n), cases::from(in_a_function())) { CHECK(n == 1); }
