# awaitest_strict(target...): the warnings this project's own targets are built with. Whether a warning is an error is
# CMAKE_COMPILE_WARNING_AS_ERROR's business.

function(awaitest_strict)
  foreach(target IN LISTS ARGN)
    target_compile_options(
      ${target}
      PRIVATE
        $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion>
        $<$<CXX_COMPILER_ID:MSVC>:/W4>
    )
  endforeach()
endfunction()
