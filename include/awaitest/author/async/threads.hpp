// Facts that a test knows and the library does not: which threads wake nobody, and that something unseen is at work.
#pragma once

#include <memory>
#include <string_view>

namespace awaitest {

namespace detail {
struct hold_count;
}

/// While one lives, the time of the test that has made it stands still, and nothing is said to be stuck: something is at work that the
/// library cannot see. It may be moved to another thread, and outlive the test.
class [[nodiscard]] time_hold {
 public:
  explicit time_hold(std::shared_ptr<detail::hold_count> of) noexcept;
  time_hold(time_hold&& from) noexcept;
  time_hold& operator=(time_hold&& from) noexcept;
  ~time_hold();

  /// Ends it early.
  void release() noexcept;

 private:
  std::shared_ptr<detail::hold_count> of_;  // null: released, or moved from
};

/// Holds the time of the running test, also in real time, where only the verdict "stuck" waits for it. On any thread of a test; throws
/// std::logic_error where none is running.
[[nodiscard]] time_hold hold_time();

/// The calling thread wakes itself for ever, and wakes no test (a log flusher): it holds neither virtual time nor the verdict "stuck".
/// Until it ends.
void harmless_thread();

/// The same of all threads that the kernel knows by that name (`pthread_setname_np`; the first 15 bytes of it), those to come included,
/// until the process ends. `--harmless-thread NAME` for a run. Throws std::invalid_argument when the name is empty.
void harmless_thread(std::string_view name);

}  // namespace awaitest
