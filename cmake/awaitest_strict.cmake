# awaitest_strict(target...): the warnings this project's own targets are built with. Whether a warning is an error is
# CMAKE_COMPILE_WARNING_AS_ERROR's business.

function(awaitest_strict)
  foreach(target IN LISTS ARGN)
    target_compile_options(
      ${target}
      PRIVATE
        $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion>
        # g++ 12, optimising or under a sanitizer, finds these in Asio's coroutine frames and in <regex>: both are false.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete;-Wno-maybe-uninitialized>
        $<$<CXX_COMPILER_ID:MSVC>:/W4>
    )
  endforeach()
endfunction()
