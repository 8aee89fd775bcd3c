# awaitest's suites of itself. Those with run/inner_run.cpp, and run/selection.cpp, hold awaitest's main themselves: of
# the library awaitest::main nothing is taken then.

awaitest_add_suite(
  self_author
  author/approx.cpp
  author/check.cpp
  author/check_await.cpp
  author/match.cpp
  author/print.cpp
)
awaitest_add_suite(
  self_loop
  loop/children.cpp
  loop/contexts.cpp
  loop/executor.cpp
  loop/io.cpp
  loop/order.cpp
  loop/threads.cpp
  loop/time.cpp
)
awaitest_add_suite(self_virtual_time loop/virtual_time.cpp)
awaitest_add_suite(self_never_wrong loop/never_wrong.cpp)
awaitest_add_suite(
  self_verdicts
  author/check_sides.cpp
  author/throws.cpp
  run/context_lines.cpp
  run/ended_tasks.cpp
  run/inner_run.cpp
  run/verdicts.cpp
)
awaitest_add_suite(self_report report/difference.cpp report/junit.cpp run/command_line.cpp)
awaitest_add_suite(self_selection run/selection.cpp)

# What a fixture is to the tests after the first can only be seen in one process.
add_executable(self_fixtures run/fixtures.cpp)
target_link_libraries(self_fixtures PRIVATE awaitest::main)
awaitest_strict(self_fixtures)
awaitest_discover_tests(self_fixtures GRANULARITY binary)
