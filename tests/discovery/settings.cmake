# What is set for all tests and what a test says of itself both arrive; values are not split at semicolons or brackets.
configure(passes [=====[
awaitest_discover_tests(fake
  TEST_PREFIX "unit: "
  LABELS one "two x"
  PROPERTIES ENVIRONMENT "A=1;B=[2" COST 3
  EXTRA_ARGS "a;b" "[" "c d" "$<TARGET_FILE_NAME:fake>" "]==" "\\ \$x"
  WORKING_DIRECTORY "some where"
  REPORT_DIR "the reports"
)
]=====])
file(MAKE_DIRECTORY "${dir}/some where")
build(passes)
test(passes --show-only=json-v1)

expect_property("unit: plain" LABELS [=[[ "a tag", "net", "one", "two x" ]]=])
expect_property("unit: plain" TIMEOUT "15.0")
expect_property("unit: plain" RUN_SERIAL "ON")
expect_property("unit: plain" RESOURCE_LOCK [=[[ "a b", "port:1" ]]=])
expect_property("unit: plain" SKIP_RETURN_CODE "4")
expect_property("unit: plain" WORKING_DIRECTORY "${dir}/some where")
expect_property("unit: plain" ENVIRONMENT [=[[ "A=1", "B=[2" ]]=])
expect_property("unit: plain" COST "3.0")
expect_property("unit: #hash" LABELS [==[[ "[$x] \\ \"%41\ntwo lines", "one", "semi;colon", "two x" ]]==])
expect_property("unit: #hash" TIMEOUT "")
expect_property("unit: #hash" RUN_SERIAL "")

string(JSON command GET "${output}" tests 1 command)
string(REGEX REPLACE "[ \n]+" " " command "${command}")
expect_equal("${command}" "[ \"${fake}\", \"--exact\", \"a name with spaces\", \"--mark\", \"--reporter\", \"console\", \
\"--reporter\", \"junit=${dir}/the reports/fake-2.xml\", \"a;b\", \"[\", \"c d\", \"fake\", \"]==\", \"\\\\ $x\" ]")
if(NOT IS_DIRECTORY "${dir}/the reports")
  message(FATAL_ERROR "the directory of the reports was not made")
endif()

# Other settings: the tests are listed anew, though no source changed. Once built, nothing is left to do.
file(WRITE "${dir}/case.cmake" "awaitest_discover_tests(fake TEST_PREFIX other/)\nawaitest_discover_tests(fake)\n")
build(passes)
test(passes -N)
expect("#1: other/plain" "#24: plain" "Total Tests: 46")
build(passes -v)
if(generator MATCHES "Makefiles")
  expect("Nothing to be done for 'CMakeFiles/fake.dir/build'")
else()
  expect("no work to do")
endif()
