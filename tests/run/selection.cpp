// Which tests run, in which order, and on which worker.
#include <awaitest/awaitest.hpp>
#include <awaitest/run/select/replayed.hpp>
#include <awaitest/run/select/selection.hpp>
#include <awaitest/run/test_queue.hpp>

#include <set>

using namespace awaitest::match;
using awaitest::option_names;
using awaitest::option_set;
using awaitest::settings;
using awaitest::suite;
using awaitest::test_case;
using namespace awaitest::detail;

namespace {

constexpr suite bank{"bank", nullptr, {"b.cpp", 1}, nullptr};
constexpr suite money{"money", &bank, {"b.cpp", 2}, nullptr};
constexpr suite net{"net", nullptr, {"n.cpp", 1}, [](option_set& to) { to.add({option_names::tag("io")}); }};
void alone(option_set& to) { to.add({option_names::serial()}); }
void port(option_set& to) { to.add({option_names::resource("port")}); }

test_case made(const char* name, const suite* in = nullptr, void (*options)(option_set&) = nullptr,
               awaitest::location where = {"x.cpp", 1}) {
  return {name, in, where, options, [] {}, nullptr};
}
std::vector<selected_test> select_all(const std::vector<test_case>& records) {
  std::vector<selected_test> all(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    all[i].record = &records[i];
    all[i].own_options = options_of(records[i]);
  }
  return all;
}
std::vector<std::string> names(const std::vector<selected_test>& of) {
  std::vector<std::string> all;
  for (const auto& test : of) all.push_back(full_name(*test.record));
  return all;
}
bool chosen(const test_case& record, const settings& asked) {
  selected_test test;
  test.record = &record;
  test.own_options = options_of(record);
  return wanted(test, asked);
}

}  // namespace

TEST_SUITE("run: selection") {
  TEST("a name that is too long ends with a hash of the whole") {
    const std::string longest(longest_name, 'x');
    CHECK(shortened(longest) == longest);
    const auto one = shortened(longest + "1"), two = shortened(longest + "2");
    CHECK(one.size() == longest_name);
    CHECK_THAT(one, starts_with(longest.substr(0, 900)));
    CHECK(one != two);
    CHECK(one == shortened(longest + "1"));
  }
  TEST("it is not cut within a character") {
    for (int shift = 0; shift < 4; ++shift) {
      std::string text(static_cast<std::size_t>(shift), 'x');
      while (text.size() <= longest_name) text += "\U0001f600";
      const auto name = shortened(text);
      CHECK(name.size() >= least_shortened_name);
      CHECK(name.size() <= longest_name);
      CHECK(on_one_line(name) == name);
    }
  }
  TEST("a test is found by its long name, and by the short one") {
    const std::string first(2000, 'a'), second = first + "b";
    const auto test = made(first.c_str(), &bank), other = made(second.c_str(), &bank);
    CHECK(full_name(test) != full_name(other));
    CHECK(has_name(test, "bank/" + first));
    CHECK(has_name(test, full_name(test)));
    CHECK_FALSE(has_name(test, full_name(other)));
    CHECK_FALSE(has_name(other, full_name(test)));
  }
  TEST("the name of a case is one line of UTF-8") {
    CHECK(on_one_line("größe 測試 \U0001f600 \xed\x9f\xbf") == "größe 測試 \U0001f600 \xed\x9f\xbf");
    CHECK(on_one_line("a\nb\tc\rd\x1b\x7f") == "a\\nb\\tc\\x0dd\\x1b\\x7f");
    CHECK(on_one_line({"\0", 1}) == "\\x00");
    CHECK(on_one_line("\xc2\x9b") == "\\xc2\\x9b");                    // a control character
    CHECK(on_one_line("\xc0\xaf") == "\\xc0\\xaf");                    // another spelling of a slash
    CHECK(on_one_line("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // half of a pair of UTF-16
    CHECK(on_one_line("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // behind the last character
    CHECK(on_one_line("\xe2\x82") == "\\xe2\\x82");
  }

  TEST("a pattern without a wildcard is a part of the name") {
    CHECK(matches_pattern("bank/opens", "open"));
    CHECK(matches_pattern("bank/opens", "bank/opens"));
    CHECK(matches_pattern("bank/opens", "k/o"));
    CHECK_FALSE(matches_pattern("bank/opens", "Open"));
    CHECK(matches_pattern("a[b]{c}.$^\\", "[b]{c}.$^\\"));
  }

  TEST("with a wildcard it is all of it") {
    CHECK(matches_pattern("bank/opens", "bank/*"));
    CHECK(matches_pattern("bank/opens", "*"));
    CHECK(matches_pattern("bank/opens", "*open*"));
    CHECK(matches_pattern("bank/opens", "b??k/*s"));
    CHECK(matches_pattern("bank/opens", "*b*a*n*k*/*o*"));
    CHECK(matches_pattern("bank/opens", "bank/opens*"));
    CHECK(matches_pattern("aaab", "*aab"));
    CHECK(matches_pattern("a*b", "a*b"));
    CHECK(matches_pattern("a*b", "a?b"));
    CHECK(matches_pattern("", "*"));
    CHECK_FALSE(matches_pattern("", "?"));
    CHECK_FALSE(matches_pattern("bank/opens", "open*"));
    CHECK_FALSE(matches_pattern("bank/opens", "*open"));
    CHECK_FALSE(matches_pattern("bank", "bank?"));
    CHECK_FALSE(matches_pattern("abc", "a*d"));
  }

  TEST("a pattern full of stars does not take for ever") {
    CHECK_FALSE(matches_pattern(std::string(5000, 'a'), "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"));
  }

  TEST("patterns, exclusions and tags together") {
    const auto opens = made("opens", &money), reads = made("reads", &net);
    settings asked;
    CHECK(chosen(opens, asked));
    asked.patterns = {"bank", "nothing"};
    CHECK(chosen(opens, asked));
    CHECK_FALSE(chosen(reads, asked));
    asked.excluded = {"bank/money/*"};
    CHECK_FALSE(chosen(opens, asked));
    asked = {};
    asked.tags = {"i?"};
    CHECK(chosen(reads, asked));
    CHECK_FALSE(chosen(opens, asked));
    asked.tags = {"i"};  // a tag is a whole word
    CHECK_FALSE(chosen(reads, asked));
    asked = {};
    asked.excluded_tags = {"io"};
    CHECK_FALSE(chosen(reads, asked));
    CHECK(chosen(opens, asked));
  }

  TEST("full names, and finding one by it") {
    const auto opens = made("opens", &money), top = made("top");
    CHECK(full_name(opens) == "bank/money/opens");
    CHECK(suite_name(opens) == "bank/money");
    CHECK(full_name(top) == "top");
    CHECK(has_name(opens, "bank/money/opens"));
    for (const char* other : {"", "opens", "money/opens", "/bank/money/opens", "bank/money/opens ",
                              "bank-money/opens", "xbank/money/opens", "bank/money"}) {
      CAPTURE(other);
      CHECK_FALSE(has_name(opens, other));
    }
    CHECK(has_name(top, "top"));
    CHECK_FALSE(has_name(top, "/top"));
    CHECK(hash_name(opens) == hash_text("bank/money/opens"));
    CHECK(hash_name(made("money/opens", &bank)) == hash_name(opens));
    const auto here = select_exact("run: selection/full names, and finding one by it");
    REQUIRE(here.tests.size() == 1u);
    CHECK(here.errors.empty());
    CHECK(here.known > 5u);
    CHECK(select_exact("no such test").tests.empty());
  }

  TEST("two of one name are an error that names both") {
    const std::vector<test_case> three{made("x", &bank, nullptr, {"one.cpp", 11}), made("y", &bank),
                                       made("x", &bank, nullptr, {"two.cpp", 22})};
    std::vector<std::string> errors;
    check_names({&three[0], &three[1], &three[2]}, errors);
    REQUIRE(errors.size() == 1u);
    CHECK_THAT(errors[0], awaitest::match::all_of(contains("\"bank/x\""), contains("one.cpp:11"),
                                                  contains("two.cpp:22")));
    // One full name, put together in two ways.
    const auto joined = made("money/x", &bank), nested = made("x", &money);
    errors.clear();
    check_names({&joined, &nested}, errors);
    CHECK(errors.size() == 1u);
  }

  TEST("names without text or with control characters are errors") {
    for (const char* name : {"", "a\nb", "a\x01", "\x7f"}) {
      std::vector<std::string> errors;
      const auto record = made(name);
      check_names({&record}, errors);
      CHECK(errors.size() == 1u);
    }
    std::vector<std::string> errors;
    const auto fine = made("ünï ]==] $ ; \"");
    check_names({&fine}, errors);
    CHECK(errors.empty());
  }

  TEST("options of suites come first, lists grow, single values are overwritten") {
    const suite outer{"o", nullptr, {}, [](option_set& to) {
                        to.add({option_names::tag("a", "b"), option_names::timeout(std::chrono::seconds(9)),
                                option_names::retries(2)});
                      }};
    const auto record = made("t", &outer, [](option_set& to) {
      to.add({option_names::tag("b", "c"), option_names::timeout(std::chrono::seconds(1)),
              option_names::skip_if(false), option_names::resource("r")});
    });
    const auto got = options_of(record);
    REQUIRE(got != nullptr);
    CHECK_THAT(got->tags, elements_are("a", "b", "c"));
    CHECK(got->timeout == 1'000'000'000);
    CHECK(got->retries == 2);
    CHECK_FALSE(got->skipped);
    CHECK_THAT(got->resources, elements_are("r"));
    CHECK(options_of(made("plain")) == nullptr);
    option_set wrong;
    wrong.add({option_names::retries(-1), option_names::repeat(0), option_names::tag("a\nb"),
               option_names::timeout(std::chrono::seconds(-1))});
    CHECK(wrong.errors.size() == 4u);
  }

  TEST("shuffled: by the seed, suites together, whatever else is selected") {
    std::vector<test_case> records;
    static const char* const few[] = {"a", "b", "c", "d", "e", "f"};
    for (const auto* in : {&bank, &money, &net})
      for (const char* name : few) records.push_back(made(name, in));
    const auto order = [&](std::uint64_t seed, std::size_t without) {
      auto tests = select_all(records);
      if (without < tests.size()) tests.erase(tests.begin() + static_cast<std::ptrdiff_t>(without));
      shuffle(tests, seed);
      return names(tests);
    };
    const auto all = order(1, 99);
    CHECK(all == order(1, 99));
    CHECK(all != order(2, 99));
    CHECK(std::set(all.begin(), all.end()).size() == records.size());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto in = all[i].substr(0, all[i].rfind('/'));
      if (i == 0 || all[i - 1].substr(0, all[i - 1].rfind('/')) != in) CHECK(seen.insert(in).second);
    }
    auto less = all;
    std::erase(less, full_name(records[4]));
    CHECK(less == order(1, 4));
    const auto tests = select_all(records);
    CHECK(seed_of(tests[0], 1) != seed_of(tests[0], 2));
    CHECK(seed_of(tests[0], 1) != seed_of(tests[1], 1));
  }
}

namespace {

void explores(option_set& to) { to.add({option_names::explore(70)}); }
void explores_all(option_set& to) { to.add({option_names::explore(option_names::exhaustive)}); }
void explores_really(option_set& to) { to.add({option_names::explore(), option_names::real_time()}); }
void really(option_set& to) { to.add({option_names::real_time()}); }
void replays(option_set& to) { to.add({option_names::replay("v1:5c2e:fifo:3u1/2@a41f")}); }

test_case made_async(const char* name, void (*options)(option_set&) = nullptr) {
  auto one = made(name, nullptr, options);
  one.plain = nullptr;
  one.async = []() -> awaitest::asio::awaitable<void> { co_return; };
  return one;
}
std::string token_of(const std::string& name) {
  return awaitest::detail::spelled(
      schedule_token{awaitest::detail::short_hash(awaitest::detail::hash_text(name)), {}});
}

}  // namespace
TEST_SUITE("run: selection for a search") {
  TEST("explore() says how many schedules, and --explore instead of it") {
    const std::vector records{made_async("a", explores), made_async("b"), made("c")};
    auto tests = select_all(records);
    settle_search(tests, {});
    CHECK(tests[0].schedules == 70u);
    CHECK_FALSE(tests[1].is_searched());
    settings asked;
    asked.explore = 5;
    settle_search(tests, asked);
    CHECK(tests[0].schedules == 5u);
    CHECK_FALSE(tests[1].is_searched());
  }
  TEST("--explore does not cut an exhaustive search short") {
    const std::vector records{made_async("a", explores_all)};
    auto tests = select_all(records);
    settings asked;
    asked.explore = 5;
    settle_search(tests, asked);
    CHECK(tests[0].schedules == 100'000u);
  }
  TEST("--explore-all is for what can be in virtual time, and not for a test that is replayed") {
    const std::vector records{made_async("a"), made_async("b", really), made("c"), made_async("d", replays)};
    auto tests = select_all(records);
    settings asked;
    asked.explore_all = 9;
    settle_search(tests, asked);
    CHECK(tests[0].schedules == 9u);
    CHECK_FALSE(tests[1].is_searched());
    CHECK_FALSE(tests[2].is_searched());
    CHECK(tests[3].schedules == 0u);
    REQUIRE(tests[3].replayed.has_value());
    CHECK(tests[3].replayed->differ.size() == 1u);
  }
  TEST("a search is in virtual time, and cannot be in real time") {
    const std::vector records{made_async("a", explores), made_async("b", explores_really)};
    auto tests = select_all(records);
    settle_search(tests, {});
    settle_time(tests, false, 0, {});
    CHECK(tests[0].in_virtual_time);
    CHECK(tests[0].unsupported == "");
    CHECK_THAT(tests[1].unsupported, starts_with("real_time() keeps the test out of virtual time"));
  }
  TEST("--replay finds its test, or replays the only one that was named") {
    const std::vector records{made_async("a"), made_async("b")};
    settings asked;
    asked.replay = token_of("b");
    auto tests = select_all(records);
    keep_replayed(asked, tests);
    CHECK_THAT(names(tests), elements_are("b"));
    asked.replay = token_of("of another name");
    keep_replayed(asked, tests);
    CHECK_THAT(names(tests), elements_are("b"));
    tests = select_all(records);
    CHECK_THROWS_WITH(keep_replayed(asked, tests),
                      contains("none of the 2 selected tests is the one that it was made for; name the test "
                               "with --exact"));
  }
}

TEST_SUITE("run: test queue") {
  TEST("one worker: the order of the selection, serial or not") {
    const std::vector records{made("a"), made("b", nullptr, alone), made("c", &bank), made("d")};
    const auto tests = select_all(records);
    test_queue todo(tests, 1, 1);
    for (std::size_t i = 0; i < 4; ++i) {
      std::size_t at = 99;
      REQUIRE(todo.next(0, at) == test_queue::answer::run);
      CHECK(at == i);
      todo.finished(at);
    }
    std::size_t at = 99;
    CHECK(todo.next(0, at) == test_queue::answer::nothing_left);
  }

  TEST("a suite stays on one worker, in order; serial ones come last, alone") {
    const std::vector records{made("a", &bank), made("b", &money), made("s", nullptr, alone),
                              made("c", &net)};
    const auto tests = select_all(records);
    test_queue todo(tests, 2, 1);
    std::size_t first = 99, second = 99, third = 99, none = 99;
    REQUIRE(todo.next(1, first) == test_queue::answer::run);
    CHECK(first == 0u);
    REQUIRE(todo.next(0, second) == test_queue::answer::run);
    CHECK(second == 3u);  // not bank/money/b: that is of worker 1's suite
    todo.finished(second);
    CHECK(todo.next(0, none) == test_queue::answer::wait);  // the serial one, while bank is at work
    todo.finished(first);
    CHECK(todo.next(0, none) == test_queue::answer::wait);
    REQUIRE(todo.next(1, third) == test_queue::answer::run);
    CHECK(third == 1u);
    todo.finished(third);
    CHECK(todo.next(1, none) == test_queue::answer::wait);  // takes down nothing while another is to be alone
    REQUIRE(todo.next(0, none) == test_queue::answer::run);
    CHECK(none == 2u);
    CHECK(todo.next(1, none) == test_queue::answer::wait);
    todo.finished(2);
    CHECK(todo.next(1, none) == test_queue::answer::nothing_left);
    CHECK(todo.next(0, none) == test_queue::answer::nothing_left);
  }

  TEST("a serial test runs on its suite's worker") {
    const std::vector records{made("a", &bank), made("s", &bank, alone), made("c", &net)};
    const auto tests = select_all(records);
    test_queue todo(tests, 2, 1);
    std::size_t first = 99, other = 99, last = 99;
    REQUIRE(todo.next(1, first) == test_queue::answer::run);
    REQUIRE(todo.next(0, other) == test_queue::answer::run);
    todo.finished(other);
    todo.begin_closing();  // of net's fixtures
    todo.finished(first);
    CHECK(todo.next(0, last) == test_queue::answer::wait);
    CHECK(todo.next(1, last) == test_queue::answer::wait);
    todo.closed();
    CHECK(todo.next(0, last) == test_queue::answer::wait);
    REQUIRE(todo.next(1, last) == test_queue::answer::run);
    CHECK(tests[last].name() == "bank/s");
  }

  TEST("a resource is held by one") {
    const std::vector records{made("a", nullptr, port), made("b", nullptr, port), made("c")};
    const auto tests = select_all(records);
    test_queue todo(tests, 3, 1);
    std::size_t first = 99, other = 99, again = 99;
    REQUIRE(todo.next(0, first) == test_queue::answer::run);
    REQUIRE(todo.next(1, other) == test_queue::answer::run);
    CHECK(other == 2u);  // not the one that would wait
    CHECK(todo.next(2, again) == test_queue::answer::wait);
    todo.finished(first);
    REQUIRE(todo.next(1, again) == test_queue::answer::run);
    CHECK(again == 1u);
  }

  TEST("stopped, nothing more is handed out") {
    const std::vector records{made("a"), made("b")};
    const auto tests = select_all(records);
    test_queue todo(tests, 2, 1);
    std::size_t at = 99;
    REQUIRE(todo.next(0, at) == test_queue::answer::run);
    todo.stop();
    CHECK(todo.next(0, at) == test_queue::answer::nothing_left);
    CHECK(todo.next(1, at) == test_queue::answer::nothing_left);
  }
}
