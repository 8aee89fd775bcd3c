# Runs a program and compares what it writes, and how it ends, with a golden file.
#
#   cmake -D program=<file> -D golden=<file> -D sources=<directory> -D dir=<work directory>
#         [-D frames=<pattern>] [-D thrown=ON] [-D source=ON] [-D stdout=<file>] [-D sorted=ON] [-D report=<file in dir>] [-D xmllint=<program>] -P run.cmake -- [argument...]
#
# What differs between two runs is blanked: durations, seeds that were not asked for, addresses, descriptors, directories.
# With `sorted`, the lines of the output are sorted: where several tests run at once, their order is nobody's.
# With `report`, a file that the program is to write belongs to the result, and `xmllint` finds a .xml valid by junit.xsd.
# With `thrown`, the places that an exception has come through belong to the result: they are left out elsewhere, where an optimising
# compiler has its say.
# With `frames`, a native backtrace is blanked, which is to match the pattern: its frames are the compiler's. Unless the
# pattern asks for addresses, libraries may be without names: on a busy machine they come too late.
# `@empty@` stands for an empty argument.
# With AWAITEST_UPDATE_GOLDEN=1 in the environment the golden file is written instead.

cmake_minimum_required(VERSION 3.23)

set(arguments "")
set(own_seed OFF)
set(after_dashes OFF)
foreach(i RANGE 1 ${CMAKE_ARGC})
  set(argument "${CMAKE_ARGV${i}}")
  if(after_dashes AND i LESS CMAKE_ARGC)
    if(argument MATCHES "^--seed")
      set(own_seed ON)
    endif()
    string(REPLACE "@empty@" "" argument "${argument}")
    # As bracket arguments they come through whatever they hold, and if it is nothing.
    string(APPEND arguments " [======[${argument}]======]")
  elseif(argument STREQUAL "--")
    set(after_dashes ON)
  endif()
endforeach()

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")
set(ENV{TMPDIR} "${dir}")
# The lines of the source would be those of this directory: with `source` alone.
if(NOT source)
  set(ENV{AWAITEST_OPTIONS} --no-source)
endif()

set(command "[======[${program}]======]${arguments}")
if(DEFINED stdout)
  set(command "sh -c [[exec \"$0\" \"$@\" > '${stdout}']] ${command}")
endif()
if(sorted)
  set(command "sh -c [[\"$0\" \"$@\" > sorted; code=$?; LC_ALL=C sort sorted; exit $code]] ${command}")
endif()
cmake_language(EVAL CODE "
  execute_process(
    COMMAND ${command}
    WORKING_DIRECTORY [[${dir}]] OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code
  )
")

set(actual "")
if(NOT out STREQUAL "")
  string(APPEND actual "--- stdout\n${out}")
endif()
if(NOT err STREQUAL "")
  string(APPEND actual "--- stderr\n${err}")
endif()
if(DEFINED report)
  if(EXISTS "${dir}/${report}")
    file(READ "${dir}/${report}" text)
    string(APPEND actual "--- ${report}\n${text}")
  else()
    string(APPEND actual "--- ${report} was not written\n")
  endif()
endif()
string(APPEND actual "--- ended with ${code}\n")

cmake_path(GET program FILENAME program_name)
string(REPLACE "'${program}'" "${program_name}" actual "${actual}")
string(REPLACE "${program}" "${program_name}" actual "${actual}")
string(REPLACE "${sources}/" "" actual "${actual}")
string(REPLACE "${dir}" "<dir>" actual "${actual}")
string(ASCII 27 escape)
string(REPLACE "${escape}" "<ESC>" actual "${actual}")
string(REGEX REPLACE "[0-9]+(\\.[0-9]+)? (us|ms|s)([^a-z])" "<time>\\3" actual "${actual}")
string(REGEX REPLACE "for more than [0-9.]+s" "for more than <time>" actual "${actual}")
string(REGEX REPLACE "took [0-9.]+[a-z]+" "took <time>" actual "${actual}")
string(REGEX REPLACE "(blocked the loop( [0-9]+ times,)? for( up to)?) [0-9.]+[a-z]+" "\\1 <time>" actual "${actual}")
string(REGEX REPLACE "time=\"[0-9.]+\"" "time=\"<time>\"" actual "${actual}")
if(NOT thrown)
  string(REGEX REPLACE "\n *(thrown|what it waited for was) in [^\n]*" "" actual "${actual}")
endif()
string(REGEX REPLACE "0x[0-9a-f]+" "0x<address>" actual "${actual}")
# What a search counts depends on how many handlers a version of Asio makes of an operation.
string(REGEX REPLACE "v1:[0-9a-f]+:fifo(:[0-9a-fsptu/@,]+)?" "<token>" actual "${actual}")
if(golden MATCHES "/explored[^/]*$") # a run more or less is some assertions more or less
  string(REGEX REPLACE "[(][0-9]+ assertions?," "(<n> assertions," actual "${actual}")
endif()
string(REGEX REPLACE "schedule [0-9]+ of" "schedule <n> of" actual "${actual}")
string(REGEX REPLACE "change [0-9]+([sptu])" "change <n>\\1" actual "${actual}")
string(REGEX REPLACE "all [0-9]+ schedules" "all <n> schedules" actual "${actual}")
string(REGEX REPLACE "[(]choices: [^)]*[)]" "(choices: <counts>)" actual "${actual}")
string(REGEX REPLACE "\\(descriptor [0-9]+\\)" "(descriptor <number>)" actual "${actual}")
string(REGEX REPLACE "descriptor [0-9]+" "descriptor <number>" actual "${actual}")
string(REGEX REPLACE "127\\.0\\.0\\.1:[0-9]+" "127.0.0.1:<port>" actual "${actual}")
string(REGEX REPLACE "/awaitest_([A-Za-z0-9_]+)_[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9]"
       "/awaitest_\\1_<random>" actual "${actual}")
if(NOT own_seed)
  string(REGEX REPLACE "--seed [0-9]+" "--seed <seed>" actual "${actual}")
  string(REGEX REPLACE "name=\"seed\" value=\"[0-9]+\"" "name=\"seed\" value=\"<seed>\"" actual "${actual}")
endif()

# Whether what is told at once of one test is followed by another's.
if(sorted)
  string(REGEX REPLACE "\n[^\n]*<time>[)], continued" "" actual "${actual}")
endif()

# The list of the failed tests at the end: whether there are so many lines above it is the compiler's, too. See reports.cmake.
string(REGEX REPLACE "\nthe [0-9]+ tests that failed:(\n  [^\n]*)+" "" actual "${actual}")

if(DEFINED frames)
  string(REGEX MATCHALL "\n *(#[0-9]+|\\.\\.\\.) [^\n]*" native "${actual}")
  if(native AND NOT native MATCHES "${frames}")
    message(FATAL_ERROR "no frame matches ${frames}:${native}")
  endif()
  string(REGEX REPLACE "(\n *(#[0-9]+|\\.\\.\\.) [^\n]*)+" "\n      <frames>" actual "${actual}")
  if(NOT frames MATCHES "0x")
    string(REGEX REPLACE "<frames>(\n *FILE[(][+]OFFSET[)][^\n]*)+" "<frames>" actual "${actual}")
  endif()
endif()

if(DEFINED report AND DEFINED xmllint AND report MATCHES "\\.xml$")
  execute_process(COMMAND "${xmllint}" --noout --schema "${CMAKE_CURRENT_LIST_DIR}/junit.xsd" "${dir}/${report}" RESULT_VARIABLE bad ERROR_VARIABLE why)
  if(bad)
    message(FATAL_ERROR "${report} is not valid:\n${why}")
  endif()
endif()
file(REMOVE_RECURSE "${dir}")

if("$ENV{AWAITEST_UPDATE_GOLDEN}")
  file(WRITE "${golden}" "${actual}")
  return()
endif()

set(expected "(no such file)\n")
if(EXISTS "${golden}")
  file(READ "${golden}" expected)
endif()
if(actual STREQUAL expected)
  return()
endif()

# The first line that differs. No lists: the text may hold anything.
set(a "${expected}")
set(b "${actual}")
set(number 0)
set(left "")
set(right "")
while(left STREQUAL right)
  math(EXPR number "${number} + 1")
  foreach(side IN ITEMS a b)
    string(FIND "${${side}}" "\n" end)
    if(end EQUAL -1)
      set(${side}_line "(the end)")
      set(${side} "")
    else()
      string(SUBSTRING "${${side}}" 0 ${end} ${side}_line)
      math(EXPR end "${end} + 1")
      string(SUBSTRING "${${side}}" ${end} -1 ${side})
    endif()
  endforeach()
  set(left "${a_line}")
  set(right "${b_line}")
endwhile()
message("=== expected (${golden}):\n${expected}=== actual:\n${actual}===")
message("the first difference is in line ${number}:\n  expected: ${left}\n  actual:   ${right}")
message("when the actual text is right: AWAITEST_UPDATE_GOLDEN=1 ctest -L output")
message(FATAL_ERROR "not as the golden file says")
