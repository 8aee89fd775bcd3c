// After the tests: a process that does not end, because something static waits in its destructor, or a handler of exit().
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include "../../platform/limits.hpp"
#include "../../platform/paused_reader.hpp"
#include "blocked_loop.hpp"
#include "watchdog.hpp"

namespace awaitest::detail {

class ending_process final : public watched_state {
 public:
  /// Nanoseconds that the end may take, at least limits::process_end; the exit code. Made by the thread that destroys static objects.
  ending_process(int code, std::int64_t patience)
      : code_{code},
        patience_{
            std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{patience}, limits::process_end)} {}

  /// The run whose settings say so is over, and its process ends now, with that code.
  static void begin(int code) {
    if (patience_of_run <= 0) return;
    static auto& one =
        *new ending_process{code, patience_of_run};  // it outlives static objects, as the watchdog does
    watchdog::instance().watch(&one);
  }
  inline static std::int64_t patience_of_run = 0;  ///< as patience_between_tests(); 0: the end is not watched

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
    std::string text = "awaitest: the tests are over, but the process does not end";
#ifdef AWAITEST_HAS_NATIVE_TRACE
    text += ": something static is being destroyed, or exit() calls a function\nwhere it is:";
    std::vector<void*> frames;
    const bool answered = trace_signal::ask(main_, limits::answer_of_thread, [] {}, frames);
    text += answered ? named_in_time(std::move(frames)) : " not known, its thread does not answer a signal";
#endif
    text += '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    std::fflush(nullptr);
    constexpr int skipped = 4;
    ::_exit(code_ != 0 && code_ != skipped ? code_ : 1);
  }

  int code_;
  std::chrono::nanoseconds patience_;
  long main_ = this_thread_id();
  time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace awaitest::detail
