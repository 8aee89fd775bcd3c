# awaitest's suites of itself. That with run/inner_run.cpp holds awaitest's main itself: of the library awaitest::main
# nothing is taken then.

awaitest_add_suite(
  self_author CORE
  author/approx.cpp
  author/check.cpp
  author/check_await.cpp
  author/match.cpp
  author/print.cpp
)
awaitest_add_suite(
  self_loop CORE
  loop/await_future.cpp
  loop/children.cpp
  loop/contexts.cpp
  loop/executor.cpp
  loop/io.cpp
  loop/loop.cpp
  loop/order.cpp
  loop/schedule.cpp
  platform/asio_scheduler.cpp
  platform/coroutine_frames.cpp
  platform/paused_reader.cpp
  platform/process_stops.cpp
  platform/source_assertion.cpp
  platform/thread_places.cpp
  platform/thread_state.cpp
  scope/lifecycle.cpp
  task/ready_queue.cpp
  task/recent_activity.cpp
  task/suspension_point.cpp
  task/wait_list.cpp
  time/virtual_clock.cpp
  time/virtual_timerfds.cpp
  loop/threads.cpp
  loop/time.cpp
)
awaitest_add_suite(self_suites CORE author/suites_one.cpp author/suites_two.cpp)
awaitest_add_suite(self_mock CORE author/mock.cpp author/mock_calls.cpp author/mock_lifetimes.cpp author/mock_operation.cpp)
awaitest_add_suite(self_virtual_time CORE loop/virtual_time.cpp loop/virtual_time_blocked.cpp
  loop/virtual_time_bytes.cpp loop/virtual_time_declared.cpp loop/virtual_time_held.cpp
  loop/virtual_time_members.cpp)

# Libraries that know nothing of awaitest but how Asio is configured.
awaitest_add_suite(self_virtual_time_of_libraries loop/virtual_time_of_libraries.cpp)
get_target_property(asio_definitions awaitest INTERFACE_COMPILE_DEFINITIONS)
foreach(kind IN ITEMS static shared)
  string(TOUPPER ${kind} type)
  add_library(${kind}_library ${type} loop/clocks_of_a_library.cpp)
  target_link_libraries(${kind}_library PRIVATE asio::asio Threads::Threads)
  target_compile_features(${kind}_library PRIVATE cxx_std_20)
  target_compile_definitions(${kind}_library PRIVATE AWAITEST_LIBRARY=${kind}_library ${asio_definitions})
  awaitest_strict(${kind}_library)
  target_link_libraries(self_virtual_time_of_libraries PRIVATE ${kind}_library)
endforeach()
# Programs as people write them, in virtual time.
awaitest_add_suite(self_programs programs/blocking_client.cpp programs/callback_client.cpp programs/http_server.cpp
  programs/proxy.cpp programs/rpc.cpp)
find_package(OpenSSL 3.0 QUIET)
if(OpenSSL_FOUND)
  target_sources(self_programs PRIVATE programs/tls.cpp)
  target_link_libraries(self_programs PRIVATE OpenSSL::SSL)
endif()
awaitest_add_suite(self_never_wrong loop/never_wrong.cpp loop/never_wrong_io.cpp)
awaitest_add_suite(
  self_verdicts CORE
  author/check_sides.cpp
  author/throws.cpp
  run/concurrency.cpp
  run/context_lines.cpp
  run/ended_tasks.cpp
  run/inner_run.cpp
  run/mock_verdicts.cpp
  run/verdicts.cpp
)
awaitest_add_suite(self_search CORE search/choosers.cpp search/explore.cpp search/order.cpp search/source_labels.cpp search/token.cpp
  run/inner_run.cpp)
awaitest_add_suite(races CORE races/shutdown.cpp races/state.cpp races/timers.cpp races/waiting.cpp)
awaitest_add_suite(self_report CORE model/function_name.cpp model/json_value.cpp model/wire.cpp report/difference.cpp report/ending.cpp report/junit.cpp report/live_line.cpp report/mocks.cpp report/reporters.cpp report/source_lines.cpp report/told.cpp run/command_line.cpp run/watchdog.cpp run/selection.cpp scope/attempt_plan.cpp)

# What operations of Asio tell of themselves, too.
add_executable(self_tracking task/suspension_point.cpp)
target_link_libraries(self_tracking PRIVATE awaitest::tracking)
awaitest_strict(self_tracking)
awaitest_discover_tests(self_tracking GRANULARITY binary EXTRA_ARGS ${awaitest_patience})

# What a fixture is to the tests after the first can only be seen in one process.
add_executable(self_fixtures run/fixtures.cpp)
target_link_libraries(self_fixtures PRIVATE awaitest::main)
awaitest_strict(self_fixtures)
awaitest_discover_tests(self_fixtures GRANULARITY binary EXTRA_ARGS ${awaitest_patience})

# So it is with the time that a fixture lives in; and on several threads, with several tests in flight.
add_executable(self_virtual_time_suites run/virtual_time_suites.cpp loop/virtual_time.cpp loop/time.cpp)
target_link_libraries(self_virtual_time_suites PRIVATE awaitest::main)
awaitest_strict(self_virtual_time_suites)
awaitest_discover_tests(self_virtual_time_suites GRANULARITY binary EXTRA_ARGS ${awaitest_patience})
add_test(NAME self_virtual_time_suites_at_once
  COMMAND self_virtual_time_suites ${awaitest_patience} --jobs 3 --concurrency 10 -afterwards)
add_test(NAME self_virtual_time_for_a_run COMMAND self_virtual_time_suites ${awaitest_patience} --virtual-time "loop: *"
  "-loop: time/several settle at once")  # one of them for ever, which leaves time no chance to move
