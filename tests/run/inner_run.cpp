// Holds all of awaitest that is compiled once, main included: instead of awaitest::main.
#include "inner_run.hpp"

#include <awaitest/main.hpp>

#include <thread>

namespace inner {

std::vector<std::string> report::failures(std::size_t index) const {
  std::vector<std::string> all;
  for (const auto& one : tests.at(index).failures)
    all.push_back(std::string(awaitest::reporting::words_for(one.kind)) + ": " +
                  (one.expression.empty() ? one.message : one.expression));
  return all;
}

report run(const std::vector<const awaitest::test_case*>& records, const asked& how) {
  using namespace awaitest::detail;
  report made;
  awaitest::settings asked;
  asked.jobs = how.jobs;
  asked.concurrency = how.concurrency;
  asked.timeout = how.timeout;
  asked.fail_fast = how.fail_fast;
  asked.require_assertions = how.require_assertions;
  asked.explore = how.explore;
  asked.explore_all = how.explore_all;
  asked.explore_time = how.explore_time;
  asked.replay = how.replay;
  asked.replay_strict = how.replay_strict;
  asked.seed = how.seed;
  std::vector<selected_test> tests;
  for (const auto* record : records) {
    tests.emplace_back();
    tests.back().record = record;
    tests.back().own_options = options_of(*record);
  }
  event_sink sink;
  sink.add([&made](const awaitest::event& what) {
    if (const auto* test = std::get_if<awaitest::test_finished>(&what)) {
      made.names.push_back(test->test->name);
      made.tests.push_back(*test);
      made.tests.back().test = nullptr;
      for (auto& one : made.tests.back().failures) one.message = awaitest::reporting::told(one);
    } else if (const auto* outside = std::get_if<awaitest::run_failure>(&what)) {
      made.outside.push_back(outside->what);
    } else if (const auto* end = std::get_if<awaitest::run_finished>(&what)) {
      made.totals = *end;
    }
  });
  // A run believes that it is the only one: what the outer one has set is put back.
  const auto report_to = report_to_run.load();
  auto* const failures_to = run_failures_go_to.load();
  std::thread thread([&] { made.code = run_tests(asked, std::move(tests), records.size(), sink, {}); });
  thread.join();
  run_failures_go_to.store(failures_to);
  report_to_run.store(report_to);
  return made;
}

}  // namespace inner
