// The last few things that happened in a test, as they are told.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/told.hpp>
#include <awaitest/task/recent_activity.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace awaitest::match;
using awaitest::detail::recent_activity;
using awaitest::detail::task;

namespace {

std::vector<std::string> told(const recent_activity& of) {
  std::vector<std::string> words;
  for (const auto& one : of.told([](const task*, const char*) { return true; }))
    words.push_back(std::to_string(one.elapsed) + " " + awaitest::reporting::words_for(one));
  return words;
}
const awaitest::location here{"a.cpp", 3};

}  // namespace

TEST_SUITE("task: recent activity") {
  TEST("who, did what, and where; the oldest first") {
    recent_activity steps;
    CHECK(told(steps).empty());
    task body, child;
    child.label = "child 'x' spawned at a.cpp:1";
    child.short_label = 9;
    steps.add(&child, "", "", {}, 1);
    steps.add(&body, "went on from", "gate", here, 2);
    steps.add(&child, "ended", "", {}, 3);
    CHECK_THAT(told(steps), elements_are("1 child 'x' spawned at a.cpp:1",
                                         "2 the body went on from gate at a.cpp:3", "3 child 'x' ended"));
  }
  TEST("one that happens again is the newest, and is counted") {
    recent_activity steps;
    task body;
    steps.add(&body, "went on from", "gate", here, 1);
    steps.add(&body, "went on from", "barrier", here, 2);
    for (int at : {3, 4}) steps.add(&body, "went on from", "gate", here, at);
    CHECK_THAT(told(steps), elements_are("2 the body went on from barrier at a.cpp:3",
                                         "4 the body went on from gate at a.cpp:3 (3 times)"));
  }
  TEST("eight are kept, the newest ones") {
    recent_activity steps;
    task body;
    for (unsigned i = 1; i <= 11; ++i) steps.add(&body, "went on from", "gate", {"a.cpp", i}, i);
    const auto got = told(steps);
    REQUIRE(got.size() == 8u);
    CHECK(got.front() == "4 the body went on from gate at a.cpp:4");
    CHECK(got.back() == "11 the body went on from gate at a.cpp:11");
  }
  TEST("those that are not wanted are left out") {
    recent_activity steps;
    task a, b;
    b.label = "b";
    steps.add(&a, "ended", "", {}, 1);
    steps.add(&b, "ended", "", {}, 2);
    const auto got = steps.told(
        [&](const task* who, const char* verb) { return who == &b && verb == std::string_view{"ended"}; });
    REQUIRE(got.size() == 1u);
    CHECK(got[0].task == "b");
    CHECK(got[0].verb == "ended");
  }
}
