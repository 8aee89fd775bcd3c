# awaitest::main: the runner and main(). It is compiled in the project that uses it, with that project's compiler and
# flags, so that nothing in it can disagree with the tests; and only when something links it.

if(NOT TARGET awaitest_main)
  add_library(awaitest_main STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/main.cpp")
  add_library(awaitest::main ALIAS awaitest_main)
  target_link_libraries(awaitest_main PUBLIC awaitest::awaitest)
endif()
