// The answers of each way to choose.
#include <awaitest/awaitest.hpp>
#include <awaitest/search/choosers.hpp>

#include <cstdint>
#include <set>
#include <vector>

using namespace awaitest::match;
using namespace awaitest::detail;

namespace {

/// Asks which of the chains 1, 2, ... is next.
std::uint32_t ask(chooser& of, std::size_t at, const std::vector<std::uint32_t>& chains) {
  return of.choose(at,
                   {choice_kind::schedule, static_cast<std::uint32_t>(chains.size()), 0, {}, chains.data()});
}
std::uint32_t ask_user(chooser& of, std::size_t at, std::uint32_t options) {
  return of.choose(at, {choice_kind::user, options, 7});
}
std::uint32_t ask_to_hold(chooser& of, std::size_t at) {
  return of.choose(at, {choice_kind::postpone, 3, 1});
}

}  // namespace

TEST_SUITE("search: choosers") {
  TEST("first-in first-out, but for a change") {
    changed_fifo by;
    by.begin({{1, {choice_kind::schedule, folded(30), 3, 2}}});
    CHECK(ask(by, 0, {10, 20, 30}) == 0u);
    CHECK(ask(by, 1, {10, 20, 30}) == 2u);
    CHECK(ask(by, 2, {10, 20, 30}) == 0u);
    CHECK_FALSE(by.misfit().has_value());
  }
  TEST("a change is found by its label where others have come") {
    changed_fifo by;
    by.begin({{0, {choice_kind::schedule, folded(30), 2, 1}}});
    CHECK(ask(by, 0, {10, 20, 30}) == 2u);
    CHECK_FALSE(by.misfit().has_value());
  }
  TEST("a change that does not fit, and one that is never met") {
    changed_fifo by;
    by.begin({{0, {choice_kind::schedule, folded(30), 2, 1}}, {5, {choice_kind::user, folded(7), 2, 1}}});
    CHECK(ask(by, 0, {10, 20}) == 1u);  // by its number
    CHECK(by.misfit() == 0u);
    by.begin({{0, {choice_kind::user, folded(7), 2, 1}}});
    CHECK(ask(by, 0, {10, 20}) == 0u);
    CHECK(by.misfit() == 0u);
    by.begin({{5, {choice_kind::user, folded(7), 2, 1}}});
    CHECK(ask(by, 0, {10, 20}) == 0u);
    CHECK(by.misfit() == 0u);
  }
  TEST("the newest first") {
    newest_first by;
    CHECK(ask(by, 0, {10, 20, 30}) == 2u);
    CHECK(ask_to_hold(by, 1) == 0u);
  }
  TEST("round robin: the one that has waited for the longest") {
    round_robin by;
    CHECK(ask(by, 0, {10, 20}) == 0u);
    CHECK(ask(by, 1, {10, 20}) == 1u);
    CHECK(ask(by, 2, {20, 10}) == 1u);
    CHECK(ask(by, 3, {10, 30}) == 1u);
    by.begin();
    CHECK(ask(by, 0, {20, 10}) == 0u);
  }
  TEST("uniform: each option comes, and the same ones by the same seed") {
    uniform by;
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> first, second;
    by.begin(1);
    for (std::size_t i = 0; i < 100; ++i) first.push_back(ask(by, i, {1, 2, 3}));
    by.begin(1);
    for (std::size_t i = 0; i < 100; ++i) second.push_back(ask(by, i, {1, 2, 3}));
    seen.insert(first.begin(), first.end());
    CHECK(seen.size() == 3u);
    CHECK(first == second);
    CHECK(ask_to_hold(by, 100) == 0u);
  }
  TEST("priorities: one chain goes first for the whole run, and becomes the last at a point of change") {
    priorities by;
    std::set<std::uint32_t> ever;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      by.begin(seed, 0, 0);
      const auto first = ask(by, 0, {10, 20, 30});
      for (std::size_t at = 1; at < 10; ++at) CHECK(ask(by, at, {10, 20, 30}) == first);
      ever.insert(first);
    }
    CHECK(ever.size() == 3u);
    by.begin(1, 1, 1);  // at the choice 0
    priorities unchanged;
    unchanged.begin(1, 0, 0);
    const std::vector<std::uint32_t> two{10, 20};
    static_cast<void>(unchanged);
    const auto last = ask(by, 0, two);
    CHECK(ask(by, 1, two) == last);
  }
  TEST("now and then one is held back, and nothing else is changed") {
    random_postponement by;
    int held = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      by.begin(seed);
      for (std::size_t at = 0; at < 50; ++at) {
        if (ask_to_hold(by, at) != 0) ++held;
        CHECK(ask(by, at, {10, 20}) == 0u);
      }
    }
    CHECK(held > 10);
    CHECK(held < 600);
  }
  TEST("a chain is as likely as it has steps left") {
    by_remaining_steps by;
    int second = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      by.begin(seed, {{10, 1}, {20, 99}});
      if (ask(by, 0, {10, 20}) == 1) ++second;
    }
    CHECK(second > 180);
    by.begin(1, {});
    CHECK(ask(by, 0, {10, 20}) < 2u);  // of chains that nobody knows each is as likely
    CHECK(ask_user(by, 1, 5) < 5u);
  }
}
