// The expression of an assertion: taken apart, evaluated once, and explained only when it failed.
//
// `const bool held = (decompose{} <=> EXPR); check(held, ...)` is the shape that g++ 12 compiles correctly when EXPR holds
// a `co_await`, to the right of a `&&` or `||` too: no lambda, no decltype, no negation around it, and neither an argument
// of a call nor converted to a class, where the right side would always be awaited. It is light in a coroutine as well.
// The explanation of a failed comparison waits beside the bool. Decomposition objects are no aggregates, for g++ 12 again.
#pragma once

#include <string>
#include <type_traits>

#include "../async/result.hpp"
#include "../current/current.hpp"
#include "compared.hpp"
#include "print.hpp"

namespace awaitest::detail {

struct
    explanation;  // impl/assertions.hpp: the printed sides; on the heap, handed from the comparison to the report

explanation* explain(printable value);
explanation* explain(printable left, const char* relation, printable right);
/// With what else is to be said of the two.
explanation* explain(printable left, const char* relation, printable right, std::string message);
explanation* explain(bool value);
/// An expression with `&&` or `||`, whose first operand is known.
explanation* explain(bool value, const char* text, unsigned char side);
void discard(explanation* why) noexcept;

/// A passing assertion that cannot simply be counted: throws when a REQUIRE has ended the task before, and
/// otherwise says that no test is running.
explanation* unattended();

inline explanation* passed() {
  if (auto* count = checks) [[likely]] {
    ++*count;
    return nullptr;
  }
  return unattended();
}

/// The explanations of assertions that have become false and are not reported yet: one, and more only while a temporary
/// of an assertion's expression is destroyed and asserts in turn.
struct waiting {
  waiting(explanation* it, waiting* next) noexcept : why{it}, below{next} {}
  explanation* why;
  waiting* below;
};
inline constinit thread_local waiting* top_waiting = nullptr;

AWAITEST_COLD inline void let_wait(explanation* why) { top_waiting = new waiting{why, top_waiting}; }
/// Null where the expression has become bool in another way.
AWAITEST_COLD inline explanation* take_waiting() noexcept {
  auto* const top = top_waiting;
  if (!top) return nullptr;
  auto* const why = top->why;
  top_waiting = top->below;
  delete top;
  return why;
}

/// The first operand of an assertion's `&&` or `||`, as it was seen. The operator is the language's own and evaluates
/// no side in vain: the operand, converted to bool, leaves its value in a local of the assertion, on its way.
namespace first_operand {
inline constexpr unsigned char unseen = 0, was_false = 1, was_true = 2;
/// In addition: a duration follows the expression in the assertion's text.
inline constexpr unsigned char before_a_duration = 4;
constexpr unsigned char with_duration(unsigned char side) noexcept {
  return side == unseen ? side : static_cast<unsigned char>(side | before_a_duration);
}
inline void seen(unsigned char* side, bool value) noexcept {
  if (side) *side = value ? was_true : was_false;
}
}  // namespace first_operand

/// Why an assertion whose expression is `value` cannot just be counted: false, or it belongs to no test.
AWAITEST_COLD inline explanation* why_not(bool value, bool wanted, const char* text, unsigned char side) {
  if (value == wanted) return unattended();
  if (auto* const why = take_waiting()) return why;
  return side != first_operand::unseen ? explain(value, text, side) : explain(value);
}

/// Forgets what waits: a comparison became an operand, or an assertion is to be tried again.
AWAITEST_COLD inline void forget() noexcept {
  if (auto* const why = take_waiting()) discard(why);
}

// The value of a comparison; what is to be said of one that is not as wanted waits. Converted to bool it is the
// assertion: this is implicit. In `a == b && c` it is an operand, which is explicit, and never const. It has no further
// operators: nobody means `0 < a < 3`.
#define AWAITEST_VERDICT(name, wanted)                                            \
  struct name {                                                                   \
    explicit constexpr name(bool is_true, unsigned char* into = nullptr) noexcept \
        : value{is_true}, side{into} {}                                           \
    operator bool() const noexcept { return value; }                              \
    explicit operator bool() noexcept {                                           \
      if (value != wanted) forget();                                              \
      first_operand::seen(side, value);                                           \
      return value;                                                               \
    }                                                                             \
    AWAITEST_NO_OPERATOR(==)                                                      \
    AWAITEST_NO_OPERATOR(!=)                                                      \
    AWAITEST_NO_OPERATOR(<)                                                       \
    AWAITEST_NO_OPERATOR(<=)                                                      \
    AWAITEST_NO_OPERATOR(>)                                                       \
    AWAITEST_NO_OPERATOR(>=)                                                      \
    AWAITEST_NO_OPERATOR(&)                                                       \
    AWAITEST_NO_OPERATOR(|)                                                       \
    AWAITEST_NO_OPERATOR(^)                                                       \
    bool value;                                                                   \
    unsigned char* side;                                                          \
  };
#define AWAITEST_NO_OPERATOR(op)                                                                           \
  template <class R>                                                                                       \
  bool operator op(const R&) const {                                                                       \
    static_assert(std::is_void_v<R>,                                                                       \
                  "an assertion takes one comparison: in place of a == b == c write a == b && b == c, or " \
                  "a == (b == c)");                                                                        \
    return value;                                                                                          \
  }
AWAITEST_VERDICT(verdict, true)
AWAITEST_VERDICT(negated_verdict, false)
#undef AWAITEST_VERDICT
#undef AWAITEST_NO_OPERATOR

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wsign-compare"  // the author's comparison, with the author's types: `size() == 3`
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wfloat-equal"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Waddress"
#pragma GCC diagnostic ignored "-Wzero-as-null-pointer-constant"  // `(a <=> b) < 0`
#endif

// The result of `<=>` compares with the literal 0 alone, which is an int like any other once it is an operand.
#define AWAITEST_RELATION(name, op)                             \
  struct name {                                                 \
    static constexpr const char* text = #op;                    \
    template <class L, class R>                                 \
    static constexpr bool test(const L& left, const R& right) { \
      if constexpr (ordering<L> && std::is_same_v<R, int>)      \
        return right == 0 && left op 0;                         \
      else if constexpr (std::is_same_v<L, int> && ordering<R>) \
        return left == 0 && 0 op right;                         \
      else                                                      \
        return static_cast<bool>(left op right);                \
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

template <class L, class R>
AWAITEST_COLD explanation* explain_sides(const L& left, const char* relation, const R& right) {
  if constexpr (noted<L, R>)
    return explain(printing(left), relation, printing(right), detail::note_on(left, right));
  else
    return explain(printing(left), relation, printing(right));
}

// Out of line, one for each pair of types: an assertion in a test's body is one call, and counting. A volatile operand is
// read once.
template <class Relation, bool Wanted, class L, class R>
AWAITEST_NOINLINE bool compare(const L& left, const R& right) {
  if constexpr (std::is_volatile_v<L> || std::is_volatile_v<R>) {
    const auto& left_now = detail::held_by(left);
    const auto& right_now = detail::held_by(right);
    return detail::compare<Relation, Wanted>(left_now, right_now);
  } else {
    const bool value = Relation::test(left, right);
    if (value != Wanted) [[unlikely]]
      let_wait(detail::explain_sides(left, Relation::text, right));
    return value;
  }
}
template <bool Wanted, class T>
AWAITEST_NOINLINE bool truth(const T& value) {
  if constexpr (std::is_volatile_v<T>) {
    const auto now = detail::held_by(value);
    return detail::truth<Wanted>(now);
  } else {
    const bool is_true = static_cast<bool>(value);
    if (is_true != Wanted) [[unlikely]]
      let_wait(explain(printing(value)));
    return is_true;
  }
}

/// In place of an assertion's value: an operand is an awaitable.
template <class T>
constexpr bool not_awaited() {
  static_assert(
      std::is_void_v<T>,
      "co_await is missing: an assertion takes the value that a coroutine returns, not its awaitable");
  return true;
}

/// The left side of the assertion's expression. Lives until the full expression ends, as what it refers to does.
/// Its operators are for rvalues, which makes them the better match where an operator of the author's takes anything.
#define AWAITEST_OPERAND(name, result, wanted)                                                   \
  template <class T>                                                                             \
  class name {                                                                                   \
   public:                                                                                       \
    constexpr name(const T& value, unsigned char* side) noexcept : value_{value}, side_{side} {} \
    operator bool() const {                                                                      \
      if constexpr (is_awaitable<T>)                                                             \
        return not_awaited<T>();                                                                 \
      else                                                                                       \
        return truth<wanted>(value_);                                                            \
    }                                                                                            \
    explicit operator bool() {                                                                   \
      if constexpr (is_awaitable<T>) {                                                           \
        return not_awaited<T>();                                                                 \
      } else {                                                                                   \
        const bool is_true = static_cast<bool>(value_);                                          \
        first_operand::seen(side_, is_true);                                                     \
        return is_true;                                                                          \
      }                                                                                          \
    }                                                                                            \
    AWAITEST_OPERATOR(==, equal, result, wanted)                                                 \
    AWAITEST_OPERATOR(!=, unequal, result, wanted)                                               \
    AWAITEST_OPERATOR(<, less, result, wanted)                                                   \
    AWAITEST_OPERATOR(<=, less_equal, result, wanted)                                            \
    AWAITEST_OPERATOR(>, greater, result, wanted)                                                \
    AWAITEST_OPERATOR(>=, greater_equal, result, wanted)                                         \
    AWAITEST_OPERATOR(&, bit_and, result, wanted)                                                \
    AWAITEST_OPERATOR(|, bit_or, result, wanted)                                                 \
    AWAITEST_OPERATOR(^, bit_xor, result, wanted)                                                \
                                                                                                 \
   private:                                                                                      \
    const T& value_;                                                                             \
    unsigned char* side_;                                                                        \
  };
#define AWAITEST_OPERATOR(op, relation, result, wanted)               \
  template <class R>                                                  \
  result operator op(const R& right)&& {                              \
    if constexpr (is_awaitable<T> || is_awaitable<R>)                 \
      return result{not_awaited<R>()};                                \
    else                                                              \
      return result{compare<relation, wanted>(value_, right), side_}; \
  }                                                                   \
  result operator op(const char* const& right)&&                      \
    requires std::is_convertible_v<const T&, std::string_view>        \
  {                                                                   \
    return result{compare<relation, wanted>(value_, right), side_};   \
  }
AWAITEST_OPERAND(operand, verdict, true)
AWAITEST_OPERAND(negated_operand, negated_verdict, false)
#undef AWAITEST_OPERAND
#undef AWAITEST_OPERATOR

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

struct decompose {
  constexpr decompose() noexcept {}
  explicit constexpr decompose(unsigned char& into) noexcept : side{&into} {}
  template <class T>
  constexpr operand<T> operator<=>(const T& left) const noexcept {
    return operand<T>{left, side};
  }
  constexpr operand<const char*> operator<=>(const char* const& left) const noexcept {
    return operand<const char*>{left, side};
  }
  unsigned char* side = nullptr;
};
struct decompose_negated {
  constexpr decompose_negated() noexcept {}
  explicit constexpr decompose_negated(unsigned char& into) noexcept : side{&into} {}
  template <class T>
  constexpr negated_operand<T> operator<=>(const T& left) const noexcept {
    return negated_operand<T>{left, side};
  }
  unsigned char* side = nullptr;
};

}  // namespace awaitest::detail
