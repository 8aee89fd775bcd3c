// Lines of the source around a failed assertion, read from a file that is written here.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/source_lines.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace {

using lines = std::vector<std::string>;

lines shown(const std::string& text, unsigned line, const char* macro = "CHECK",
            awaitest::failure_kind kind = awaitest::failure_kind::assertion) {
  static int number = 0;
  const auto path = awaitest::this_test::temp_dir() + "/source" + std::to_string(++number) + ".cpp";
  std::ofstream(path) << text;
  awaitest::failure what;
  what.kind = kind;
  what.macro = macro;
  what.where = {path.c_str(), line};
  return awaitest::reporting::source_lines{}.around(what);
}

}  // namespace

TEST_SUITE("report: source lines") {
  TEST("two before and two after, without their common indentation") {
    CHECK(shown("f() {\n  a;\n  b;\n  CHECK(x);\n  c;\n\n  d;\n}\n", 4) ==
          lines{"  2 | a;", "  3 | b;", "> 4 | CHECK(x);", "  5 | c;", "  6 |"});
  }
  TEST("only of its block, and its head") {
    CHECK(shown("}\nTEST() {\n  CHECK(x);\n}\nTEST()\n", 3) == lines{"  2 | TEST() {", "> 3 |   CHECK(x);"});
    CHECK(shown("if (a) {\n  b;\n} else {\n  CHECK(1 ==\n      2);\n}\n", 4) ==
          lines{"  3 | } else {", "> 4 |   CHECK(1 ==", "  5 |       2);"});
  }
  TEST("numbers are aligned, tabs are spaces, and long lines are cut") {
    std::string text;
    for (int i = 0; i < 9; ++i) text += "\ta;\r\n";
    text += "\tCHECK(" + std::string(300, 'x') + ");\r\n";
    CHECK(shown(text, 10) == lines{"   8 | a;", "   9 | a;", "> 10 | CHECK(" + std::string(194, 'x')});
  }
  TEST("none where there is nothing to show, or the file is another by now") {
    CHECK(shown("a;\n", 2).empty());
    CHECK(shown("a;\nb;\n", 1).empty());  // newer than this program, and no CHECK
    CHECK(shown("MY_CHECK(x);\n", 1) == lines{"> 1 | MY_CHECK(x);"});
    CHECK(shown("CHECK(x);\n", 1, "CHECK", awaitest::failure_kind::timeout).empty());
    CHECK(shown("CHECK(x);\n", 1, "").empty());
    awaitest::failure what;
    what.macro = "CHECK";
    what.where = {"/no/such/file.cpp", 1};
    CHECK(awaitest::reporting::source_lines{}.around(what).empty());
  }
}
