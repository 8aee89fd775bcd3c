// Exceptions as the C++ ABI and Asio know them: the object, its type's name, the exception that it wraps.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(multiple_exceptions.hpp)

#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>

#if defined(__GNUC__)
#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#endif

namespace awaitest::detail {

inline std::string demangled(const std::type_info& type) {
#if defined(__GNUC__)
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name{
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free};
  if (name) {
    // The exception of std::throw_with_nested is derived from the one that was asked for.
    std::string_view text = name.get();
    for (const std::string_view wrapper : {"std::_Nested_exception<", "std::__1::__nested<"})
      if (text.starts_with(wrapper) && text.ends_with('>')) {
        text.remove_prefix(wrapper.size());
        text.remove_suffix(1);
        break;
      }
    while (text.ends_with(' ')) text.remove_suffix(1);
    return std::string(text);
  }
#endif
  return type.name();
}
inline std::string type_of(const std::exception& value) {
#if defined(__cpp_rtti) || defined(_CPPRTTI)
  return demangled(typeid(value));
#else
  static_cast<void>(value);
  return "std::exception";  // or what is derived from it
#endif
}
/// The type's name of the exception that is being handled. The C++ ABI keeps the type also without RTTI.
inline std::string type_thrown(const std::exception& value) {
#if defined(__GNUC__)
  if (const auto* type = abi::__cxa_current_exception_type()) return demangled(*type);
#endif
  return type_of(value);
}
/// The words of an exception. Its what() may return null.
inline std::string words_or_null(const char* what) { return what ? what : "(its what() is null)"; }
/// The address of the exception itself, which is told apart by it.
inline const void* object_of(const std::exception_ptr& value) {
  const void* object = nullptr;
  static_assert(sizeof value == sizeof object);
  std::memcpy(&object, &value, sizeof object);
  return object;
}
/// The exception that this one wraps (std::throw_with_nested), if any.
inline std::exception_ptr nested_in(const std::exception_ptr& value) {
  try {
    std::rethrow_exception(value);
  } catch (const std::nested_exception& outer) {
    return outer.nested_ptr();
  } catch (const asio::multiple_exceptions& several) {
    return several.first_exception();  // Asio keeps no other
  } catch (...) {
    return nullptr;
  }
}
}  // namespace awaitest::detail
