// A program built for coverage writes its counters when it exits. An end that does without exit() has them written here.
#pragma once

#if defined(__GNUC__) && defined(__ELF__)
extern "C" {
[[gnu::weak]] int __llvm_profile_write_file(void);  // -fprofile-instr-generate
[[gnu::weak]] void __gcov_dump(void);  // --coverage; g++ links it only where somebody else calls it
[[gnu::weak]] void __gcov_exit(void);  // g++'s --coverage: what exit() calls
}
#endif

namespace awaitest::detail {

/// For the end of exit(), whose handlers have written what Clang has counted: g++ writes later.
inline void write_gcov() {
#if defined(__GNUC__) && defined(__ELF__)
  if (__gcov_dump)
    __gcov_dump();
  else if (__gcov_exit)
    __gcov_exit();
#endif
}

/// For an end without exit(), whose handlers would write, and so count, all of it again.
inline void write_coverage() {
#if defined(__GNUC__) && defined(__ELF__)
  if (__llvm_profile_write_file) __llvm_profile_write_file();
#endif
  write_gcov();
}

}  // namespace awaitest::detail
