# The layer check finds what it should find: over bad/, exactly the lines of expected.txt.
cmake_minimum_required(VERSION 3.23)
execute_process(
  COMMAND "${CMAKE_COMMAND}" -D "root=${CMAKE_CURRENT_LIST_DIR}/bad" -P "${CMAKE_CURRENT_LIST_DIR}/check.cmake"
  RESULT_VARIABLE result
  ERROR_VARIABLE output
)
file(READ "${CMAKE_CURRENT_LIST_DIR}/expected.txt" expected)
string(REGEX REPLACE "CMake Error at .*" "" lines "${output}")
if(result EQUAL 0 OR NOT lines STREQUAL expected OR NOT output MATCHES "22 includes break the layer rule")
  message("${output}")
  message(FATAL_ERROR "expected a failure (got ${result}) and the lines of expected.txt")
endif()
