// Threads that serve all tests of a process, whichever of them has first needed them: those of Asio's system_executor.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(system_context.hpp)

#include <cstring>
#include <typeinfo>

namespace awaitest::detail {

/// Whether a thread that begins there, with that argument, is one of the system_executor's: by the name of the type that Asio keeps its
/// function in. Where the program has no such names (-fno-rtti) it is not known, and false.
inline bool is_shared_thread(void* (*function)(void*), void* argument) noexcept {
#if defined(ASIO_HAS_PTHREADS) && defined(__GXX_ABI_VERSION)
  if (function != &asio::detail::AWAITEST_ASIO_VERSIONED(detail_posix_thread_function)) return false;
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
