# The page on coverage in the cookbook, word for word: its preset and its commands, on a small project in a path with a
# space.
#
#   cmake -D source=<awaitest's source directory> -D version=<of Clang> -D dir=<work directory> -P recipe.cmake

cmake_minimum_required(VERSION 3.23)
include("${CMAKE_CURRENT_LIST_DIR}/counts.cmake")

file(READ "${source}/examples/coverage.md" page)
string(REGEX REPLACE "(clang[+][+]|llvm-profdata|llvm-cov)-19" "\\1-${version}" page "${page}")

# text_of(result name): what stands between "```name" and "```".
function(text_of result name)
  string(FIND "${page}" "\n```${name}\n" begin)
  if(begin EQUAL -1)
    message(FATAL_ERROR "the page on coverage has no block '${name}'")
  endif()
  string(SUBSTRING "${page}" ${begin} -1 text)
  string(REGEX REPLACE "^\n[^\n]*\n" "" text "${text}")
  string(FIND "${text}" "\n```" end)
  string(SUBSTRING "${text}" 0 ${end} text)
  set(${result} "${text}\n" PARENT_SCOPE)
endfunction()

# run(code name): the commands of this block end with this exit code.
function(run code name)
  text_of(commands "${name}")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "AWAITEST_SOURCE_DIR=${source}" "CTEST_PARALLEL_LEVEL=4" sh -e -c "${commands}"
    WORKING_DIRECTORY "${dir}" RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if(NOT result EQUAL code)
    message(FATAL_ERROR "exit code ${result} instead of ${code}:\n${commands}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(count_of result line)
  string(REGEX MATCH "\nSF:[^\n]*/steps.cpp\n.*" file "${lcov}")
  string(REGEX REPLACE "\nend_of_record.*" "\n" file "${file}")
  string(REGEX MATCH "\nDA:${line},([0-9]+)\n" found "${file}")
  set(${result} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

function(report)
  run(0 "sh report")
  # show: `  line|  count|text`
  if(NOT output MATCHES "\\| +0\\| +return -1;")
    message(FATAL_ERROR "nothing says that a line was never reached:\n${output}")
  endif()
  run(0 "sh export")
  file(READ "${dir}/build/coverage/all.lcov" lcov)
  set(lcov "\n${lcov}" PARENT_SCOPE)
endfunction()

# A preset of this name is awaitest's own, too: they measure alike.
function(expect_alike where)
  text_of(theirs json)
  file(READ "${source}/CMakePresets.json" ours)
  string(REGEX REPLACE "(clang[+][+])-19" "\\1-${version}" ours "${ours}")
  foreach(json IN ITEMS theirs ours)
    set(${json}_value "")
    string(JSON count LENGTH "${${json}}" ${where})
    math(EXPR last "${count} - 1")
    foreach(i RANGE ${last})
      string(JSON name GET "${${json}}" ${where} ${i} name)
      if(name STREQUAL "coverage")
        string(JSON ${json}_value GET "${${json}}" ${where} ${i} ${ARGN})
      endif()
    endforeach()
  endforeach()
  if(theirs_value STREQUAL "" OR NOT ours_value STREQUAL theirs_value)
    message(FATAL_ERROR "the page says '${theirs_value}' for ${where} ${ARGN}, CMakePresets.json '${ours_value}'")
  endif()
endfunction()

expect_alike(configurePresets cacheVariables CMAKE_CXX_COMPILER)
expect_alike(configurePresets cacheVariables CMAKE_CXX_FLAGS)
expect_alike(buildPresets environment LLVM_PROFILE_FILE)
expect_alike(testPresets environment LLVM_PROFILE_FILE)

file(REMOVE_RECURSE "${dir}")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/project/" DESTINATION "${dir}")
text_of(presets json)
file(WRITE "${dir}/CMakePresets.json" "${presets}")

run(0 "sh run")
report()
expect_counts("${dir}/steps.cpp" "counted|awaited" 0)

set(ENV{STEPS_TO_THE_END} 1)
run(1 "sh isolate")
report()
expect_counts("${dir}/steps.cpp" "counted|awaited" 1)

# Nothing has left its counts anywhere else, awaitest's listing of the tests included.
file(GLOB_RECURSE elsewhere "${dir}/*.profraw")
list(FILTER elsewhere EXCLUDE REGEX "/build/coverage/profiles/[^/]*$")
if(elsewhere)
  message(FATAL_ERROR "counts that no report will have: ${elsewhere}")
endif()
