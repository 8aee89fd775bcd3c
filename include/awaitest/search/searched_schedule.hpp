// The order of a test's handlers, as a tape has it.
//
// A little longer than other headers: what is ready, what is held back and what keeps its place is one list.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../loop/schedule.hpp"
#include "chain_names.hpp"
#include "schedule_trace.hpp"
#include "tape.hpp"

namespace awaitest::detail {

/// Offers the heads of chains to the tape, in the order in which they came, and holds back what the tape says. Only what Asio may do
/// happens: handlers of one chain keep their order, what is dispatched inside of a task runs at once, and nobody waits for ever while
/// others are always ready. The loop's thread only.
///
/// A handler that comes to the front may be held back, as the one is that a busy loop comes to last. Held back until nothing else is
/// ready, it is starved; until a timer has fired, its test sees a timeout that has just come before it. Only a timer that is due within
/// `near` counts: to be late by seconds is no order that anybody has to be prepared for.
class searched_schedule final : public schedule {
 public:
  static constexpr std::int64_t near = std::chrono::nanoseconds{std::chrono::milliseconds{1}}.count();
  /// So many steps of others, at most, are between a handler and its turn: a program may wait in a loop for somebody else.
  static constexpr std::uint64_t most_steps_of_others = 100;

  searched_schedule(tape& of, bool splits_chains) : tape_{of}, splits_chains_{splits_chains} {}

  /// A run begins, by the tape's.
  void begin() {
    names_.begin();
    all_.clear();
    own_ = 0;
    steps_ = 0;
  }

  std::size_t choose(const std::vector<schedule_choice>& ready, std::int64_t next_timer) override {
    look(ready);
    for (;;) {
      let_others_pass();
      offer();
      if (offered_.empty()) {
        if (!release(until::nothing_else)) return none;
        continue;
      }
      auto& first = all_[offered_.front()];
      if (is_due(first)) return goes_on(first, keys_.front());
      if (may_hold(first, next_timer)) continue;
      const auto option = tape_.ask(
          {choice_kind::schedule, static_cast<std::uint32_t>(offered_.size()), 0, {}, keys_.data()});
      auto& next = all_[offered_[option]];
      if (auto* const trace = tape_.trace()) [[unlikely]]
        tell(*trace, next, first);
      return goes_on(next, keys_[option]);
    }
  }
  std::size_t choose_timer(std::size_t number) override {
    return tape_.ask({choice_kind::timer, static_cast<std::uint32_t>(number), 0x74696d65U});
  }
  void time_has_moved() override {
    for (auto& one : all_)
      if (one.held == until::a_timer) one.held = until::nothing_else;
  }
  bool let_go() override { return release(until::a_timer); }
  tape* choices() noexcept override { return &tape_; }
  bool splits_chains() const noexcept override { return splits_chains_; }
  bool runs_inline() const noexcept override { return true; }

  /// The words for what was offered by that key.
  std::string words_for(std::uint32_t key) const {
    for (std::uint32_t number = 1; number <= 8; ++number, key -= another_of_its) {
      if (auto name = names_.name_of(key); !name.empty())
        return number == 1 ? name : fmt::format("{} (its handler number {})", name, number);
      if (key - of_the_context < 0x10000U) break;
    }
    return "a handler of the io_context";
  }

 private:
  enum class until : std::uint8_t { not_held, the_others, nothing_else, a_timer };
  /// A handler that is ready, or one of the io_context's own queue.
  struct entry {
    const ready_handler* handler;  ///< null: of the io_context
    std::size_t place;             ///< among those that are ready now
    std::uint64_t since;           ///< in steps
    until held = until::not_held;
    std::size_t others = 0;  ///< of `the_others`: that have not had their turn yet
    bool asked = false;      ///< whether it is to be held back
  };

  /// Finds those that have come since the last step.
  void look(const std::vector<schedule_choice>& ready) {
    std::size_t own = 0;
    const auto before = static_cast<std::ptrdiff_t>(all_.size());
    for (std::size_t place = 0; place < ready.size(); ++place) {
      const auto* const handler = ready[place].handler;
      if (!handler && own++ < own_) {
        nth_own(own - 1).place = place;
        continue;
      }
      const auto known = handler ? std::find_if(all_.begin(), all_.end(),
                                                [&](const entry& one) { return one.handler == handler; })
                                 : all_.end();
      if (known == all_.end())
        all_.push_back({handler, place, steps_});
      else
        known->place = place;
    }
    own_ = own;
    // Handlers that the io_context has completed meanwhile stand behind the others, and may have come before.
    for (auto one = all_.begin() + before, last = all_.end(); one != last;) {
      if (!one->handler || !one->handler->keeps_its_place) {
        ++one;
      } else {
        std::rotate(one, one + 1, all_.end());
        --last;
      }
    }
  }
  entry& nth_own(std::size_t n) {
    for (auto& one : all_)
      if (!one.handler && n-- == 0) return one;
    return all_.back();  // there are as many
  }
  /// A handler that keeps its place comes after all that came before it, and after what that has made ready: an operation that has been aborted
  /// is first a handler of the io_context's, then of its task's.
  bool keeps_waiting(const entry& one) const {
    return one.handler && one.handler->keeps_its_place && &one != &all_.front();
  }
  void let_others_pass() {
    while (all_.size() > 1 && all_.front().handler && all_.front().handler->keeps_its_place &&
           !std::exchange(all_.front().asked, true))
      std::rotate(all_.begin(), all_.begin() + 1, all_.end());
  }
  bool is_due(const entry& one) const { return steps_ - one.since > most_steps_of_others; }

  void offer() {
    offered_.clear();
    keys_.clear();
    std::uint32_t own = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto& one = all_[i];
      if (keeps_waiting(one) || (one.held != until::not_held && !is_due(one))) continue;
      auto key = one.handler ? names_.key_of(*one.handler->who.slot) : of_the_context + own++;
      while (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) key += another_of_its;
      offered_.push_back(i);
      keys_.push_back(key);
    }
  }
  /// Asked once of each handler, when it comes to the front. True: it is held back.
  bool may_hold(entry& first, std::int64_t next_timer) {
    if (!first.handler || first.handler->keeps_its_place || std::exchange(first.asked, true)) return false;
    until lengths[3];
    std::uint32_t number = 0;
    if (offered_.size() > 2) lengths[number++] = until::the_others;
    if (offered_.size() > 1) lengths[number++] = until::nothing_else;
    if (next_timer >= 0 && next_timer <= near) lengths[number++] = until::a_timer;
    const auto option = tape_.ask({choice_kind::postpone, number + 1, keys_.front()});
    if (option == 0) return false;
    first.held = lengths[option - 1];
    first.others = offered_.size() - 1;
    if (auto* const trace = tape_.trace())
      trace->chose(first.handler->who.slot,
                   first.held == until::the_others     ? "held back until the others have had a turn"
                   : first.held == until::nothing_else ? "held back until nothing else is ready"
                                                       : "held back until after the next timer",
                   tape_.last_change());
    return true;
  }
  bool release(until longest) {
    bool any = false;
    for (auto& one : all_) {
      if (one.held == until::not_held || one.held > longest) continue;
      one.held = until::not_held;
      any = true;
    }
    return any;
  }
  /// Returns its place.
  std::size_t goes_on(const entry& which, std::uint32_t key) {
    const auto place = which.place;
    if (which.handler)
      tape_.step(key);
    else
      --own_;
    all_.erase(all_.begin() + (&which - all_.data()));
    ++steps_;
    for (auto& other : all_)
      if (other.held == until::the_others && --other.others == 0) other.held = until::not_held;
    return place;
  }
  void tell(schedule_trace& trace, const entry& next, const entry& first) const {
    const auto change = &next == &first ? std::string{} : tape_.last_change();
    if (next.handler)
      trace.step(*next.handler->who.slot, change,
                 change.empty() || !first.handler ? nullptr : first.handler->who.slot);
    else if (!change.empty())
      trace.chose(nullptr, "a handler of the io_context goes first", change);
  }

  static constexpr std::uint32_t of_the_context = 0x696f0000U, another_of_its = 0x51ed270bU;

  tape& tape_;
  bool splits_chains_;
  chain_names names_;
  std::vector<entry> all_;  // in the order in which they came
  std::size_t own_ = 0;     // of which so many are the io_context's
  std::uint64_t steps_ = 0;
  std::vector<std::size_t> offered_;  // places in all_
  std::vector<std::uint32_t> keys_;   // of those
};

}  // namespace awaitest::detail
