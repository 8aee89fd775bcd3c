// Values as text, for failures. Every type compiles: what cannot be read is named by its type. Longer than other headers: the
// order of the cases of `put` and `put_class` is what decides, and stands in one place.
#pragma once

#include <fmt/core.h>

#include <exception>
#include <iosfwd>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../../config.hpp"
#include "../../model/printed.hpp"
#include "member_names.hpp"
#include "print_traits.hpp"

namespace awaitest::detail {

// The printers of everything that is no template stand in impl/print.hpp: a test file only names them.
void put_bool(std::string& out, bool value);
void put_int(std::string& out, long long value);
void put_uint(std::string& out, unsigned long long value);
void put_float(std::string& out, float value);
void put_double(std::string& out, double value);
void put_double(std::string& out, long double value);
void put_char(std::string& out, char value);
void put_text(std::string& out, std::string_view value);  // quoted and escaped
void put_address(std::string& out, const volatile void* value);
void put_error(std::string& out, const std::error_code& value);
void put_error(std::string& out, const std::error_condition& value);
void put_exception(std::string& out, const std::exception_ptr& value);
void put_exception(std::string& out, const std::exception& value);
void put_duration(std::string& out, long long count, long long num, long long den);
void put_duration(std::string& out, double count, long long num, long long den);
void put_enum(std::string& out, std::string_view type, long long value, const char* spelled);
void put_enum(std::string& out, std::string_view type, unsigned long long value, const char* spelled);
/// A compiler's spelling of a type, as a person would write it.
std::string readable_type(std::string_view type);
void put_bytes(std::string& out, std::size_t size);
void put_unknown(std::string& out, std::string_view type, std::size_t size);
void put_formatted(std::string& out, fmt::format_args value);
void put_streamed(std::string& out, const void* value, void (*write)(std::ostream&, const void*));

template <class T>
constexpr std::string_view type_name() {
  constexpr std::string_view all = __PRETTY_FUNCTION__;  // "... [with T = int; ...]" or "... [T = int]"
  constexpr auto from = all.find("T = ") + 4;
  constexpr auto to = all.find_first_of(";]", from);
  return all.substr(from, all[to] == ';' ? to - from : all.size() - 1 - from);
}

// An enumerator's name, out of the compiler's own spelling of it as a template argument (the technique of magic_enum).
// Only for a fixed underlying type, where every value is a valid constant.
template <class E, E V>
constexpr const char* enumerator() {
  return __PRETTY_FUNCTION__;
}
template <class E, std::size_t... I>
const char* enumerator_of(unsigned long long value, std::index_sequence<I...>) {
  static constexpr const char* names[] = {enumerator<E, static_cast<E>(I)>()...};
  return value < sizeof...(I) ? names[value] : nullptr;  // negative ones have become large
}

template <class T>
void put(std::string& out, const T& value);

/// A type that is text by a conversion of its own, which may throw, and that a stream can print instead.
template <class T>
concept text_or_stream = std::is_class_v<T> && !std::is_same_v<T, std::string> &&
                         !std::is_same_v<T, std::string_view> && streamable<T>;

template <class T>
void put_by_stream(std::string& out, const T& value) {
  detail::put_streamed(out, &value,
                       [](std::ostream& to, const void* what) { to << *static_cast<const T*>(what); });
}
/// `write`, which appends to the text; or, when that throws, the value's operator<<, where it has one. Of two conversions one may
/// be for some values only: that of a JSON value to a string.
template <class T, class Write>
void put_or_stream(std::string& out, const T& value, Write write) {
  if constexpr (text_or_stream<T>) {
    const auto before = out.size();
    try {
      return write();
    } catch (...) {
      out.resize(before);
    }
    detail::put_by_stream(out, value);
  } else {
    write();
  }
}
/// The characters of a text. An array need not end with a null character.
template <class T>
std::string_view text_in(const T& value) {
  if constexpr (std::is_array_v<T>) {
    const std::string_view all(value, std::extent_v<T>);
    return all.substr(0, all.find('\0'));
  } else {
    return value;
  }
}

template <ordering T>
constexpr const char* ordering_name(T value) {
  if (std::is_lt(value)) return "less";
  if (std::is_gt(value)) return "greater";
  if (std::is_eq(value)) return std::is_same_v<T, std::strong_ordering> ? "equal" : "equivalent";
  return "unordered";
}

template <class Range>
void put_elements(std::string& out, const Range& range, printed* whole) {
  constexpr bool map = requires { typename Range::mapped_type; };
  if (whole) whole->by_key = requires { typename Range::key_type; };
  out += map ? "{" : "[";
  bool first = true;
  for (auto&& element : range) {
    if (!first) out += ", ";
    first = false;
    if (whole) whole->elements.push_back(static_cast<std::uint32_t>(out.size()));
    if constexpr (map) {
      put(out, element.first);
      if (whole) whole->keys.push_back(static_cast<std::uint32_t>(out.size()));
      out += ": ";
      put(out, element.second);
    } else {
      put<std::remove_cvref_t<decltype(*std::begin(range))>>(out, element);
    }
  }
  out += map ? "}" : "]";
}

/// The members of an aggregate, as its designated initialisers are written where their names are known.
class member_printer {
 public:
  /// `whole`: told where the members are; may be null. `names`: one for each member, empty where they are not known.
  member_printer(std::string& out, printed* whole, const std::string_view* names) noexcept
      : out_{out}, whole_{whole}, names_{names} {}
  void begin();

 private:
  std::string& out_;
  printed* whole_;
  const std::string_view* names_;
  std::size_t count_ = 0;
};

template <class T>
void put_class(std::string& out, const T& value, [[maybe_unused]] printed* whole = nullptr) {
  if constexpr (std::is_same_v<T, std::error_code> || std::is_same_v<T, std::error_condition>) {
    put_error(out, value);
  } else if constexpr (std::is_same_v<T, std::exception_ptr> || std::is_base_of_v<std::exception, T>) {
    detail::put_exception(out, value);
  } else if constexpr (ordering<T>) {
    out += detail::ordering_name(value);
  } else if constexpr (requires { value.awaitest_print(out); }) {
    value.awaitest_print(out);
  } else if constexpr (sequence<T> && requires { typename T::allocator_type; }) {
    detail::put_elements(out, value, nullptr);
  } else if constexpr (duration_like<T>) {
    using count = std::conditional_t<std::is_floating_point_v<typename T::rep>, double, long long>;
    detail::put_duration(out, static_cast<count>(value.count()), T::period::num, T::period::den);
  } else if constexpr (atomic_like<T>) {
    put<typename T::value_type>(out, value.load());
  } else if constexpr (bool_like<T>) {
    if constexpr (requires { value.operator bool(); }) {
      detail::put_bool(out, value.operator bool());
    } else {
      auto function = +value;  // a variable: g++ warns where it sees that a closure's function is never null
      detail::put_bool(out, function != nullptr);
    }
  } else if constexpr (fmt::is_formattable<T, char>::value) {
    detail::put_formatted(out, fmt::make_format_args(value));
  } else if constexpr (smart_pointer<T>) {
    put_address(out, static_cast<const volatile void*>(value.get()));
  } else if constexpr (buffer_like<T>) {
    put_bytes(out, value.size());
  } else if constexpr (streamable<T>) {
    detail::put_by_stream(out, value);
  } else if constexpr (optional_like<T>) {
    constexpr bool expected = requires { value.error(); };
    if (value.has_value()) {
      out += expected ? "expected(" : "optional(";
      put(out, *value);
      out += ')';
    } else if constexpr (expected) {
      out += "unexpected(";
      put(out, value.error());
      out += ')';
    } else {
      out += "nullopt";
    }
  } else if constexpr (requires { value.valueless_by_exception(); }) {
    if (value.valueless_by_exception())
      out += "valueless";
    else
      visit([&out](const auto& held) { put(out, held); }, value);
  } else if constexpr (sequence<T>) {
    put_elements(out, value, nullptr);
  } else if constexpr (requires { std::tuple_size<T>::value; }) {
    out += '(';
    std::apply(
        [&out](const auto&... element) {
          [[maybe_unused]] const char* separator = "";
          ((out += std::exchange(separator, ", "), put(out, element)), ...);
        },
        value);
    out += ')';
  } else if constexpr (requires { value.time_since_epoch(); }) {
    detail::put(out, value.time_since_epoch());
    out += " since the clock's epoch";
  } else if constexpr (has_members<T>()) {
    static constexpr auto names = detail::names_of_members<T>(std::make_index_sequence<members_of<T>()>{});
    member_printer each{out, whole, names.data()};
    detail::each_member<members_of<T>()>(value, [&]<class M>(const M& member) {
      each.begin();
      if constexpr (std::is_volatile_v<M>) {
        const auto now = detail::held_by(member);
        put(out, now);
      } else if constexpr (std::is_same_v<M, char*>) {  // perhaps no text: a buffer
        detail::put_address(out, member);
      } else {
        put<M>(out, member);
      }
    });
    out += '}';
  } else {
    put_unknown(out, type_name<T>(), sizeof(T));
  }
}

/// A class or union that is printed by `put_class`: it is no text, and is not converted to one.
template <class T>
concept prints_as_class =
    (std::is_class_v<T> || std::is_union_v<T>) && !recorded_pointer<T> && !text_like<T> &&
    !std::is_error_code_enum<T>::value &&
    (!std::is_convertible_v<const T&, std::string> || fmt::is_formattable<T, char>::value);

template <class T>
void put(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    put_bool(out, value);
  } else if constexpr (std::is_same_v<T, char>) {
    put_char(out, value);
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (std::is_signed_v<T>)
      detail::put_int(out, value);
    else
      detail::put_uint(out, value);
  } else if constexpr (std::is_same_v<T, float>) {
    put_float(out, value);
  } else if constexpr (std::is_floating_point_v<T>) {
    put_double(out, value);
  } else if constexpr (std::is_null_pointer_v<T>) {
    detail::put_address(out, nullptr);
  } else if constexpr (std::is_error_code_enum<T>::value) {
    detail::put_error(out, std::error_code(value));
  } else if constexpr (std::is_error_condition_enum<T>::value) {
    detail::put_error(out, std::error_condition(value));
  } else if constexpr (std::is_enum_v<T>) {
    if constexpr (fmt_formats_enum<T>()) {
      put_formatted(out, fmt::make_format_args(value));
    } else {
      using number_type =
          std::conditional_t<std::is_signed_v<std::underlying_type_t<T>>, long long, unsigned long long>;
      const auto number = static_cast<number_type>(value);
      if constexpr (requires { T{0}; })  // a fixed underlying type
        put_enum(out, type_name<T>(), number,
                 enumerator_of<T>(static_cast<unsigned long long>(number), std::make_index_sequence<64>{}));
      else
        detail::put_enum(out, type_name<T>(), number, nullptr);
    }
  } else if constexpr (std::is_pointer_v<T> && text_like<T>) {
    if (value)
      detail::put_text(out, value);
    else
      detail::put_address(out, nullptr);
  } else if constexpr (std::is_pointer_v<T>) {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>)
      detail::put_address(out, reinterpret_cast<const void*>(value));
    else
      detail::put_address(out, value);
  } else if constexpr (recorded_pointer<T>) {
    if (value.is_null())
      detail::put_address(out, nullptr);
    else
      detail::put_text(out, value);
  } else if constexpr (text_like<T>) {
    detail::put_or_stream(out, value, [&] { detail::put_text(out, detail::text_in(value)); });
  } else if constexpr (std::is_array_v<T>) {
    const char* separator = "[";
    for (const auto& element : value) {
      out += separator;
      separator = ", ";
      put(out, element);
    }
    out += ']';
  } else if constexpr (prints_as_class<T>) {
    put_class(out, value);
  } else if constexpr (std::is_class_v<T> || std::is_union_v<T>) {
    detail::put_or_stream(out, value, [&] { detail::put_text(out, static_cast<std::string>(value)); });
  } else {
    put_unknown(out, type_name<T>(), sizeof(T));
  }
}

/// A value by address, with the function that can print it: how values cross from an assertion to the report.
struct printable {
  const void* value;
  void (*print)(printed& out, const void* value);
};

template <class T>
AWAITEST_COLD void print_into(printed& out, const void* address) {
  const T& value = *static_cast<const T*>(address);
  if constexpr (std::is_volatile_v<T>) {
    const auto now = detail::held_by(value);
    detail::print_into<std::remove_const_t<decltype(now)>>(out, &now);
  } else if constexpr (text_like<T>) {
    if constexpr (std::is_pointer_v<T>) {
      if (!value) return detail::put_address(out.text, nullptr);
    } else if constexpr (recorded_pointer<T>) {
      if (value.is_null()) return detail::put_address(out.text, nullptr);
    }
    detail::put_or_stream(out.text, value, [&] {
      out.text = detail::text_in(value);
      out.is_text = true;
    });
  } else if constexpr (element_wise<T>) {
    put_elements(out.text, value, &out);
  } else if constexpr (prints_as_class<T>) {
    put_class(out.text, value, &out);
  } else {
    put(out.text, value);
  }
}

template <class T>
printable printing(const T& value) {
  if constexpr (std::is_volatile_v<T>)
    return {const_cast<const std::remove_volatile_t<T>*>(std::addressof(value)), &print_into<T>};
  else
    return {static_cast<const void*>(std::addressof(value)), &print_into<T>};
}
inline printable printing(const char* const& value) { return {&value, &print_into<const char*>}; }

template <class T>
std::string text_of(const T& value) {
  std::string out;
  put(out, value);
  return out;
}

}  // namespace awaitest::detail
