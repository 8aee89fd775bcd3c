// Names of the tasks of a test that are the same in each of its runs, whatever the order, and after an edit elsewhere: its name without
// its place, and which of those that are called so it is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../model/text_hash.hpp"
#include "../task/task.hpp"

namespace awaitest::detail {

/// The keys of a run's tasks. The loop's thread only.
class chain_names {
 public:
  void begin() noexcept { known_.clear(); }

  /// Never 0.
  std::uint32_t key_of(const task& which) {
    const auto generation = which.generation.load(std::memory_order_relaxed);
    for (const auto& one : known_)
      if (one.slot == &which && one.generation == generation) return one.key;
    const auto spelled = detail::hash_text(std::string_view{which.label}.substr(0, which.placeless_label));
    std::uint32_t ordinal = 0;
    for (const auto& one : known_)
      if (one.spelled == spelled) ++ordinal;
    auto key = static_cast<std::uint32_t>(spelled ^ (spelled >> 32U)) + ordinal * 0x9e3779b9U;
    if (key == 0) key = 1;
    known_.push_back({&which, generation, key, spelled});
    if (const auto [name, is_new] = names_.try_emplace(key); is_new) name->second = words_for(which);
    return key;
  }
  /// The name of a task in any run so far; empty: there was none of that key.
  std::string name_of(std::uint32_t key) const {
    const auto found = names_.find(key);
    return found == names_.end() ? std::string{} : found->second;
  }
  static std::string words_for(const task& which) {
    if (which.label.empty()) return "the body";
    return which.short_label != 0 ? which.label.substr(0, which.short_label) : which.label;
  }

 private:
  struct known_task {
    const task* slot;
    std::uint32_t generation, key;
    std::uint64_t spelled;
  };
  std::vector<known_task> known_;
  std::map<std::uint32_t, std::string> names_;
};

}  // namespace awaitest::detail
