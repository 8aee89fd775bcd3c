// The evidence for the verdict that a test is not waited for any longer.
#pragma once

#include <vector>

#include "../model/socket.hpp"
#include "../platform/thread_places.hpp"

namespace awaitest::detail {

struct evidence {
  threads_at_work threads;            ///< that have held virtual time, or may wake it
  std::vector<known_socket> sockets;  ///< that are waited for, and their other ends
  bool only_outsiders = false;        ///< nobody in this process can ever wake it
};

}  // namespace awaitest::detail
