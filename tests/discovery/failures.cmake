# An executable that cannot list its tests fails the build with its own words, and leaves no tests of yesterday behind.
configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)")
build(passes)
test(passes)

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_BROKEN)
foreach(again RANGE 1)
  build(fails)
  expect("cannot list the tests of fake: exit code 5" "two tests are named 'a;b [c'\n" "  second.cpp:2\n"
         "when running ${dir}/fake --list=ctest")
  test(fails)
  expect("fake_NOT_BUILT")
endforeach()

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_EMPTY)
build(fails)
expect("cannot list the tests of fake: exit code 3" "fake: no test matched")

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_SILENT)
build(fails)
expect("cannot list the tests of fake: it lists no test")

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_HANGING)
build(fails)
expect("cannot list the tests of fake: Process terminated due to timeout")

configure(passes "awaitest_discover_tests(fake WORKING_DIRECTORY nowhere)" -Ddefinitions=)
build(fails)
expect("cannot list the tests of fake: " "o such file or directory")  # newer CMakes begin it with a small letter
