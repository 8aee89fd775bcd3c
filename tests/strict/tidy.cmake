# Runs clang-tidy on one file, and looks at what it says of it and of awaitest's headers.
#
#   cmake -D tidy=<clang-tidy> -D source=<file> -P tidy.cmake -- [compiler flag...]
#
# Each line that is to be found ends in `// finds: <check>`.

cmake_minimum_required(VERSION 3.23)

set(flags "")
set(after_dashes OFF)
foreach(i RANGE 1 ${CMAKE_ARGC})
  if(after_dashes AND i LESS CMAKE_ARGC)
    if(NOT "${CMAKE_ARGV${i}}" MATCHES "^-(D|I|isystem)$") # of an empty list
      list(APPEND flags "${CMAKE_ARGV${i}}")
    endif()
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(after_dashes ON)
  endif()
endforeach()

execute_process(
  COMMAND
    "${tidy}" --quiet "--checks=-*,bugprone-*,-bugprone-easily-swappable-parameters,clang-analyzer-*,clang-diagnostic-*"
    --header-filter=/awaitest/ "${source}" -- -std=c++20 -Wall -Wextra -Wpedantic ${flags}
  OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE result
)
string(REGEX REPLACE "[][;]" "." text "${output}")

# Asio's coroutine frames are beyond the analyser, and how awaitest's own code is written is of no concern to its user.
string(REGEX MATCHALL "[^\n]+: (warning|error): [^\n]*" said "${text}")
list(FILTER said EXCLUDE REGEX "/asio/|/awaitest/.*bugprone-")

file(STRINGS "${source}" lines)
set(number 0)
set(wanted 0)
foreach(line IN LISTS lines)
  math(EXPR number "${number} + 1")
  if(line MATCHES "// finds: ([a-zA-Z.-]+)$")
    math(EXPR wanted "${wanted} + 1")
    set(before "${said}")
    list(FILTER said EXCLUDE REGEX "\\.cpp:${number}:.*${CMAKE_MATCH_1}")
    if("${before}" STREQUAL "${said}")
      message("${output}${errors}")
      message(FATAL_ERROR "${source}:${number}: it was to be found by ${CMAKE_MATCH_1}")
    endif()
  endif()
endforeach()
if(wanted EQUAL 0)
  message(FATAL_ERROR "${source}: nothing in it is to be found; where is the file?")
endif()
if(said)
  message("${output}${errors}")
  list(JOIN said "\n" said)
  message(FATAL_ERROR "this was not to be found:\n${said}")
endif()
