# ctest lists the tests: when there are none yet, when the executable is newer, and when the settings are.
configure(passes "awaitest_discover_tests(fake DISCOVERY_MODE PRE_TEST)" -Ddefinitions=FAKE_EMPTY)
test(fails)
expect("fake_NOT_BUILT")

build(passes)
test(fails)
expect("cannot list the tests of fake: exit code 3" "fake: no test matched")

configure(passes "awaitest_discover_tests(fake DISCOVERY_MODE PRE_TEST)" -Ddefinitions=)
build(passes)
test(passes)
expect("Total Test time" "out of 23")

configure(passes "awaitest_discover_tests(fake DISCOVERY_MODE PRE_TEST TEST_PREFIX new/)")
test(passes)
expect(": new/plain" "out of 23")
