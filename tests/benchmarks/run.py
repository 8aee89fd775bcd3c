#!/usr/bin/env python3
"""Measures awaitest beside its peers and prints the tables. README.md says what and how."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

from contenders import CONTENDERS
from measure import Bench
from mocks import ROWS as MOCK_ROWS
from own_suites import ROWS as OWN_ROWS

OURS = ("awaitest", "awaitest async")
TESTS = 10_000

# row: title, unit, digits
ROWS = {
    "include": ("include only, -O0", "s", 2),
    "compile-O0": ("100 tests x 10 checks, -O0", "s", 2),
    "compile-O2": ("100 tests x 10 checks, -O2", "s", 2),
    "assertion-O0": ("a check more, -O0", "ms", 2),
    "assertion-O2": ("a check more, -O2", "ms", 2),
    "test-O0": ("a test more, -O0", "ms", 1),
    "test-O2": ("a test more, -O2", "ms", 1),
    "check": ("a passing check, -O2", "ns", 1),
    "run": ("{tests} tests run", "ms", 1),
    "run-cpu": ("… processor time", "ms", 1),
    "one": ("one by name of {tests}", "ms", 2),
    "size": ("stripped 100 x 10, -O2", "KiB", 0),
    "async": ("an async test of {tests}: a post, a check", "µs", 2),
    "warm": ("2000 of them, ten times in one process, processor time", "ms", 1),
    "waits": ("1000 tests that wait 100 ms, --concurrency 1000", "s", 3),
    "waits-each": ("… one after the other (100 x 10 ms, times 100)", "s", 0),
    "jobs-1": ("2000 tests that compute for 0.1 ms, --jobs 1, least", "ms", 0),
    "jobs-2": ("… --jobs 2, least", "ms", 0),
    "jobs-share": ("… --jobs 2 / --jobs 1", "x", 2),
    "jobs-cpu": ("… their processor time", "x", 2),
    "fixture": ("a fixture with empty coroutines as hooks, processor time", "µs", 2),
    "mock-O0": ("ten mocked methods, twenty expectations, -O0", "s", 2),
    "mock-O2": ("ten mocked methods, twenty expectations, -O2", "s", 2),
    "mock-call": ("a call of a mocked coroutine with one expectation, -O2", "ns", 0),
    "hour": ("a virtual hour: 360 000 ticks of a timer, -O2", "s", 2),
}

# row, whose, at most, times whose (None: in the unit of the row). To beat is to need at most 1 x as much.
TARGETS = [
    ("include", "awaitest", 1.25, "bare-asio"),
    ("compile-O0", "awaitest async", 1.3, "bare-asio"),
    ("compile-O2", "awaitest async", 1.3, "bare-asio"),
    ("compile-O0", "awaitest async", 1, "gtest"),
    ("compile-O2", "awaitest async", 1, "gtest"),
    ("check", "awaitest", 2.5, None),
    ("check", "awaitest async", 2.5, None),
    ("run", "awaitest", 8, None),
    ("one", "awaitest", 3, None),
    ("size", "awaitest async", 400, None),
    ("async", "awaitest async", 0.65, "gtest+co_spawn"),
    ("warm", "awaitest async", 0.8, "gtest+co_spawn"),
    ("run", "awaitest", 0.6, "gtest"),
    ("waits", "awaitest async", 0.5, None),
    ("jobs-share", "awaitest async", 0.59, None),
    ("fixture", "awaitest async", 1, None),
    ("mock-O0", "awaitest async", 0.5, "gtest+co_spawn"),
    ("mock-O2", "awaitest async", 0.5, "gtest+co_spawn"),
    ("mock-call", "awaitest async", 1, "gtest+co_spawn"),
    ("hour", "awaitest async", 1, None),
    *((row, "awaitest async", 1, "gtest+co_spawn") for row in ROWS if row not in {"run-cpu", "async", "warm", "hour", *OWN_ROWS, *MOCK_ROWS}),
]


def table(head, lines):
    cells = [head, ["---"] * len(head), *lines]
    print("\n" + "\n".join("| " + " | ".join(line) + " |" for line in cells))


class Report:
    def __init__(self, bench, rows, names):
        self.bench, self.rows, self.names = bench, rows, names
        self.tests = f"{bench.options.tests:,}".replace(",", " ")

    def title(self, row):
        title, unit, _ = ROWS[row]
        return f"{title.format(tests=self.tests)}, {unit}"

    def each_row(self, corner, names, cell):
        lines = [[self.title(row), *(cell(row, name) for name in names)] for row in self.rows]
        table([corner, *names], lines)

    def medians(self):
        def cell(row, name):
            value = self.bench.median(row, name)
            return "" if value is None else f"{value:.{ROWS[row][2]}f}"
        self.each_row("median", self.names, cell)

    def ratios(self, ours):
        """How many times as much as a peer `ours` needs."""
        peers = [name for name in self.names if name not in OURS]
        def cell(row, peer):
            mine, theirs = self.bench.median(row, ours), self.bench.median(row, peer)
            return "" if mine is None or not theirs else f"{mine / theirs:.2f}"
        self.each_row(f"{ours} /", peers, cell)

    def targets(self):
        lines = []
        for row, ours, limit, peer in TARGETS:
            mine = self.bench.median(row, ours)
            other = 1 if peer is None else self.bench.median(row, peer)
            if row not in self.rows or mine is None or not other:
                continue
            of = f"x {peer}" if peer else ROWS[row][1]
            verdict = "met" if mine / other <= limit else "**missed**"
            lines.append([self.title(row), ours, f"{limit:g} {of}", f"{mine / other:.2f}", verdict])
        if lines:
            table(["", "whose", "at most", "measured", ""], lines)


def say(options, bench, rows, names):
    version = subprocess.run([*bench.cxx, "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    print(f"\n{version}; medians of {options.compile_rounds} compilations and {options.rounds} runs")
    report = Report(bench, rows, names)
    report.medians()
    for ours in OURS:
        if ours in names:
            report.ratios(ours)
    if not options.quick:
        report.targets()


def some_of(known):
    def parse(text):
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"no '{name}': there are {', '.join(known)}")
        return [name for name in known if name in names]
    return parse


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of compiling, 1000 tests")
    everyone = [contender.name for contender in CONTENDERS]
    for option, names in (("--rows", list(ROWS)), ("--peers", everyone)):
        parser.add_argument(option, type=some_of(names), default=names, help=", ".join(names))
    parser.add_argument("--cxx", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--folder", type=Path, help="build here and keep it")
    options = parser.parse_args()
    options.tests, options.compile_rounds, options.rounds = (1000, 1, 5) if options.quick else (TESTS, 5, 21)
    rows, names = options.rows, options.peers

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    with tempfile.TemporaryDirectory(prefix="awaitest-bench-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(options, [c for c in CONTENDERS if c.name in names], folder)
        try:
            bench.measure(rows)
        finally:  # whatever stops it, half an hour's numbers are not lost
            if bench.samples:
                say(options, bench, [row for row in rows if any(of == row for of, _ in bench.samples)], names)


if __name__ == "__main__":
    main()
