// The coroutines that wait for one another: which function awaits, and which awaits that, by where each goes on.
//
// Private to Asio (1.22 to 1.38): the frame of an awaitable, caller_ and coro_ of frames, top_of_stack_ of the one at a thread's
// bottom. With AWAITEST_NO_INTERPOSITION they are left alone, and no coroutine is known.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(any_io_executor.hpp)
#include AWAITEST_ASIO(awaitable.hpp)

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#ifndef AWAITEST_NO_INTERPOSITION
#include "own_memory.hpp"
#include "private_member.hpp"
#endif

namespace awaitest::detail {

using coroutine_frame = asio::detail::awaitable_frame_base<asio::any_io_executor>;
/// Where coroutines go on when they are resumed, the innermost first: addresses of code.
using resume_points = std::vector<const void*>;

#ifndef AWAITEST_NO_INTERPOSITION
/// The frame below all coroutines that wait for one another: no function of anybody's.
using bottom_frame =
    asio::detail::awaitable_frame<asio::detail::awaitable_thread_entry_point, asio::any_io_executor>;

AWAITEST_PRIVATE_(frame_caller, &coroutine_frame::caller_)
AWAITEST_PRIVATE_(frame_coroutine, &coroutine_frame::coro_)
AWAITEST_PRIVATE_(frame_of_awaitable, &asio::awaitable<void>::frame_)
AWAITEST_PRIVATE_(top_of_bottom, &bottom_frame::top_of_stack_)

/// The address at which each of them goes on when it is resumed, the innermost first. Both compilers begin a coroutine's frame with that
/// address. The frames exist.
template <std::size_t N>
void collect_resume_points(coroutine_frame* innermost, const void* (&points)[N]) {
  auto* one = innermost;
  for (auto& point : points) {
    if (!one) return;
    point = *static_cast<const void* const*>((one->*member_of(frame_coroutine{})).address());
    one = one->*member_of(frame_caller{});
  }
}

/// A coroutine, for a later look at those that it waits for. It may have ended by then, or run on another thread: frames are read as
/// memory that may be gone, and are believed when they are consistent.
class coroutine_root {
 public:
  coroutine_root() = default;
  /// `of` has not begun, and is about to be given to co_spawn.
  explicit coroutine_root(const asio::awaitable<void>& of) noexcept
      : frame_{of.*member_of(frame_of_awaitable{})} {}

  /// The points of those that it waits for, and its own last. Empty: it has not begun, or has ended, or cannot be read.
  resume_points waiting() const {
    const auto* bottom = frame_;
    for (std::size_t depth = 0; depth < deepest; ++depth) {
      const coroutine_frame* const below = read_of(bottom, member_of(frame_caller{}));
      if (!below) break;
      bottom = below;
    }
    if (bottom == frame_ || !may_be_at(bottom)) return {};
    resume_points made;
    const coroutine_frame* one =
        read_of(static_cast<const bottom_frame*>(bottom), member_of(top_of_bottom{}));
    for (std::size_t depth = 0; one && depth < deepest; ++depth) {
      const auto coroutine = read_of(one, member_of(frame_coroutine{}));
      const void* point = nullptr;
      if (!own_memory::read(coroutine.address(), point) || !point) return {};
      made.push_back(point);
      if (one == frame_) return made;
      one = read_of(one, member_of(frame_caller{}));
    }
    return {};
  }

 private:
  static constexpr std::size_t deepest = 4096;

  /// Memory of a frame that is gone may hold anything.
  static bool may_be_at(const void* place) noexcept {
    return reinterpret_cast<std::uintptr_t>(place) % alignof(bottom_frame) == 0;
  }

  /// The member of an object that may be gone; nothing is asked of it but where it lies.
  template <class Object, class Member, class Class>
  static Member read_of(const Object* object, Member Class::* which) {
    static_assert(std::is_base_of_v<Class, Object>);
    alignas(Object) static constexpr std::byte like[sizeof(Object)]{};
    const auto* const first = static_cast<const Object*>(static_cast<const void*>(like));
    const auto offset = reinterpret_cast<const std::byte*>(&(first->*which)) - like;
    Member found{};
    own_memory::read(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(object) +
                                                   static_cast<std::uintptr_t>(offset)),
                     found);
    return found;
  }

  const coroutine_frame* frame_ = nullptr;
};

#else
template <std::size_t N>
void collect_resume_points(coroutine_frame*, const void* (&)[N]) {}

class coroutine_root {
 public:
  coroutine_root() = default;
  explicit coroutine_root(const asio::awaitable<void>&) noexcept {}
  resume_points waiting() const { return {}; }
};
#endif

}  // namespace awaitest::detail
