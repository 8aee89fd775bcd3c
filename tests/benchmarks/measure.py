"""Builds what contenders.py spells and measures it, the contenders in turn: A B C A B C ..."""

import os
import resource
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mocks
import own_suites
from contenders import HEADERS

INCLUDE = Path(__file__).resolve().parents[2] / "include"
LEVELS = ("-O0", "-O2")
LOOP = 5_000_000
PER_FILE = 500  # tests in one file of the large binaries
WARM_TESTS = 2000
POST_INCLUDES = "#include <asio/post.hpp>\n#include <asio/use_awaitable.hpp>\n"
HOUR_INCLUDES = "#include <asio/steady_timer.hpp>\n#include <asio/this_coro.hpp>\n#include <asio/use_awaitable.hpp>\n"
HOUR_LINES = [
    "asio::steady_timer timer(co_await asio::this_coro::executor);",
    "for (int tick = 0; tick != 360'000; ++tick) {",
    "  timer.expires_after(std::chrono::milliseconds(10));",
    "  co_await timer.async_wait(asio::use_awaitable);",
    "}",
]
POST_LINE = "co_await asio::post(asio::use_awaitable);"

# What a compile row is made of: the files (tests, checks in each) and the value; t is in seconds.
COMPILE_ROWS = {
    "compile": ([(100, 10)], lambda t: t[100, 10]),
    "assertion": ([(100, 10), (100, 20)], lambda t: t[100, 20] - t[100, 10]),  # ms: a thousand more
    "test": ([(100, 20), (200, 10)], lambda t: (t[200, 10] - t[100, 20]) * 10),  # ms: a hundred more
}


def progress(text):
    print(f"  {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options, contenders, folder):
        self.options, self.contenders, self.folder = options, contenders, folder
        self.cxx = options.cxx.split()
        self.flags = ["-std=c++20", "-pthread", f"-I{folder}", f"-I{INCLUDE}"]
        if "clang" in options.cxx:  # Asio before 1.24 does not find clang's coroutines by itself
            self.flags += ["-DASIO_HAS_CO_AWAIT", "-DASIO_HAS_STD_COROUTINE"]
        self.samples = {}  # (row, contender) -> list
        self.sink = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def add(self, row, contender, value):
        self.samples.setdefault((row, contender.name), []).append(value)

    def median(self, row, name):
        values = self.samples.get((row, name))
        return statistics.median(values) if values else None

    def measure(self, rows):
        rows = set(rows)
        self.require_packages()
        for name, text in HEADERS.items():
            (self.folder / name).write_text(text)
        self.compile(self.folder / "common.cpp", "-O2")
        self.compile_rows(rows)
        if rows <= {"include", *(row + level for row in COMPILE_ROWS for level in LEVELS)}:
            return
        progress("building the main files")
        for contender in self.contenders:
            self.compile(self.write(contender, "main", contender.main), "-O2")
        if "check" in rows:
            self.check_row()
        if "size" in rows:
            self.size_row()
        if rows & {"run", "run-cpu", "one"}:
            self.run_rows()
        if "async" in rows:
            self.async_row()
        own_suites.measure(self, rows)
        if "warm" in rows:
            self.warm_row()
        if "hour" in rows:
            self.hour_row()
        mocks.measure(self, rows)

    # the rows

    def compile_rows(self, rows):
        jobs = []  # (key, level, contender, source), alike ones side by side
        if "include" in rows:
            for c in self.contenders:
                jobs.append(("include", "-O0", c, self.write(c, "include", c.system_include())))
        wanted = [(row, level) for row in COMPILE_ROWS for level in LEVELS if row + level in rows]
        for size, level in sorted({(size, level) for row, level in wanted for size in COMPILE_ROWS[row][0]}):
            jobs += [(size, level, c, self.tests(c, "m{}x{}".format(*size), *size)) for c in self.contenders]
        for number in range(self.options.compile_rounds if jobs else 0):
            progress(f"compiling, round {number + 1} of {self.options.compile_rounds}")
            times = {}
            for key, level, contender, source in jobs:
                seconds = self.compile(source, level)
                times.setdefault((level, contender.name), {})[key] = seconds
                if key == "include":
                    self.add("include", contender, seconds)
            for row, level in wanted:
                for contender in self.contenders:
                    self.add(row + level, contender, COMPILE_ROWS[row][1](times[level, contender.name]))

    def check_row(self):
        binaries = []
        for contender in self.contenders:
            source = self.source(contender, "loop", "", contender.test("t0", contender.loop(LOOP)))
            self.compile(source, "-O2")
            binaries.append((contender, self.link(contender, "loop", [source.with_suffix(".O2.o")])))
        progress("running passing checks")
        for _ in range(self.options.rounds):
            for contender, binary in binaries:
                done = subprocess.run([binary], capture_output=True, text=True)
                said = [line for line in done.stderr.splitlines() if line.startswith("ns ")]
                if done.returncode or len(said) != 1:
                    sys.exit(f"{contender.name}: the loop of checks failed:\n{done.stdout}{done.stderr}")
                self.add("check", contender, float(said[0][3:]))

    def size_row(self):
        progress("stripping")
        for contender in self.contenders:
            source = self.tests(contender, "size", 100, 10)
            self.compile(source, "-O2")
            binary = self.link(contender, "size", [source.with_suffix(".O2.o")])
            self.must_notice(contender, binary, contender.quiet)
            self.must(["strip", binary])
            self.add("size", contender, binary.stat().st_size / 1024)

    def run_rows(self):
        runs = []
        for contender in self.contenders:
            binary = self.large(contender, "large", "", contender.checks(1))
            one = contender.select(f"t{self.options.tests * 7 // 9}")
            for arguments, row in ((contender.quiet, "run"), (one, "one")):
                self.must_notice(contender, binary, arguments)
                runs.append((contender, [binary, *arguments], row))
        for contender, row, wall, cpu in self.run_in_turn(runs):
            self.add(row, contender, wall * 1e3)
            if row == "run":
                self.add("run-cpu", contender, cpu * 1e3)

    def async_row(self):
        runs = []
        for contender in self.contenders:
            if contender.coroutine:
                binary = self.large(contender, "async", POST_INCLUDES, [POST_LINE, *contender.checks(1)])
                self.must_notice(contender, binary, contender.quiet)
                runs.append((contender, [binary, *contender.quiet], "async"))
        for contender, row, wall, _ in self.run_in_turn(runs):
            self.add(row, contender, wall * 1e6 / self.options.tests)

    def warm_row(self):
        runs = []
        for contender in self.contenders:
            if contender.ten_times:
                binary = self.large(contender, "warm", POST_INCLUDES, [POST_LINE, *contender.checks(1)], WARM_TESTS)
                command = [*contender.quiet, *contender.ten_times]
                self.must_notice(contender, binary, command)
                runs.append((contender, [binary, *command], "warm"))
        for contender, row, _, cpu in self.run_in_turn(runs):
            self.add(row, contender, cpu * 1e3)

    def hour_row(self):
        runs = []
        for contender in self.contenders:
            if contender.name == "awaitest async":
                test = contender.test("hour", [*HOUR_LINES, *contender.checks(1)])
                source = self.source(contender, "hour", HOUR_INCLUDES, test)
                self.compile(source, "-O2")
                binary = self.link(contender, "hour", [source.with_suffix(".O2.o")])
                command = [*contender.quiet, "--virtual-time"]
                self.must_notice(contender, binary, command)
                runs.append((contender, [binary, *command], "hour"))
        for contender, row, wall, _ in self.run_in_turn(runs):
            self.add(row, contender, wall)

    # files

    def write(self, contender, name, text):
        folder = self.folder / contender.name.replace(" ", "-")
        folder.mkdir(exist_ok=True)
        path = folder / (name + ".cpp")
        path.write_text(text)
        return path

    def source(self, contender, name, includes, tests):
        return self.write(contender, name, contender.include + includes + '#include "common.hpp"\n' + tests)

    def tests(self, contender, name, tests, checks):
        lines = contender.checks(checks)
        return self.source(contender, name, "", "".join(contender.test(f"t{i}", lines) for i in range(tests)))

    def large(self, contender, name, includes, lines, tests=None):
        """A binary of so many tests, or all, at -O1: nearly what runs at -O2, and built much sooner."""
        tests = tests or self.options.tests
        progress(f"building {tests} tests: {contender.name}")
        sources = []
        for first in range(0, tests, PER_FILE):
            numbers = range(first, min(first + PER_FILE, tests))
            text = "".join(contender.test(f"t{i}", lines) for i in numbers)
            sources.append(self.source(contender, f"{name}{first}", includes, text))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda source: self.compile(source, "-O1"), sources))
        return self.link(contender, name, [source.with_suffix(".O1.o") for source in sources])

    # processes

    def must(self, command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"failed: {' '.join(done.args)}\n{done.stderr[:4000]}")

    def compile(self, source, level):
        """Compiles one file and returns the compiler's user seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        output = source.with_suffix(f".{level[1:]}.o")
        self.must([*self.cxx, *self.flags, level, "-c", source, "-o", output])
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

    def link(self, contender, name, objects, libraries=()):
        folder = objects[0].parent
        objects = [*objects, folder / "main.O2.o", self.folder / "common.O2.o"]
        self.must([*self.cxx, *objects, "-o", folder / name, *libraries, *contender.libraries, "-pthread"])
        return folder / name

    def spawn(self, command, environment=os.environ):
        """Runs a command with its output in a pipe: exit code, wall and processor seconds."""
        pipe = self.sink.stdin.fileno()
        into_pipe = [(os.POSIX_SPAWN_DUP2, pipe, stream) for stream in (1, 2)]
        start = time.perf_counter()
        child = os.posix_spawn(command[0], command, environment, file_actions=into_pipe)
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - start
        return os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime

    def run_in_turn(self, runs):
        progress("running them")
        for _ in range(self.options.rounds):
            for contender, command, row in runs:
                _, wall, cpu = self.spawn(command)
                yield contender, row, wall, cpu

    def must_notice(self, contender, binary, arguments):
        """Passes, and fails when the values are wrong: the proof that the tests meant do run."""
        good = self.spawn([binary, *arguments])[0]
        bad = self.spawn([binary, *arguments], {**os.environ, "BENCH_BREAK": "1"})[0]
        if good != 0 or bad == 0:
            command = " ".join([binary.name, *arguments])
            sys.exit(f"{contender.name}: '{command}' exits with {good}; if every check is false, with {bad}")

    def require_packages(self):
        for contender in self.contenders:
            for header, package in contender.packages.items():
                preprocess = [*self.cxx, *self.flags, "-E", "-x", "c++", "-", "-o", "/dev/null"]
                line = f"#include <{header}>\n"
                done = subprocess.run(preprocess, input=line, capture_output=True, text=True)
                if done.returncode:
                    sys.exit(f"{contender.name} needs <{header}> of the Debian package {package}: "
                             f"apt-get install {package}, or leave it out with --peers")
