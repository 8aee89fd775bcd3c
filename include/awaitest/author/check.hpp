// The expression of an assertion: taken apart, evaluated once, and explained only when it failed.
//
// `verdict v = (decompose{} <=> EXPR); if (v.why) ...` is the shape that g++ 12 compiles correctly when EXPR holds a
// `co_await`: no lambda, no decltype, no negation around it. Decomposition objects are no aggregates, for the same reason.
#pragma once

#include "current.hpp"
#include "print.hpp"

namespace awaitest::detail {

struct
    explanation;  // run/assertions.hpp: the printed sides; on the heap, handed from the comparison to the report

explanation* explain(printable value);
explanation* explain(printable left, const char* relation, printable right);
explanation* explain(bool value);
void discard(explanation* why) noexcept;

/// What a passing assertion does where it cannot simply count: throws when a REQUIRE has ended the task before, and
/// otherwise says that no test is running.
explanation* unattended();

inline explanation* passed() {
  if (auto* count = checks) [[likely]] {
    ++*count;
    return nullptr;
  }
  return unattended();
}

AWAITEST_NOINLINE inline explanation* judge(bool value, bool wanted) {
  return value == wanted ? passed() : explain(value);
}

/// Null: passed. Trivial, so that it costs a coroutine's frame one pointer; whoever reads `why` owns it.
struct verdict {
  explicit constexpr verdict(explanation* reason) noexcept : why{reason} {}
  verdict(bool value) : why{judge(value, true)} {}  // from `a && b`, where the sides have become bool

  /// For `a == b && c`: the comparison is an operand now, not the assertion.
  explicit operator bool() const noexcept {
    if (why) discard(why);
    return !why;
  }

  explanation* why;
};
struct negated_verdict {
  explicit constexpr negated_verdict(explanation* reason) noexcept : why{reason} {}
  negated_verdict(bool value) : why{judge(value, false)} {}
  explicit operator bool() const noexcept {
    if (why) discard(why);
    return why;
  }
  explanation* why;
};

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wsign-compare"  // the author's comparison, with the author's types: `size() == 3`
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-equal"
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Waddress"
#endif

#define AWAITEST_RELATION(name, op)                             \
  struct name {                                                 \
    static constexpr const char* text = #op;                    \
    template <class L, class R>                                 \
    static constexpr bool test(const L& left, const R& right) { \
      return static_cast<bool>(left op right);                  \
    }                                                           \
  };
AWAITEST_RELATION(equal, ==)
AWAITEST_RELATION(unequal, !=)
AWAITEST_RELATION(less, <)
AWAITEST_RELATION(less_equal, <=)
AWAITEST_RELATION(greater, >)
AWAITEST_RELATION(greater_equal, >=)
AWAITEST_RELATION(bit_and, &)
AWAITEST_RELATION(bit_or, |)
AWAITEST_RELATION(bit_xor, ^)
#undef AWAITEST_RELATION

// Out of line, one for each pair of types: an assertion in a test's body is one call and one branch.
template <class Relation, class L, class R>
AWAITEST_NOINLINE explanation* compare(const L& left, const R& right) {
  if (Relation::test(left, right)) [[likely]]
    return passed();
  return explain(printing(left), Relation::text, printing(right));
}
template <class Relation, class L, class R>
AWAITEST_NOINLINE explanation* compare_negated(const L& left, const R& right) {
  if (!Relation::test(left, right)) [[likely]]
    return passed();
  return explain(printing(left), Relation::text, printing(right));
}
template <class T>
AWAITEST_NOINLINE explanation* truth(const T& value) {
  if (static_cast<bool>(value)) [[likely]]
    return passed();
  return explain(printing(value));
}
template <class T>
AWAITEST_NOINLINE explanation* falsehood(const T& value) {
  if (!static_cast<bool>(value)) [[likely]]
    return passed();
  return explain(printing(value));
}

/// The left side of the assertion's expression. Lives until the full expression ends, as what it refers to does.
#define AWAITEST_OPERAND(name, result, judge_value, judge_pair)          \
  template <class T>                                                     \
  class name {                                                           \
   public:                                                               \
    explicit constexpr name(const T& value) noexcept : value_{value} {}  \
    operator result() const { return result{judge_value(value_)}; }      \
    explicit operator bool() const { return static_cast<bool>(value_); } \
    AWAITEST_OPERATOR(==, equal, result, judge_pair)                     \
    AWAITEST_OPERATOR(!=, unequal, result, judge_pair)                   \
    AWAITEST_OPERATOR(<, less, result, judge_pair)                       \
    AWAITEST_OPERATOR(<=, less_equal, result, judge_pair)                \
    AWAITEST_OPERATOR(>, greater, result, judge_pair)                    \
    AWAITEST_OPERATOR(>=, greater_equal, result, judge_pair)             \
    AWAITEST_OPERATOR(&, bit_and, result, judge_pair)                    \
    AWAITEST_OPERATOR(|, bit_or, result, judge_pair)                     \
    AWAITEST_OPERATOR(^, bit_xor, result, judge_pair)                    \
                                                                         \
   private:                                                              \
    const T& value_;                                                     \
  };
#define AWAITEST_OPERATOR(op, relation, result, judge_pair)    \
  template <class R>                                           \
  result operator op(const R& right) const {                   \
    return result{judge_pair<relation>(value_, right)};        \
  }                                                            \
  result operator op(const char* const& right) const           \
    requires std::is_convertible_v<const T&, std::string_view> \
  {                                                            \
    return result{judge_pair<relation>(value_, right)};        \
  }
AWAITEST_OPERAND(operand, verdict, truth, compare)
AWAITEST_OPERAND(negated_operand, negated_verdict, falsehood, compare_negated)
#undef AWAITEST_OPERAND
#undef AWAITEST_OPERATOR

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

struct decompose {
  template <class T>
  constexpr operand<T> operator<=>(const T& left) const noexcept {
    return operand<T>{left};
  }
  constexpr operand<const char*> operator<=>(const char* const& left) const noexcept {
    return operand<const char*>{left};
  }
};
struct decompose_negated {
  template <class T>
  constexpr negated_operand<T> operator<=>(const T& left) const noexcept {
    return negated_operand<T>{left};
  }
};

}  // namespace awaitest::detail
