# Every name arrives in CTest as the executable lists it, and comes back to the executable as it left.
configure(passes "awaitest_discover_tests(fake TEST_PREFIX [==[p;[ $x ]==])")
build(passes)
expect_names("${fake}" "p;[ $x ")
test(passes)
expect("100% tests passed" "p;[ $x --list (Skipped)")

# Text that the executable prints besides its list is no part of it, and is run by nobody.
configure(passes "awaitest_discover_tests(fake)\nawaitest_discover_tests(fake TEST_PREFIX before/ DISCOVERY_MODE PRE_TEST)"
          -Ddefinitions=FAKE_LOUD)
build(passes)
test(passes -N)
expect("#1: plain" "#24: before/plain" "Total Tests: 46")
string(FIND "${output}" "loud" at)
expect_equal("${at}" -1)
