# Each configuration has its own tests, and ctest -C picks them.
set(generator "Ninja Multi-Config")
set(of_config "")
configure(passes "awaitest_discover_tests(fake TEST_PREFIX $<CONFIG>/)
awaitest_discover_tests(fake TEST_PREFIX before-$<CONFIG>/ DISCOVERY_MODE PRE_TEST)")

build(passes --config Debug)
test(passes -C Debug)
expect("Debug/plain" "before-Debug/plain" "out of 46")
test(fails -C Release)
expect("fake_NOT_BUILT")

build(passes --config Release)
test(passes -C Release)
expect("Release/plain" "before-Release/plain" "out of 46")
test(passes -N -C Debug)
expect("#1: Debug/plain")

test(fails)
expect([[Missing "-C <config>"?]])
