// Threads that serve all tests of a process, whichever of them has first needed them: those of Asio's system_executor.
#pragma once

#include <cstring>
#include <typeinfo>

// The functions that Asio's threads, and Boost's, begin in; null where the program has none, or its Asio another name for it.
#if defined(__linux__)
extern "C" [[gnu::weak]] void* awaitest_asio_thread(void*) __asm__("asio_detail_posix_thread_function");
extern "C" [[gnu::weak]] void* awaitest_boost_asio_thread(void*) __asm__(
    "boost_asio_detail_posix_thread_function");
#endif

namespace awaitest::detail {

/// Whether a thread that begins there, with that argument, is one of the system_executor's: by the name of the type that Asio keeps its
/// function in. Where the program has no such names (-fno-rtti) it is not known, and false.
inline bool is_shared_thread(void* (*function)(void*), void* argument) noexcept {
#if defined(__linux__) && defined(__GXX_ABI_VERSION)
  if (!function || !argument ||
      (function != &awaitest_asio_thread && function != &awaitest_boost_asio_thread))
    return false;
  // The argument has virtual functions; the Itanium C++ ABI keeps the type's name in front of them.
  auto* const table = *static_cast<void***>(argument);
  const auto* const type = static_cast<const std::type_info*>(table[-1]);
  return type && std::strstr(type->name(), "system_context") != nullptr;
#else
  static_cast<void>(function);
  static_cast<void>(argument);
  return false;
#endif
}

}  // namespace awaitest::detail
