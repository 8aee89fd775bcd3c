// Compiles where this Asio can be in an inline namespace.
#include <asio/detail/config.hpp>

#ifndef ASIO_VERSION_NAMESPACE
#error "Asio is not in an inline namespace"
#endif
