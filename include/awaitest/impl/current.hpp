// The running test: definitions to author/current/.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "../author/current/context.hpp"
#include "../author/current/info.hpp"
#include "../author/current/subtest.hpp"
#include "../author/current/this_test.hpp"
#include "../loop/executor.hpp"
#include "../model/text_hash.hpp"
#include "../platform/made_exceptions.hpp"
#include "../platform/thrown_frames.hpp"
#include "../search/tape.hpp"
#include "../task/reporting.hpp"
#include "../task/subtests.hpp"

namespace awaitest {
namespace detail {

constinit thread_local std::uint64_t* checks = nullptr;
constinit thread_local thread_state here{};

constinit thread_local bool destructor_asserts = false;
bool unwinding() noexcept { return destructor_asserts || std::uncaught_exceptions() > here.exceptions; }

/// Called by platform/made_exceptions.hpp. An exception that a destructor makes while another is in flight does not end that destructor's
/// unwinding.
void exception_made(const void* object) noexcept {
  thrown_frames::instance().thrown(object);  // on threads of no test, too, whose futures tests wait for
  const auto who = here.current;
  if (alive(who) && std::uncaught_exceptions() == 0) who.slot->newest_exception.made(object);
}
void exception_made_again(const void* object) noexcept { thrown_frames::instance().again(object); }

info::info(formatted, location where, fmt::string_view format, fmt::format_args values)
    : where_{where}, text_{fmt::vformat(format, values)} {
  link();
}

// Splits the names at the commas between them; those inside brackets, quotes and template arguments belong to a name.
inline std::vector<std::string_view> split_names(std::string_view names, std::size_t count) {
  std::vector<std::string_view> found;
  int depth = 0;
  char quote = 0;
  std::size_t from = 0;
  const auto trimmed = [&](std::size_t to) {
    auto part = names.substr(from, to - from);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return part;
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    const char c = names[i];
    if (quote) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      found.push_back(trimmed(i));
      from = i + 1;
    }
  }
  found.push_back(trimmed(names.size()));
  if (found.size() != count) found.assign(count, names);  // a comma between angle brackets: say it whole
  return found;
}

info::info(formatted, location where, const char* names, std::initializer_list<printable> values)
    : where_{where} {
  const auto parts = split_names(names, values.size());
  auto name = parts.begin();
  for (const auto& value : values) {
    printed text;
    value.print(text, value.value);
    if (!text_.empty()) text_ += ", ";
    text_.append(*name++).append(" = ");
    if (text.is_text)
      detail::put_text(text_, text.text);
    else
      text_ += text.text;
  }
  link();
}

bool info::begin_subtest(std::string name) {
  if (const held_task held{here.current}) {
    if (held->ended.load(std::memory_order_relaxed) && !unwinding()) throw task_ended{};  // as an assertion
    if (auto* const all = held->scope->subtests) {
      subtest_ = all->enter(held->subtest(), name, where_);
      if (subtest_ == 0) return false;
    }
  }
  text_ = std::move(name);
  link();
  return true;
}
subtest::subtest(location where, std::string_view name)
    : info{where}, runs_{begin_subtest(std::string(name))} {}
subtest::subtest(formatted, location where, fmt::string_view format, fmt::format_args values)
    : info{where}, runs_{begin_subtest(fmt::vformat(format, values))} {}

void info::link() {
  owner_ = here.current;
  const held_task held{owner_};
  if (!held) {
    owner_ = {};
    return;
  }
  previous_ = held->infos;
  if (previous_) previous_->next_ = this;
  held->infos = this;
  held->unwound.forget_unknown();
  exceptions_ = std::uncaught_exceptions();
}

info::~info() {
  // A test that has ended meanwhile has lost its list, and with it the neighbours' claim on this one.
  if (const held_task held{owner_}) {
    (next_ ? next_->previous_ : held->infos) = previous_;
    if (previous_) previous_->next_ = next_;
    const bool by_exception = std::uncaught_exceptions() > exceptions_;
    if (subtest_ != 0) held->scope->subtests->left(subtest_, by_exception, held->label.empty());
    // Should the exception end the task, then this is its context.
    if (by_exception) held->unwound.add(held->newest_exception.get(), {where_, std::move(text_), subtest_});
  }
}

}  // namespace detail

struct context::scope::entry {
  detail::task_ref who;
  detail::thread_state before;
  std::uint64_t* checks_before;
  location where;
  std::uint64_t count = 0;
};

context context::capture() noexcept {
  context made;
  made.who_ = detail::here.current;
  return made;
}

context::scope::scope(detail::task_ref who, location where)
    : entry_{new entry{who, detail::here, detail::checks, where}} {
  const detail::held_task held{who};
  detail::here.current = who;
  detail::here.entered = entry_;
  detail::checks = held && !held->ended.load(std::memory_order_relaxed) ? &entry_->count : nullptr;
}

context::scope::~scope() {
  if (detail::here.entered != entry_) {
    // Another thread, or another handler, holds it still: it is left to them, and never freed.
    static auto& left = *new std::vector<entry*>;
    static auto& guard = *new std::mutex;
    {
      const std::lock_guard lock{guard};
      left.push_back(entry_);
    }
    if (const detail::held_task held{entry_->who}) {
      failure what;
      what.kind = failure_kind::misuse;
      what.where = entry_->where;
      what.task = held->label;
      what.message =
          "the scope of context::enter() was left on another thread or in another handler than it was "
          "entered: it must not "
          "live across a co_await that resumes elsewhere";
      held->scope->report(std::move(what));
    }
    return;
  }
  const std::unique_ptr<entry> mine{entry_};
  detail::here = mine->before;
  detail::checks = mine->checks_before;
  if (const detail::held_task held{mine->who}) {
    held->scope->checks_elsewhere.fetch_add(mine->count, std::memory_order_relaxed);
    if (held->ended.load(std::memory_order_relaxed) && detail::here.current.slot == mine->who.slot)
      detail::checks = nullptr;
  }
}

namespace this_test {

std::string_view name() {
  if (const detail::held_task held{detail::here.current}) return held->scope->name();
  detail::no_test("this_test::name()");
}
std::uint64_t seed() {
  if (const detail::held_task held{detail::here.current}) return held->scope->seed();
  detail::no_test("this_test::seed()");
}
random_engine& random() {
  if (const detail::held_task held{detail::here.current}) return held->scope->random();
  detail::no_test("this_test::random()");
}
asio::any_io_executor executor() {
  if (const detail::held_task held{detail::here.current}) return detail::executor{detail::here.current};
  detail::no_test("this_test::executor()");
}
asio::io_context& io_context() {
  if (const detail::held_task held{detail::here.current}) return held->scope->home().context();
  detail::no_test("this_test::io_context()");
}
std::size_t worker() {
  if (const detail::held_task held{detail::here.current}) return held->scope->home().worker();
  detail::no_test("this_test::worker()");
}
std::string temp_dir() {
  if (const detail::held_task held{detail::here.current}) return held->scope->temp_dir();
  detail::no_test("this_test::temp_dir()");
}
int choose(int options, std::string_view label) {
  if (options < 1)
    throw std::invalid_argument(
        fmt::format("this_test::choose({}, \"{}\"): give at least one option", options, label));
  const detail::held_task held{detail::here.current};
  if (!held) detail::no_test("this_test::choose()");
  auto* const order = held->scope->order;
  auto* const choices = order && detail::here.running ? order->choices() : nullptr;
  if (!choices) return 0;
  const auto hash = detail::hash_text(label);
  return static_cast<int>(choices->ask({detail::choice_kind::user, static_cast<std::uint32_t>(options),
                                        static_cast<std::uint32_t>(hash ^ (hash >> 32U)), label}));
}

void reached(std::string_view label) {
  const detail::held_task held{detail::here.current};
  if (!held) detail::no_test("this_test::reached()");
  auto* const order = held->scope->order;
  if (auto* const choices = order ? order->choices() : nullptr) choices->reached(label);
}

}  // namespace this_test
}  // namespace awaitest
