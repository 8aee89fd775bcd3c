# Compiles with flags that are not those of the other tests; nothing may be said.
#
#   cmake -D compiler=<C++ compiler> [-D probe=<file>] -P check.cmake -- [argument of the compiler...]
#
# Where the probe does not compile with the same flags (for a compiler or an Asio that cannot do what they ask for), it is a skip.

cmake_minimum_required(VERSION 3.23)

set(arguments "")
set(flags "")
set(after_dashes OFF)
foreach(i RANGE 1 ${CMAKE_ARGC})
  if(after_dashes AND i LESS CMAKE_ARGC)
    list(APPEND arguments "${CMAKE_ARGV${i}}")
    if(NOT CMAKE_ARGV${i} MATCHES "\\.cpp$")
      list(APPEND flags "${CMAKE_ARGV${i}}")
    endif()
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(after_dashes ON)
  endif()
endforeach()

if(probe)
  execute_process(
    COMMAND "${compiler}" ${flags} -fsyntax-only "${probe}"
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if(NOT result EQUAL 0)
    message("skipped: ${probe} does not compile\n${output}")
    return()
  endif()
endif()

execute_process(
  COMMAND "${CMAKE_COMMAND}" -E env LC_ALL=C.UTF-8 "${compiler}" ${arguments}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
)
if(NOT result EQUAL 0 OR output MATCHES "warning:")
  list(JOIN arguments " " arguments)
  message("${output}")
  message(FATAL_ERROR "not in silence: ${compiler} ${arguments}")
endif()
