# awaitest_discover_tests(target
#                         [TEST_PREFIX prefix] [LABELS label...] [PROPERTIES name value...] [EXTRA_ARGS argument...]
#                         [WORKING_DIRECTORY dir] [DISCOVERY_MODE POST_BUILD|PRE_TEST] [DISCOVERY_TIMEOUT seconds]
#                         [GRANULARITY test|suite|binary] [REPORT_DIR dir])
#
# Every test of an executable becomes a test of CTest: its tags are LABELS, its timeout TIMEOUT, serial() RUN_SERIAL,
# resource() RESOURCE_LOCK, and a skip shows as "Skipped". Names arrive as they are, whatever characters they hold. The
# place of a test is in `ctest --show-only=json-v1` for IDEs: in its backtrace, and as DEF_SOURCE_LINE (CMake 3.27).
# A process that ends before its run does fails, even with exit code 0: the run ends with a line that holds a `§`, and
# FAIL_REGULAR_EXPRESSION is what has none; the words in it are for whoever reads CTest's message. (CTest reads no further than a NUL byte in what a test prints.)
#
#   TEST_PREFIX        in front of each name
#   LABELS             more labels, for each test
#   PROPERTIES         more test properties, for each test; they come last and win
#   EXTRA_ARGS         more arguments, for each run of a test
#   WORKING_DIRECTORY  where the tests are listed and run; CMAKE_CURRENT_BINARY_DIR unless given
#   DISCOVERY_MODE     POST_BUILD (unless given): the tests are listed once the executable is built, and the build fails
#                      if that fails. PRE_TEST: ctest lists them, for an executable that only runs where ctest does
#   DISCOVERY_TIMEOUT  seconds that listing may take; 30 unless given
#   GRANULARITY        test (unless given); suite: the tests of an outermost suite are one test of CTest's, those in none one
#                      each; or binary: one CTest test named after the target runs them all
#   REPORT_DIR         each CTest test also writes a JUnit report there
#
# Values may hold generator expressions. Under CMAKE_CROSSCOMPILING_EMULATOR the emulator lists and runs the tests.

include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.23)

include("${CMAKE_CURRENT_LIST_DIR}/awaitest_list_tests.cmake")

# Gives each C++ source of the target its AWAITEST_FILE_ID, by which compilers other than g++ tell the suites of different
# files apart. Sources that have one, or a target that has, keep it.
function(_awaitest_name_files target)
  get_target_property(definitions ${target} COMPILE_DEFINITIONS)
  get_target_property(sources ${target} SOURCES)
  get_target_property(dir ${target} SOURCE_DIR)
  if("${definitions}" MATCHES "AWAITEST_FILE_ID" OR NOT sources)
    return()
  endif()
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.(cpp|cc|cxx|c\\+\\+|C|CPP|mm)$")
      continue()
    endif()
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${dir}" NORMALIZE)
    set(path "${source}")
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY "${CMAKE_SOURCE_DIR}")
    get_property(definitions SOURCE "${source}" TARGET_DIRECTORY ${target} PROPERTY COMPILE_DEFINITIONS)
    if(NOT "${definitions}" MATCHES "AWAITEST_FILE_ID")
      string(SHA256 id "${path}")
      string(SUBSTRING "${id}" 0 16 id)
      set_property(
        SOURCE "${source}" TARGET_DIRECTORY ${target} APPEND PROPERTY COMPILE_DEFINITIONS "AWAITEST_FILE_ID=${id}"
      )
    endif()
  endforeach()
endfunction()

function(awaitest_discover_tests target)
  set(usage "awaitest_discover_tests(${target})")
  set(one TEST_PREFIX WORKING_DIRECTORY DISCOVERY_MODE DISCOVERY_TIMEOUT GRANULARITY REPORT_DIR)
  set(many LABELS PROPERTIES EXTRA_ARGS)
  foreach(keyword IN LISTS one many)
    set(${keyword} "")
    set(${keyword}_count 0)
  endforeach()

  # Argument by argument, each quoted at once: in a list `a;b` would become two values and `[` swallow its neighbours.
  set(keyword "")
  set(i 1)
  while(i LESS ARGC)
    set(value "${ARGV${i}}")
    if("${value}" IN_LIST one OR "${value}" IN_LIST many)
      set(keyword "${value}")
    elseif(keyword STREQUAL "" OR ("${keyword}" IN_LIST one AND ${keyword}_count GREATER 0))
      list(JOIN one ", " known)
      list(JOIN many ", " known_too)
      message(FATAL_ERROR "${usage}: unknown argument '${value}', expected one of ${known}, ${known_too}")
    else()
      math(EXPR ${keyword}_count "${${keyword}_count} + 1")
      if(keyword STREQUAL "LABELS")
        string(APPEND LABELS ";${value}")
      elseif("${keyword}" IN_LIST many)
        _awaitest_quote(quoted "${value}")
        string(APPEND ${keyword} "${quoted}")
      else()
        set(${keyword} "${value}")
      endif()
    endif()
    math(EXPR i "${i} + 1")
  endwhile()

  set(type "")
  if(TARGET ${target})
    get_target_property(type ${target} TYPE)
  endif()
  if(NOT type STREQUAL "EXECUTABLE")
    message(FATAL_ERROR "${usage}: '${target}' is not an executable of this project")
  endif()
  if(NOT GRANULARITY MATCHES "^(|test|suite|binary)$")
    message(FATAL_ERROR "${usage}: unknown GRANULARITY '${GRANULARITY}', expected test, suite or binary")
  endif()
  if(NOT DISCOVERY_MODE MATCHES "^(|POST_BUILD|PRE_TEST)$")
    message(FATAL_ERROR "${usage}: unknown DISCOVERY_MODE '${DISCOVERY_MODE}', expected POST_BUILD or PRE_TEST")
  endif()
  if(NOT DISCOVERY_TIMEOUT MATCHES "^(|[0-9]*[1-9][0-9]*)$")
    message(FATAL_ERROR "${usage}: DISCOVERY_TIMEOUT '${DISCOVERY_TIMEOUT}' is not a number of seconds above 0")
  endif()
  if(PROPERTIES_count MATCHES "[13579]$")
    message(FATAL_ERROR "${usage}: PROPERTIES takes pairs of name and value, got${PROPERTIES}")
  endif()

  # At the end of the directory the target has all its sources.
  get_property(named TARGET ${target} PROPERTY AWAITEST_FILES_NAMED)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT named)
    set_property(TARGET ${target} PROPERTY AWAITEST_FILES_NAMED ON)
    cmake_language(EVAL CODE "cmake_language(DEFER CALL _awaitest_name_files [[${target}]])")
  endif()

  if(WORKING_DIRECTORY STREQUAL "")
    set(WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  foreach(keyword IN ITEMS WORKING_DIRECTORY REPORT_DIR)
    if(NOT ${keyword} MATCHES "^(\\$<.*)?$")
      cmake_path(ABSOLUTE_PATH ${keyword} BASE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}" NORMALIZE)
    endif()
  endforeach()
  _awaitest_quote(quoted "${WORKING_DIRECTORY}")
  set(PROPERTIES " WORKING_DIRECTORY${quoted}${PROPERTIES}")

  if(GRANULARITY STREQUAL "binary")
    if(NOT REPORT_DIR STREQUAL "")
      _awaitest_quote(report "junit=${REPORT_DIR}/${target}.xml")
      string(PREPEND EXTRA_ARGS " --reporter console --reporter${report}")
    endif()
    string(REGEX REPLACE "^;" "" LABELS "${LABELS}")
    _awaitest_quote(labels "${LABELS}")
    _awaitest_quote(name "${TEST_PREFIX}${target}")
    cmake_language(EVAL CODE "add_test(NAME ${name} COMMAND ${target} --mark ${EXTRA_ARGS})")
    cmake_language(EVAL CODE
      "set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 4 FAIL_REGULAR_EXPRESSION [==[^(the run has not come to its end|[^§]*)$]==] LABELS ${labels} ${PROPERTIES})")
    return()
  endif()

  # ctest includes <base>.cmake; <base>-settings.cmake says how to list the tests, and <base>-tests.cmake holds them.
  # A target may be discovered more than once, and a multi-config generator builds it once for each configuration.
  get_property(count TARGET ${target} PROPERTY AWAITEST_DISCOVERIES)
  math(EXPR count "0${count} + 1")
  set_property(TARGET ${target} PROPERTY AWAITEST_DISCOVERIES ${count})
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(base "${CMAKE_CURRENT_BINARY_DIR}/${target}-discovery-${count}")
  set(include_file "${base}.cmake")
  if(multi_config)
    string(APPEND base "-$<CONFIG>")
  endif()

  set(executable "$<TARGET_FILE:${target}>")
  get_target_property(emulator ${target} CROSSCOMPILING_EMULATOR)
  if(NOT emulator)
    set(emulator "")
  endif()
  _awaitest_quote(command ${emulator} "${executable}")
  if(DISCOVERY_TIMEOUT STREQUAL "")
    set(DISCOVERY_TIMEOUT 30)
  endif()
  # A source's name may be relative to one of these: generators differ in where they call the compiler.
  set(ROOTS "${CMAKE_BINARY_DIR};${CMAKE_CURRENT_BINARY_DIR};${CMAKE_CURRENT_SOURCE_DIR};${CMAKE_SOURCE_DIR}")
  set(settings "")
  foreach(name IN ITEMS target command TEST_PREFIX LABELS PROPERTIES EXTRA_ARGS WORKING_DIRECTORY REPORT_DIR
                        DISCOVERY_TIMEOUT GRANULARITY ROOTS)
    _awaitest_quote(quoted "${${name}}")
    string(APPEND settings "set(${name}${quoted})\n")
  endforeach()
  file(GENERATE OUTPUT "${base}-settings.cmake" CONTENT "${settings}" TARGET ${target})

  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/awaitest_list_tests.cmake")
  if(NOT DISCOVERY_MODE STREQUAL "PRE_TEST")
    set(DISCOVERY_MODE POST_BUILD)
    # Other settings are worth a new link, after which the tests are listed again.
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${base}-settings.cmake" "${script}")
    add_custom_command(
      TARGET ${target}
      POST_BUILD
      COMMAND
        "${CMAKE_COMMAND}" -D "settings=${base}-settings.cmake" -D "tests=${base}-tests.cmake" -P "${script}"
      BYPRODUCTS "${base}-tests.cmake"
      VERBATIM
    )
  endif()

  _awaitest_quote(script "${script}")
  _awaitest_quote(arguments "${target}" "${executable}" "${base}-settings.cmake" "${base}-tests.cmake")
  file(
    GENERATE
    OUTPUT "${base}.cmake"
    CONTENT "include(${script})\nawaitest_load_tests(${DISCOVERY_MODE}${arguments})\n"
    TARGET ${target}
  )
  if(multi_config)
    _awaitest_quote(name "${target}")
    set(branches "if(CTEST_CONFIGURATION_TYPE STREQUAL \"\")\n  add_test(${name} NOT_AVAILABLE)\n")
    foreach(config IN LISTS CMAKE_CONFIGURATION_TYPES)
      string(REPLACE "$<CONFIG>" "${config}" path "${base}.cmake")
      _awaitest_quote(path "${path}")
      string(APPEND branches "elseif(CTEST_CONFIGURATION_TYPE STREQUAL \"${config}\")\n  include(${path})\n")
    endforeach()
    file(GENERATE OUTPUT "${include_file}" CONTENT "${branches}endif()\n")
  endif()
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${include_file}")
endfunction()

cmake_policy(POP)
