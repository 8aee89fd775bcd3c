#!/usr/bin/env python3
"""Ten typical failures, and what pytest, GoogleTest, Catch2, doctest and awaitest say of each: writes examples/failures.md.

    python3 tests/benchmarks/failures.py [--to FILE] [--cxx g++]

Needs python3-pytest, libgtest-dev, libgmock-dev, catch2 and doctest-dev beside what awaitest needs. A failure that a library has no
means for is left out.
"""

import argparse
import pathlib
import re
import subprocess
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]

# name, what it is, then the body for each library.
FAILURES = [
    ("two numbers", {
        "pytest": "assert total([1, 2, 3]) == 7",
        "gtest": "EXPECT_EQ(total({1, 2, 3}), 7);",
        "catch2": "CHECK(total({1, 2, 3}) == 7);",
        "awaitest": "CHECK(total({1, 2, 3}) == 7);"}),
    ("two long texts that differ in a letter", {
        "pytest": "assert 'the quick brown fox jumps over the lazy dog, and once more' == 'the quick brown fox jumps over the lasy dog, and once more'",
        "gtest": 'EXPECT_EQ(std::string("the quick brown fox jumps over the lazy dog, and once more"), "the quick brown fox jumps over the lasy dog, and once more");',
        "catch2": 'CHECK(std::string("the quick brown fox jumps over the lazy dog, and once more") == "the quick brown fox jumps over the lasy dog, and once more");',
        "awaitest": 'CHECK(std::string("the quick brown fox jumps over the lazy dog, and once more") == "the quick brown fox jumps over the lasy dog, and once more");'}),
    ("two texts of several lines", {
        "pytest": "assert 'a\\nb\\nc\\nd\\n' == 'a\\nb\\nx\\nd\\n'",
        "gtest": 'EXPECT_EQ(std::string("a\\nb\\nc\\nd\\n"), "a\\nb\\nx\\nd\\n");',
        "catch2": 'CHECK(std::string("a\\nb\\nc\\nd\\n") == "a\\nb\\nx\\nd\\n");',
        "awaitest": 'CHECK(std::string("a\\nb\\nc\\nd\\n") == "a\\nb\\nx\\nd\\n");'}),
    ("two lists, of which an element differs", {
        "pytest": "assert [1, 2, 3, 4] == [1, 2, 5, 4]",
        "gtest": "EXPECT_EQ((std::vector{1, 2, 3, 4}), (std::vector{1, 2, 5, 4}));",
        "catch2": "CHECK(std::vector{1, 2, 3, 4} == std::vector{1, 2, 5, 4});",
        "awaitest": "CHECK(std::vector{1, 2, 3, 4} == std::vector{1, 2, 5, 4});"}),
    ("two maps, of which a value differs", {
        "pytest": "assert {'ada': 1, 'bob': 2} == {'ada': 1, 'bob': 3}",
        "gtest": 'EXPECT_EQ(names({{"ada", 1}, {"bob", 2}}), names({{"ada", 1}, {"bob", 3}}));',
        "catch2": 'CHECK(names({{"ada", 1}, {"bob", 2}}) == names({{"ada", 1}, {"bob", 3}}));',
        "awaitest": 'CHECK(names({{"ada", 1}, {"bob", 2}}) == names({{"ada", 1}, {"bob", 3}}));'}),
    ("two structs that nobody has taught to print", {
        "pytest": "assert Point(1, 2) == Point(1, 3)",
        "gtest": "EXPECT_EQ((point{1, 2}), (point{1, 3}));",
        "catch2": "CHECK((point{1, 2}) == (point{1, 3}));",
        "awaitest": "CHECK((point{1, 2}) == (point{1, 3}));"}),
    ("an exception that nobody expected, from two functions further in", {
        "pytest": "load('x')",
        "gtest": 'load("x");',
        "catch2": 'load("x");',
        "awaitest": 'load("x");'}),
    ("an exception of another type", {
        "pytest": "with pytest.raises(KeyError): load('x')",
        "gtest": 'EXPECT_THROW(load("x"), std::out_of_range);',
        "catch2": 'CHECK_THROWS_AS(load("x"), std::out_of_range);',
        "awaitest": 'CHECK_THROWS_AS(load("x"), std::out_of_range);'}),
    ("a condition of two parts", {
        "pytest": "a, b = 1, 5\n    assert a == 1 and b < 3",
        "gtest": "const int a = 1, b = 5;\n  EXPECT_TRUE(a == 1 && b < 3);",
        "catch2": "const int a = 1, b = 5;\n  CHECK((a == 1 && b < 3));",
        "awaitest": "const int a = 1, b = 5;\n  CHECK(a == 1 && b < 3);"}),
    ("a coroutine that waits for what nobody sends", {
        "pytest": "asyncio.run(asyncio.wait_for(worker(), 1))",
        "awaitest async": "awaitest::gate opened;\n  co_await worker(opened);"}),
]

CXX = """
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>
static int total(std::vector<int> all) { return std::accumulate(all.begin(), all.end(), 0); }
using names = std::map<std::string, int>;
struct point { int x, y; bool operator==(const point&) const = default; };
static int parse(const std::string&) { throw std::invalid_argument("no number"); }
static int load(const std::string& file) { return parse(file); }
"""
PYTHON = """
import asyncio
import dataclasses
import pytest

def total(all): return sum(all)
@dataclasses.dataclass
class Point:
    x: int
    y: int
def parse(text): raise ValueError('no number')
def load(file): return parse(file)
async def worker(): await asyncio.Event().wait()
"""
HEADS = {
    "gtest": "#include <gtest/gtest.h>\n",
    "catch2": "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n",
    "doctest": "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n",
    "awaitest": "#include <awaitest/awaitest.hpp>\n#include <awaitest/main.hpp>\n"
                "static asio::awaitable<void> worker(awaitest::gate& opened) { co_await opened.wait(); }\n",
}
FLAGS = ["-std=c++20", "-g", "-O0", "-w", "-DASIO_STANDALONE", "-DASIO_HAS_STD_ALIGNED_ALLOC", f"-I{TOP}/include"]
LIBRARIES = {"gtest": ["-lgtest", "-lgtest_main"], "awaitest": ["-lfmt"]}


def body_for(bodies, library):
    return bodies.get("catch2" if library == "doctest" else library)


def source_for(library):
    if library == "pytest":
        return PYTHON + "".join(f"def test_{i}():\n    {bodies['pytest']}\n" for i, (_, bodies) in enumerate(FAILURES))
    test = {"gtest": "TEST(failures, t{})", "awaitest": 'TEST("t{}")'}.get(library, 'TEST_CASE("t{}")')
    text = CXX + HEADS[library]
    for i, (_, bodies) in enumerate(FAILURES):
        if body_for(bodies, library):
            text += test.format(i) + f" {{\n  {body_for(bodies, library)}\n}}\n"
        elif library == "awaitest":
            text += f'TEST_ASYNC("t{i}") {{\n  {bodies["awaitest async"]}\n}}\n'
    return text


def said(command, cwd):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    text = text.replace(str(cwd) + "/", "").replace(str(TOP) + "/", "")
    text = re.sub(r"\d+(\.\d+)? (ms|us|s)\b", "<time>", text)
    text = re.sub(r"\d+\.\d+s\b", "<time>", text)
    text = re.sub(r"0x[0-9a-f]+", "0x...", text)
    return re.sub(r"(--seed|seed) \d+", r"\1 N", text)


def between(text, begin, ends):
    """The lines from the first that fits `begin` to the one before the next that fits `ends`."""
    lines, kept = text.split("\n"), []
    for line in lines:
        if kept and re.search(ends, line):
            break
        if kept or re.search(begin, line):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def run(library, number, cwd):
    if library == "pytest":
        text = said(["python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests.py::test_{number}"], cwd)
        return between(text, r"^_+ test_", r"^=+ short test summary")
    if library == "gtest":
        text = said(["./gtest", f"--gtest_filter=failures.t{number}", "--gtest_brief=1"], cwd)
        return between(text, r"^(tests|unknown|\S+\.cpp)", r"^\[")
    if library == "catch2":
        return between(said(["./catch2", f"t{number}"], cwd), r"^t\d", r"^=====")
    if library == "doctest":
        return between(said(["./doctest", f"-tc=t{number}", "--no-version", "--no-intro"], cwd), r"^TEST CASE", r"^=====")
    return between(said(["./awaitest", "--exact", f"t{number}"], cwd), r"^FAILED", r"^\d+ failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=pathlib.Path, default=TOP / "examples/failures.md")
    parser.add_argument("--cxx", default="g++")
    asked = parser.parse_args()
    libraries = ["pytest", "gtest", "catch2", "doctest", "awaitest"]
    out = ["# Ten failures, side by side", "",
           "What pytest, GoogleTest, Catch2, doctest and awaitest say of the same failure, each in its default form, without colours: where it is,",
           "what was written, what the values were, and where they part. pytest alone shows the values in each part of a condition: a macro sees",
           "what an `&&` has made of them; with a CHECK for each part they are told. Made by",
           "`python3 tests/benchmarks/failures.py`; times are blanked.", ""]
    with tempfile.TemporaryDirectory() as folder:
        cwd = pathlib.Path(folder)
        for library in libraries:
            name = "tests.py" if library == "pytest" else f"{library}.cpp"
            (cwd / name).write_text(source_for(library))
            if library != "pytest":
                subprocess.run([asked.cxx, *FLAGS, name, *LIBRARIES.get(library, []), "-pthread", "-o", library], cwd=cwd, check=True)
        for number, (title, bodies) in enumerate(FAILURES):
            out += [f"## {number + 1}. {title[0].upper() + title[1:]}", ""]
            for library in libraries:
                if library != "awaitest" and not body_for(bodies, library):
                    continue
                text = run(library, number, cwd)
                if not text:
                    raise SystemExit(f"{library} says nothing of \"{title}\"")
                out += [f"{library}:", "", "```", text, "```", ""]
    asked.to.write_text("\n".join(out).rstrip("\n") + "\n")
    print(f"{asked.to} is written")


if __name__ == "__main__":
    main()
