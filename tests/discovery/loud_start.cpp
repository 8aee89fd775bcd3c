// A program that prints before main, on both streams, what CMake could take for code. Its tests are found all the same.
#include <awaitest/awaitest.hpp>

#include <cstdio>

namespace {

const bool loaded = std::puts("plugin loaded\nmessage(FATAL_ERROR [==[run by CMake]==])") != 0 &&
                    std::fputs("add_test(not_a_test false) \x01PREFIX\x01 $x ; [\n", stderr) != 0;

}  // namespace

TEST("a test of a program that prints at its start") { CHECK(loaded); }
