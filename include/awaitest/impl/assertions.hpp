// The failing side of an assertion: definitions to author/check/decompose.hpp, throws.hpp and assertions.hpp.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../author/check/assertions.hpp"
#include "../fixture/store.hpp"
#include "../platform/exception_origin.hpp"
#include "../task/reporting.hpp"
#include "../task/subtests.hpp"
#include "print.hpp"
#include "sides.hpp"

namespace awaitest::detail {

/// A failed comparison, between the comparison and the report.
struct explanation {
  printed left, right;
  std::string relation;
  std::string message;
  std::string expected{};
  std::vector<logical_side> operands{};
};

/// Stands for an assertion that held, where no test is running.
inline explanation no_test_is_running;
/// Stands for an assertion that held in a destructor, while its task was ending.
inline explanation nothing_to_say;
/// Stands for one that is only counted, and not explained.
inline explanation one_of_too_many;
inline bool is_made(const explanation* why) noexcept {
  return why != &no_test_is_running && why != &nothing_to_say && why != &one_of_too_many;
}

inline printed print_value(printable value) {
  printed out;
  try {
    value.print(out, value.value);
  } catch (const std::exception& e) {
    out = {"<printing it threw: " + detail::words_or_null(e.what()) + ">", {}, false};
  } catch (...) {
    out = {"<printing it threw>", {}, false};
  }
  return out;
}

explanation* explain(printable value) {
  if (detail::only_counts_here()) return &one_of_too_many;
  return new explanation{print_value(value), {}, {}, {}};
}
explanation* explain(printable left, const char* relation, printable right) {
  if (detail::only_counts_here()) return &one_of_too_many;
  return new explanation{print_value(left), print_value(right), relation, {}};
}
explanation* explain(printable left, const char* relation, printable right, std::string message) {
  if (detail::only_counts_here()) return &one_of_too_many;
  return new explanation{print_value(left), print_value(right), relation, std::move(message)};
}
std::string note_of_sign(long long negative, unsigned long long converted) {
  return fmt::format("compared as unsigned numbers: the signed {} becomes {}", negative, converted);
}
explanation* explain(bool value) {
  if (detail::only_counts_here()) return &one_of_too_many;
  return new explanation{{value ? "true" : "false", {}, false}, {}, {}, {}};
}
explanation* explain(bool value, const char* text, unsigned char side) {
  auto* made = detail::explain(value);
  if (!detail::is_made(made)) return made;
  std::string_view expression = text;
  if ((side & first_operand::before_a_duration) != 0)
    expression = expression.substr(0, expression.rfind(", "));
  made->operands = detail::sides_of(expression, value, (side & first_operand::was_true) != 0);
  return made;
}
explanation* explain_match(printable value, std::string wanted, std::string wrong) {
  if (detail::only_counts_here()) return &one_of_too_many;
  return new explanation{print_value(value), {}, {}, std::move(wrong), std::move(wanted)};
}
void discard(explanation* why) noexcept {
  if (detail::is_made(why)) delete why;
}

inline bool task_has_ended() {
  const held_task held{here.current};
  return held && held->ended.load(std::memory_order_relaxed);
}

explanation* unattended() {
  if (!task_has_ended()) return &no_test_is_running;
  if (!unwinding()) throw task_ended{};
  return &nothing_to_say;
}

void failed(explanation* why, location where, const char* macro, const char* text) {
  if (why == &nothing_to_say) return;
  failure what;
  what.where = where;
  what.macro = macro;
  what.expression = text;
  if (why == &no_test_is_running) {
    if (!any_run()) return;
    what.kind = failure_kind::misuse;
    what.message = "it held, but it belongs to no test";
  } else if (why != &one_of_too_many) {
    const std::unique_ptr<explanation> mine{why};
    what.left = std::move(mine->left);
    what.right = std::move(mine->right);
    what.relation = std::move(mine->relation);
    what.message = std::move(mine->message);
    what.expected = std::move(mine->expected);
    what.operands = std::move(mine->operands);
  }
  report_here(std::move(what));
}
void failed_required(explanation* why, location where, const char* macro, const char* text) {
#if !defined(__clang_analyzer__)
  if (why == &nothing_to_say) return;
#endif
  failed(why, where, macro, text);
  leave_task_here();
}

inline void tell_fail(location where, fmt::string_view format, fmt::format_args values) {
  failure what;
  what.kind = failure_kind::explicitly;
  what.where = where;
  what.macro = "FAIL";
  what.message = fmt::vformat(format, values);
  report_here(std::move(what));
  leave_task_here();
}

inline void tell_skip(location where, fmt::string_view format, fmt::format_args values) {
  auto reason = fmt::vformat(format, values);
  {
    const held_task held{here.current};
    if (held) {
      if (held->ended.load(std::memory_order_relaxed)) {
        if (unwinding()) return;
        throw task_ended{};
      }
      if (held->fixture) detail::mark_skipped(*held->fixture, reason);
      if (const auto subtest = held->subtest(); subtest != 0)
        held->scope->subtests->skip(subtest, std::move(reason));
      else
        held->scope->skip(std::move(reason));
    } else {
      failure what;
      what.kind = failure_kind::misuse;
      what.where = where;
      what.macro = "SKIP";
      what.message = std::move(reason);
      report_to_run.load()(std::move(what));
    }
  }
  leave_task_here();
}

void fail(location where, fmt::string_view format, fmt::format_args values) {
  detail::tell_fail(where, format, values);
  throw task_ended{};
}
void skip(location where, fmt::string_view format, fmt::format_args values) {
  detail::tell_skip(where, format, values);
  throw task_ended{};
}

void fail_or_go_on(location where, fmt::string_view format, fmt::format_args values) {
  const line_scope in{in_destructor};
  detail::tell_fail(where, format, values);
}
void skip_or_go_on(location where, fmt::string_view format, fmt::format_args values) {
  const line_scope in{in_destructor};
  detail::tell_skip(where, format, values);
}

// --- exceptions -----------------------------------------------------------------------------------------------------

/// Inside a handler: passes on the end of a task.
inline void let_task_end() {
  try {
    throw;
  } catch (const task_ended&) {
    throw;
  } catch (...) {
  }
}

void throw_check::report(failure&& what) {
  const line_scope in{where_.line};
  state_ = state::reported;
  what.where = {where_.file, where_.line & ~in_destructor};
  what.macro = macro_;
  what.expression = text_;
  report_here(std::move(what));
}
/// Inside a handler. The way of the exception comes first: its text takes throwing it again.
void throw_check::report_thrown(std::string expected, std::string before) {
  failure what;
  const auto thrown = std::current_exception();
  if (!detail::only_counts_here()) detail::tell_origin(thrown, what);
  // The assertion's own line, the last one, is told already.
  if (const auto own = what.thrown.rfind(code_names::in_body); own != std::string::npos)
    what.thrown.resize(own < 2 ? 0 : own - 2);
  what.expected = std::move(expected);
  what.message = std::move(before) + "thrown:   " + text_of(thrown);
  report(std::move(what));
}
void throw_check::anything() {
  let_task_end();
  state_ = state::right;
}
void throw_check::wanted_type() { state_ = state::right; }
void throw_check::wrong_type(const char* wanted) {
  let_task_end();
  report_thrown(wanted);
}
void throw_check::unwanted() {
  let_task_end();
  report_thrown({});
}
template <class Code>
bool has_code(const Code& wanted) {
  try {
    throw;
  } catch (const std::system_error& e) {
    return e.code() == wanted;
  } catch (...) {
    return false;
  }
}
void throw_check::code(std::error_code wanted) {
  let_task_end();
  if (detail::has_code(wanted))
    state_ = state::right;
  else
    report_thrown(detail::text_of(wanted));
}
void throw_check::code(std::error_condition wanted) {
  let_task_end();
  if (detail::has_code(wanted))
    state_ = state::right;
  else
    report_thrown(detail::text_of(wanted));
}
std::string throw_check::what() {
  try {
    throw;
  } catch (const task_ended&) {
    throw;
  } catch (const std::exception& e) {
    return detail::words_or_null(e.what());
  } catch (const std::string& text) {
    return text;
  } catch (std::nullptr_t) {
    return "nullptr";
  } catch (const char* text) {
    return text ? text : "nullptr";
  } catch (...) {
    return text_of(std::current_exception());
  }
}
void throw_check::message(std::string_view wanted) {
  const auto text = what();
  if (text == wanted)
    state_ = state::right;
  else
    wrong_message(text, "== " + detail::text_of(wanted));
}
void throw_check::wrong_message(const std::string& text, const std::string& wanted) {
  report_thrown("a message that is " + wanted, fmt::format("message:  {}\n", text_of(text)));
}
void throw_check::finish(const char* wanted) {
  const line_scope in{where_.line};
  if (state_ == state::nothing_thrown) {
    failure what;
    what.expected = wanted;
    what.message = "thrown:   nothing";
    report(std::move(what));
  } else if (state_ == state::right) {
    if (auto* why = passed()) failed(why, {where_.file, where_.line & ~in_destructor}, macro_, text_);
  }
}
void throw_check::finish_nothrow() {
  const line_scope in{where_.line};
  if (state_ == state::nothing_thrown) {
    if (auto* why = passed()) failed(why, {where_.file, where_.line & ~in_destructor}, macro_, text_);
  }
}
void throw_check::require(const char* wanted) {
  finish(wanted);
  if (state_ == state::right) return;
  const line_scope in{where_.line};
  leave_task_here();
}
void throw_check::require_nothrow() {
  finish_nothrow();
  if (state_ == state::nothing_thrown) return;
  const line_scope in{where_.line};
  leave_task_here();
}

}  // namespace awaitest::detail
