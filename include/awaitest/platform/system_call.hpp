// A system call without libc, where the program itself defines libc's syscall(). Elsewhere than on x86-64 and aarch64
// AWAITEST_SYSTEM_CALL is not defined: syscall() is left alone then, and a std::future has no virtual time.
#pragma once

namespace awaitest::detail {

// An error is negative, as the kernel has it.
#if defined(__x86_64__)
#define AWAITEST_SYSTEM_CALL 1
inline long system_call(long number, const long (&a)[6]) noexcept {
  register long r10 __asm__("r10") = a[3];
  register long r8 __asm__("r8") = a[4];
  register long r9 __asm__("r9") = a[5];
  long result = number;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
#define AWAITEST_SYSTEM_CALL 1
inline long system_call(long number, const long (&a)[6]) noexcept {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a[0];
  register long x1 __asm__("x1") = a[1];
  register long x2 __asm__("x2") = a[2];
  register long x3 __asm__("x3") = a[3];
  register long x4 __asm__("x4") = a[4];
  register long x5 __asm__("x5") = a[5];
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#endif

}  // namespace awaitest::detail
