// The runs of a test under a search: what each is to do, and how it has ended.
#pragma once

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "../model/event.hpp"
#include "choosers.hpp"
#include "searched_schedule.hpp"
#include "tape.hpp"

namespace awaitest::detail {

/// The features that make two failures the same bug: the kind and the place, or who waits where; never the words.
struct failure_mark {
  failure_kind kind = failure_kind::assertion;
  std::string file;
  unsigned line = 0;
  std::vector<std::string> waits;

  friend bool operator==(const failure_mark&, const failure_mark&) = default;
};
inline failure_mark mark_of(const failure& what) {
  failure_mark made{what.kind, what.where.file ? what.where.file : "", what.where.line, {}};
  for (const auto& one : what.waits)
    made.waits.push_back(one.what + '@' + (one.where.file ? one.where.file : "") + ':' +
                         std::to_string(one.where.line));
  std::sort(made.waits.begin(), made.waits.end());
  return made;
}

struct run_result {
  enum class end : std::uint8_t { passed, failed, skipped };
  end how = end::passed;
  failure_mark mark{};                       ///< of the first failure
  bool met_threads = false, met_io = false;  ///< which no schedule orders

  bool failed() const noexcept { return how == end::failed; }
};

/// Waits in a script for runs of the test. One run at a time.
class search_runs {
 public:
  /// `splits_chains`: see schedule.
  explicit search_runs(bool splits_chains) : order_{tape_, splits_chains} {}

  /// A run that is to be made; the script goes on when it has ended.
  struct pending_run {
    search_runs& of;
    chooser& by;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> script) const noexcept {
      of.by_ = &by;
      of.waits_ = script;
    }
    const run_result& await_resume() const noexcept { return of.last_; }
  };
  pending_run run(chooser& by, bool tells = false) noexcept {
    tells_ = tells;
    return {*this, by};
  }
  /// Whether the failures of the run that is to begin, or is under way, are the ones to tell.
  bool tells() const noexcept { return tells_; }

  /// For the one who runs the test: before a run.
  searched_schedule& begin() {
    tape_.begin(*by_, tells_ ? &trace_ : nullptr);
    order_.begin();
    return order_;
  }
  /// After it.
  void end(run_result how) {
    last_ = std::move(how);
    waits_.resume();
  }

  const searched_schedule& order() const noexcept { return order_; }
  schedule_trace& trace() noexcept { return trace_; }
  const detail::tape& tape() const noexcept { return tape_; }
  detail::tape& tape() noexcept { return tape_; }
  const run_result& last() const noexcept { return last_; }

 private:
  bool tells_ = false;
  schedule_trace trace_;
  detail::tape tape_;
  searched_schedule order_;
  chooser* by_ = nullptr;
  std::coroutine_handle<> waits_;
  run_result last_;
};

}  // namespace awaitest::detail
