# Runs one case: a script that configures, builds and tests a small project, and says what to expect of that.
#
#   cmake -D case=<script> -D project=<source directory> -D dir=<work directory> -D generator=<generator>
#         -D compiler=<C++ compiler> [-D ... for the case] -P check_project.cmake

cmake_minimum_required(VERSION 3.23)

# run(passes|fails command...): its output is then in `output`.
function(run expected)
  execute_process(
    COMMAND ${ARGN}
    WORKING_DIRECTORY "${dir}"
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output
  )
  if((expected STREQUAL "passes" AND NOT result EQUAL 0) OR (expected STREQUAL "fails" AND result EQUAL 0))
    list(JOIN ARGN " " command)
    message("${output}")
    message(FATAL_ERROR "expected that this ${expected}, got ${result}: ${command}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# configure(passes|fails text [argument...]): the project includes this text.
function(configure expected text)
  file(WRITE "${dir}/case.cmake" "${text}\n")
  run(${expected} "${CMAKE_COMMAND}" -S "${project}" -B . -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}"
      "-Dawaitest_cmake=${awaitest_cmake}" ${ARGN})
  set(output "${output}" PARENT_SCOPE)
endfunction()

# build(passes|fails [argument...])
function(build expected)
  run(${expected} "${CMAKE_COMMAND}" --build . ${ARGN})
  set(output "${output}" PARENT_SCOPE)
endfunction()

# test(passes|fails [argument...])
function(test expected)
  run(${expected} "${CMAKE_CTEST_COMMAND}" ${of_config} ${ARGN})
  set(output "${output}" PARENT_SCOPE)
endfunction()

# expect(text...): each stands in the output.
function(expect)
  set(i 0)
  while(i LESS ARGC)
    string(FIND "${output}" "${ARGV${i}}" at)
    if(at EQUAL -1)
      message("${output}")
      message(FATAL_ERROR "expected in the output: '${ARGV${i}}'")
    endif()
    math(EXPR i "${i} + 1")
  endwhile()
endfunction()

function(expect_equal actual expected)
  if(NOT actual STREQUAL expected)
    message("expected: ${expected}\n     got: ${actual}")
    message(FATAL_ERROR "not as expected")
  endif()
endfunction()

# expect_names(executable prefix ctest-argument...): what the executable lists is what CTest lists, in the same order.
function(expect_names executable prefix)
  run(passes "${executable}" --list)
  string(REPLACE "\n" "\n${prefix}" expected "\n${output}")

  test(passes -N ${ARGN})
  string(REGEX MATCH "\n *Test +#[0-9]+: .*\nTotal Tests:" actual "${output}")
  string(REPLACE "\nTotal Tests:" "${prefix}" actual "${actual}")
  string(REGEX REPLACE "\n *Test +#[0-9]+: " "\n" actual "${actual}")
  expect_equal("${actual}" "${expected}")
endfunction()

# expect_property(test property value): after `test(passes --show-only=json-v1)`; no value if there is no such property.
function(expect_property test property expected)
  set(actual "")
  string(JSON count LENGTH "${output}" tests)
  foreach(i RANGE 1 ${count})
    math(EXPR i "${i} - 1")
    string(JSON name GET "${output}" tests ${i} name)
    if(name STREQUAL test)
      string(JSON properties LENGTH "${output}" tests ${i} properties)
      foreach(j RANGE 1 ${properties})
        math(EXPR j "${j} - 1")
        string(JSON name GET "${output}" tests ${i} properties ${j} name)
        if(name STREQUAL property)
          string(JSON actual GET "${output}" tests ${i} properties ${j} value)
          string(REGEX REPLACE "[ \n]+" " " actual "${actual}")
        endif()
      endforeach()
      expect_equal("${test}: ${property} ${actual}" "${test}: ${property} ${expected}")
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "no test is named '${test}'")
endfunction()

# Of several configurations it is the first that is built, and whose tests are asked for.
set(of_config "")
set(fake "${dir}/fake")
if(generator MATCHES "Multi-Config")
  set(of_config -C Debug)
  set(fake "${dir}/Debug/fake")
endif()

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")
set(awaitest_cmake "${CMAKE_CURRENT_LIST_DIR}/../cmake")
include("${case}")
