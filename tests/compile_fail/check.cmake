# Compiles one snippet, and looks at what the compiler says.
#
#   cmake -D source=<file> -D compiler=<C++ compiler> -D kind=<GNU|Clang> -D header=<file> -P check.cmake -- [compiler flag...]
#
# The header has been precompiled with those flags, and is in front of each snippet that has no others: that is five times as
# fast.
#
# What to expect stands in the snippet:
#   // error: <regular expression>     or     // warning: <regular expression>     or     // only error: <regular expression>
#   // first error: <regular expression>
# for each diagnostic that is to be there, or `// error(GNU): ` and the like where the compilers differ. A `.` is one
# byte: a quotation mark of GCC's is several. Of a snippet without any, nothing is to be said. After the only error the compiler
# stops: what follows is at most that it did.
#   // flags: <flag> ...
# come after all others.

cmake_minimum_required(VERSION 3.23)

set(flags "")
set(after_dashes OFF)
foreach(i RANGE 1 ${CMAKE_ARGC})
  if(after_dashes AND i LESS CMAKE_ARGC)
    list(APPEND flags "${CMAKE_ARGV${i}}")
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(after_dashes ON)
  endif()
endforeach()

# A `;` ends a wanted text, and no line may look like a list.
file(READ "${source}" text)
string(REGEX REPLACE "\\[|\\]" "." text "${text}")
string(REGEX MATCHALL "// (only error|first error|error|warning)(\\([A-Za-z]+\\))?: [^\n;]*" wanted "${text}")

set(own_flags "")
if(text MATCHES "// flags: ([^\n]*)")
  separate_arguments(own_flags UNIX_COMMAND "${CMAKE_MATCH_1}")
  list(APPEND flags ${own_flags})
endif()

set(how -fsyntax-only -include "${header}")
if(NOT wanted)
  set(how -O2 -S -o /dev/null)  # some warnings come only from the optimiser
elseif(own_flags)
  set(how -fsyntax-only)
endif()
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E env LC_ALL=C.UTF-8 "${compiler}" ${flags} ${how} "${source}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
)
string(REGEX REPLACE "\\[|\\]" "." lines "${output}")

function(bad why)
  message("${output}")
  message(FATAL_ERROR "${source}: ${why}")
endfunction()

if(NOT wanted AND (NOT result EQUAL 0 OR NOT output STREQUAL ""))
  bad("it is right, and was to compile in silence")
endif()
foreach(one IN LISTS wanted)
  string(REGEX MATCH "^// (only error|first error|error|warning)(\\(([A-Za-z]+)\\))?: (.*)$" ignored "${one}")
  set(level "${CMAKE_MATCH_1}")
  set(only "${CMAKE_MATCH_3}")
  set(regex "${CMAKE_MATCH_4}")
  if(only AND NOT only STREQUAL kind)
    continue()
  endif()
  if(level STREQUAL "only error")
    string(REGEX MATCHALL "error: [^\n]*" errors "${lines}")
    list(FILTER errors EXCLUDE REGEX "stopped_by_the_error_above")
    list(LENGTH errors count)
    if(NOT count EQUAL 1 OR NOT errors MATCHES "${regex}" OR result EQUAL 0)
      bad("not only an error that matches '${regex}'")
    endif()
  elseif(level MATCHES "error" AND result EQUAL 0)
    bad("it compiles, with the mistake in it")
  elseif(level STREQUAL "first error")
    string(REGEX MATCH "error: [^\n]*" error "${lines}")
    if(NOT error MATCHES "${regex}")
      bad("the first error does not match '${regex}'")
    endif()
  elseif(level STREQUAL "warning" AND NOT result EQUAL 0 AND NOT text MATCHES "// (first )?error")
    bad("it does not compile, and a warning was expected")
  elseif(NOT lines MATCHES "${level}: [^\n]*(${regex})")
    bad("no ${level} matches '${regex}'")
  endif()
endforeach()
