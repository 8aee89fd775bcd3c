# Every name arrives in CTest as the executable lists it, and comes back to the executable as it left.
configure(passes "awaitest_discover_tests(fake TEST_PREFIX [==[p;[ $x ]==])")
build(passes)
expect_names("${dir}/fake" "p;[ $x ")
test(passes)
expect("100% tests passed" "p;[ $x --list (Skipped)")
