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

  # For tests that are built to be debugged. The runner itself is not: lines are enough of it, and code that GCC makes for
  # debugging takes less time to compile than none of its optimisations, and a third of the time to run.
  foreach(library IN ITEMS awaitest_main awaitest_tracking)
    target_compile_options(
      ${library} PRIVATE $<$<CONFIG:Debug>:$<$<CXX_COMPILER_ID:GNU,Clang>:-g1>$<$<CXX_COMPILER_ID:GNU>:;-Og>>
    )
  endforeach()
endif()
