// The failing side of an assertion about an exception: definitions to author/check/throws.hpp.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "../author/check/throws.hpp"
#include "../platform/exception_origin.hpp"
#include "../platform/exceptions.hpp"
#include "../task/reporting.hpp"
#include "assertions.hpp"
#include "print.hpp"

namespace awaitest::detail {

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
