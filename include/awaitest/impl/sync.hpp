// The definitions to author/async/sync.hpp.
#pragma once

#include <stdexcept>
#include <string>

#include "../author/async/sync.hpp"
#include "../task/sync_state.hpp"
#include "../task/wait_list.hpp"

namespace awaitest {

gate::gate(location where) : state_{std::make_shared<detail::wait_list>("gate", where)} {}
gate::~gate() { detail::end_waits(*state_); }

asio::awaitable<void> gate::wait(location where) { return wait(state_, where); }
asio::awaitable<void> gate::wait(std::shared_ptr<detail::wait_list> state, location where) {
  detail::throw_if_gone(*state);
  {
    const std::lock_guard lock{state->guard};
    if (state->open) co_return;
  }
  co_await detail::wait_in(state, where, 0, detail::gate_is_open{});
}
void gate::open() {
  {
    const std::lock_guard lock{state_->guard};
    state_->open = true;
  }
  state_->release_all();
}
void gate::close() {
  const std::lock_guard lock{state_->guard};
  state_->open = false;
}
bool gate::is_open() const {
  const std::lock_guard lock{state_->guard};
  return state_->open;
}

barrier::barrier(std::size_t n, location where)
    : count_{n}, state_{std::make_shared<detail::wait_list>("barrier", where)} {
  if (n == 0) throw std::invalid_argument("barrier{0}: a barrier needs at least one to arrive");
}
barrier::~barrier() { detail::end_waits(*state_); }

asio::awaitable<void> barrier::arrive(location where) { return arrive(state_, count_, where); }
asio::awaitable<void> barrier::arrive(std::shared_ptr<detail::wait_list> state, std::size_t count,
                                      location where) {
  detail::throw_if_gone(*state);
  bool last = false;
  detail::wait_list::waiter* others = nullptr;
  const detail::is_the_last check{count, &others, &last};
  {
    const std::lock_guard lock{state->guard};
    check(*state);
  }
  if (!last) co_await detail::wait_in(state, where, 0, check);
  detail::wait_list::complete_all(others);
}
std::size_t barrier::waiting() const {
  const std::lock_guard lock{state_->guard};
  return state_->count;
}

sequencer::sequencer(location where) : state_{std::make_shared<detail::wait_list>("sequencer", where)} {}
sequencer::~sequencer() { detail::end_waits(*state_); }

asio::awaitable<void> sequencer::turn(std::size_t n, location where) { return turn(state_, n, where); }
asio::awaitable<void> sequencer::turn(std::shared_ptr<detail::wait_list> state, std::size_t n,
                                      location where) {
  detail::throw_if_gone(*state);
  std::size_t due;
  {
    const std::lock_guard lock{state->guard};
    due = state->turn;
  }
  if (n < due)
    throw std::logic_error("sequencer: turn " + std::to_string(n) + " is over, the next is " +
                           std::to_string(due));
  if (n > due) {
    co_await detail::wait_in(state, where, n, detail::is_my_turn{n});
  }
  std::size_t next;
  {
    const std::lock_guard lock{state->guard};
    due = state->turn;
    next = due == n ? ++state->turn : due;
  }
  // Somebody else waited for this turn, too, and has taken it.
  if (due != n)
    throw std::logic_error("sequencer: turn " + std::to_string(n) + " is over, the next is " +
                           std::to_string(due));
  // Resumed by a post, so that what this taker does up to its next suspension comes first.
  state->release_if([next](const detail::wait_list::waiter& w) { return w.key == next; });
}
std::size_t sequencer::next() const {
  const std::lock_guard lock{state_->guard};
  return state_->turn;
}

}  // namespace awaitest
