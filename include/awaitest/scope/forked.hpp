// A process that a test forks: it goes on in the middle of the test, and is not to report on the run as its parent does.
#pragma once

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/wire.hpp"
#include "../platform/coverage.hpp"

namespace awaitest::detail {

/// Failures in such a process reach the parent through shared memory, and are failures of the parent's test. A forked
/// process that comes back from the test's body ends there, with 1 when anything has failed in it. Any thread.
class forked_process {
 public:
  /// Before the first test. What is forked from then on is known.
  static void prepare() {
    static const int once = ::pthread_atfork(&before_fork, nullptr, [] { here_ = true; });
    static_cast<void>(once);
  }
  /// Whether this process is one.
  static bool here() noexcept { return here_; }

  /// In such a process.
  static void tell(const std::string& test, const failure& what) {
    told_ = true;
    wire::writer text;
    text(test);
    wire::exchange(text, what);
    const auto size =
        (sizeof(entry) + text.out.size() + alignof(entry) - 1) / alignof(entry) * alignof(entry);
    const auto at = shared_ ? shared_->used.fetch_add(size, std::memory_order_relaxed) : room;
    if (at + size > room) {
      if (std::exchange(full_, true)) return;
      std::fprintf(stderr, "awaitest: a process that \"%s\" has forked has more failures than can be kept\n",
                   test.c_str());
      return;
    }
    auto* const made = new (shared_->bytes + at) entry{};
    made->size = size;
    made->length = text.out.size();
    std::memcpy(reinterpret_cast<char*>(made + 1), text.out.data(), text.out.size());
    made->state.store(entry::written, std::memory_order_release);
  }
  /// In such a process, which has nothing to do any more.
  [[noreturn]] static void end() {
    std::fflush(nullptr);
    write_coverage();
    ::_exit(told_ ? 1 : 0);
  }

  /// In the parent: what those of that test have told since it was asked last; with null, those of any.
  static std::vector<failure> told(const std::string* test) {
    std::vector<failure> found;
    if (!shared_) return found;
    const std::lock_guard lock{guard_};
    for (std::size_t at = 0; at + sizeof(entry) <= room;) {
      auto* const one = static_cast<entry*>(static_cast<void*>(shared_->bytes + at));
      const auto state = one->state.load(std::memory_order_acquire);
      if (state == entry::none) break;  // not there, or not yet
      at += one->size;
      if (state == entry::taken) continue;
      wire::reader from{{reinterpret_cast<const char*>(one + 1), one->length}};
      std::string name;
      from(name);
      if (test && name != *test) continue;
      failure what;
      wire::exchange(from, what);
      one->state.store(entry::taken, std::memory_order_relaxed);
      auto who = test           ? std::string{"a process that it has forked"}
                 : name.empty() ? std::string{"a forked process"}
                                : "a process that \"" + name + "\" has forked";
      what.task = what.task.empty() ? std::move(who) : what.task + ", in " + who;
      found.push_back(std::move(what));
    }
    return found;
  }

 private:
  static constexpr std::size_t room = 256 * 1024;
  struct alignas(16) entry {
    enum : std::uint32_t { none, written, taken };
    std::atomic<std::uint32_t> state{none};  // of memory that was never written: none
    std::size_t size = 0, length = 0;
  };
  struct shared_memory {
    std::atomic<std::size_t> used;
    alignas(16) char bytes[room];
  };

  // Buffered output is written by the parent alone, and so once.
  static void before_fork() {
    std::fflush(nullptr);
    const std::lock_guard lock{guard_};
    if (shared_) return;
    void* const made =
        ::mmap(nullptr, sizeof(shared_memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made != MAP_FAILED) shared_ = static_cast<shared_memory*>(made);
  }

  inline static constinit std::mutex guard_;
  inline static constinit shared_memory* shared_ = nullptr;  // zeros, and mapped until the end
  inline static constinit bool here_ = false, told_ = false, full_ = false;
};

}  // namespace awaitest::detail
