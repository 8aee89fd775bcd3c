// Matchers for text, numbers, members and errors.
#pragma once

#include <exception>
#include <memory>
#include <system_error>

#include "../current/current.hpp"
#include "core.hpp"

namespace awaitest {
namespace detail {

enum class text_relation : unsigned char { starts, ends };

class text_matcher {
 public:
  text_matcher(text_relation how, std::string_view wanted) : how_{how}, wanted_{wanted} {}
  bool matches(std::string_view value) const {
    return how_ == text_relation::starts ? value.starts_with(wanted_) : value.ends_with(wanted_);
  }
  std::string describe() const {
    return (how_ == text_relation::starts ? "starts with " : "ends with ") + text_of(wanted_);
  }

 private:
  text_relation how_;
  std::string wanted_;
};

/// <regex> stays out of the test file: impl/match.hpp.
class regex_matcher {
 public:
  explicit regex_matcher(std::string_view pattern);
  bool matches(std::string_view value) const;
  std::string describe() const;

 private:
  struct compiled;
  std::string pattern_;
  std::shared_ptr<const compiled> regex_;
};

class near_matcher {
 public:
  near_matcher(double wanted, double tolerance) : wanted_{wanted}, tolerance_{tolerance} {}
  bool matches(double value) const {
    const double distance = value > wanted_ ? value - wanted_ : wanted_ - value;
    return distance <= tolerance_ || (value >= wanted_ && value <= wanted_);  // infinities, too
  }
  std::string describe() const { return "within " + text_of(tolerance_) + " of " + text_of(wanted_); }
  std::string explain(double value) const;

 private:
  double wanted_, tolerance_;
};

template <class Member, class M>
class field_matcher {
 public:
  field_matcher(Member member, M wanted) : member_{member}, wanted_(std::move(wanted)) {}
  template <class V>
    requires matcher<M, std::remove_cvref_t<std::invoke_result_t<const Member&, const V&>>>
  bool matches(const V& value) const {
    return wanted_.matches(read(value));
  }
  std::string describe() const { return "a field that is " + std::string(wanted_.describe()); }
  template <class V>
  std::string explain(const V& value) const {
    return "the field is " + text_of(read(value));
  }

 private:
  template <class V>
  decltype(auto) read(const V& value) const {
    if constexpr (std::is_member_function_pointer_v<Member>)
      return (value.*member_)();
    else if constexpr (std::is_member_object_pointer_v<Member>)
      return (value.*member_);
    else
      return member_(value);
  }
  Member member_;
  M wanted_;
};

/// Matches a std::system_error, an error code, an exception_ptr, or a callable that throws one.
class error_matcher {
 public:
  explicit error_matcher(std::error_code wanted) : code_{wanted}, by_code_{true} {}
  explicit error_matcher(std::error_condition wanted) : condition_{wanted} {}
  bool matches(const std::error_code& value) const { return by_code_ ? value == code_ : value == condition_; }
  bool matches(const std::system_error& value) const { return matches(value.code()); }
  bool matches(const std::exception_ptr& value) const;
  template <class F>
    requires std::is_invocable_v<const F&>
  bool matches(const F& call) const {
    thrown_ = thrown_by(call);
    return matches(thrown_);
  }
  std::string describe() const;
  std::string explain(const std::exception_ptr& value) const;
  template <class F>
    requires std::is_invocable_v<const F&>
  std::string explain(const F&) const {
    return explain(thrown_);
  }

 private:
  template <class F>
  static std::exception_ptr thrown_by(const F& call) {
    try {
      static_cast<void>(call());
      return nullptr;
    } catch (const task_ended&) {
      throw;
    } catch (...) {
      return std::current_exception();
    }
  }
  std::error_code code_;
  std::error_condition condition_;
  bool by_code_ = false;
  mutable std::exception_ptr thrown_;  // by the callable that was matched last: it is called once
};

}  // namespace detail

namespace match {

inline auto starts_with(std::string_view text) {
  return detail::text_matcher(detail::text_relation::starts, text);
}
inline auto ends_with(std::string_view text) {
  return detail::text_matcher(detail::text_relation::ends, text);
}
/// The whole text, of any length, matches the ECMAScript regular expression. A bad pattern throws std::invalid_argument, naming it.
/// With a back-reference and libstdc++ the text has at most 4000 characters: std::length_error says so.
inline auto matches(std::string_view pattern) { return detail::regex_matcher(pattern); }
// <windows.h> has an empty macro of that name, on which its other headers rely. A file that calls near() undefines it.
#pragma push_macro("near")
#undef near
/// A number at most `tolerance` away.
inline auto near(double wanted, double tolerance) { return detail::near_matcher(wanted, tolerance); }
#pragma pop_macro("near")
/// A data member or a getter whose value is matched: `field(&user::id, ge(1))`.
template <class Member, class M>
auto field(Member member, M&& wanted) {
  return detail::field_matcher<Member, detail::matcher_for<M>>(member,
                                                               detail::as_matcher(std::forward<M>(wanted)));
}
inline auto throws_error(std::error_code wanted) { return detail::error_matcher(wanted); }
inline auto throws_error(std::error_condition wanted) { return detail::error_matcher(wanted); }

}  // namespace match
}  // namespace awaitest
