# The place where each test is written, for IDEs: in the backtrace of ctest's own JSON, as `file;line;TEST` (CMake 3.25), and as the property
# DEF_SOURCE_LINE, which ctest passes on since CMake 3.27. A list without a place has none.
configure(passes "awaitest_discover_tests(fake TEST_PREFIX p/)\nawaitest_discover_tests(fake DISCOVERY_MODE PRE_TEST)")
build(passes)
test(passes --show-only=json-v1)

foreach(i IN ITEMS 0 23)
  if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.25)
    string(JSON node GET "${output}" tests ${i} backtrace)
    string(JSON file GET "${output}" backtraceGraph nodes ${node} file)
    string(JSON file GET "${output}" backtraceGraph files ${file})
    string(JSON line GET "${output}" backtraceGraph nodes ${node} line)
    string(JSON command GET "${output}" backtraceGraph nodes ${node} command)
    string(JSON command GET "${output}" backtraceGraph commands ${command})
    expect_equal("${file}|${line}|${command}" "${project}/fake.cpp|22|TEST")
  endif()
endforeach()
if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.27)
  expect_property("p/plain" DEF_SOURCE_LINE "${project}/fake.cpp:22")
endif()
expect_property("p/--list" DEF_SOURCE_LINE "")
file(GLOB list "${dir}/fake-discovery-1-*tests.cmake")  # with the name of a configuration, where there are several
file(READ "${list}" output)
expect("DEF_SOURCE_LINE [==[${project}/fake.cpp:22]==]")

# Names that the compiler had no whole path of: found from the directories where it may have been called.
configure(passes [[
target_compile_options(fake PRIVATE "-fmacro-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/=")
awaitest_discover_tests(fake)
]])
build(passes)
file(GLOB list "${dir}/fake-discovery-1-*tests.cmake")  # with the name of a configuration, where there are several
file(READ "${list}" output)
expect("DEF_SOURCE_LINE [==[${project}/fake.cpp:22]==]")
