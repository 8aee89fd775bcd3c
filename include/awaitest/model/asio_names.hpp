// The one place that names Asio: awaitest's headers include Asio's by AWAITEST_ASIO, and name what is in them `asio::` and
// `error_code` from within namespace awaitest. Another flavour of Asio is another definition of these.
#pragma once

// The path of one of Asio's headers, AWAITEST_ASIO(post.hpp), or of those of asio/detail/. Stands behind an #include.
// clang-format off
#define AWAITEST_ASIO(header) <asio/header>
#define AWAITEST_ASIO_DETAIL(header) <asio/detail/header>
// clang-format on

#include AWAITEST_ASIO_DETAIL(config.hpp)
#include AWAITEST_ASIO(error_code.hpp)
#include AWAITEST_ASIO(system_error.hpp)

// The namespace that templates of Asio's are specialised in: it may hold an inline one, named after its version
// (ASIO_ENABLE_VERSION_NAMESPACE, since Asio 1.38.1).
//
//   AWAITEST_ASIO_BEGIN
//   template <class T> class awaitable<a_type_of_ours<T>> { ... };
//   AWAITEST_ASIO_END
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

namespace awaitest {

/// Asio's namespace, as awaitest's headers name it.
namespace asio = ::asio;
/// The type of Asio's errors: std::error_code.
using error_code = asio::error_code;

}  // namespace awaitest
