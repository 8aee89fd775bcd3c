// What clang-tidy is to say of a file with tests: each line that it is to find names the check. See tidy.cmake.
#include <awaitest/awaitest.hpp>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

struct node {
  int value = 0;
};
struct streamed {
  int n = 0;
  friend bool operator==(const streamed&, const streamed&) = default;
  friend std::ostream& operator<<(std::ostream& out, const streamed& it) { return out << it.n; }
};

const node* look_up(const std::vector<node>& in, int value) {
  for (const auto& one : in)
    if (one.value == value) return &one;
  return nullptr;
}
std::optional<int> number(const std::vector<node>& in) {
  if (in.empty()) return std::nullopt;
  return in.front().value;
}
asio::awaitable<int> later(int n) { co_return n; }

int only_checked(const std::vector<node>& in) {
  const node* found = nullptr;
  if (in.size() > 3) found = look_up(in, 1);
  CHECK(found);
  return found->value;  // finds: clang-analyzer-core.NullDereference
}
int required(const std::vector<node>& in) {
  const node* found = nullptr;
  if (in.size() > 3) found = look_up(in, 1);
  REQUIRE(found);
  return found->value;
}
int required_not_null(const std::vector<node>& in) {
  const node* found = nullptr;
  if (in.size() > 3) found = look_up(in, 1);
  REQUIRE(found != nullptr);
  return found->value;
}
int required_false(const std::vector<node>& in) {
  const node* found = nullptr;
  if (in.size() > 3) found = look_up(in, 1);
  REQUIRE_FALSE(found == nullptr);
  return found->value;
}
int failed(const std::vector<node>& in) {
  const node* found = nullptr;
  if (in.size() > 3) found = look_up(in, 1);
  if (!found) FAIL("none");
  return found->value;
}
int skipped(const std::vector<node>& in) {
  const node* found = nullptr;
  if (in.size() > 3) found = look_up(in, 1);
  if (!found) SKIP("none");
  return found->value;
}

}  // namespace

TEST("comparisons") {
  const std::vector<node> all{{1}, {2}, {3}};
  const int n = 2;
  CHECK(all.size() == 3);
  CHECK(all.size() < 4);
  CHECK(0 < n && n <= 2);
  CHECK(n == 2 || n == 3);
  CHECK_FALSE(all.size() == 4);
  CHECK(&n != nullptr);
  REQUIRE(all.front().value >= 1);
  REQUIRE_FALSE(all.front().value > 1);
  CHECK(streamed{1} == streamed{1});
  CHECK_THAT(n, eq(2));
  CHECK_THAT(all.size(), gt(2));
  CHECK(required(all) + required_not_null(all) + required_false(all) == 3);
  CHECK(failed(all) + skipped(all) + only_checked(all) == 3);
}
TEST("an optional value") {
  const std::vector<node> all{{1}, {2}, {3}};
  const auto found = number(all);
  REQUIRE(found);
  CHECK(*found == 1);
  const auto other = number(all);
  REQUIRE(other.has_value());
  CHECK(*other == 1);
}
TEST_T("types", (T), types<int, long>) {
  T value{};
  CHECK(value == T{});
}
TEST_ASYNC("awaited") {
  CHECK(co_await later(1) == 1);
  CHECK(co_await later(1) == co_await later(1));
  REQUIRE(co_await later(1) != 2);
  CHECK_EVENTUALLY(co_await later(1) == 1, 1ms);
}
