// A report of your own, and a listener.
//
//     18_own_reporter --reporter dots
//     18_own_reporter --reporter dots=FILE --reporter console
#include <awaitest/awaitest.hpp>
#include <awaitest/reporters.hpp>

#include <atomic>
#include <memory>
#include <variant>

namespace {

/// A sign for each test, as many runners have it.
class dots final : public awaitest::event_reporter {
 public:
  explicit dots(awaitest::output& to) : to_{to} {}

  void report(const awaitest::event& what) override {
    if (const auto* const test = std::get_if<awaitest::test_finished>(&what)) {
      to_.write(test->result == awaitest::outcome::failed    ? "F"
                : test->result == awaitest::outcome::skipped ? "s"
                                                             : ".");
    } else if (std::holds_alternative<awaitest::run_finished>(what)) {
      to_.write("\n");
      to_.finish();  // the file is in its place
    }
  }

 private:
  awaitest::output& to_;
};

[[maybe_unused]] const bool has_dots =
    awaitest::add_reporter("dots", [](awaitest::output& to) { return std::make_unique<dots>(to); });

// Told of everything, whatever reports are asked for.
std::atomic<int> tests_begun{0};
[[maybe_unused]] const bool listens = awaitest::add_listener([](const awaitest::event& what) {
  if (std::holds_alternative<awaitest::test_started>(what)) ++tests_begun;
});

}  // namespace

TEST("a listener hears of each test before it begins") { CHECK(tests_begun > 0); }

TEST("a skipped one is an s", skip("to be seen in the report")) {}
