// Which calls an expectation is for: its matchers, its predicate, and what it captures.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "call.hpp"
#include "expectation_core.hpp"
#include "expected_argument.hpp"

namespace awaitest::detail {

template <class... Args>
struct expectation_of final : expectation_core {
  using record = std::tuple<argument<Args>...>;
  template <class R>
  using full = call_record<R, Args...>;

  struct predicate {
    virtual ~predicate() = default;
    virtual bool holds(const record& arguments) const = 0;
  };
  template <class F>
  struct predicate_of final : predicate {
    explicit predicate_of(F&& given) : function(std::move(given)) {}
    bool holds(const record& arguments) const override {
      return std::apply([this](const auto&... each) { return static_cast<bool>(function(each.get()...)); },
                        arguments);
    }
    F function;
  };
  template <class... To>
  struct capture_of final : predicate {
    explicit capture_of(To&... to) : into(to...) {}
    bool holds(const record& arguments) const override {
      put(arguments, std::index_sequence_for<To...>{});
      return true;
    }
    template <std::size_t... I>
    void put(const record& arguments, std::index_sequence<I...>) const {
      (put_one(std::get<I>(into), std::get<I>(arguments).get()), ...);
    }
    template <class T, class V>
    static void put_one(T& to, const V& value) {
      if constexpr (std::is_same_v<std::remove_cv_t<T>, std::remove_cv_t<decltype(std::ignore)>>)
        return;
      else if constexpr (requires { to.push_back(value); } && !std::is_assignable_v<T&, const V&>)
        to.push_back(value);
      else
        to = value;
    }
    std::tuple<To&...> into;
  };

  // Both directions of one cast: a mock's expectations only ever see that mock's records.
  const record& arguments_of(const call_core& call) const { return *arguments(call); }

  bool matches(const call_core& call) const override {
    const auto& given = arguments_of(call);
    return all_match(given, std::index_sequence_for<Args...>{}) && (!condition || condition->holds(given));
  }
  void describe(std::string& out) const override { describe_all(out, std::index_sequence_for<Args...>{}); }
  void mismatch(const call_core& call, std::vector<argument_mismatch>& out) const override {
    const auto& given = arguments_of(call);
    mismatch_all(given, call.returned, out, std::index_sequence_for<Args...>{});
    if (condition && out.empty() && !((argument<Args>::borrowed || ...) && call.returned) &&
        !condition->holds(given))
      detail::put_mismatch(out);
  }
  void capture(const call_core& call) const override {
    for (const auto& one : captures) one->holds(arguments_of(call));
  }

  template <std::size_t... I>
  bool all_match(const record& given, std::index_sequence<I...>) const {
    if (wanted.empty()) return true;
    return (std::get<I>(wanted.front()).matches(std::get<I>(given).get()) && ...);
  }
  template <std::size_t... I>
  void describe_all(std::string& out, std::index_sequence<I...>) const {
    [[maybe_unused]] const char* separator = "";
    if (wanted.empty())
      out += sizeof...(I) ? "any arguments" : "";
    else
      ((out += std::exchange(separator, ", "), put_expected(out, std::get<I>(wanted.front()).describe())),
       ...);
  }
  template <std::size_t... I>
  void mismatch_all(const record& given, [[maybe_unused]] bool returned, std::vector<argument_mismatch>& out,
                    std::index_sequence<I...>) const {
    if (wanted.empty()) return;
    [[maybe_unused]] const auto one = [&out, returned](std::size_t at, const auto& expected,
                                                       const auto& argument) {
      if ((argument.borrowed && returned) || expected.matches(argument.get())) return;
      std::string got;
      argument.put(got);
      detail::put_mismatch(out, at, expected.describe(), std::move(got), expected.explain(argument.get()));
    };
    (one(I, std::get<I>(wanted.front()), std::get<I>(given)), ...);
  }

  const record* (*get)(const call_core&) = nullptr;
  const record* arguments(const call_core& call) const { return get(call); }
  std::vector<std::tuple<expected_argument<typename argument<Args>::type>...>> wanted;  // one, or none: any
  std::shared_ptr<predicate> condition;
  std::vector<std::shared_ptr<predicate>> captures;
};

template <class R, class... Args>
const std::tuple<argument<Args>...>* arguments_of(const call_core& call) {
  return &static_cast<const call_record<R, Args...>&>(call).arguments;
}

}  // namespace awaitest::detail
