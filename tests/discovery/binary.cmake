# One CTest test for all that the executable holds.
configure(passes [[awaitest_discover_tests(fake
  GRANULARITY binary TEST_PREFIX "all/" LABELS "a b" c EXTRA_ARGS "x;y" "[" REPORT_DIR reports PROPERTIES TIMEOUT 7)]])
build(passes)
test(passes -V -L "^a b$")
expect("#1: all/fake" "Test timeout computed to be: 7" "all of them" "argument: x;y\n" "argument: [\n"
       "argument: junit=${dir}/reports/fake.xml\n" "out of 1")
