// A place in somebody's source file.
#pragma once

namespace awaitest {

/// A file and a line, of a test, an assertion or a spawn. The text is never owned: it comes from `__FILE__`.
///
/// As a default argument `location::current()` names the caller's place. `std::source_location` would do the same, but
/// is missing on clang 14 with libstdc++ 12; the builtins are there on every compiler that has coroutines.
struct location {
  const char* file = "";
  unsigned line = 0;

  static constexpr location current(const char* file = __builtin_FILE(),
                                    unsigned line = static_cast<unsigned>(__builtin_LINE())) noexcept {
    return {file, line};
  }
};

}  // namespace awaitest
