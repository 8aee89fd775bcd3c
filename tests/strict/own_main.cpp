// The runner in a file of the project's own, with a main of its own.
#define AWAITEST_NO_MAIN
#include <awaitest/main.hpp>

int main(int argc, char** argv) { return awaitest::run(argc, argv); }
