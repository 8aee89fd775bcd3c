// Whether the reader of the output pauses: a thread that prints waits for it.
#pragma once

#include <poll.h>

#include "../model/own_descriptors.hpp"

namespace awaitest::detail {

inline bool reader_pauses(int first = own_descriptors::output, int second = own_descriptors::error) {
  pollfd outputs[] = {{first, POLLOUT, 0}, {second, POLLOUT, 0}};
  return ::poll(outputs, 2, 0) >= 0 && (outputs[0].revents == 0 || outputs[1].revents == 0);
}

}  // namespace awaitest::detail
