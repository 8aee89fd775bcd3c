# The rooms of include/awaitest and what each may see; and the headers that a test file must never pay for.
#
#   cmake -D root=<directory of the headers> -P check.cmake
#
# Prints each offending line as file:line: text, and why; then fails.

cmake_minimum_required(VERSION 3.23)

# The rooms in their order: each includes itself and those before it, model nothing of ours. The author's room declares what impl
# defines.
set(rooms config.hpp model author platform task time network loop search fixture mock scope run)
set(before "")
foreach(room IN LISTS rooms)
  set(sees_${room} "${before}")
  list(APPEND before ${room})
endforeach()
set(sees_model "")
list(REMOVE_ITEM sees_mock fixture)  # beside it
set(sees_impl "${sees_scope}")
set(sees_report model)
set(sees_awaitest.hpp ${sees_author} author)
set(sees_main.hpp ${rooms} impl report awaitest.hpp)

set(light_rooms model author awaitest.hpp config.hpp)
set(heavy_headers asio.hpp asio/co_spawn.hpp asio/io_context.hpp fmt/format.h fmt/ranges.h filesystem functional
                  iostream regex)

set(bad_lines 0)
macro(bad why)
  message("${file}:${number}: ${line}\n  ${why}")
  math(EXPR bad_lines "${bad_lines} + 1")
endmacro()

cmake_path(ABSOLUTE_PATH root)
file(GLOB_RECURSE files RELATIVE "${root}" "${root}/*.hpp")
list(SORT files)
if(NOT files)
  message(FATAL_ERROR "no header in ${root}")
endif()

foreach(file IN LISTS files)
  string(REGEX REPLACE "/.*" "" room "${file}")
  if(NOT DEFINED sees_${room})
    set(number 1)
    set(line "in ${room}/")
    bad("'${room}' is no room of include/awaitest")
    continue()
  endif()

  # Lines as a list: nothing in them may look like a list.
  file(READ "${root}/${file}" text)
  string(REGEX REPLACE "[][;]" " " text "${text}")
  string(REGEX MATCHALL "[^\n]*\n" lines "${text}\n")
  set(number 0)
  foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    if(NOT line MATCHES "^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]")
      continue()
    endif()
    set(included "${CMAKE_MATCH_2}")
    set(quoted "${CMAKE_MATCH_1}")
    string(STRIP "${line}" line)

    if(included IN_LIST heavy_headers)
      if(room IN_LIST light_rooms)
        bad("a test file sees ${room} and must not pay for ${included}")
      endif()
      continue()
    endif()
    if(included MATCHES "^awaitest/(.*)")
      set(target "${CMAKE_MATCH_1}")
    elseif(quoted STREQUAL "\"")
      cmake_path(GET file PARENT_PATH target)
      cmake_path(APPEND target "${included}")
      cmake_path(NORMAL_PATH target)
    else()
      continue()
    endif()
    if(NOT EXISTS "${root}/${target}")
      bad("no such header")
      continue()
    endif()
    string(REGEX REPLACE "/.*" "" target_room "${target}")
    if(NOT target_room STREQUAL room AND NOT target_room IN_LIST sees_${room})
      list(JOIN sees_${room} ", " allowed)
      if(NOT allowed)
        set(allowed itself)
      endif()
      bad("${room} must not see ${target_room}, only ${allowed}")
    endif()
  endforeach()
endforeach()

if(bad_lines)
  message(FATAL_ERROR "${bad_lines} includes break the layer rule")
endif()
