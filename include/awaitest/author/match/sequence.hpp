// Matchers for sequences, and those made of other matchers.
#pragma once

#include <iterator>
#include <tuple>
#include <vector>

#include "core.hpp"

namespace awaitest {
namespace detail {

std::string listed(const char* before, std::initializer_list<std::string> parts);
/// Whether each of `rows` can be given a column of its own where `fits` is set: bipartite matching by augmenting paths.
bool assignable(const std::vector<std::vector<bool>>& fits);

/// The elements of V are what M matches.
template <class M, class V>
concept element_matcher = requires(const M& m, const V& value) {
  { m.matches(*std::begin(value)) } -> std::convertible_to<bool>;
};
template <class V>
concept sized = text_like<V> || requires(const V& value) { std::begin(value) == std::end(value); };

template <class M, bool IsText>
class contains_matcher {
 public:
  contains_matcher(std::string text, M wanted) : text_{std::move(text)}, wanted_(std::move(wanted)) {}
  template <class V>
    requires(IsText && text_like<V>) || element_matcher<M, V>
  bool matches(const V& value) const {
    if constexpr (IsText && text_like<V>) {
      return std::string_view{value}.find(text_) != std::string_view::npos;
    } else {
      for (const auto& element : value)
        if (wanted_.matches(element)) return true;
      return false;
    }
  }
  std::string describe() const {
    return IsText ? "contains " + text_of(text_) : "contains an element " + std::string(wanted_.describe());
  }

 private:
  std::string text_;  // the wanted element as text, when it is one
  M wanted_;
};

template <class M>
class each_matcher {
 public:
  explicit each_matcher(M wanted) : wanted_(std::move(wanted)) {}
  template <class V>
    requires element_matcher<M, V>
  bool matches(const V& value) const {
    return first_wrong(value) < 0;
  }
  std::string describe() const { return "each element " + std::string(wanted_.describe()); }
  template <class V>
  std::string explain(const V& value) const {
    return "element " + text_of(first_wrong(value)) + " does not match";
  }

 private:
  template <class V>
  long first_wrong(const V& value) const {
    long index = 0;
    for (const auto& element : value) {
      if (!wanted_.matches(element)) return index;
      ++index;
    }
    return -1;
  }
  M wanted_;
};

template <bool All, class... M>
class combined_matcher {
 public:
  explicit combined_matcher(M... parts) : parts_(std::move(parts)...) {}
  template <class V>
    requires(matcher<M, V> && ...)
  bool matches(const V& value) const {
    return std::apply(
        [&](const M&... m) { return All ? (m.matches(value) && ...) : (m.matches(value) || ...); }, parts_);
  }
  std::string describe() const {
    return std::apply([](const M&... m) { return listed(All ? "all of" : "any of", {m.describe()...}); },
                      parts_);
  }

 private:
  std::tuple<M...> parts_;
};

template <class M>
class not_matcher {
 public:
  explicit not_matcher(M inner) : inner_(std::move(inner)) {}
  template <class V>
    requires matcher<M, V>
  bool matches(const V& value) const {
    return !inner_.matches(value);
  }
  std::string describe() const { return "not (" + std::string(inner_.describe()) + ")"; }

 private:
  M inner_;
};

template <class... M>
class elements_matcher {
 public:
  explicit elements_matcher(M... elements) : elements_(std::move(elements)...) {}
  template <class V>
    requires(element_matcher<M, V> && ...)
  bool matches(const V& value) const {
    return first_wrong(value) < 0;
  }
  std::string describe() const {
    return std::apply([](const M&... m) { return listed("elements are", {m.describe()...}); }, elements_);
  }
  template <class V>
  std::string explain(const V& value) const {
    const auto size = std::distance(std::begin(value), std::end(value));
    if (size != sizeof...(M)) return text_of(size) + " elements instead of " + text_of(sizeof...(M));
    return "element " + text_of(first_wrong(value)) + " does not match";
  }

 private:
  template <class V>
  long first_wrong(const V& value) const {
    auto it = std::begin(value);
    const auto end = std::end(value);
    long index = 0;
    const auto fits = [&](const auto& m) {
      if (it == end || !m.matches(*it)) return false;
      ++it;
      ++index;
      return true;
    };
    const bool all = std::apply([&](const M&... m) { return (fits(m) && ...); }, elements_);
    return all && it == end ? -1 : index;
  }
  std::tuple<M...> elements_;
};

template <class... M>
class unordered_matcher {
 public:
  explicit unordered_matcher(M... elements) : elements_(std::move(elements)...) {}
  template <class V>
    requires(element_matcher<M, V> && ...)
  bool matches(const V& value) const {
    std::vector<std::vector<bool>> fits;
    for (const auto& element : value)
      fits.push_back(std::apply(
          [&](const M&... m) { return std::vector<bool>({static_cast<bool>(m.matches(element))...}); },
          elements_));
    return fits.size() == sizeof...(M) && detail::assignable(fits);
  }
  std::string describe() const {
    return std::apply([](const M&... m) { return listed("elements, in any order, are", {m.describe()...}); },
                      elements_);
  }

 private:
  std::tuple<M...> elements_;
};

template <class M>
class size_matcher {
 public:
  explicit size_matcher(M wanted) : wanted_(std::move(wanted)) {}
  template <class V>
    requires sized<V> && matcher<M, std::size_t>
  bool matches(const V& value) const {
    return wanted_.matches(size_of(value));
  }
  std::string describe() const { return "size " + std::string(wanted_.describe()); }
  template <class V>
  std::string explain(const V& value) const {
    return "the size is " + text_of(size_of(value));
  }

 private:
  template <class V>
  static std::size_t size_of(const V& value) {
    if constexpr (text_like<V>)
      return std::string_view{value}.size();
    else
      return static_cast<std::size_t>(std::distance(std::begin(value), std::end(value)));
  }
  M wanted_;
};

class empty_matcher {
 public:
  empty_matcher() {}
  template <class V>
    requires sized<V>
  bool matches(const V& value) const {
    if constexpr (text_like<V>)
      return std::string_view{value}.empty();
    else
      return std::begin(value) == std::end(value);
  }
  std::string describe() const { return "is empty"; }
};

}  // namespace detail

namespace detail {

// The factories are objects: <algorithm> has functions of some of their names, and argument-dependent lookup finds those
// of std for the matchers that hold a type of std.
struct make_contains {
  template <class T>
  auto operator()(T&& wanted) const {
    std::string text;
    constexpr bool is_text = text_like<std::decay_t<T>>;
    if constexpr (is_text) text = std::string_view{wanted};
    return contains_matcher<matcher_for<T>, is_text>(std::move(text), as_matcher(std::forward<T>(wanted)));
  }
};
template <template <class> class Matcher>
struct make_of_one {
  template <class M>
  auto operator()(M&& inner) const {
    return Matcher<matcher_for<M>>(as_matcher(std::forward<M>(inner)));
  }
};
template <template <class...> class Matcher>
struct make_of_many {
  template <class... M>
  auto operator()(M&&... parts) const {
    return Matcher<matcher_for<M>...>(as_matcher(std::forward<M>(parts))...);
  }
};
template <class... M>
using all_of_matcher = combined_matcher<true, M...>;
template <class... M>
using any_of_matcher = combined_matcher<false, M...>;
struct make_empty {
  empty_matcher operator()() const { return {}; }
};

}  // namespace detail

namespace match {

/// Text with that part in it, or a sequence with a matching element.
inline constexpr detail::make_contains contains{};
inline constexpr detail::make_of_one<detail::each_matcher> each{};
inline constexpr detail::make_of_many<detail::any_of_matcher> any_of{};
inline constexpr detail::make_of_many<detail::all_of_matcher> all_of{};
inline constexpr detail::make_of_one<detail::not_matcher> not_{};
/// As many elements as arguments, each matching its own, in order.
inline constexpr detail::make_of_many<detail::elements_matcher> elements_are{};
inline constexpr detail::make_of_many<detail::unordered_matcher> unordered_elements_are{};
inline constexpr detail::make_of_one<detail::size_matcher> size_is{};
inline constexpr detail::make_empty is_empty{};

}  // namespace match
}  // namespace awaitest
