// The verdict on tests that wait for nothing but I/O: nobody will ever wake them, or somebody may.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(io_context.hpp)

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "../platform/other_threads.hpp"
#include "../platform/real_clock.hpp"
#include "io_look.hpp"

namespace awaitest::detail {

/// One for each loop, used on its thread. All times are the machine's.
class io_judge {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class verdict : std::uint8_t {
    goes_on,  ///< somebody may wake them
    settles,  ///< most likely nobody: to be asked again soon
    stuck
  };
  static constexpr std::chrono::milliseconds soon{2};

  /// Something has happened: whoever was said to wait may have been woken by it.
  void goes_on() noexcept { next_ = quiet_from_ = {}; }

  /// Whether it is time to judge: soon after everything has come to rest, and then less and less often.
  bool is_due() {
    const auto now = real_now();
    if (next_ == time_point{}) {
      pause_ = soon;
      next_ = now + soon;
    }
    return now >= next_;
  }
  time_point next() const noexcept { return next_; }

  /// Two looks, between which what the kernel has in hand arrives, show that every other end is in this process; then all threads are
  /// shown to sleep. `within`: a timer of another thread that is due before that counts. `still()`: whether nothing has become ready
  /// meanwhile. `sockets` takes those that are waited for.
  template <class Still>
  verdict judge(asio::io_context& of, bool world_is_closed, std::chrono::nanoseconds within,
                const virtual_clock* clock, Still still, std::vector<known_socket>& sockets) {
    const auto found = look(of, world_is_closed, within, clock, std::move(still), sockets);
    if (found == verdict::goes_on) return look_later();
    next_ = real_now() + soon;
    return found;
  }
  verdict look_later() {
    pause_ = std::min<std::chrono::nanoseconds>(pause_ * 3 / 2, longest);
    next_ = real_now() + pause_;
    return verdict::goes_on;
  }

 private:
  static constexpr std::chrono::seconds longest{1};

  template <class Still>
  verdict look(asio::io_context& of, bool world_is_closed, std::chrono::nanoseconds within,
               const virtual_clock* clock, Still still, std::vector<known_socket>& sockets) {
    io_look first{of, world_is_closed};
    const auto now = real_now();
    const bool nobody = first.who() == waker::nobody;
    if (!nobody || quiet_from_ == time_point{}) quiet_from_ = now;
    if (!nobody) return verdict::goes_on;
    if (now - quiet_from_ < first.settles_in()) return verdict::settles;
    const auto io_wakes = [&](const sleeping_thread& one) { return !first.is_woken_by_nobody(one); };
    if (!detail::no_thread_can_wake(within, clock, io_wakes) || first.is_any_end_shared())
      return verdict::goes_on;
    // Bytes from a thread that was awake before this look, or from a process that has ended since, have arrived by now.
    if (!still()) return verdict::settles;
    const io_look again{of, world_is_closed};
    if (again.who() != waker::nobody) return verdict::goes_on;
    sockets = again.sockets();
    return verdict::stuck;
  }

  time_point next_{}, quiet_from_{};  // {}: something has happened since
  std::chrono::nanoseconds pause_ = soon;
};

}  // namespace awaitest::detail
