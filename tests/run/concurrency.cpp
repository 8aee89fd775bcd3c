// Several tests in flight, on one loop and on many: what may overlap does, what must not does not, and what belongs to a
// test stays with it.
#include <asio.hpp>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "inner_run.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::awaitable;
using awaitest::failure_kind;
using awaitest::outcome;

namespace {

/// What the tests of one inner run do: who has begun and ended, in which order, and how many there were at once.
struct scene {
  std::mutex guard;
  std::vector<std::string> order;
  std::set<std::thread::id> threads;
  std::set<std::size_t> workers;
  std::vector<std::string> in_flight;
  std::size_t most = 0;
  std::vector<std::string> overlaps;  // of those that were to be alone

  void begin(const std::string& name) {
    const std::lock_guard lock{guard};
    order.push_back(name);
    threads.insert(std::this_thread::get_id());
    workers.insert(awaitest::this_test::worker());
    in_flight.push_back(name);
    most = std::max(most, in_flight.size());
  }
  void end(const std::string& name) {
    const std::lock_guard lock{guard};
    order.push_back(name + " ends");
    std::erase(in_flight, name);
  }
  void expect_alone() {
    const std::lock_guard lock{guard};
    if (in_flight.size() != 1) overlaps.push_back(in_flight.front() + ", " + in_flight.back());
  }
};
std::optional<scene> now;

std::string own_name() { return std::string(awaitest::this_test::name()); }

/// Gives everybody else their chance to begin meanwhile, several times.
awaitable<void> a_while() {
  for (int i = 0; i < 5; ++i) co_await awaitest::sleep_for(1ms);
}
awaitable<void> overlapping() {
  now->begin(own_name());
  co_await a_while();
  CHECK(true);
  now->end(own_name());
}
awaitable<void> alone() {
  now->begin(own_name());
  now->expect_alone();
  co_await a_while();
  now->expect_alone();
  CHECK(true);
  now->end(own_name());
}

using names = awaitest::option_names;
void serial(awaitest::option_set& to) { to.add({names::serial()}); }
void port(awaitest::option_set& to) { to.add({names::resource("port")}); }
void disk(awaitest::option_set& to) { to.add({names::resource("disk")}); }
void both(awaitest::option_set& to) { to.add({names::resource("port"), names::resource("disk")}); }
void isolated(awaitest::option_set& to) { to.add({names::isolated()}); }

constexpr awaitest::suite left{"left", nullptr, {"left.cpp", 1}, nullptr};
constexpr awaitest::suite left_again{"left", nullptr, {"other.cpp", 1}, nullptr};
constexpr awaitest::suite right{"right", nullptr, {"right.cpp", 1}, nullptr};
constexpr awaitest::suite deeper{"deeper", &left, {"left.cpp", 9}, nullptr};

std::ptrdiff_t when(const std::string& what) {
  const auto at = std::find(now->order.begin(), now->order.end(), what);
  return at - now->order.begin();
}

inner::report run(const std::vector<awaitest::test_case>& all, inner::asked how) {
  std::vector<const awaitest::test_case*> records;
  for (const auto& one : all) records.push_back(&one);
  return inner::run(records, how);
}

template <class Tag, awaitest::scope Life>
struct counted {
  static constexpr auto scope = Life;
  static inline std::atomic<int> made{0}, up{0}, down{0};
  static void reset() { made = up = down = 0; }
  int number = ++made;
  std::thread::id thread = std::this_thread::get_id();
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1ms);
    ++up;
  }
  awaitable<void> tear_down() {
    CHECK(thread == std::this_thread::get_id());
    co_await awaitest::sleep_for(1ms);
    ++down;
  }
};

struct slow_end {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> tear_down() {
    now->begin("tear_down");
    co_await a_while();
    now->end("tear_down");
  }
};
struct no_broker {
  static constexpr auto scope = awaitest::scope::run;
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1ms);
    throw std::runtime_error("no broker");
  }
};

}  // namespace

TEST_SUITE("run: concurrency") {
  TEST("as many as asked for, and no more") {
    now.emplace();
    const auto got = run({inner::async("1", &overlapping), inner::async("2", &overlapping),
                          inner::async("3", &overlapping), inner::async("4", &overlapping)},
                         {.concurrency = 3});
    CHECK(got.code == 0);
    CHECK(now->most == 3u);
    now.emplace();
    CHECK(run({inner::async("1", &overlapping), inner::async("2", &overlapping)}, {}).code == 0);
    CHECK(now->most == 1u);
  }

  TEST("serial tests run at the end, alone") {
    now.emplace();
    const auto got = run({inner::async("s1", &alone, &serial), inner::async("1", &overlapping),
                          inner::async("s2", &alone, &serial), inner::async("2", &overlapping)},
                         {.concurrency = 4});
    CHECK(got.code == 0);
    CHECK(now->overlaps.empty());
    CHECK(now->most == 2u);
    CHECK_THAT(now->order, elements_are("1", "2", _, _, "s1", "s1 ends", "s2", "s2 ends"));
  }

  TEST("who names one resource never overlaps; nobody else waits") {
    now.emplace();
    const auto got = run({inner::async("a", &overlapping, &port), inner::async("b", &overlapping, &port),
                          inner::async("c", &overlapping, &disk), inner::async("d", &overlapping, &both),
                          inner::async("e", &overlapping)},
                         {.concurrency = 8});
    CHECK(got.code == 0);
    CHECK(when("b") > when("a ends"));
    CHECK(when("d") > when("b ends"));
    CHECK(when("d") > when("c ends"));
    CHECK(when("c") < when("a ends"));
    CHECK(when("e") < when("a ends"));
  }

  TEST("a suite's tests begin in their order, whoever waits for a resource") {
    now.emplace();
    const auto got =
        run({inner::async("a", &overlapping, &port, &left), inner::async("b", &overlapping, &port, &left),
             inner::async("c", &overlapping, nullptr, &deeper),
             inner::async("d", &overlapping, nullptr, &left_again),
             inner::async("x", &overlapping, nullptr, &right)},
            {.concurrency = 8});
    CHECK(got.code == 0);
    CHECK(when("left/b") > when("left/a ends"));
    CHECK(when("left/deeper/c") > when("left/b"));
    CHECK(when("left/d") > when("left/deeper/c"));
    CHECK(when("right/x") < when("left/a ends"));
  }

  TEST("assertions and their context stay with their test") {
    static constexpr auto body = [](int n) -> awaitable<void> {
      INFO("before {}", n);
      co_await awaitest::sleep_for(std::chrono::milliseconds(3 - n));
      {
        INFO("within {}", n);
        co_await awaitest::sleep_for(1ms);
        CHECK(n == 7);
        awaitest::spawn([](int of) -> awaitable<void> {
          co_await asio::post(asio::use_awaitable);
          CAPTURE(of);
          CHECK(of == 8);
        }(n));
      }
      co_await awaitest::sleep_for(1ms);
      CHECK(n == 9);
    };
    const auto got =
        run({inner::async("0", [] { return body(0); }), inner::async("1", [] { return body(1); }),
             inner::async("2", [] { return body(2); })},
            {.concurrency = 3});
    REQUIRE(got.tests.size() == 3u);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto n = got.names[i];
      CAPTURE(n);
      CHECK(got.tests[i].checks == 3u);
      REQUIRE_THAT(got.tests[i].failures, size_is(3));
      for (const auto& one : got.tests[i].failures) {
        CHECK(one.left.text == n);
        const bool child = !one.task.empty();
        std::vector<std::string> notes;
        for (const auto& note : one.notes) notes.push_back(note.text);
        if (child)
          CHECK_THAT(notes, elements_are("of = " + n));
        else if (one.right.text == "7")
          CHECK_THAT(notes, elements_are("before " + n, "within " + n));
        else
          CHECK_THAT(notes, elements_are("before " + n));
      }
    }
  }

  TEST("numbers and folders stay with their test") {
    static std::mutex guard;
    static std::map<std::string, std::vector<std::uint64_t>> drawn;
    static std::map<std::string, std::string> folders;
    static constexpr auto body = []() -> awaitable<void> {
      const auto name = own_name();
      const auto folder = awaitest::this_test::temp_dir();
      for (int i = 0; i < 3; ++i) {
        const auto number = awaitest::this_test::random()();
        {
          const std::lock_guard lock{guard};
          drawn[name].push_back(number);
          folders[name] = folder;
        }
        co_await awaitest::sleep_for(1ms);
        CHECK(awaitest::this_test::temp_dir() == folder);
        CHECK(std::filesystem::is_empty(folder));
      }
    };
    const std::vector all{inner::async("1", body), inner::async("2", body), inner::async("3", body)};
    drawn.clear();
    CHECK(run(all, {}).code == 0);
    const auto one_by_one = std::exchange(drawn, {});
    CHECK(run(all, {.concurrency = 3}).code == 0);
    CHECK(drawn == one_by_one);
    CHECK(run(all, {.jobs = 3}).code == 0);
    CHECK(drawn["1"].size() == 6u);
    CHECK(folders["1"] != folders["2"]);
    CHECK_FALSE(std::filesystem::exists(folders["1"]));
  }

  TEST("a timeout, a stuck test and a crash of one are not the others'") {
    static constexpr auto short_time = [](awaitest::option_set& to) { to.add({names::timeout(20ms)}); };
    static bool late_is_over, thrower_is_over;
    late_is_over = thrower_is_over = false;
    struct at_end {
      bool& over;
      ~at_end() { over = true; }
    };
    const auto got = run({inner::async(
                              "late",
                              []() -> awaitable<void> {
                                const at_end mark{late_is_over};
                                co_await awaitest::sleep_for(1h);
                              },
                              short_time),
                          inner::async("waits for ever",
                                       []() -> awaitable<void> {
                                         awaitest::gate never;
                                         co_await never.wait();
                                       }),
                          inner::async("throws",
                                       []() -> awaitable<void> {
                                         const at_end mark{thrower_is_over};
                                         co_await awaitest::sleep_for(1ms);
                                         throw std::runtime_error("no");
                                       }),
                          inner::async("fine",
                                       []() -> awaitable<void> {
                                         while (!late_is_over || !thrower_is_over)
                                           co_await awaitest::sleep_for(1ms);
                                         CHECK(true);
                                       })},
                         {.concurrency = 4});
    REQUIRE_THAT(got.names, unordered_elements_are("throws", "late", "fine", "waits for ever"));
    const auto of = [&](const std::string& name) {
      return static_cast<std::size_t>(std::find(got.names.begin(), got.names.end(), name) -
                                      got.names.begin());
    };
    CHECK(got.tests[of("fine")].result == outcome::passed);
    CHECK_THAT(got.failures(of("throws")), elements_are(starts_with("unexpected exception")));
    CHECK_THAT(got.failures(of("late")), elements_are(starts_with("timeout")));
    CHECK_THAT(got.failures(of("waits for ever")), elements_are(starts_with("stuck")));
    CHECK(of("waits for ever") == 3u);  // not as long as another one moves
    CHECK(got.outside.empty());
  }

  TEST("a suite's fixture is one for all its tests, in flight together") {
    using shared = counted<struct of_a_suite, awaitest::scope::suite>;
    shared::reset();
    static constexpr auto body = []() -> awaitable<void> {
      auto& it = co_await awaitest::use<shared>();
      CHECK(it.number == 1);
      co_await a_while();
      CHECK(shared::down == 0);
    };
    const auto got = run({inner::async("1", body, nullptr, &left), inner::async("2", body, nullptr, &left),
                          inner::async("3", body, &serial, &left)},
                         {.concurrency = 3});
    CHECK(got.code == 0);
    CHECK(shared::made == 1);
    CHECK(shared::down == 1);
  }
}

TEST_SUITE("run: jobs") {
  TEST("a suite stays on one thread, the serial ones too, and its fixture is one") {
    using shared = counted<struct of_a_suite_on_a_thread, awaitest::scope::suite>;
    shared::reset();
    now.emplace();
    static std::set<std::thread::id> of_left;
    of_left.clear();
    static constexpr auto body = []() -> awaitable<void> {
      co_await awaitest::use<shared>();
      of_left.insert(std::this_thread::get_id());
      co_await a_while();
      CHECK(shared::down <= 1);  // that of left/deeper
    };
    const auto got = run({inner::async("1", &overlapping, nullptr, &right),
                          inner::async("a", body, nullptr, &left), inner::async("s", body, &serial, &left),
                          inner::async("b", body, nullptr, &deeper), inner::async("c", body, nullptr, &left)},
                         {.jobs = 3});
    CHECK(got.code == 0);
    CHECK(of_left.size() == 1u);
    CHECK(shared::made == 2);  // one of left, one of left/deeper
    CHECK(shared::down == 2);
  }

  TEST("serial tests meet no other and no tear_down") {
    now.emplace();
    static constexpr auto user = []() -> awaitable<void> {
      co_await awaitest::use<slow_end>();
      co_await overlapping();
    };
    std::vector<awaitest::test_case> all;
    for (const auto* name : {"s1", "s2", "s3"}) all.push_back(inner::async(name, &alone, &serial));
    for (const auto* name : {"1", "2"}) all.push_back(inner::async(name, user, nullptr, &left));
    for (const auto* name : {"1", "2"}) all.push_back(inner::async(name, user, nullptr, &right));
    CHECK(run(all, {.jobs = 3, .concurrency = 2}).code == 0);
    CHECK(now->overlaps.empty());
  }

  TEST("resources are one for all workers") {
    now.emplace();
    std::vector<awaitest::test_case> all;
    static constexpr std::array list{"1", "2", "3", "4", "5", "6"};
    for (const auto* name : list) all.push_back(inner::async(name, &alone, &port));
    CHECK(run(all, {.jobs = 3, .concurrency = 2}).code == 0);
    CHECK(now->overlaps.empty());
    CHECK(now->most == 1u);
  }

  TEST("each worker has its number and its run-scoped fixture") {
    using shared = counted<struct of_a_run, awaitest::scope::run>;
    shared::reset();
    static std::mutex guard;
    static std::map<std::size_t, std::set<int>> numbers;
    static std::map<std::size_t, std::set<std::thread::id>> threads;
    static std::atomic<int> arrived;
    numbers.clear(), threads.clear(), arrived = 0;
    static constexpr auto body = []() -> awaitable<void> {
      auto& it = co_await awaitest::use<shared>();
      ++arrived;
      CHECK_EVENTUALLY(arrived >= 3, 50s);  // so that all of them have one
      const std::lock_guard lock{guard};
      numbers[awaitest::this_test::worker()].insert(it.number);
      threads[awaitest::this_test::worker()].insert(std::this_thread::get_id());
      CHECK(it.thread == std::this_thread::get_id());
    };
    std::vector<awaitest::test_case> all;
    static constexpr std::array list{"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    for (const auto* name : list) all.push_back(inner::async(name, body));
    CHECK(run(all, {.jobs = 3}).code == 0);
    CHECK(shared::made == 3);
    CHECK(shared::down == 3);
    CHECK(numbers.size() == 3u);
    for (const auto& [worker, which] : numbers) {
      CHECK(worker < 3u);
      CHECK(which.size() == 1u);
      CHECK(threads[worker].size() == 1u);
    }
  }

  TEST("a run-scoped fixture that fails is explained once on each worker") {
    static std::atomic<int> arrived;
    arrived = 0;
    static constexpr auto body = []() -> awaitable<void> {
      ++arrived;
      while (arrived < 2) co_await awaitest::sleep_for(1ms);
      co_await awaitest::use<no_broker>();
    };
    std::vector<awaitest::test_case> all;
    static constexpr std::array list{"1", "2", "3", "4", "5", "6"};
    for (const auto* name : list) all.push_back(inner::async(name, body));
    all.push_back(inner::plain("needs none", [] { CHECK(true); }));
    const auto got = run(all, {.jobs = 2});
    int explained = 0, referred = 0;
    for (std::size_t i = 0; i < got.tests.size(); ++i) {
      if (got.names[i] == "needs none") {
        CHECK(got.tests[i].result == outcome::passed);
        continue;
      }
      REQUIRE_THAT(got.failures(i), elements_are(starts_with("fixture failed: fixture ")));
      CHECK(got.failure(i).kind == failure_kind::fixture);
      explained += got.failures(i)[0].find("no broker") != std::string::npos;
      referred += got.failures(i)[0].find("could not be set up: see \"") != std::string::npos;
    }
    CHECK(explained == 2);
    CHECK(referred == 4);
    CHECK(got.outside.empty());
  }

  TEST("an isolated test has a loop and fixtures of its own, and its worker's number") {
    using shared = counted<struct of_an_isolated, awaitest::scope::run>;
    shared::reset();
    static std::mutex guard;
    static std::map<std::thread::id, std::set<std::size_t>> numbers;
    static std::set<const void*> loops;
    numbers.clear(), loops.clear();
    static std::atomic<int> arrived;
    arrived = 0;
    static constexpr auto body = []() -> awaitable<void> {
      co_await awaitest::use<shared>();
      ++arrived;
      while (arrived < 2) co_await awaitest::sleep_for(1ms);
      CHECK(true);
      const std::lock_guard lock{guard};
      numbers[std::this_thread::get_id()].insert(awaitest::this_test::worker());
      loops.insert(&awaitest::this_test::io_context());
    };
    const auto got = run({inner::async("a", body, nullptr, &left), inner::async("b", body, &isolated, &left),
                          inner::async("c", body, nullptr, &left), inner::async("a", body, nullptr, &right),
                          inner::async("b", body, &isolated, &right)},
                         {.jobs = 2, .concurrency = 2});
    CHECK(got.code == 0);
    CHECK(numbers.size() == 2u);
    for (const auto& [thread, which] : numbers) CHECK(which.size() == 1u);
    CHECK(shared::made == 4);
    CHECK(shared::down == 4);
    CHECK(loops.size() >= 3u);
  }

  TEST("that workers wake each other is nobody's leak") {
    const auto record = inner::plain("short", [] { CHECK(true); });
    const auto got = inner::run(std::vector<const awaitest::test_case*>(20'000, &record), {.jobs = 3});
    CHECK(got.code == 0);
    CHECK(got.totals.passed == 20'000u);
  }

  TEST("--fail-fast stops all workers") {
    std::vector<awaitest::test_case> all;
    static constexpr auto body = []() -> awaitable<void> {
      co_await awaitest::sleep_for(1ms);
      CHECK(1 == 2);
    };
    for (int i = 0; i < 100; ++i) all.push_back(inner::async("fails", body));
    const auto got = run(all, {.jobs = 3, .concurrency = 2, .fail_fast = true});
    CHECK(got.tests.size() <= 6u);
    CHECK(got.totals.failed + got.totals.not_run == 100u);
  }
}
