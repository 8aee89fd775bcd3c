// Asio's handler tracking in a program that links awaitest::tracking; Asio includes it in place of its own: each operation that a
// test leaves pending is then known to awaitest, with its object and place. Not for including by hand.
//
// It adds a member to Asio's operations: all files of a program that use Asio must agree on ASIO_CUSTOM_HANDLER_TRACKING.
#pragma once

#include <cstdint>

#include "../../model/asio_names.hpp"

// Asio includes this header before it declares its executors: from 1.38 on it has a header of declarations for that, and what was
// before does not change any more.
#if __has_include(AWAITEST_ASIO(fwd.hpp))
#include AWAITEST_ASIO(fwd.hpp)
#else
AWAITEST_ASIO_BEGIN
class any_io_executor;
AWAITEST_ASIO_END
#endif

namespace awaitest::detail {

struct operation_note;  // impl/tracking.hpp, as all functions that are declared here

/// The base of Asio's operations. Its note lives until the operation completes or is destroyed.
class tracked_operation {
 public:
  tracked_operation(const tracked_operation&) = delete;
  tracked_operation& operator=(const tracked_operation&) = delete;
  operation_note* note = nullptr;

 protected:
  tracked_operation() noexcept = default;
  ~tracked_operation() {
    if (note) forget(note);
  }

 private:
  static void forget(operation_note* which) noexcept;
};

struct any_context {
  template <class Context>
  any_context(Context&) noexcept {}
};
/// `object` is a part of the socket, timer or channel; `handle` its native one, or 0.
void operation_begins(any_context context, tracked_operation& operation, const char* type, const void* object,
                      std::uintmax_t handle, const char* name);

/// An operation that begins in no coroutine, as far as its place says.
struct no_frame {};
/// The asio::detail::awaitable_frame_base of a coroutine on any_io_executor.
struct any_frame {
  void* address;
};

/// While it lives, operations on this thread begin at that place. `file` is null where it is not known.
class tracked_place {
 public:
  tracked_place(no_frame, const char* in, int at, const char* by) noexcept;
  tracked_place(any_frame waits, const char* in, int at, const char* by) noexcept;
  template <template <class> class Frame>
  tracked_place(Frame<asio::any_io_executor>* waits, const char* in, int at, const char* by) noexcept
      : tracked_place{any_frame{waits}, in, at, by} {}
  template <class Frame>
  tracked_place(Frame*, const char* in, int at, const char* by) noexcept
      : tracked_place{no_frame{}, in, at, by} {
    awaited = true;
  }
  tracked_place(const tracked_place&) = delete;
  tracked_place& operator=(const tracked_place&) = delete;
  ~tracked_place();

  static constexpr int most_callers = 8;
  const char* file;
  int line;
  const char* function;
  bool awaited = false;  ///< by a coroutine
  /// The resume points of the coroutine and of those that wait for it: taken while they certainly exist.
  const void* callers[most_callers] = {};
  tracked_place* outer;
};

/// An operation that has completed or is being destroyed: the note is its own from now on.
class tracked_completion {
 public:
  explicit tracked_completion(tracked_operation& operation) noexcept : note_{operation.note} {
    operation.note = nullptr;
  }
  tracked_completion(const tracked_completion&) = delete;
  tracked_completion& operator=(const tracked_completion&) = delete;
  ~tracked_completion() {
    if (note_) end(note_, nullptr);
  }

  /// Its handler is about to be called.
  void begin() { begin(0); }
  template <class First, class... Rest>
  void begin(const First& error, const Rest&...) {
    auto* const done = note_;
    note_ = nullptr;
    if (!done) return;
    if constexpr (requires { error.value(); })
      end(done, error.value() == 125 /* ECANCELED, as asio::error::operation_aborted */ ? "was cancelled in"
                                                                                        : "went on from");
    else
      end(done, "went on from");
  }

  static void end(operation_note* which, const char* how) noexcept;

 private:
  operation_note* note_;
};

}  // namespace awaitest::detail

#define ASIO_INHERIT_TRACKED_HANDLER : public ::awaitest::detail::tracked_operation
#define ASIO_ALSO_INHERIT_TRACKED_HANDLER , public ::awaitest::detail::tracked_operation
#define ASIO_HANDLER_TRACKING_INIT (void)0
#define ASIO_HANDLER_CREATION(args) ::awaitest::detail::operation_begins args
#define ASIO_HANDLER_COMPLETION(args) ::awaitest::detail::tracked_completion tracked_completion args
#define ASIO_HANDLER_INVOCATION_BEGIN(args) tracked_completion.begin args
#define ASIO_HANDLER_INVOCATION_END (void)0
#define ASIO_HANDLER_OPERATION(args) (void)0
#define ASIO_HANDLER_REACTOR_REGISTRATION(args) (void)0
#define ASIO_HANDLER_REACTOR_DEREGISTRATION(args) (void)0
#define ASIO_HANDLER_REACTOR_READ_EVENT 0
#define ASIO_HANDLER_REACTOR_WRITE_EVENT 0
#define ASIO_HANDLER_REACTOR_ERROR_EVENT 0
#define ASIO_HANDLER_REACTOR_EVENTS(args) (void)0
#define ASIO_HANDLER_REACTOR_OPERATION(args) (void)0

// Asio says where an operation begins as (__FILE__, __LINE__, "name") in its composed operations, and as (u.file_name_, ...) where
// a coroutine awaits one, in a function whose parameter `frame` is that coroutine. The paste tells them apart: u8 and a string is
// a string, u8 and `u` the macro below.
#define ASIO_HANDLER_LOCATION(args) ::awaitest::detail::tracked_place tracked_location AWAITEST_PLACE_ args
#define AWAITEST_PLACE_(file, ...) \
  (AWAITEST_SECOND_(u8##file, ::awaitest::detail::no_frame{}, ), file, __VA_ARGS__)
#define AWAITEST_SECOND_(...) AWAITEST_SECOND_OF_(__VA_ARGS__)
#define AWAITEST_SECOND_OF_(first, second, ...) second
#define u8u ~, frame,
