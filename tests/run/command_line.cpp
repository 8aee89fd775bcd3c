// The command line: every option, every mistake and what is said about it.
#include <awaitest/awaitest.hpp>
#include <awaitest/run/cli/color.hpp>
#include <awaitest/run/cli/command_line.hpp>
#include <awaitest/run/cli/completion.hpp>
#include <awaitest/run/cli/environment.hpp>
#include <awaitest/run/cli/nearest.hpp>

#include <stdlib.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace awaitest::match;
using awaitest::settings;
using awaitest::detail::edit_distance;
using awaitest::detail::nearest_flag;
using awaitest::detail::usage_error;

namespace {

const std::vector<std::string> reporters{"console", "junit"};

settings parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "program");
  return awaitest::detail::parse_command_line(static_cast<int>(arguments.size()), arguments.data(),
                                              reporters);
}

}  // namespace

TEST_SUITE("run: command line") {
  TEST("nothing given") {
    const auto got = parse({});
    CHECK(got.program == "program");
    CHECK(got.what == settings::action::run);
    CHECK_FALSE(got.exact.has_value());
    CHECK(got.patterns.empty());
    CHECK(got.reporters.empty());
    CHECK(got.jobs == 1u);
    CHECK(got.timeout == 30'000'000'000);
    CHECK_FALSE(got.seed_given);
    CHECK_FALSE(got.shuffle);
    CHECK_FALSE(got.fail_fast);
    CHECK(got.colors == settings::color::automatic);
    CHECK(awaitest::detail::parse_command_line(0, nullptr, reporters).what == settings::action::run);
  }

  TEST("patterns, and those behind a dash") {
    const auto got = parse({"bank/*", "-slow", "x", "--", "--jobs", "-y"});
    CHECK_THAT(got.patterns, elements_are("bank/*", "x", "--jobs", "-y"));
    CHECK_THAT(got.excluded, elements_are("slow"));
    CHECK_THAT(got.dashed, elements_are("-slow"));
    CHECK_THAT(parse({"--exclude", "slow", "--exclude=-x"}).excluded, elements_are("slow", "-x"));
    CHECK(parse({"--exclude", "slow"}).dashed.empty());
    CHECK_THROWS_WITH(parse({"--exclude="}), contains("takes a pattern"));
    CHECK_THROWS_WITH(parse({"-"}), contains("put the pattern right behind it"));
    CHECK_THROWS_WITH(parse({""}), contains("empty pattern"));
  }

  TEST("options of one letter") {
    CHECK(parse({"-j4"}).jobs == 4u);
    CHECK(parse({"-j", "4"}).jobs == 4u);
    CHECK_THAT(parse({"-j", "4", "-j3"}).what_runs, elements_are("--jobs", "4", "--jobs", "3"));
    CHECK_THROWS_WITH(parse({"-j"}), "--jobs needs a value: --jobs N");
    CHECK_THROWS_WITH(parse({"-jobs"}), contains("not \"obs\""));
    CHECK(parse({"-v"}).verbosity == 1);
    CHECK(parse({"-q"}).verbosity == -1);
    CHECK(parse({"-q"}).what_runs.empty());
    CHECK(parse({"-h"}).what == settings::action::help);
    CHECK_THAT(parse({"--", "-v"}).patterns, elements_are("-v"));
    CHECK_THAT(parse({"--tag", "-v"}).tags, elements_are("-v"));
    for (const char* wrong : {"-k", "-x", "-vv", "-verbose", "-quiet", "-help", "-h2", "-Z"}) {
      CAPTURE(wrong);
      CHECK_THROWS_WITH(parse({wrong}), contains("unknown option " + std::string(wrong) + "; did you mean "));
    }
    CHECK_THROWS_WITH(parse({"-verbose"}), contains("did you mean --verbose, or --exclude verbose?"));
  }

  TEST("schedules") {
    const auto got =
        parse({"--explore", "20", "--explore-all=30", "--explore-time", "1m", "--replay-strict"});
    CHECK(got.explore == 20u);
    CHECK(got.explore_all == 30u);
    CHECK(got.explore_time == 60'000'000'000);
    CHECK(got.replay_strict);
    CHECK(parse({"--replay", "v1:5c2e:fifo:13s1/2@a41f"}).replay == "v1:5c2e:fifo:13s1/2@a41f");
    CHECK(parse({}).explore_time == 5'000'000'000);
    CHECK(parse({"--explore-time", "0"}).explore_time == 0);
    CHECK_THAT(parse({"--replay", "v1:5c2e:fifo"}).what_runs, elements_are("--replay", "v1:5c2e:fifo"));
    CHECK_THROWS_WITH(parse({"--explore", "0"}), contains("--explore"));
    CHECK_THROWS_WITH(parse({"--explore-all", "some"}), contains("\"some\""));
    CHECK_THROWS_WITH(parse({"--explore-time", "soon"}), contains("\"soon\""));
    CHECK_THROWS_WITH(parse({"--replay", "v2:x"}), "--replay \"v2:x\": it does not begin with v1:");
    CHECK_THROWS_WITH(parse({"--replay", ""}), contains("it does not begin with v1:"));
  }

  TEST("colours are for terminals that know them") {
    const auto colored = [](const char* term, const char* no_color, std::vector<const char*> more = {}) {
      ::setenv("TERM", term, 1);
      ::setenv("NO_COLOR", no_color, 1);
      const auto asked = parse(std::move(more));
      return awaitest::detail::wants_color(asked, true) * 10 + awaitest::detail::wants_color(asked, false);
    };
    CHECK(colored("xterm", "") == 10);
    CHECK(colored("", "") == 10);
    CHECK(colored("dumb", "") == 0);
    CHECK(colored("xterm", "1") == 0);
    CHECK(colored("dumb", "1", {"--color", "always"}) == 11);
    CHECK(colored("xterm", "", {"--color=never"}) == 0);
    ::setenv("CLICOLOR_FORCE", "1", 1);
    CHECK(colored("dumb", "") == 11);
    CHECK(colored("xterm", "1") == 0);
    CHECK(colored("xterm", "", {"--color=never"}) == 0);
    ::setenv("CLICOLOR_FORCE", "0", 1);
    CHECK(colored("xterm", "") == 10);
    ::unsetenv("CLICOLOR_FORCE");
  }

  TEST("--exact is never a pattern or an option") {
    for (const char* name : {"-dash", "~tilde", "#x", "a*b", "a;b", "]==]", "--exact", "--help", ""}) {
      CAPTURE(name);
      const auto got = parse({"--exact", name});
      REQUIRE(got.exact.has_value());
      CHECK(*got.exact == name);
      CHECK(got.what == settings::action::run);
    }
    CHECK(parse({"--exact=a=b"}).exact == std::string("a=b"));
    CHECK_THROWS_AS(parse({"--exact", "a", "--exact", "b"}), usage_error);
    CHECK_THROWS_WITH(parse({"--exact"}), "--exact needs a value: --exact NAME");
    for (const auto& more : std::vector<std::vector<const char*>>{
             {"pattern"}, {"-pattern"}, {"--tag", "x"}, {"--exclude-tag", "x"}}) {
      auto all = more;
      all.insert(all.begin(), {"--exact", "a"});
      CHECK_THROWS_WITH(parse(all), contains("cannot be combined with patterns, suites or tags"));
    }
  }

  TEST("tags") {
    const auto got = parse({"--tag", "net", "--tag=db", "--exclude-tag", "slow", "--exclude-tag="});
    CHECK_THAT(got.tags, elements_are("net", "db"));
    CHECK_THAT(got.excluded_tags, elements_are("slow", ""));
    CHECK_THAT(parse({"--tag", "net and not (slow or db)"}).tags, elements_are("net and not (slow or db)"));
    CHECK_THROWS_WITH(
        parse({"--tag", "net and"}),
        "--tag \"net and\": a tag is missing behind `and`; it takes a tag, or several with and, or, "
        "not and parentheses");
    CHECK_THROWS_WITH(parse({"--exclude-tag=(net"}), contains("--exclude-tag \"(net\": a `(` is not closed"));
  }

  TEST_P("an expression of tags", (const char* expression, bool of_net_slow, bool of_db),
         cases{{"net", true, false},
               {"n*", true, false},
               {"net and slow", true, false},
               {"net and not slow", false, false},
               {"net or db", true, true},
               {"not net", false, true},
               {"not not net", true, false},
               {"db or net and not slow", false, true},
               {"(db or net) and not slow", false, true},
               {"(db or net)and not(slow)", false, true},
               {"not (slow or db)", false, false},
               {"two words", false, true},
               {"not two words and db", false, false},
               {"salt and pepper", false, true},
               {"android", false, false},
               {"", false, false}}) {
    using awaitest::detail::tag_expression;
    CHECK(tag_expression(expression, {"net", "slow"}).fits() == of_net_slow);
    CHECK(tag_expression(expression, {"db", "two words", "salt and pepper"}).fits() == of_db);
    CHECK(tag_expression(expression, {}).error() == "");
  }
  TEST_P("what is no expression of tags", (const char* expression, const char* why),
         cases{{"and", "a tag is missing in front of `and`"},
               {"net or", "a tag is missing behind `or`"},
               {"not", "a tag is missing behind `not`"},
               {"net and or db", "a tag is missing in front of `or`"},
               {"net)", "a `)` closes nothing"},
               {"(net", "a `(` is not closed"},
               {"()", "a tag is missing in front of `)`"},
               {"net not db", "`not` needs a tag in front of it"},
               {"net (db)", "`(` needs a tag in front of it"}}) {
    CHECK(awaitest::detail::tag_expression(expression, {}).error() == why);
  }
  TEST("parentheses without end") {
    CHECK_THAT(awaitest::detail::tag_expression(std::string(100'000, '('), {}).error(),
               "there are too many parentheses");
  }

  TEST("words of a file, and of AWAITEST_OPTIONS") {
    const auto folder = awaitest::this_test::temp_dir();
    const auto write = [&](const std::string& name, const std::string& text) {
      std::ofstream(folder + "/" + name) << text;
      return "@" + folder + "/" + name;
    };
    const auto inner = write("inner", "--tag 'a b'\n");
    const auto outer =
        write("outer", "# what we always run\n--jobs 3 \"x y\" " + inner + "\n-slow not\\ exact\n");
    const auto got = parse({outer.c_str(), "--jobs=4", "--exclude", "@no file"});
    CHECK(got.jobs == 4u);
    CHECK_THAT(got.patterns, elements_are("x y", "not exact"));
    CHECK_THAT(got.excluded, elements_are("slow", "@no file"));
    CHECK_THAT(got.tags, elements_are("a b"));
    CHECK_THAT(parse({"--", "@x"}).patterns, elements_are("@x"));
    CHECK(parse({"--exact", "@x"}).exact == std::string("@x"));
    CHECK_THROWS_WITH(
        parse({"@/no/such/file"}),
        starts_with("@/no/such/file: the file cannot be read: No such file or directory; a pattern"));
    CHECK_THROWS_WITH(parse({write("open", "a 'b").c_str()}), contains("/open: a quote ' is not closed"));
    const auto itself = "@" + folder + "/itself";
    write("itself", itself);
    CHECK_THROWS_WITH(parse({itself.c_str()}), contains("more than 100 files of arguments are given"));

    const char* const argv[] = {"program", "--jobs", "7"};
    const auto with = [&](std::string_view options) {
      return awaitest::detail::parse_command_line(3, argv, reporters,
                                                  awaitest::detail::split_words(options, "AWAITEST_OPTIONS"));
    };
    CHECK(with("--jobs 2 -v").jobs == 7u);
    CHECK(with("--jobs 2 -v").verbosity == 1);
    CHECK_THROWS_WITH(with("--tag \"x"), "AWAITEST_OPTIONS: a quote \" is not closed");
    CHECK_THROWS_WITH(with("--jobs"), contains("--jobs takes a number"));
  }

  TEST_P("words as a shell splits them", (const char* text, std::vector<std::string> words),
         cases{{"", std::vector<std::string>{}},
               {"  a \t b\r\n c ", std::vector<std::string>{"a", "b", "c"}},
               {"'a b' \"c \\\"d\\\\\" e'f'g", std::vector<std::string>{"a b", "c \"d\\", "efg"}},
               {"'' a\\ b \\'", std::vector<std::string>{"", "a b", "'"}},
               {"a#b # c d\ne", std::vector<std::string>{"a#b", "e"}},
               {"'a\nb' \"x\\y\" z\\", std::vector<std::string>{"a\nb", "x\\y", "z\\"}}}) {
    CHECK(awaitest::detail::split_words(text, "x") == words);
  }

  TEST("no option is known by its beginning") {
    for (const char* wrong : {"--shuf", "--verb", "--tim=5s", "--repor"}) {
      CAPTURE(wrong);
      CHECK_THROWS_WITH(parse({wrong}), contains("unknown option"));
    }
  }

  TEST("Bazel's protocol") {
    const struct variables {
      static void clear() {
        for (const char* name :
             {"TEST_TOTAL_SHARDS", "TEST_SHARD_INDEX", "TEST_SHARD_STATUS_FILE", "TESTBRIDGE_TEST_ONLY",
              "TESTBRIDGE_TEST_RUNNER_FAIL_FAST", "TEST_RANDOM_SEED", "TEST_PREMATURE_EXIT_FILE",
              "XML_OUTPUT_FILE", "BAZEL_TEST"})
          ::unsetenv(name);
      }
      ~variables() { clear(); }
    } cleared_at_the_end;
    cleared_at_the_end.clear();
    const auto parsed = [](std::vector<const char*> arguments = {}) {
      auto made = parse(std::move(arguments));
      awaitest::detail::apply_engine(made);
      return made;
    };
    CHECK_FALSE(parsed().nothing_is_fine);
    CHECK(parsed().shards == 1u);

    ::setenv("TEST_TOTAL_SHARDS", "3", 1);
    ::setenv("TEST_SHARD_INDEX", "0", 1);
    CHECK(parsed().shards == 3u);
    CHECK(parsed().shard == 1u);
    CHECK(parsed({"--shard", "2/2"}).shards == 2u);
    CHECK(parsed().nothing_is_fine);
    ::setenv("TEST_SHARD_INDEX", "3", 1);
    CHECK_THROWS_WITH(parsed(), "TEST_SHARD_INDEX takes a number from 0 to 2, not \"3\"");
    ::setenv("TEST_TOTAL_SHARDS", "0", 1);
    CHECK(parsed().shards == 1u);

    ::setenv("TESTBRIDGE_TEST_ONLY", "bank/*", 1);
    CHECK(parsed().filter == std::string("bank/*"));
    ::setenv("TESTBRIDGE_TEST_RUNNER_FAIL_FAST", "1", 1);
    CHECK(parsed().fail_fast);
    ::setenv("TEST_RANDOM_SEED", "9", 1);
    CHECK(parsed().seed == 9u);
    CHECK(parsed({"--seed", "4"}).seed == 4u);
    ::setenv("XML_OUTPUT_FILE", "/x.xml", 1);
    const auto both = parsed();
    REQUIRE(both.reporters.size() == 2u);
    CHECK(both.reporters[0].kind == "console");
    CHECK(both.reporters[1].file == "/x.xml");
    CHECK(parsed({"--reporter", "junit=/x.xml"}).reporters.size() == 1u);
    ::setenv("TEST_PREMATURE_EXIT_FILE", "/exit", 1);
    CHECK(parsed().exit_file == "/exit");
  }

  TEST("ten thousand command lines: each is understood, or refused with a reason") {
    static constexpr std::string_view parts[] = {"--exact",
                                                 "--tag",
                                                 "--exclude-tag",
                                                 "--list",
                                                 "--jobs",
                                                 "--repeat",
                                                 "--shard",
                                                 "--seed",
                                                 "--timeout",
                                                 "--reporter",
                                                 "--color",
                                                 "--virtual-time",
                                                 "--durations",
                                                 "--suite",
                                                 "--merge",
                                                 "--completion",
                                                 "--",
                                                 "-",
                                                 "-j",
                                                 "-v",
                                                 "-q",
                                                 "-slow",
                                                 "=",
                                                 "a",
                                                 "*",
                                                 "?",
                                                 "1",
                                                 "0",
                                                 "-1",
                                                 "1/2",
                                                 "18446744073709551616",
                                                 "junit",
                                                 "console=x",
                                                 "ctest=",
                                                 "json",
                                                 "2s",
                                                 "1e9h",
                                                 "2030-02-30",
                                                 "and",
                                                 "or",
                                                 "not ",
                                                 "(",
                                                 ")",
                                                 " ",
                                                 "'",
                                                 "\"",
                                                 "\\",
                                                 "#",
                                                 "@",
                                                 "\n",
                                                 "\xff",
                                                 "\x01",
                                                 "%",
                                                 "{}",
                                                 "{0}"};
    auto& random = awaitest::this_test::random();
    int understood = 0;
    for (int i = 0; i < 10'000; ++i) {
      std::vector<std::string> words;
      for (auto n = random() % 5; n > 0; --n) {
        auto& word = words.emplace_back();
        for (auto k = 1 + random() % 3; k > 0; --k) word += parts[random() % std::size(parts)];
        if (word.starts_with('@')) word.erase(0, 1);  // the files there are nobody's
      }
      CAPTURE(words);
      std::vector<const char*> arguments;
      for (const auto& word : words) arguments.push_back(word.c_str());
      try {
        parse(arguments);
        ++understood;
      } catch (const usage_error& e) {
        if (std::string_view{e.what()}.size() < 10) FAIL("no reason: {}", e.what());
      }
      try {
        std::string text;
        for (const auto& word : words) text += word + ' ';
        awaitest::detail::split_words(text, "x");
      } catch (const usage_error&) {
      }
    }
    CHECK(understood > 500);
    CHECK(understood < 9'500);
  }

  TEST("durations and completion") {
    CHECK_FALSE(parse({}).durations.has_value());
    CHECK(parse({"--durations", "5"}).durations == std::size_t{5});
    CHECK(parse({"--durations=0"}).durations == std::size_t{0});
    CHECK_THROWS_WITH(parse({"--durations", "-1"}), contains("--durations takes a number"));
    CHECK(parse({"--completion", "zsh"}).what == settings::action::completion);
    CHECK_THROWS_WITH(parse({"--completion", "ksh"}), "--completion takes bash, zsh or fish, not \"ksh\"");
    for (const char* shell : {"bash", "zsh", "fish"}) {
      CAPTURE(shell);
      const auto script = awaitest::detail::completion_script(shell, "a/b/my-test", reporters);
      for (const auto& one : awaitest::detail::flags())
        if (!one.help.empty())
          CHECK_THAT(script,
                     contains(std::string(shell == std::string("fish") ? one.name.substr(2) : one.name)));
      CHECK_THAT(script, contains("my-test"));
      CHECK_THAT(script, not_(contains("a/b")));
      CHECK_THAT(script, not_(contains("--wire")));
      CHECK_THAT(script, contains("console"));
    }
  }

  TEST("--list") {
    CHECK(parse({"--list"}).what == settings::action::list);
    CHECK(parse({"--list=ctest"}).what == settings::action::list_ctest);
    CHECK(parse({"--list=ctest"}).list_file.empty());
    CHECK(parse({"--list=ctest=a=b/c"}).list_file == "a=b/c");
    CHECK(parse({"--list=ctest=file"}).what == settings::action::list_ctest);
    CHECK_THROWS_WITH(parse({"--list=ctest="}), contains("the file's name is missing"));
    CHECK_THROWS_WITH(parse({"--list=xml=file"}), contains("--list=xml=file is unknown"));
    CHECK_THROWS_WITH(parse({"--list=ctestfile"}), contains("is unknown"));
    CHECK_THROWS_WITH(parse({"--list=xml"}), contains("--list=xml is unknown"));
    const auto got = parse({"--list", "ctest"});  // its value is behind a = only
    CHECK(got.what == settings::action::list);
    CHECK_THAT(got.patterns, elements_are("ctest"));
  }

  TEST("--jobs") {
    CHECK(parse({"--jobs", "4"}).jobs == 4u);
    CHECK(parse({"--jobs=1024"}).jobs == 1024u);
    for (const char* wrong : {"0", "-1", "1025", "x", "", "4x", " 4", "99999999999999999999", "1.5", "0x4"}) {
      CAPTURE(wrong);
      CHECK_THROWS_WITH(parse({"--jobs", wrong}),
                        "--jobs takes a number from 1 to 1024, not \"" + std::string(wrong) + "\"");
    }
  }

  TEST("--seed and --shuffle") {
    const auto got = parse({"--shuffle", "--seed", "18446744073709551615"});
    CHECK(got.shuffle);
    CHECK(got.seed_given);
    CHECK(got.seed == std::numeric_limits<std::uint64_t>::max());
    CHECK(parse({"--seed=0"}).seed == 0u);
    CHECK_THROWS_WITH(parse({"--seed", "18446744073709551616"}),
                      contains("from 0 to 18446744073709551615, not \"18446744073709551616\""));
    CHECK_THROWS_AS(parse({"--seed", "-1"}), usage_error);
    CHECK_THROWS_WITH(parse({"--shuffle=yes"}), "--shuffle takes no value, but was given \"yes\"");
  }

  TEST("--slow-handler") {
    CHECK(parse({}).slow_handler == 0);
    CHECK(parse({"--slow-handler", "100ms"}).slow_handler == 100'000'000);
    CHECK(parse({"--slow-handler=0"}).slow_handler == 0);
    CHECK_THROWS_WITH(parse({"--slow-handler", "soon"}), contains("--slow-handler takes a duration"));
  }
  TEST("--timeout") {
    CHECK(parse({"--timeout", "500ms"}).timeout == 500'000'000);
    CHECK(parse({"--timeout", "2"}).timeout == 2'000'000'000);
    CHECK(parse({"--timeout", "1.5s"}).timeout == 1'500'000'000);
    CHECK(parse({"--timeout", "2m"}).timeout == 120'000'000'000);
    CHECK(parse({"--timeout", "1min"}).timeout == 60'000'000'000);
    CHECK(parse({"--timeout", "1h"}).timeout == 3'600'000'000'000);
    CHECK(parse({"--timeout", "7us"}).timeout == 7'000);
    CHECK(parse({"--timeout", "7ns"}).timeout == 7);
    CHECK(parse({"--timeout", "0"}).timeout == 0);
    for (const char* wrong :
         {"", "s", "-1s", "1 s", "1x", "nan", "inf", "1e30", "1s2", "ms", "-inf", "1e400"}) {
      CAPTURE(wrong);
      CHECK_THROWS_WITH(parse({"--timeout", wrong}), contains("--timeout takes a duration"));
    }
  }

  TEST("--timeout: something, if ever so little, is not \"no limit\"") {
    CHECK(parse({"--timeout", "0.1ns"}).timeout != 0);
  }

  TEST("--reporter") {
    const auto got =
        parse({"--reporter", "console", "--reporter=junit=a=b.xml", "--reporter", "junit=c.xml"});
    REQUIRE(got.reporters.size() == 3u);
    CHECK(got.reporters[0].kind == "console");
    CHECK(got.reporters[0].file == "");
    CHECK(got.reporters[1].kind == "junit");
    CHECK(got.reporters[1].file == "a=b.xml");
    CHECK(got.reporters[2].file == "c.xml");
    CHECK_THROWS_WITH(parse({"--reporter", "xml"}), contains("\"xml\" is unknown: console or junit"));
    CHECK_THROWS_WITH(parse({"--reporter", "junit="}), contains("file's name is missing"));
    CHECK_THROWS_WITH(parse({"--reporter", ""}), contains("\"\" is unknown"));
    CHECK_THROWS_WITH(parse({"--reporter", "junit", "--reporter", "console"}),
                      contains("two reporters write to standard output"));
    CHECK_THROWS_WITH(parse({"--reporter", "junit=x", "--reporter", "console=x"}),
                      contains("two reporters write to \"x\""));
  }

  TEST("--color, --fail-fast, --require-assertions, --help, --version") {
    CHECK(parse({"--color", "always"}).colors == settings::color::always);
    CHECK(parse({"--color=never"}).colors == settings::color::never);
    CHECK(parse({"--color=auto"}).colors == settings::color::automatic);
    CHECK_THROWS_WITH(parse({"--color", "yes"}), "--color takes always, never or auto, not \"yes\"");
    CHECK(parse({"--fail-fast"}).fail_fast);
    CHECK(parse({"--require-assertions"}).require_assertions);
    CHECK(parse({"--help"}).what == settings::action::help);
    CHECK(parse({"-h"}).what == settings::action::help);
    CHECK(parse({"--version"}).what == settings::action::version);
  }

  TEST("--unsupported") {
    CHECK_FALSE(parse({}).skip_unsupported);
    CHECK(parse({"--unsupported", "skip"}).skip_unsupported);
    CHECK_FALSE(parse({"--unsupported=skip", "--unsupported=fail"}).skip_unsupported);
    CHECK_THROWS_WITH(parse({"--unsupported", "ignore"}), "--unsupported takes fail or skip, not \"ignore\"");
  }

  TEST("what affects any one test is given to whatever runs it again, once and as it was written") {
    const auto got = parse({"--timeout", "1s", "--virtual-time", "--jobs", "2", "--tag", "x", "--timeout=2m",
                            "--seed", "3", "--unsupported", "skip", "--require-assertions", "--color",
                            "never", "--slow-handler", "100ms"});
    std::vector<std::string> words;
    for (const auto& one : got.for_each_test) words.push_back(one.name + " " + one.value);
    CHECK_THAT(words, elements_are("--virtual-time ", "--timeout 2m", "--unsupported skip",
                                   "--require-assertions ", "--slow-handler 100ms"));
    CHECK_THAT(got.what_runs,
               elements_are("--timeout", "1s", "--virtual-time", "--jobs", "2", "--tag", "x", "--timeout=2m",
                            "--unsupported", "skip", "--require-assertions", "--slow-handler", "100ms"));
  }

  TEST("an unknown option names the nearest") {
    CHECK_THROWS_WITH(parse({"--job", "4"}),
                      "unknown option --job; did you mean --jobs? --help lists them all");
    CHECK_THROWS_WITH(parse({"--shufle"}), contains("did you mean --shuffle?"));
    CHECK_THROWS_WITH(parse({"--reporters=junit"}), contains("did you mean --reporter?"));
    CHECK_THROWS_WITH(parse({"--exclude-tags"}), contains("did you mean --exclude-tag?"));
    CHECK_THROWS_WITH(parse({"--excluded"}), contains("did you mean --exclude?"));
    CHECK(nearest_flag("--tmeout") == "--timeout");
    CHECK(nearest_flag("--wired") != "--wire");  // which is between awaitest and itself
  }

  TEST("every option that needs a value says so") {
    for (const auto& flag : awaitest::detail::flags()) {
      CAPTURE(flag.name);
      const std::string name(flag.name);
      if (flag.value.empty() || flag.value.front() == '[')
        CHECK_NOTHROW(parse({name.c_str()}));
      else
        CHECK_THROWS_WITH(parse({name.c_str()}), contains(name + " needs a value"));
      if (flag.help.empty()) continue;  // between awaitest and itself
      CHECK_THAT(awaitest::detail::help_text("me", reporters), contains("  " + name));
    }
    CHECK_THAT(awaitest::detail::help_text("me", reporters), starts_with("usage: me [options] [pattern...]"));
  }

  TEST("the distance of two words") {
    CHECK(edit_distance("", "") == 0u);
    CHECK(edit_distance("", "abc") == 3u);
    CHECK(edit_distance("abc", "") == 3u);
    CHECK(edit_distance("kitten", "sitting") == 3u);
    CHECK(edit_distance("abc", "abc") == 0u);
    CHECK(edit_distance("abc", "acb") == 2u);
    CHECK(edit_distance("flaw", "lawn") == 2u);
    CHECK(edit_distance("lawn", "flaw") == 2u);
  }
}
