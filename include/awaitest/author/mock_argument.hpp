// What a mock keeps of the arguments of a call, and what an expectation compares them with.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "match_core.hpp"

namespace awaitest {

/// What a mock records of an argument: a copy. Of a view, a copy of what it shows, so that the record may outlive it.
/// Specialise it for views of your own; `type` is to be constructible from a `const T&`.
template <class T>
struct recorded_as {
  using type = T;
};
template <>
struct recorded_as<std::string_view> {
  using type = std::string;
};
template <class T>
  requires requires(const T& v) {  // std::span, without its header
    typename T::element_type;
    T::extent;
    v.data();
    v.size();
  }
struct recorded_as<T> {
  using type = std::vector<std::remove_cv_t<typename T::element_type>>;
};

namespace detail {

template <class T>
auto make_recorded(const auto& given) {
  using type = typename recorded_as<T>::type;
  if constexpr (requires {
                  typename T::element_type;
                  given.begin();
                } && !std::is_constructible_v<type, const T&>)
    return type(given.begin(), given.end());
  else
    return type(given);
}

/// One argument of a recorded call, of a parameter declared as A. `get()` is the record; `pass()` is what an action is
/// called with: the record where that will do, what the caller passed where the action may write to it.
template <class A>
struct argument {
  using plain = std::remove_cvref_t<A>;
  using type = typename recorded_as<plain>::type;
  static constexpr bool copied = std::is_copy_constructible_v<plain>;

  template <class G>
  explicit argument(G&& given) : value{make(std::forward<G>(given))} {}
  const type& get() const noexcept { return value; }
  const type& pass() noexcept { return value; }
  plain&& pass_on() noexcept
    requires std::is_same_v<plain, type>
  {
    return std::move(value);
  }
  type value;

 private:
  template <class G>
  static type make(G&& given) {
    if constexpr (std::is_same_v<plain, type>)
      return plain(std::forward<G>(given));
    else
      return make_recorded<plain>(given);
  }
};
/// Text that ends with a zero byte; a null pointer is recorded as empty.
template <>
struct argument<const char*> {
  using type = std::string;
  static constexpr bool copied = true;
  explicit argument(const char* given) : value{given ? given : ""} {}
  const type& get() const noexcept { return value; }
  const char* pass() const noexcept { return value.c_str(); }
  type value;
};
/// The caller's own object: an action may write to it, as the real function would.
template <class T>
  requires(!std::is_const_v<T> && std::is_copy_constructible_v<T>)
struct argument<T&> {
  using type = T;
  static constexpr bool copied = true;
  explicit argument(T& given) : value(given), original{std::addressof(given)} {}
  const type& get() const noexcept { return value; }
  T& pass() const noexcept { return *original; }
  type value;
  T* original;
};
/// What cannot be copied is recorded by its address, to be looked at while the caller keeps it.
template <class T>
  requires(!std::is_copy_constructible_v<std::remove_const_t<T>>)
struct argument<T&> {
  using type = std::remove_const_t<T>;
  static constexpr bool copied = false;
  explicit argument(T& given) : original{std::addressof(given)} {}
  const type& get() const noexcept { return *original; }
  T& pass() const noexcept { return *original; }
  T* original;
};

/// A matcher with its type taken away.
template <class T>
struct any_matcher {
  virtual ~any_matcher() = default;
  virtual bool matches(const T& value) const = 0;
  virtual std::string describe() const = 0;
  virtual std::string explain(const T& value) const = 0;
};
template <class T, class M>
struct any_matcher_of final : any_matcher<T> {
  explicit any_matcher_of(M&& wanted) : matcher(std::move(wanted)) {}
  bool matches(const T& value) const override { return matcher.matches(value); }
  std::string describe() const override { return matcher.describe(); }
  std::string explain(const T& value) const override { return explanation_of(matcher, value); }
  M matcher;
};

template <class M>
inline constexpr bool matches_anything = std::is_same_v<std::remove_cvref_t<M>, anything>;

/// What is expected of one argument: a matcher, or a value that is to be equal.
template <class T>
class expected_argument {
 public:
  template <class M>
    requires(!std::is_same_v<std::remove_cvref_t<M>, expected_argument>)
  expected_argument(M&& wanted) {
    using given = std::decay_t<M>;
    if constexpr (matches_anything<M>) {
    } else if constexpr (described<given>) {
      static_assert(matcher<given, T>, "this matcher knows no values of the argument's type");
      matcher_ = std::make_unique<any_matcher_of<T, given>>(given(std::forward<M>(wanted)));
    } else if constexpr (std::equality_comparable<T> && std::copy_constructible<T> &&
                         requires { T{std::forward<M>(wanted)}; }) {
      matcher_ =
          std::make_unique<any_matcher_of<T, eq_matcher<T>>>(eq_matcher<T>{T(std::forward<M>(wanted))});
    } else {
      using kept_value = kept<given>;
      static_assert(matcher<eq_matcher<kept_value>, T>,
                    "the argument cannot be compared with this value by ==: give expect() a matcher");
      matcher_ = std::make_unique<any_matcher_of<T, eq_matcher<kept_value>>>(
          eq_matcher<kept_value>{kept_value(std::forward<M>(wanted))});
    }
  }

  bool matches(const T& value) const { return !matcher_ || matcher_->matches(value); }
  std::string describe() const { return matcher_ ? matcher_->describe() : "_"; }
  std::string explain(const T& value) const { return matcher_ ? matcher_->explain(value) : std::string{}; }

 private:
  std::unique_ptr<any_matcher<T>> matcher_;
};

void put_expected(std::string& out, std::string described);
void put_mismatch(std::string& out, std::size_t argument, const std::string& wanted, printable got,
                  const std::string& explained);

template <class T>
void put_argument(std::string& out, const T& value) {
  printed text;
  print_into<T>(text, std::addressof(value));
  if (text.is_text)
    detail::put_text(out, text.text);
  else
    out += text.text;
}

}  // namespace detail
}  // namespace awaitest
