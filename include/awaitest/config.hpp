// Requirements, version and a few compiler spellings, nothing else. Every room may include this header.
#pragma once

// An #error does not end a compilation, a file that is not there does.
#if (defined(_MSVC_LANG) ? _MSVC_LANG : __cplusplus) <= 201703L
#error "awaitest needs C++20: compile with -std=c++20 or later"
#include <stopped_by_the_error_above>
#elif !defined(__cpp_exceptions)
#error "awaitest needs exceptions: compile without -fno-exceptions"
#include <stopped_by_the_error_above>
#elif defined(ASIO_USE_TS_EXECUTOR_AS_DEFAULT)
#error \
    "awaitest needs asio::any_io_executor to be no asio::executor: compile without ASIO_USE_TS_EXECUTOR_AS_DEFAULT"
#include <stopped_by_the_error_above>
#elif defined(__GNUC__) && !defined(__cpp_rtti) && !defined(ASIO_NO_TYPEID)
#error "without RTTI Asio needs ASIO_NO_TYPEID: define it for the whole program, or compile without -fno-rtti"
#include <stopped_by_the_error_above>
#endif

#define AWAITEST_VERSION_MAJOR 0
#define AWAITEST_VERSION_MINOR 1
#define AWAITEST_VERSION_PATCH 0
#define AWAITEST_VERSION "0.1.0"

// A program may define these: AWAITEST_NO_SHORT_MACROS leaves only the long names of the macros, AWAITEST_NO_COROUTINE_CHECK lets
// the body of a TEST_ASYNC be no coroutine, AWAITEST_FILE_ID is a part of a name that no other file with suites has (for compilers
// other than g++), and in the file with main AWAITEST_NO_MAIN leaves out main, and
// AWAITEST_NO_INTERPOSITION the clocks.

// A function that only a failure reaches, or one whose body must not be inlined into a thousand assertions: it keeps
// the author's translation unit small and quick to compile.
#if defined(__GNUC__)
#define AWAITEST_COLD [[gnu::cold, gnu::noinline]]
#define AWAITEST_NOINLINE [[gnu::noinline]]
#else
#define AWAITEST_COLD
#define AWAITEST_NOINLINE
#endif

// An object that nothing refers to is kept by the linker, also where it collects garbage.
#if defined(__has_attribute) && defined(__ELF__)
#if __has_attribute(retain)
#define AWAITEST_KEPT [[gnu::used, gnu::retain]]
#endif
#endif
#ifndef AWAITEST_KEPT
#define AWAITEST_KEPT [[gnu::used]]
#endif

// libstdc++'s <chrono> brings <sstream> in C++20 (0.2 s a file); durations, clocks and literals live in one light part.
#if defined(__GLIBCXX__) || __has_include(<bits/chrono.h>)
#define AWAITEST_CHRONO_HEADER <bits/chrono.h>
#else
#define AWAITEST_CHRONO_HEADER <chrono>
#endif
