// Which attempts a test has, and which rounds a run.
#include <awaitest/awaitest.hpp>
#include <awaitest/run/round_plan.hpp>
#include <awaitest/scope/attempt_plan.hpp>

#include <string>

using awaitest::attempt_purpose;
using awaitest::option_set;
using awaitest::settings;
using awaitest::detail::attempt_end;
using awaitest::detail::attempt_plan;
using awaitest::detail::round_plan;

namespace {

/// The purposes of all attempts, when they end as written: p(assed), f(ailed), s(kipped). A dot where there is none any more.
std::string attempts(const option_set& options, const std::string& ends) {
  attempt_plan plan{options, 40};
  std::string made = "1";
  for (const char end : ends) {
    const auto how = end == 'p'   ? attempt_end::passed
                     : end == 'f' ? attempt_end::failed
                                  : attempt_end::skipped;
    const auto before = plan.now();
    if (!plan.next(how)) return made + '.';
    CHECK(plan.now().number == before.number + 1);
    CHECK(plan.now().seed == 40 + plan.now().number);
    made += plan.now().purpose == attempt_purpose::repeat ? 'p' : 'f';
  }
  return made;
}

std::string rounds(const settings& asked, const std::string& ends) {
  round_plan plan{asked};
  std::string made = std::to_string(plan.seed());
  for (const char end : ends) {
    if (!plan.next(end == 'f')) return made + '.';
    made += "," + std::to_string(plan.seed());
  }
  return made;
}

}  // namespace

TEST_SUITE("scope: attempt plan") {
  TEST("one attempt where nothing is said") {
    const attempt_plan plan{option_set{}, 7};
    CHECK(plan.now().number == 0u);
    CHECK(plan.now().seed == 7u);
    CHECK(plan.now().purpose == attempt_purpose::first);
    for (const char* end : {"p", "f", "s"}) CHECK(attempts({}, end) == "1.");
  }
  TEST("repeat(n): n that pass, in a row") {
    option_set options;
    options.repeat = 3;
    CHECK(attempts(options, "ppp") == "1pp.");
    CHECK(attempts(options, "pf") == "1p.");
    CHECK(attempts(options, "ps") == "1p.");
  }
  TEST("retries(n): n more, until one passes") {
    option_set options;
    options.retries = 2;
    CHECK(attempts(options, "fff") == "1ff.");
    CHECK(attempts(options, "fp") == "1f.");
    CHECK(attempts(options, "fs") == "1f.");
  }
  TEST("both together") {
    option_set options;
    options.retries = 1;
    options.repeat = 2;
    CHECK(attempts(options, "fpp") == "1fp.");
    CHECK(attempts(options, "pff") == "1pf.");
  }
  TEST("should_fail is not tried again") {
    option_set options;
    options.retries = 2;
    options.should_fail = true;
    CHECK(attempts(options, "f") == "1.");
  }
}

TEST_SUITE("run: round plan") {
  TEST("one round, or as many as --repeat says") {
    settings asked;
    asked.seed = 5;
    CHECK(rounds(asked, "p") == "5.");
    asked.repeat = 3;
    CHECK(rounds(asked, "ppp") == "5,6,7.");
    CHECK(rounds(asked, "fff") == "5,6,7.");
  }
  TEST("--until-fail and --fail-fast end with a failure") {
    settings asked;
    asked.repeat = 0;
    asked.until_fail = true;
    CHECK(rounds(asked, "pppf") == "0,1,2,3.");
    CHECK(rounds(asked, "pppp") == "0,1,2,3,4");
    asked = {};
    asked.repeat = 3;
    asked.fail_fast = true;
    CHECK(rounds(asked, "pf") == "0,1.");
  }
}
