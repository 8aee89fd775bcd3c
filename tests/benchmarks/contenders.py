"""How each library spells the same tests. Nothing here measures anything."""

from dataclasses import dataclass, field

# Every test file sees the numbers through this, so that no check can be folded away.
COMMON_HPP = """\
#pragma once
extern int values[32];  // values[i] == i, unless BENCH_BREAK is set: then every check must fail
long long nanoseconds();
void report(long long elapsed, int count);
"""

COMMON_CPP = """\
#include "common.hpp"
#include <chrono>
#include <cstdio>
#include <cstdlib>
int values[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                  16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
static const bool broken = [] {
  if (!std::getenv("BENCH_BREAK")) return false;
  for (int& value : values) value = -1;
  return true;
}();
long long nanoseconds() {
  using namespace std::chrono;
  return duration_cast<std::chrono::nanoseconds>(steady_clock::now().time_since_epoch()).count();
}
void report(long long elapsed, int count) {
  std::fprintf(stderr, "ns %.4f\\n", static_cast<double>(elapsed) / count);
}
"""

# The floor: a list of functions, a macro, no library.
BARE_HPP = """\
#pragma once
void fail(const char* file, int line, const char* what);
#define CHECK(x) \\
  if (!(x)) fail(__FILE__, __LINE__, #x)
struct entry {
  inline static entry* first = nullptr;
  inline static entry** last = &first;
  entry(const char* n, RESULT (*f)()) : name(n), run(f) { *last = this; last = &next; }
  const char* name;
  RESULT (*run)();
  entry* next = nullptr;
};
#define CASE(name)                \\
  static RESULT name();           \\
  static entry name##_(#name, &name); \\
  static RESULT name()
"""

BARE_MAIN = """\
#include <cstdio>
#include <cstring>
static int failures = 0;
void fail(const char* file, int line, const char* what) {
  ++failures;
  std::printf("%s:%d: %s\\n", file, line, what);
}
int main(int argc, char** argv) {
  for (entry* e = entry::first; e; e = e->next)
    if (argc < 2 || std::strcmp(argv[1], e->name) == 0) run(*e);
  return failures != 0;
}
"""

# What people paste today, made as cheap as it gets: co_spawn is instantiated once, in the main file.
CO_SPAWN_HPP = """\
#pragma once
void run_async(asio::awaitable<void> (*body)());
#define TEST_CO(suite, name)                         \\
  static asio::awaitable<void> suite##_##name##_body(); \\
  TEST(suite, name) { run_async(&suite##_##name##_body); } \\
  static asio::awaitable<void> suite##_##name##_body()
"""

CO_SPAWN = """\
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <exception>
static void run_on(asio::io_context& io, asio::awaitable<void> (*body)()) {
  std::exception_ptr error;
  asio::co_spawn(io, body(), [&](std::exception_ptr e) { error = e; });
  io.run();
  if (error) std::rethrow_exception(error);
}
"""

GTEST_MAIN = """\
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
"""


@dataclass
class Contender:
    name: str
    include: str  # all that a test file needs
    case: str  # {name}: the head of a test
    check: str  # {a}, {b}: an assertion that two ints are equal
    main: str  # the one other file, apart from common.cpp
    one: str  # {name}: the arguments that run one test
    packages: dict = field(default_factory=dict)  # header: Debian package
    libraries: tuple = ()
    quiet: tuple = ()  # what the run of all tests is given so as not to print a line a test
    coroutine: bool = False
    ten_times: tuple = ()  # what runs all tests ten times in one process

    def test(self, name, lines):
        if self.coroutine:
            lines = [*lines, "co_return;"]
        return "\n".join([self.case.format(name=name) + " {", *("  " + line for line in lines), "}", ""])

    def system_include(self):
        return "".join(line + "\n" for line in self.include.splitlines() if '"' not in line)

    def select(self, name):
        return self.one.format(name=name).split()

    def checks(self, count):
        return [self.check.format(a=f"values[{i}]", b=i) + ";" for i in range(count)]

    def loop(self, count):
        return [
            "const long long start = nanoseconds();",
            f"for (int i = 0; i < {count}; ++i) {{",
            "  int a = i, b = values[1] + i - 1;",
            '  asm volatile("" : "+r"(a), "+r"(b));',
            "  " + self.check.format(a="a", b="b") + ";",
            "}",
            f"report(nanoseconds() - start, {count});",
        ]


ASIO = {"asio/awaitable.hpp": "libasio-dev"}
GTEST = {"gtest/gtest.h": "libgtest-dev"}
DOCTEST = {"doctest/doctest.h": "doctest-dev"}

BARE_INCLUDE = """\
#define RESULT void
#include "bare.hpp"
"""
BARE_ASIO_INCLUDE = """\
#include <asio/awaitable.hpp>
#define RESULT asio::awaitable<void>
#include "bare.hpp"
"""
BARE_ASIO_RUN = """\
static asio::io_context io;
static void run(entry& e) {
  run_on(io, e.run);
  io.restart();
}
"""
GTEST_INCLUDE = "#include <gtest/gtest.h>\n"
GTEST_ASIO_INCLUDE = """\
#include <asio/awaitable.hpp>
#include <gtest/gtest.h>
#include "co_spawn.hpp"
"""
GTEST_ASIO_RUN = """\
void run_async(asio::awaitable<void> (*body)()) {
  asio::io_context io;
  run_on(io, body);
}
"""
DOCTEST_INCLUDE = "#include <doctest/doctest.h>\n"
DOCTEST_MAIN = "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n"
DOCTEST_FAST = "#define DOCTEST_CONFIG_SUPER_FAST_ASSERTS\n"

OURS = dict(
    include="#include <awaitest/awaitest.hpp>\n",
    check="CHECK({a} == {b})",
    main="#include <awaitest/main.hpp>\n",
    one="--exact {name}",
    packages=ASIO | {"fmt/core.h": "libfmt-dev"},
    libraries=("-lfmt",),
)

CONTENDERS = [
    Contender(
        "bare",
        include=BARE_INCLUDE,
        case="CASE({name})",
        check="CHECK({a} == {b})",
        main=BARE_INCLUDE + "static void run(entry& e) { e.run(); }\n" + BARE_MAIN,
        one="{name}",
    ),
    Contender(
        "bare-asio",
        include=BARE_ASIO_INCLUDE,
        case="CASE({name})",
        check="CHECK({a} == {b})",
        main=BARE_ASIO_INCLUDE + CO_SPAWN + BARE_ASIO_RUN + BARE_MAIN,
        one="{name}",
        packages=ASIO,
        coroutine=True,
    ),
    Contender(
        "gtest",
        include=GTEST_INCLUDE,
        case="TEST(bench, {name})",
        check="EXPECT_EQ({a}, {b})",
        main=GTEST_INCLUDE + GTEST_MAIN,
        one="--gtest_filter=bench.{name}",
        quiet=("--gtest_brief=1",),
        packages=GTEST,
        libraries=("-lgtest",),
    ),
    Contender(
        "gtest+co_spawn",
        include=GTEST_ASIO_INCLUDE,
        case="TEST_CO(bench, {name})",
        check="EXPECT_EQ({a}, {b})",
        main=GTEST_ASIO_INCLUDE + CO_SPAWN + GTEST_ASIO_RUN + GTEST_MAIN,
        one="--gtest_filter=bench.{name}",
        quiet=("--gtest_brief=1",),
        ten_times=("--gtest_repeat=10",),
        packages=GTEST | ASIO | {"gmock/gmock.h": "libgmock-dev"},
        libraries=("-lgtest",),
        coroutine=True,
    ),
    Contender(
        "catch2",
        include="#include <catch2/catch.hpp>\n",
        case='TEST_CASE("{name}")',
        check="CHECK({a} == {b})",
        main="#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n",
        one="{name}",
        packages={"catch2/catch.hpp": "catch2"},
    ),
    Contender(
        "doctest",
        include=DOCTEST_INCLUDE,
        case='TEST_CASE("{name}")',
        check="CHECK({a} == {b})",
        main=DOCTEST_MAIN + DOCTEST_INCLUDE,
        one="--test-case={name}",
        packages=DOCTEST,
    ),
    Contender(
        "doctest fast",
        include=DOCTEST_FAST + DOCTEST_INCLUDE,
        case='TEST_CASE("{name}")',
        check="CHECK_EQ({a}, {b})",
        main=DOCTEST_MAIN + DOCTEST_FAST + DOCTEST_INCLUDE,
        one="--test-case={name}",
        packages=DOCTEST,
    ),
    Contender("awaitest", case='TEST("{name}")', **OURS),
    Contender("awaitest async", case='TEST_ASYNC("{name}")', coroutine=True, ten_times=("--repeat", "10"), **OURS),
]

HEADERS = {
    "common.hpp": COMMON_HPP,
    "common.cpp": COMMON_CPP,
    "bare.hpp": BARE_HPP,
    "co_spawn.hpp": CO_SPAWN_HPP,
}
