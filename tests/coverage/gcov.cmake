# g++'s counts of functions, with a process for each test: those that end their process included.
#
#   cmake -D program=<test program> -D gcov=<program> -D source=<steps.cpp> -D objects=<directory of its object file>
#         -D dir=<work directory> -P gcov.cmake

cmake_minimum_required(VERSION 3.23)
include("${CMAKE_CURRENT_LIST_DIR}/counts.cmake")

function(count_of result line)
  string(REGEX MATCH "\n *([0-9#]+)[*]?: *${line}:" found "${report}")
  string(REGEX REPLACE "^#+$" "0" count "${CMAKE_MATCH_1}")
  set(${result} "${count}" PARENT_SCOPE)
endfunction()

# isolated(passes|fails [environment]...)
function(isolated expected)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env ${ARGN} "${program}" --isolate
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if((expected STREQUAL "passes" AND code) OR (expected STREQUAL "fails" AND NOT code EQUAL 1))
    message(FATAL_ERROR "expected that this ${expected}, got ${code}:\n${output}")
  endif()
  execute_process(
    COMMAND "${gcov}" -o "${objects}" "${objects}/steps.cpp.gcda"
    WORKING_DIRECTORY "${dir}" COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET
  )
  file(READ "${dir}/steps.cpp.gcov" report)
  set(report "${report}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")
file(GLOB counted "${objects}/*.gcda")
if(counted)
  file(REMOVE ${counted})
endif()

isolated(passes)
expect_counts("${source}" counted 0)
isolated(fails STEPS_TO_THE_END=1)
expect_counts("${source}" counted 1)
