# A real suite of this project: its names, and what its tests say of themselves.
set(awkward --test-dir "${build}" -C "${config}" -L ^awkward$)
expect_names("${executable}" "[awkward]] " ${awkward})

test(passes ${awkward} --show-only=json-v1)
set(name "[awkward]] what a test says of itself")
expect_property("${name}" LABELS [=[[ "a tag", "awkward", "odd]", "semi;colon" ]]=])
expect_property("${name}" TIMEOUT "42.0") # what the test allows itself, and some time to say that it took longer
expect_property("[awkward]] a search" TIMEOUT "84.0") # it has the time of --explore-time, too
expect_property("${name}" RUN_SERIAL "ON")
expect_property("${name}" RESOURCE_LOCK [=[[ "port:8080" ]]=])
expect_property("${name}" SKIP_RETURN_CODE "4")
expect_property("[awkward]] suite/in a suite" LABELS [=[[ "awkward", "odd]", "of the suite" ]]=])

# The same by outermost suites: one test for each, those in none by themselves.
test(passes --test-dir "${build}" -C "${config}" -L ^by_suite$ --show-only=json-v1)
expect_property("by suite: suite" LABELS [=[[ "by_suite", "of the suite" ]]=])
expect_property("by suite: what a test says of itself" TIMEOUT "42.0")
expect("--suite" "--exact")
test(passes --test-dir "${build}" -C "${config}" -R "^by suite: suite$")
expect("100% tests passed" "out of 1")
