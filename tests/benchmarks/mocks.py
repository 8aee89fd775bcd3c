"""Mocks of awaitest beside gMock's, whose coroutines are made by hand: the file of tests, and a call."""

import os

from contenders import CONTENDERS

METHODS = 10
INTERFACE = "struct api {\n  virtual ~api() = default;\n" + "".join(
    f"  virtual asio::awaitable<int> get{i}(int id, const std::string& key) = 0;\n" for i in range(METHODS)) + "};\n"
CALLS = "".join(f"  CHECK_SAME(co_await m.get{i}({i}, \"k\"), {i});\n" for i in range(METHODS))

AWAITEST = {
    "compile": "#include <awaitest/awaitest.hpp>\n#include <string>\nusing namespace awaitest::match;\n"
    "#define CHECK_SAME(a, b) CHECK(a == b)\n" + INTERFACE + "struct mock_api : api {\n" + "".join(
        f"  MOCK_ASYNC(int, get{i}, (int id, const std::string& key), (override));\n" for i in range(METHODS)) + "};\n"
    'TEST_ASYNC("mocks") {\n  mock_api m;\n' + "".join(
        f'  m.on_get{i}.allow(gt(5), starts_with("a")).times(2).returns({i});\n'
        f'  m.on_get{i}.expect({i}, "k").returns({i});\n' for i in range(METHODS)) + CALLS + "}\n",
    "call": """#include <awaitest/awaitest.hpp>
struct api { virtual ~api() = default; virtual asio::awaitable<int> get(int id) = 0; };
struct mock_api : api { MOCK_ASYNC(int, get, (int id), (override)); };
TEST_ASYNC("call") {
  for (int round = 0; round != ROUNDS; ++round) {
    mock_api m;
    api& through = m;
    m.on_get.expect(7).times(CALLS).returns(1);
    long sum = 0;
    const stopwatch watch;
    for (int i = 0; i != CALLS; ++i) sum += co_await through.get(7);
    watch.stop();
    CHECK(sum == CALLS + broken());
  }
}
""",
}
GMOCK = {
    "compile": """#include <gmock/gmock.h>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <string>
using namespace testing;
#define CHECK_SAME EXPECT_EQ
""" + INTERFACE + "struct mock_api : api {\n" + "".join(
        f"  MOCK_METHOD(asio::awaitable<int>, get{i}, (int id, const std::string& key), (override));\n"
        for i in range(METHODS)) + """};
static asio::awaitable<int> ready(int value) { co_return value; }
static asio::awaitable<void> body() {
  mock_api m;
""" + "".join(
            f'  EXPECT_CALL(m, get{i}(Gt(5), StartsWith("a"))).Times(AtMost(2))'
            f".WillRepeatedly([](int, const std::string&) {{ return ready({i}); }});\n"
            f'  EXPECT_CALL(m, get{i}({i}, Eq("k"))).WillOnce([](int, const std::string&) {{ return ready({i}); }});\n'
            for i in range(METHODS)) + CALLS + """}
TEST(mocks, mocks) {
  asio::io_context context;
  asio::co_spawn(context, body(), [](std::exception_ptr) {});
  context.run();
}
""",
    "call": """#include <gmock/gmock.h>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
struct api { virtual ~api() = default; virtual asio::awaitable<int> get(int id) = 0; };
struct mock_api : api {
  MOCK_METHOD(int, ready, (int id));
  asio::awaitable<int> get(int id) override { return wrapped(ready(id)); }
  static asio::awaitable<int> wrapped(int value) { co_return value; }
};
static asio::awaitable<void> body() {
  for (int round = 0; round != ROUNDS; ++round) {
    mock_api m;
    api& through = m;
    EXPECT_CALL(m, ready(7)).Times(CALLS).WillRepeatedly(testing::Return(1));
    long sum = 0;
    const stopwatch watch;
    for (int i = 0; i != CALLS; ++i) sum += co_await through.get(7);
    watch.stop();
    EXPECT_EQ(sum, CALLS + broken());
  }
}
TEST(mocks, call) {
  asio::io_context context;
  asio::co_spawn(context, body(), [](std::exception_ptr) {});
  context.run();
}
""",
}
CLOCK = """#include <chrono>
#include <cstdio>
#include <cstdlib>
static constexpr int CALLS = 10'000, ROUNDS = 10;
static int broken() { return std::getenv("BENCH_BREAK") ? 1 : 0; }
static double least = 1e9;
struct stopwatch {  // the least of all rounds
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  void stop() const {
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begun;
    if (took.count() / CALLS < least) least = took.count() / CALLS;
    std::FILE* const to = std::fopen(std::getenv("BENCH_RESULT"), "w");
    std::fprintf(to, "%f", least);
    std::fclose(to);
  }
};
"""

ROWS = {"mock-O0", "mock-O2", "mock-call"}


def measure(bench, rows):
    """Awaitest's and gMock's in turn. gMock runs in the contender `gtest+co_spawn`."""
    of = {c.name: c for c in CONTENDERS if c in bench.contenders}
    if not rows & ROWS or not {"awaitest async", "gtest+co_spawn"} <= of.keys():
        return
    both = [(of["awaitest async"], AWAITEST), (of["gtest+co_spawn"], GMOCK)]
    levels = [level for level in ("-O0", "-O2") if "mock" + level in rows]
    sources = [(contender, bench.write(contender, "mocks", texts["compile"])) for contender, texts in both]
    for _ in range(bench.options.compile_rounds if levels else 0):
        for level in levels:
            for contender, source in sources:
                bench.add("mock" + level, contender, bench.compile(source, level))
    if "mock-call" not in rows:
        return
    result = bench.folder / "mock-call"
    environment = {**os.environ, "BENCH_RESULT": str(result)}
    binaries = []
    for contender, texts in both:
        source = bench.write(contender, "mock_call", CLOCK + texts["call"])
        bench.compile(source, "-O2")
        libraries = ("-lgmock",) if texts is GMOCK else ()
        binary = bench.link(contender, "mock_call", [source.with_suffix(".O2.o")], libraries)
        good, bad = bench.spawn([binary], environment)[0], bench.spawn([binary], {**environment, "BENCH_BREAK": "1"})[0]
        if good != 0 or bad == 0:
            raise SystemExit(f"{contender.name}: mock_call exits with {good}; with a wrong sum, with {bad}")
        binaries.append((contender, binary))
    for _ in range(bench.options.rounds):
        for contender, binary in binaries:
            bench.spawn([binary], environment)
            bench.add("mock-call", contender, float(result.read_text()))
