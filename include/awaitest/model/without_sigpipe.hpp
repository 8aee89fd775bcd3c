// A report whose reader has gone is an error of the report, and no end of the process.
#pragma once

#include <pthread.h>

#include <cerrno>
#include <csignal>

namespace awaitest {

/// Keeps SIGPIPE from the process when a write of this thread brings it about while this lives: the error of the write says the same.
class without_sigpipe {
 public:
  explicit without_sigpipe(bool needed) noexcept : needed_{needed} {
    if (!needed_) return;
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    sigset_t waiting;
    // One that is waiting already is not this one's.
    needed_ = ::sigpending(&waiting) == 0 && ::sigismember(&waiting, SIGPIPE) == 0 &&
              ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  without_sigpipe(const without_sigpipe&) = delete;
  without_sigpipe& operator=(const without_sigpipe&) = delete;
  ~without_sigpipe() {
    if (!needed_) return;
    const int error = errno;
    sigset_t waiting;
    int number = 0;
    if (::sigpending(&waiting) == 0 && ::sigismember(&waiting, SIGPIPE) == 1) ::sigwait(&pipe_, &number);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }

 private:
  bool needed_;
  sigset_t pipe_, before_;
};

}  // namespace awaitest
