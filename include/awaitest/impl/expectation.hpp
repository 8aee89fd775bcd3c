// The definitions to author/mock/expectation.hpp.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../mock/verify.hpp"

namespace awaitest::detail {

void add_expectation(const std::shared_ptr<mock_core>& mock, std::shared_ptr<expectation_core> one,
                     expected mode, location where) {
  one->mode = mode;
  one->where = where;
  one->owner = here.current;
  if (mode == expected::may_happen) {
    one->least = 0;
    one->most = any_number;
  } else if (mode == expected::must_not_happen) {
    one->least = one->most = 0;
  }
  const std::lock_guard lock{mock_guard()};
  note_use(*mock);
  mock->expectations.push_back(std::move(one));
}

engine_lock::engine_lock() { mock_guard().lock(); }
engine_lock::~engine_lock() { mock_guard().unlock(); }

void set_times(expectation_core& of, std::size_t least, std::size_t most, const char* spelled) {
  const engine_lock lock;
  if (of.mode == expected::must_not_happen)
    throw std::logic_error(fmt::format("forbid().{}(): what is forbidden happens never", spelled));
  if (of.mode == expected::may_happen) {
    if (least == most)
      least = 0;  // times(n): as often as that
    else if (least != 0)
      throw std::logic_error(
          fmt::format("allow().{}(): what may happen need not; say expect() for what must", spelled));
  }
  if (of.counted)
    throw std::logic_error(fmt::format("{}(): how often is said already; once is enough", spelled));
  if (least > most)
    throw std::logic_error(fmt::format("{}({}, {}): at least more than at most", spelled, least, most));
  of.least = least;
  of.most = most;
  of.counted = true;
}
void set_answer(expectation_core& of, std::shared_ptr<answer_core> answer, const char* spelled) {
  const engine_lock lock;
  if (of.mode == expected::must_not_happen)
    throw std::logic_error(fmt::format("forbid().{}(): what is forbidden has no answer", spelled));
  if (!of.answers.empty())
    throw std::logic_error(fmt::format(
        "{}(): the expectation has an answer already; answers(a, b, ...) gives one for each call", spelled));
  of.listed = answer->once;
  of.answers.push_back(std::move(answer));
}
void set_answers(expectation_core& of, std::vector<std::shared_ptr<answer_core>> answers) {
  const engine_lock lock;
  if (of.mode == expected::must_not_happen)
    throw std::logic_error("forbid().answers(): what is forbidden has no answer");
  if (!of.answers.empty()) throw std::logic_error("answers(): the expectation has an answer already");
  if (answers.empty())
    throw std::logic_error("answers(): the list is empty; say forbid() for a call that must not happen");
  of.answers = std::move(answers);
  of.listed = true;
  if (!of.counted && of.mode == expected::must_happen) of.least = of.most = of.answers.size();
}
void put_in_sequence(expectation_core& of, std::shared_ptr<sequence_core> in, step by) {
  const engine_lock lock;
  if (of.mode == expected::must_not_happen)
    throw std::logic_error("forbid().in(): what is forbidden has no place in a sequence");
  sequence_core::step_of made;
  made.which = of.weak_from_this();
  made.where = of.where;
  of.places.push_back({in, in->steps.size(), by == step::done});
  in->steps.push_back(std::move(made));
}
void set_latency(expectation_core& of, std::chrono::nanoseconds latency) {
  const engine_lock lock;
  of.latency = latency.count();
}
void set_default(mock_core& mock, std::shared_ptr<answer_core> answer) {
  const engine_lock lock;
  mock.fallback = std::move(answer);
}

std::shared_ptr<answer_core> error_answer(std::exception_ptr error) {
  auto made = std::make_shared<answer_core>();
  made->error = std::move(error);
  return made;
}
answer_core::~answer_core() = default;
expectation_core::~expectation_core() = default;
void no_answer() { throw unexpected_call("no answer"); }
void no_coroutine() { throw std::logic_error("an answer that is no coroutine was to be awaited"); }
std::shared_ptr<answer_core> pending_answer() {
  auto made = std::make_shared<answer_core>();
  made->pends = true;
  return made;
}

}  // namespace awaitest::detail

namespace awaitest {
sequence::sequence(location where) : core_{std::make_shared<detail::sequence_core>()} { core_->made = where; }
}  // namespace awaitest
