// The last line of a terminal, and what a reporter writes above it.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/console.hpp>
#include <awaitest/report/live_line.hpp>

#include <chrono>
#include <deque>
#include <fstream>
#include <sstream>
#include <string>

using namespace awaitest::match;
using namespace std::chrono_literals;
using awaitest::reporting::live_line;

namespace {

live_line::clock::time_point moment{};
live_line::clock::time_point now() { return moment; }

awaitest::test_info named(std::string name) {
  awaitest::test_info made;
  made.name = std::move(name);
  return made;
}
std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_SUITE("report: live line") {
  TEST("says how far the run is, what has failed, and which tests have been running longest") {
    moment = live_line::clock::time_point{1h};
    awaitest::output to{"/dev/null"};
    live_line line{to, true, &now};
    const auto all =
        std::deque{named("first"), named("second"), named("thi\nrd"), named("fourth"), named("fifth")};
    line.round_began(120);
    CHECK(line.text(79, moment) == "[  0/120]");
    line.test_began(all[0]);
    line.test_ended(all[0], true);
    CHECK(line.text(79, moment) == "[  1/120] 1 failed");
    for (std::size_t i = 1; i < all.size(); ++i) {
      line.test_began(all[i]);
      moment += 1s;
    }
    CHECK(line.text(79, moment) == "[  1/120] 1 failed | second (4s), thi rd (3s), fourth (2s) and 1 more");
    line.test_ended(all[1], false);
    CHECK(line.text(79, moment) == "[  2/120] 1 failed | thi rd (3s), fourth (2s), fifth (1s)");
    CHECK(line.age(all[2]) == 3s);
    CHECK(line.age(all[1]) == 0s);
    line.round_began(7);
    CHECK(line.text(8, moment) == "[0/7] 1 ");
  }
  TEST("fits the width, and cuts no character in two") {
    awaitest::output to{"/dev/null"};
    live_line line{to, true, &now};
    const auto test = named("\xC3\xA4\xC3\xB6\xC3\xBC");
    line.round_began(1);
    line.test_began(test);
    CHECK(line.text(9, moment) == "[0/1] | \xC3\xA4");
    CHECK(line.text(100, moment) == "[0/1] | \xC3\xA4\xC3\xB6\xC3\xBC");
  }
  TEST("is drawn now and then, taken away before other lines, and gone at the end") {
    moment = {};
    const auto path = awaitest::this_test::temp_dir() + "/report";
    {
      awaitest::output to{path};
      awaitest::console_reporter console{to, {.now = &now, .live = true}};
      const auto passes = named("passes"), fails = named("fails");
      awaitest::run_started start;
      start.program = "prog";
      start.selected = 2;
      console.report(start);
      console.report(awaitest::test_started{&passes});  // too early to be drawn
      moment += 200ms;
      console.refresh();
      console.refresh();  // nor again at once
      awaitest::test_finished end;
      end.test = &passes;
      console.report(end);
      console.report(awaitest::test_started{&fails});
      awaitest::failure_found found;
      found.test = &fails;
      found.what.message = "no";
      found.what.macro = "FAIL";
      moment += 1s;
      console.report(found);
      end.test = &fails;
      end.result = awaitest::outcome::failed;
      end.failures.push_back(found.what);
      console.report(end);
      console.report(awaitest::run_finished{});
    }
    CHECK_THAT(read(path), starts_with("\r\x1b[K[0/2] | passes\r\x1b[KFAILED fails (1.00 s)\n  FAIL\n    no\n"
                                       "\r\x1b[K[1/2] | fails (1s)\r\x1b[K  again: prog --exact fails"));
    CHECK_THAT(read(path), ends_with("\nnothing was run (0 assertions, 0 us)\n"));
  }
}
