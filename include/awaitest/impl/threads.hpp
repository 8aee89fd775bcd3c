// The definitions to author/async/threads.hpp.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "../author/async/threads.hpp"
#include "../loop/loop.hpp"
#include "../platform/harmless_threads.hpp"
#include "../platform/other_threads.hpp"
#include "../task/reporting.hpp"
#include "../time/holds.hpp"

namespace awaitest {

time_hold::time_hold(std::shared_ptr<detail::hold_count> of) noexcept : of_{std::move(of)} {
  of_->number.fetch_add(1, std::memory_order_relaxed);
}
time_hold::time_hold(time_hold&& from) noexcept = default;
time_hold& time_hold::operator=(time_hold&& from) noexcept {
  if (this != &from) {
    release();
    of_ = std::move(from.of_);
  }
  return *this;
}
time_hold::~time_hold() { release(); }
void time_hold::release() noexcept {
  // The loop's thread sees what was done before.
  if (of_) of_->number.fetch_sub(1, std::memory_order_release);
  of_ = nullptr;
}

time_hold hold_time() {
  const detail::held_task held{detail::here.current};
  if (!held) detail::no_test("hold_time()");
  return time_hold{held->scope->home().holds()};
}

void harmless_thread() {
  thread_local std::optional<detail::known_thread> this_one;
  if (!this_one) this_one.emplace();
}

void harmless_thread(std::string_view name) {
  if (name.empty()) throw std::invalid_argument("harmless_thread(\"\"): it takes the name of a thread");
  detail::harmless_threads().add(name);
}

}  // namespace awaitest
