#!/usr/bin/env python3
"""How many faults in the headers the tests notice.

    python3 tests/mutations/run.py --seed 1 --number 300

Draws one-line mutations of include/awaitest by the seed (a condition turned round, a statement left out, a bound moved), builds the tests
preset with each in a copy of the sources, and runs all tests but those that compile something: the core suites first, which are
built sooner and notice most. Prints each mutation that no test has
noticed; those of equivalent.txt, which change nothing that could be seen, are told apart. A mutation costs a build: minutes, for what
test files include. It is no part of .ci/run.

What does not compile is no mutation, and another one is drawn. `--only loop/` mutates one room; `--line FILE:N` all of one line.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
HEADERS = "include/awaitest"

# Pairs of (pattern, replacement); each match is a mutation of its own.
TURNED = [
    (r" == ", " != "),
    (r" != ", " == "),
    (r" && ", " || "),
    (r" \|\| ", " && "),
    (r"(?<=[( ])!(?=[a-z_(])", ""),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"if \((?=[a-z_:.>\-]+(\(\))?\))", "if (!"),
]
MOVED = [
    (r" < (?=[a-z0-9_])", " <= "),
    (r" <= ", " < "),
    (r" > (?=[a-z0-9_])", " >= "),
    (r" >= ", " > "),
    (r" \+ 1\b", " + 2"),
    (r" - 1\b", ""),
]
# A statement that stands alone on its line: a call, an assignment, a count.
STATEMENT = re.compile(r"^ +(?!return|using|const|auto|static|inline|case|default|throw|break|continue|goto|co_return|#)"
                       r"(?:[+-]{2})?[a-z_][\w.>:\-\[\]*()]*(?:\(.*\)| [+\-|&]?= .*);$")
NO_CODE = re.compile(r"^\s*(//|#|\*|template|namespace|class|struct|static_assert|using|requires)")


def mutations_of(path, text):
    """Yields (line number, the line, the line mutated, kind)."""
    in_macro = False
    for number, line in enumerate(text.split("\n"), 1):
        continued, in_macro = in_macro, line.endswith("\\")
        if continued or in_macro or NO_CODE.match(line):
            continue
        code = line.split("//")[0].rstrip()
        rest = line[len(code):]
        if '"' in code and code.count('"') % 2:
            continue
        for kind, rules in (("condition", TURNED), ("bound", MOVED)):
            for pattern, replacement in rules:
                for match in re.finditer(pattern, code):
                    if code[: match.start()].count('"') % 2:
                        continue
                    yield number, line, code[: match.start()] + replacement + code[match.end():] + rest, kind
        if STATEMENT.match(code) and code.count("(") == code.count(")"):
            yield number, line, re.match(r" +", code)[0] + ";", "statement"


def all_mutations(root, only):
    found = []
    for folder, _, files in os.walk(os.path.join(root, HEADERS)):
        for name in sorted(files):
            path = os.path.relpath(os.path.join(folder, name), os.path.join(root, HEADERS))
            if name.endswith(".hpp") and path.startswith(only):
                with open(os.path.join(root, HEADERS, path)) as file:
                    found += [(path, *one) for one in mutations_of(path, file.read())]
    return sorted(found)


def run(command, folder, timeout):
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=timeout, start_new_session=True)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return -1, "out of time"


class Copy:
    """A copy of the sources with a build tree of its own."""

    def __init__(self, folder, jobs):
        self.root, self.jobs = folder, jobs
        names = subprocess.check_output(["git", "ls-files", "-z"], cwd=REPOSITORY).decode().split("\0")
        for name in filter(None, names):
            to = os.path.join(folder, name)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copyfile(os.path.join(REPOSITORY, name), to)
            shutil.copymode(os.path.join(REPOSITORY, name), to)

    def prepare(self):
        for command in (["cmake", "--preset", "tests"], ["cmake", "--build", "--preset", "tests"]):
            code, output = run(command, self.root, 3600)
            if code:
                sys.exit(output)
        if by := self.failing_test():
            sys.exit("the tests fail without a mutation: " + by)

    def failing_test(self):
        """The first that fails; None: all pass; "": something does not compile."""
        for target, which in (("core", ["-L", "^core$"]), ("all", ["-LE", "build"])):
            if run(["cmake", "--build", "--preset", "tests", "--target", target, "-j", str(self.jobs)], self.root, 1800)[0]:
                return ""
            if failed := self.failing_of(which):
                return failed
        return None

    def failing_of(self, which):
        code, output = run(["ctest", *which, "-j", str(2 * self.jobs), "--stop-on-failure", "--timeout", "120"],
                           os.path.join(self.root, "build", "tests"), 1200)
        failed = re.search(r"Test +#\d+: (.*?) \.*\**(Failed|Timeout|Exception|Subprocess)", output)
        return failed[1].strip() if failed else "?" if code else None


def known_equivalents():
    path = os.path.join(os.path.dirname(__file__), "equivalent.txt")
    with open(path) as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    return {tuple(part.strip() for part in line.split(" | ")[:3]) for line in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--only", default="", help="of headers whose path under include/awaitest begins so")
    parser.add_argument("--line", help="FILE:N: every mutation of that line")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--folder", help="build here and keep it")
    asked = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        copy = Copy(asked.folder or temporary, asked.jobs)
        drawn = all_mutations(copy.root, asked.only)
        if asked.line:
            file, line = asked.line.rsplit(":", 1)
            drawn = [one for one in drawn if one[0] == file and one[1] == int(line)]
        else:
            random.Random(asked.seed).shuffle(drawn)
        print(f"seed {asked.seed}, {len(drawn)} mutations to draw from", flush=True)
        copy.prepare()
        equivalents = known_equivalents()
        noticed, survivors, equivalent = 0, [], 0
        for path, number, before, after, kind in drawn:
            if noticed + len(survivors) + equivalent == asked.number:
                break
            file = os.path.join(copy.root, HEADERS, path)
            with open(file) as opened:
                original = opened.read()
            lines = original.split("\n")
            lines[number - 1] = after
            with open(file, "w") as opened:
                opened.write("\n".join(lines))
            by = copy.failing_test()
            with open(file, "w") as opened:
                opened.write(original)
            if by == "":
                continue  # no mutation: it does not compile
            words = f"{path}:{number}: {kind}: {before.strip()}  ->  {after.strip()}"
            if by:
                noticed += 1
                print(f"noticed   {words}  [{by}]", flush=True)
            elif (path, before.strip(), after.strip()) in equivalents:
                equivalent += 1
                print(f"equivalent {words}", flush=True)
            else:
                survivors.append(words)
                print(f"SURVIVED  {words}", flush=True)
        judged = noticed + len(survivors)
        print(f"\n{noticed} of {judged} noticed" + (f" ({noticed / judged:.0%})" if judged else "") +
              f", {equivalent} equivalent; again: --seed {asked.seed} --number {asked.number}")
        for one in survivors:
            print("  " + one)


main()
