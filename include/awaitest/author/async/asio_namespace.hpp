// Names of Asio's, declared or specialised here: its namespace may hold an inline one, named after its version
// (ASIO_ENABLE_VERSION_NAMESPACE, since Asio 1.38.1).
//
//   AWAITEST_ASIO_BEGIN
//   class io_context;
//   AWAITEST_ASIO_END
#pragma once

#include <asio/detail/config.hpp>

#if defined(ASIO_INLINE_NAMESPACE_BEGIN) && defined(ASIO_INLINE_NAMESPACE_END)
#define AWAITEST_ASIO_BEGIN \
  namespace asio {          \
  ASIO_INLINE_NAMESPACE_BEGIN
#define AWAITEST_ASIO_END   \
  ASIO_INLINE_NAMESPACE_END \
  }
#else
#define AWAITEST_ASIO_BEGIN namespace asio {
#define AWAITEST_ASIO_END }
#endif

// A function that Asio names after that namespace.
#ifdef ASIO_VERSIONED_NAME
#define AWAITEST_ASIO_VERSIONED(name) ASIO_VERSIONED_NAME(name)
#else
#define AWAITEST_ASIO_VERSIONED(name) asio_##name
#endif
