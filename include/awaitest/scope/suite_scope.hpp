// A suite, or a worker's whole run: where the fixtures live that outlive a test.
#pragma once

#include <functional>

#include "lifecycle.hpp"

namespace awaitest::detail {

/// Open while tests use it; then its cleanups, its fixtures' tear_downs, its children's end, and the check for leaks.
/// A failure while a fixture comes up belongs to the test that asked for it first; anything later is the fixture's own.
class suite_scope final : public lifecycle {
 public:
  using failure_sink = std::function<void(failure&&)>;

  suite_scope(loop& home, progress_queue& queue, std::string name, std::uint64_t seed, scope level,
              fixture_store* wider, std::int64_t timeout, failure_sink sink)
      : lifecycle{home, queue, suite_phases, {home.time() != nullptr, timeout, timeout},
                  seed, level, wider,        {}},
        name_{std::move(name)},
        sink_{std::move(sink)} {
    started_ = now_in(home);
  }
  ~suite_scope() { retire(); }

  fixture_store& store() noexcept { return store_; }
  /// Whether anything at all lives in it.
  bool in_use() const { return !store_.empty() || !children.empty(); }
  /// No test of it is to come.
  void close() {
    closing_ = true;
    // Before anything of the user's runs: who watches is to know when it should have ended.
    limits_.start_closing(now_in(home()));
    progressed();
  }
  bool closing() const { return closing_; }
  void remove_temp_dir() {
    if (folder_.made()) folder_.remove();
  }

  void report(failure&& what) override {
    auto* const slot = here.current.slot;
    auto* const culprit = slot && slot->scope == this ? slot->fixture : nullptr;
    if (culprit && culprit->at == fixture::state::coming_up && culprit->first_user &&
        culprit->first_user != this)
      return culprit->first_user->report(std::move(what));
    what.task = what.task.empty() ? name_ : what.task + " of " + name_;
    sink_(std::move(what));
  }
  void skip(std::string) override {}  // whoever uses the fixture is skipped: detail::use
  const std::string& name() const override { return name_; }
  bool failed() const override { return false; }

 private:
  void step_own(time_point now) override {
    findings_.judge_ended_children();
    if (closing_) next_phase(now);
  }

  std::string name_;
  failure_sink sink_;
  bool closing_ = false;
};

}  // namespace awaitest::detail
