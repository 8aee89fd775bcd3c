// The failing side of an assertion: definitions to author/check/decompose.hpp and assertions.hpp.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../author/check/assertions.hpp"
#include "../fixture/store.hpp"
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

}  // namespace awaitest::detail
