# awaitest::main: the runner and main(). It is compiled in the project that uses it, with that project's compiler and
# flags, so that nothing in it can disagree with the tests; and only when something links it.
#
# awaitest::tracking: the same, and Asio tells awaitest of each pending operation. All files of the program that use Asio
# are to be compiled with the definition that it brings.

if(NOT TARGET awaitest_main)
  add_library(awaitest_main STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/main.cpp")
  add_library(awaitest::main ALIAS awaitest_main)
  target_link_libraries(awaitest_main PUBLIC awaitest::awaitest)

  add_library(awaitest_tracking STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/main.cpp")
  add_library(awaitest::tracking ALIAS awaitest_tracking)
  target_link_libraries(awaitest_tracking PUBLIC awaitest::awaitest)
  target_compile_definitions(
    awaitest_tracking PUBLIC "ASIO_CUSTOM_HANDLER_TRACKING=<awaitest/author/tracking/handler_tracking.hpp>"
  )
endif()
