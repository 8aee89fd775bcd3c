// One body, many cases: each is a test of its own, in --list, in patterns, in CTest and in reports.
#include <awaitest/awaitest.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::optional<int> parse_port(const std::string& text) {
  if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos) return {};
  const int port = std::stoi(text);
  return port <= 65535 ? std::optional{port} : std::nullopt;
}

struct settings_file {
  std::map<std::string, int> ports{{"http", 80}, {"https", 443}};
};

}  // namespace

TEST_SUITE("parameters") {
  // Value parameters are cases, named by their values: parameters/a port["80", 80].
  TEST_P(
      "a port", (std::string text, std::optional<int> port),
      cases{
          {"80", 80}, {"65535", 65535}, {"65536", std::nullopt}, {"-1", std::nullopt}, {"", std::nullopt}}) {
    CHECK(parse_port(text) == port);
  }

  // References are fixtures, as ever; `named` gives a case a name.
  TEST_ASYNC_P("a service", (settings_file & file, std::string name, int port),
               cases{cases::named("plain", "http", 80), cases::named("encrypted", "https", 443)},
               timeout(1s)) {
    CHECK(file.ports[name] == port);
    co_return;
  }

  TEST_P("from a range", (int n), cases::from(std::vector{1, 2, 3})) { CHECK(n * n >= n); }

  TEST_P("every combination", (int n, bool negative), cases::product({0, 1, 1000}, {false, true})) {
    const auto text = std::to_string(negative ? -n : n);
    CHECK(std::stoi(text) == (negative ? -n : n));
  }

  TEST_T("each container begins empty", (T), types<std::string, std::vector<int>, std::map<int, int>>) {
    T container;
    CHECK(container.empty());
  }
}
