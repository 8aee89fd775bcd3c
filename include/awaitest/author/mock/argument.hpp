// What a mock keeps of the arguments of a call, and what an expectation compares them with.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../match/core.hpp"
#include "lasting.hpp"

namespace awaitest {

/// The text that a `const char*` pointed to when the mock was called; or the null pointer, which equals no text.
class recorded_text : public std::string {
 public:
  recorded_text(std::nullptr_t) : null_{true} {}
  recorded_text(const char* text) : std::string(text ? text : ""), null_{!text} {}
  /// Not more than `most` of it: nothing behind is read, so it need not end with a zero.
  recorded_text(const char* text, std::size_t most) : null_{!text} {
    for (std::size_t i = 0; text && i != most && text[i] != 0; ++i) push_back(text[i]);
  }
  recorded_text(std::string text) : std::string(std::move(text)) {}
  explicit recorded_text(std::string_view text) : std::string(text) {}

  bool is_null() const noexcept { return null_; }

  friend bool operator==(const recorded_text& a, const recorded_text& b) noexcept {
    return a.null_ == b.null_ && a.text() == b.text();
  }
  friend bool operator==(const recorded_text& a, std::nullptr_t) noexcept { return a.null_; }
  friend bool operator==(const recorded_text& a, const char* b) noexcept {
    return b ? a == std::string_view(b) : a.null_;
  }
  friend bool operator==(const recorded_text& a, const std::string& b) noexcept {
    return a == std::string_view(b);
  }
  friend bool operator==(const recorded_text& a, std::string_view b) noexcept {
    return !a.null_ && a.text() == b;
  }

 private:
  std::string_view text() const noexcept { return {data(), size()}; }
  bool null_ = false;
};

/// What a mock records of an argument: a copy. Of a view, a copy of what it shows, so that the record may outlive it.
/// The text of a `const char*` ends with a zero; where the parameter behind is a std::size_t, that is taken for a
/// length, and nothing behind it is read. Other pointers, `char*` among them, are kept as they are, and what they point to
/// is read by matchers only. Specialise it for views of your own; `type` is to be constructible from a `const T&`.
template <class T>
struct recorded_as {
  using type = T;
};
template <class C, class Traits>
struct recorded_as<std::basic_string_view<C, Traits>> {
  using type = std::basic_string<C, Traits>;
};
template <>
struct recorded_as<const char*> {
  using type = recorded_text;
};
template <class T>
struct recorded_as<std::initializer_list<T>> {
  using type = std::vector<typename recorded_as<T>::type>;
};
/// Other views of text.
template <class T>
  requires(
      detail::view_of_constants<T> && !requires { T::extent; } &&
      requires(const T& v) {
        v.begin();
        typename T::traits_type;
      })
struct recorded_as<T> {
  using type = std::basic_string<detail::viewed<T>>;
};
template <class T>
  requires(std::is_constructible_v<std::optional<typename recorded_as<T>::type>, const std::optional<T>&> &&
           std::is_convertible_v<const std::optional<typename recorded_as<T>::type>&, std::optional<T>>)
struct recorded_as<std::optional<T>> {
  using type = std::optional<typename recorded_as<T>::type>;
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
                  given.begin();
                  given.end();
                } && !std::is_constructible_v<type, const T&>)
    return type(given.begin(), given.end());
  else
    return type(given);
}

template <class T>
void put_argument(std::string& out, const T& value) {
  printed text;
  print_into<T>(text, std::addressof(value));
  if (text.is_text)
    detail::put_text(out, text.text);
  else
    out += text.text;
}

template <class T>
inline constexpr bool is_pointer_to_text = std::is_pointer_v<T> && text_like<T>;

/// Whether a record of that type has all that its printing reads. One that can be copied bit by bit owns nothing: what it
/// points to, where it does, is the caller's.
template <class T>
constexpr bool owns_what_is_printed() {
  if constexpr (!std::is_class_v<T> && !std::is_union_v<T>)
    return !is_pointer_to_text<T>;
  else if constexpr (!std::is_copy_constructible_v<T>)
    return false;
  else if constexpr (duration_like<T> || std::is_same_v<T, std::error_code> || std::is_empty_v<T>)
    return true;
  else if constexpr (std::is_trivially_copyable_v<T>)
    return false;
  else if constexpr (requires { typename T::value_type; } && !text_like<T>)
    return std::is_same_v<typename T::value_type, T> || owns_what_is_printed<typename T::value_type>();
  else
    return true;
}

/// The print of an argument: of the record, or, where that is not enough, the one made when the mock was called.
template <class T, bool AtCall = !owns_what_is_printed<T>()>
struct shown_argument {
  explicit shown_argument(const T&) noexcept {}
  void put(std::string& out, const T& record) const { detail::put_argument(out, record); }
};
template <class T>
struct shown_argument<T, true> {
  explicit shown_argument(const T& given) { print(given); }
  void put(std::string& out, const T&) const { out += text; }
  std::string text;

 private:
  void print(const T& given) {
    if constexpr (is_pointer_to_text<T>) {
      detail::put_address(text, given);
    } else {
      try {
        detail::put_argument(text, given);
      } catch (...) {
        text = "{?}";
      }
    }
  }
};

/// One argument of a recorded call, of a parameter declared as A. `get()` is the record; `pass()` is what an action is
/// called with: the record where that will do, what the caller passed where the action may write to it. `borrowed`: the
/// caller has what the record points to, so that it is not looked at unasked after the call.
template <class A>
struct argument {
  using plain = std::remove_cvref_t<A>;
  using type = typename recorded_as<plain>::type;
  static constexpr bool copied = std::is_copy_constructible_v<plain>;
  static constexpr bool borrowed = std::is_pointer_v<plain>;

  template <class G>
  explicit argument(G&& given) : value{make(std::forward<G>(given))}, shown(value) {}
  const type& get() const noexcept { return value; }
  const type& pass() noexcept { return value; }
  plain&& pass_on() noexcept
    requires std::is_same_v<plain, type>
  {
    return std::move(value);
  }
  void put(std::string& out) const { shown.put(out, value); }
  type value;
  [[no_unique_address]] shown_argument<type> shown;

 private:
  template <class G>
  static type make(G&& given) {
    if constexpr (std::is_same_v<plain, type>)
      return plain(std::forward<G>(given));
    else
      return detail::make_recorded<plain>(given);
  }
};
template <class A>
inline constexpr bool is_c_text =
    std::is_same_v<std::remove_cvref_t<A>, const char*> &&
    !(std::is_lvalue_reference_v<A> && !std::is_const_v<std::remove_reference_t<A>>);
template <class A>
  requires is_c_text<A>
struct argument<A> {
  using type = recorded_text;
  static constexpr bool copied = true;
  static constexpr bool borrowed = false;
  explicit argument(const char* given) : value(given) {}
  argument(const char* given, std::size_t most) : value(given, most) {}
  const type& get() const noexcept { return value; }
  const char* pass() const noexcept { return value.is_null() ? nullptr : value.c_str(); }
  void put(std::string& out) const { detail::put_argument(out, value); }
  type value;
};
/// The caller's own object: an action may write to it, as the real function would.
template <class T>
  requires(!std::is_const_v<T> && std::is_copy_constructible_v<T>)
struct argument<T&> {
  using type = typename recorded_as<T>::type;
  static constexpr bool copied = true;
  static constexpr bool borrowed = std::is_pointer_v<type>;
  explicit argument(T& given)
      : value(detail::make_recorded<T>(given)), original{std::addressof(given)}, shown(value) {}
  const type& get() const noexcept { return value; }
  T& pass() const noexcept { return *original; }
  void put(std::string& out) const { shown.put(out, value); }
  type value;
  T* original;
  [[no_unique_address]] shown_argument<type> shown;
};
/// An object that cannot be copied is recorded by its address, to be looked at while the caller keeps it; how it prints, at the call.
template <class T>
  requires(!std::is_copy_constructible_v<std::remove_const_t<T>>)
struct argument<T&> {
  using type = std::remove_const_t<T>;
  static constexpr bool copied = false;
  static constexpr bool borrowed = true;
  explicit argument(T& given) : original{std::addressof(given)}, shown(given) {}
  const type& get() const noexcept { return *original; }
  T& pass() const noexcept { return *original; }
  void put(std::string& out) const { out += shown.text; }
  T* original;
  shown_argument<type, true> shown;
};

/// The N-th argument of a call. A std::size_t behind a text is its length.
template <class A, std::size_t N, class Given>
argument<A> make_argument(Given& given) {
  using own = std::tuple_element_t<N, Given>;
  if constexpr (is_c_text<A> && N + 1 < std::tuple_size_v<Given>) {
    using next = std::tuple_element_t<N + 1, Given>;
    if constexpr (std::is_same_v<std::remove_cvref_t<next>, std::size_t>)
      return argument<A>(std::get<N>(given), std::get<N + 1>(given));
    else
      return argument<A>(static_cast<own>(std::get<N>(given)));
  } else {
    return argument<A>(static_cast<own>(std::get<N>(given)));
  }
}

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
                         !(std::is_null_pointer_v<given> && text_like<T> &&
                           !std::is_same_v<T, recorded_text> && !std::is_pointer_v<T>) &&
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

  /// The elements of a container, in braces.
  template <class E>
    requires(std::is_class_v<T> && !text_like<T> && std::is_constructible_v<T, const E*, const E*> &&
             std::is_constructible_v<typename T::value_type, const E&>)
  expected_argument(std::initializer_list<E> elements)
      : expected_argument(T(elements.begin(), elements.end())) {}

  bool matches(const T& value) const { return !matcher_ || matcher_->matches(value); }
  std::string describe() const { return matcher_ ? matcher_->describe() : "_"; }
  std::string explain(const T& value) const { return matcher_ ? matcher_->explain(value) : std::string{}; }

 private:
  std::unique_ptr<any_matcher<T>> matcher_;
};

void put_expected(std::string& out, std::string described);
void put_mismatch(std::string& out, std::size_t argument, const std::string& wanted, printable got,
                  const std::string& explained);

inline void print_as_written(printed& out, const void* text) {
  out.text = *static_cast<const std::string*>(text);
}

}  // namespace detail
}  // namespace awaitest
