# The cross-compiling emulator lists and runs the tests, its arguments included.
configure(passes [[
set_property(TARGET fake PROPERTY CROSSCOMPILING_EMULATOR "${CMAKE_COMMAND}" -E env "FAKE_EMULATED=a b")
awaitest_discover_tests(fake)
]])
build(passes)
test(passes --show-only=json-v1)
expect_property("plain" LABELS [=[[ "a tag", "emulated", "net" ]]=])
test(passes -V -R ^plain$)
expect("emulated: a b")
