# An executable that cannot list its tests fails the build with its own words, and leaves no tests of yesterday behind.
configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)")
build(passes)
test(passes)

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_BROKEN)
foreach(again RANGE 1)
  build(fails)
  expect("cannot list the tests of fake: exit code 5" "two tests are named 'a;b [c'\n" "  second.cpp:2\n"
         "when running ${fake} --list=ctest=")
  test(fails)
  expect("fake_NOT_BUILT")
endforeach()

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_EMPTY)
build(fails)
expect("cannot list the tests of fake: exit code 3" "fake: no test matched")

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_SILENT)
build(fails)
expect("cannot list the tests of fake: it wrote no list" "  its main has to call awaitest::run(argc, argv)")

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_CUT)
build(fails)
expect("cannot list the tests of fake: its list is cut short")

configure(passes "awaitest_discover_tests(fake DISCOVERY_TIMEOUT 1)" -Ddefinitions=FAKE_HANGING)
build(fails)
expect("cannot list the tests of fake: Process terminated due to timeout")

configure(passes "awaitest_discover_tests(fake WORKING_DIRECTORY nowhere)" -Ddefinitions=)
build(fails)
expect("cannot list the tests of fake: " "o such file or directory")  # newer CMakes begin it with a small letter

# The text that it prints at its start is told with the rest, wherever it went.
configure(passes "awaitest_discover_tests(fake)\ntarget_compile_definitions(fake PRIVATE FAKE_EMPTY)" -Ddefinitions=FAKE_LOUD)
build(fails)
expect("cannot list the tests of fake: exit code 3" "plugin loaded; [ $x" "a warning]==] on stderr" "fake: no test matched")
