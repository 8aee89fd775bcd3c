# find_package(awaitest): the targets awaitest::awaitest and awaitest::main, and awaitest_discover_tests().

include(CMakeFindDependencyMacro)

# The find module for Asio serves this package alone: the project's own module path comes first and is left as it was.
set(_awaitest_module_path "${CMAKE_MODULE_PATH}")
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
find_package(asio 1.22 QUIET)
set(CMAKE_MODULE_PATH "${_awaitest_module_path}")
unset(_awaitest_module_path)
if(NOT asio_FOUND)
  set(awaitest_FOUND FALSE)
  string(CONCAT awaitest_NOT_FOUND_MESSAGE "awaitest needs standalone Asio 1.22 or later: install libasio-dev, "
                "or set asio_INCLUDE_DIR to the directory that holds asio.hpp")
  return()
endif()

if(NOT TARGET Threads::Threads)
  find_dependency(Threads)
endif()
if(NOT TARGET fmt::fmt)
  find_dependency(fmt 9)
endif()

include("${CMAKE_CURRENT_LIST_DIR}/awaitest-targets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/awaitest_main.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/awaitest_discover_tests.cmake")
