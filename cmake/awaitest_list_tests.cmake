# The second half of awaitest_discover_tests(), at build or test time: `executable --list=ctest` prints its tests as
# CTest commands, with a placeholder wherever a setting of the project belongs. Here the placeholders are filled in.
#
# After a build:  cmake -D settings=<file> -D tests=<file to write> -P awaitest_list_tests.cmake
# In ctest:       include() it and call awaitest_load_tests().

cmake_policy(VERSION 3.23)

function(awaitest_list_tests settings tests)
  include("${settings}")
  file(REMOVE "${tests}")
  cmake_language(EVAL CODE "
    execute_process(
      COMMAND ${command} --list=ctest
      WORKING_DIRECTORY [==[${WORKING_DIRECTORY}]==]
      TIMEOUT ${DISCOVERY_TIMEOUT}
      OUTPUT_VARIABLE script
      ERROR_VARIABLE errors
      RESULT_VARIABLE result
      ENCODING UTF8
    )")

  string(FIND "${script}" "add_test(" found)
  if(NOT result EQUAL 0 OR found EQUAL -1)
    if(result EQUAL 0)
      set(result "it lists no test")
    elseif(result MATCHES "^[0-9]+$")
      set(result "exit code ${result}")
    endif()
    string(STRIP "${errors}" errors)
    string(REPLACE "\n" "\n  " errors "\n${errors}")
    string(REGEX REPLACE "\\[=+\\[|\\]=+\\]" "" command "${command}")
    message(FATAL_ERROR "cannot list the tests of ${target}: ${result}${errors}\n  when running${command} --list=ctest")
  endif()

  # Text is replaced in one piece and never split, so no name can fall apart.
  string(ASCII 1 mark)
  if(NOT REPORT_DIR STREQUAL "")
    file(MAKE_DIRECTORY "${REPORT_DIR}")
    # Names do not make file names, so the reports are numbered, by a counter that CTest keeps while it reads the tests.
    string(PREPEND script "set(report [==[junit=${REPORT_DIR}/${target}-]==])\nset(number 0)\n")
    string(REPLACE "\nadd_test(" "\nmath(EXPR number \"\${number} + 1\")\nadd_test(" script "${script}")
    string(PREPEND EXTRA_ARGS [[ --reporter console --reporter "${report}${number}.xml"]])
  endif()
  string(REPLACE "${mark}PREFIX${mark}" "${TEST_PREFIX}" script "${script}")
  string(REPLACE "${mark}COMMAND${mark}" "${command}" script "${script}")
  string(REPLACE "${mark}ARGS${mark}" "${EXTRA_ARGS}" script "${script}")
  string(REPLACE "${mark}LABELS${mark}" "${LABELS}" script "${script}")
  string(REPLACE "${mark}PROPERTIES${mark}" "${PROPERTIES}" script "${script}")
  file(WRITE "${tests}" "${script}")
endfunction()

function(awaitest_load_tests mode target executable settings tests)
  if(mode STREQUAL "PRE_TEST" AND EXISTS "${executable}")
    foreach(source IN ITEMS "${executable}" "${settings}" "${CMAKE_CURRENT_FUNCTION_LIST_FILE}")
      if("${source}" IS_NEWER_THAN "${tests}")
        awaitest_list_tests("${settings}" "${tests}")
        break()
      endif()
    endforeach()
  endif()
  if(EXISTS "${tests}")
    include("${tests}")
  else()
    add_test("${target}_NOT_BUILT" "${target}_NOT_BUILT")
  endif()
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  awaitest_list_tests("${settings}" "${tests}")
endif()
