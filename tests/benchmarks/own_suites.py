"""Suites of awaitest alone: many tests in flight, on two threads, with fixtures."""

import os
import statistics

from contenders import CONTENDERS

WAITS = """
TEST_ASYNC_P("waits", (int n), cases::from(numbers())) {
  asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::milliseconds(setting("WAIT"))};
  co_await timer.async_wait(asio::use_awaitable);
  CHECK(n >= broken());
}
"""

COMPUTES = """
TEST_P("computes", (int n), cases::from(numbers())) {
  auto state = static_cast<unsigned long long>(n) + 1;
  for (int check = 0; check < 20; ++check) {
    for (int i = 0; i < 3000; ++i) {
      state ^= state << 13U;
      state ^= state >> 7U;
      state ^= state << 17U;
    }
    CHECK(state % 2 >= static_cast<unsigned>(2 * broken()));
  }
}
"""

FIXTURES = """
struct empty {
  asio::awaitable<void> set_up() { co_return; }
  asio::awaitable<void> tear_down() { co_return; }
};
TEST_ASYNC_P("without", (int n), cases::from(numbers())) { CHECK(n >= broken()); co_return; }
TEST_ASYNC_P("within", (empty&, int n), cases::from(numbers())) { CHECK(n >= broken()); co_return; }
"""

SETTINGS = """#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <cstdlib>
#include <vector>
static int setting(const char* name) { const auto* text = std::getenv(name); return text ? std::atoi(text) : 0; }
static int broken() { return setting("BENCH_BREAK") ? 1 : 0; }
static std::vector<int> numbers() {
  std::vector<int> all;
  for (int i = 0; i < setting("TESTS"); ++i) all.push_back(i);
  return all;
}
"""

ROWS = {"waits", "waits-each", "jobs-1", "jobs-2", "jobs-share", "jobs-cpu", "fixture"}


def measure(bench, rows):
    """Wall and processor time of the suites, those that are compared in turn."""
    contender = next(c for c in CONTENDERS if c.name == "awaitest async")
    if contender not in bench.contenders or not rows & ROWS:
        return

    def build(name, text):
        source = bench.write(contender, name, contender.include + SETTINGS + text)
        bench.compile(source, "-O2")
        return bench.link(contender, name, [source.with_suffix(".O2.o")])

    def run(binary, arguments, **settings):
        environment = {**os.environ, **{name: str(value) for name, value in settings.items()}}
        good, wall, cpu = bench.spawn([binary, *arguments], environment)
        if good != 0:
            raise SystemExit(f"{binary.name} {' '.join(arguments)} exits with {good}")
        return wall, cpu

    def must_fail(binary, arguments, **settings):
        environment = {**os.environ, **{name: str(value) for name, value in settings.items()}, "BENCH_BREAK": "1"}
        if bench.spawn([binary, *arguments], environment)[0] != 1:
            raise SystemExit(f"{binary.name} does not fail when its checks are false")

    if rows & {"waits", "waits-each"}:
        binary = build("waits", WAITS)
        must_fail(binary, ["--concurrency", "1000"], TESTS=1000, WAIT=1)
        for _ in range(min(bench.options.rounds, 7)):
            bench.add("waits", contender, run(binary, ["--concurrency", "1000"], TESTS=1000, WAIT=100)[0])
            bench.add("waits-each", contender, run(binary, [], TESTS=100, WAIT=10)[0] * 100)
    if rows & {"jobs-1", "jobs-2", "jobs-share", "jobs-cpu"}:
        binary = build("computes", COMPUTES)
        must_fail(binary, ["--jobs", "2"], TESTS=100)
        samples = {"1": [], "2": []}
        for _ in range(bench.options.rounds):
            for jobs, taken in samples.items():
                taken.append(run(binary, ["--jobs", jobs], TESTS=2000))
        # On a machine with other work the undisturbed run tells, if there is one: the least, not the median.
        wall = {jobs: min(one[0] for one in taken) for jobs, taken in samples.items()}
        cpu = {jobs: min(one[1] for one in taken) for jobs, taken in samples.items()}
        bench.add("jobs-1", contender, wall["1"] * 1e3)
        bench.add("jobs-2", contender, wall["2"] * 1e3)
        bench.add("jobs-share", contender, wall["2"] / wall["1"])
        bench.add("jobs-cpu", contender, cpu["2"] / cpu["1"])
    if "fixture" in rows:
        binary = build("fixture", FIXTURES)
        must_fail(binary, ["within"], TESTS=10)
        samples = {"without": [], "within": []}
        for _ in range(bench.options.rounds):
            for name, taken in samples.items():
                taken.append(run(binary, [name], TESTS=20_000)[1])
        more = statistics.median(samples["within"]) - statistics.median(samples["without"])
        bench.add("fixture", contender, more / 20_000 * 1e6)
