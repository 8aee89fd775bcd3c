// The names of threads that wake themselves again and again, and no test.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace awaitest::detail {

/// A thread's name as the kernel has it; empty: it cannot be read. `id`: the entry of /proc/self/task.
inline std::string name_of_thread(const char* id) {
  char text[32] = {};
  const std::string path = std::string("/proc/self/task/") + id + "/comm";
  if (auto* const file = std::fopen(path.c_str(), "re")) {
    if (!std::fgets(text, sizeof text, file)) text[0] = '\0';
    std::fclose(file);
  }
  return {text, std::strcspn(text, "\n")};
}

/// Any thread. Names are never taken back.
class thread_names {
 public:
  void add(std::string_view name) {
    constexpr std::size_t kept = 15;  // by the kernel
    const std::lock_guard lock{guard_};
    names_.emplace_back(name.substr(0, kept));
    any_.store(true, std::memory_order_release);
  }
  bool contains(const char* id) {
    if (!any_.load(std::memory_order_acquire)) return false;
    const auto name = detail::name_of_thread(id);
    const std::lock_guard lock{guard_};
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

 private:
  std::mutex guard_;
  std::vector<std::string> names_;
  std::atomic<bool> any_{false};
};

inline thread_names& harmless_threads() {
  static auto& one = *new thread_names;  // threads that are left outlive static objects
  return one;
}

}  // namespace awaitest::detail
