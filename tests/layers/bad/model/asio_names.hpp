#pragma once
#include <asio/error_code.hpp>
namespace asio {
