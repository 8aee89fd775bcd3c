// The stack on which a thread handles the signal that tells that its own is used up.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <csignal>
#include <cstddef>

namespace awaitest::detail {

/// Belongs to the thread that makes it, for as long as it lives. A thread that has one already keeps that.
class alternate_stack {
 public:
  static constexpr std::size_t size = std::size_t{64} * 1024;

  alternate_stack() noexcept {
    stack_t now{};
    if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
    void* const made = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) return;
    stack_t ours{};
    ours.ss_sp = made;
    ours.ss_size = size;
    if (::sigaltstack(&ours, nullptr) == 0)
      memory_ = made;
    else
      ::munmap(made, size);
  }
  alternate_stack(const alternate_stack&) = delete;
  alternate_stack& operator=(const alternate_stack&) = delete;
  ~alternate_stack() {
    if (!memory_) return;
    stack_t now{};
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    if (::sigaltstack(nullptr, &now) == 0 && now.ss_sp == memory_) ::sigaltstack(&none, nullptr);
    ::munmap(memory_, size);
  }

 private:
  void* memory_ = nullptr;
};

/// Whether threads that somebody makes are to have one.
inline constinit std::atomic<bool> threads_have_alternate_stacks{false};

}  // namespace awaitest::detail
