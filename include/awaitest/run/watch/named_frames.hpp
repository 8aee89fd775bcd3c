// The frames of a thread at the end of a process, named for its last report.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "../../model/ending.hpp"
#include "../../platform/limits.hpp"
#include "../../platform/native_trace.hpp"
#include "../../platform/real_clock.hpp"
#include "../../platform/symbols.hpp"

namespace awaitest::detail {

#ifdef AWAITEST_HAS_NATIVE_TRACE

/// The loader may be what hangs: names are waited for as long as that, then it is done without.
inline std::vector<named_frame> named_in_time(const std::vector<void*>& frames) {
  struct answer {
    std::mutex guard;
    std::condition_variable changed;
    bool done = false;
    std::vector<named_frame> named;
  };
  const auto shared = std::make_shared<answer>();
  std::thread([shared, frames] {
    auto named = frame_names::of(frames, limits::frame_names);
    const std::lock_guard lock{shared->guard};
    shared->named = std::move(named);
    shared->done = true;
    shared->changed.notify_one();
  }).detach();
  std::unique_lock lock{shared->guard};
  if (shared->changed.wait_for(lock, limits::frame_names_at_all, [&] { return shared->done; }))
    return std::move(shared->named);
  std::vector<named_frame> unnamed;
  unnamed.reserve(frames.size());
  for (const auto* one : frames) unnamed.push_back({{}, fmt::format("{}", one)});
  return unnamed;
}

#else
inline std::vector<named_frame> named_in_time(const std::vector<void*>&) { return {}; }
#endif

/// `frames`: see taken_frames. Nothing is told where there are none, or no memory or thread to name them. Takes real time, on a thread of a
/// virtual test, too.
inline void tell_frames(const std::vector<void*>& frames, process_ending& into) noexcept {
  if (frames.empty()) return;
  const time_scope real{nullptr};
  try {
    into.frames = detail::named_in_time(frames);
    into.trace = trace_result::taken;
  } catch (const std::exception&) {
    into.frames.clear();
  }
}

}  // namespace awaitest::detail
