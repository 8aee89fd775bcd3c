// The process outside of its runs: before, while tests are selected and their cases made; after, while static objects are destroyed
// and exit() calls functions.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include <unistd.h>

#include "../../model/own_descriptors.hpp"
#include "../../platform/limits.hpp"
#include "../../platform/paused_reader.hpp"
#include "blocked_loop.hpp"
#include "watchdog.hpp"

namespace awaitest::detail {

/// Chosen in report/, which main.hpp includes.
std::string words_for_ending(const process_ending& end);

/// A part of the process's life that is to come to its end by itself.
class start_or_end final : public watched_state {
 public:
  /// `if_late`: end_cause::never_begins or never_ends; the process ends with `code` then. `patience`: nanoseconds that it may take,
  /// at least limits::start_or_end. Made by the thread that is at it.
  start_or_end(end_cause if_late, int code, std::int64_t patience)
      : if_late_{if_late},
        code_{code},
        patience_{
            std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{patience}, limits::start_or_end)} {}

  void look(time_point now, bool stopped) override {
    if (is_late(now, stopped || reader_pauses())) give_up();
  }
  bool is_late(time_point now, bool excused) noexcept {
    if (excused) begun_ = now;
    return now - begun_ >= patience_;
  }

 private:
  [[noreturn]] void give_up() {
    watchdog::end_after_last_report();
    process_ending end;
    end.cause = if_late_;
#ifdef AWAITEST_HAS_NATIVE_TRACE
    detail::trace_thread(main_, [] {}, end);
#endif
    detail::say("awaitest: " + detail::words_for_ending(end) + '\n');
    std::fflush(nullptr);
    ::_exit(code_);
  }

  end_cause if_late_;
  int code_;
  std::chrono::nanoseconds patience_;
  long main_ = this_thread_id();
  time_point begun_ = std::chrono::steady_clock::now();
};

/// Around the selection of tests, which calls functions of the user's. `patience` as patience_between_tests().
class watched_start {
 public:
  explicit watched_start(std::int64_t patience) {
    if (patience <= 0) return;
    state_.emplace(end_cause::never_begins, 1, patience);
    watchdog::instance().watch(&*state_);
  }
  watched_start(const watched_start&) = delete;
  watched_start& operator=(const watched_start&) = delete;
  ~watched_start() {
    if (state_) watchdog::instance().watch(nullptr);
  }

 private:
  std::optional<start_or_end> state_;
};

/// The end of the process, once its run is over.
class watched_end {
 public:
  inline static std::int64_t patience_of_run = 0;  ///< as patience_between_tests(); 0: the end is not watched

  /// The run whose settings say so is over, and its process ends now, with that code.
  static void begin(int code) {
    if (patience_of_run <= 0) return;
    constexpr int skipped = 4;
    // Never destroyed: static objects end before the watchdog does.
    static auto& one =
        *new start_or_end{end_cause::never_ends, code != 0 && code != skipped ? code : 1, patience_of_run};
    watchdog::instance().watch(&one);
  }
};

}  // namespace awaitest::detail
