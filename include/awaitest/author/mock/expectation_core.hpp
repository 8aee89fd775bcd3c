// An expectation as the engine has it.
#pragma once

#include "../../config.hpp"

#include AWAITEST_CHRONO_HEADER
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../async/sync.hpp"
#include "../current/current.hpp"
#include "call.hpp"
#include "call_order.hpp"

namespace awaitest::detail {

enum class expected : std::uint8_t { must_happen, may_happen, must_not_happen };
inline constexpr std::size_t any_number = ~std::size_t{0};

/// The part of an expectation that knows no types. The engine's, under its lock, once the mock knows of it.
struct expectation_core : std::enable_shared_from_this<expectation_core> {
  virtual ~expectation_core();
  virtual bool matches(const call_core& call) const = 0;
  /// The arguments as they were written, as nearly as can be.
  virtual void describe(std::string& out) const = 0;
  /// Which arguments do not match, and why.
  virtual void mismatch(const call_core& call, std::vector<argument_mismatch>& out) const = 0;
  virtual void capture(const call_core& call) const = 0;

  expected mode = expected::must_happen;
  location where;
  task_ref owner;  ///< the task that set it
  std::size_t least = 1;
  std::size_t most = 1;
  bool counted = false;  ///< by times(), at_least() or at_most()
  std::size_t calls = 0;
  std::size_t completed = 0;
  std::vector<std::shared_ptr<answer_core>> answers;
  bool listed = false;  ///< one answer for each call, and then none
  bool must_be_cancelled = false;
  bool may_be_dropped = false;
  std::int64_t latency = 0;  ///< nanoseconds
  std::vector<std::shared_ptr<wait_list>> gates;
  struct place {
    std::shared_ptr<sequence_core> in;
    std::size_t number;
    bool by_completion;
  };
  std::vector<place> places;
};

/// Locks the engine while an expectation that a mock knows of is changed. Any thread.
class engine_lock {
 public:
  engine_lock();
  engine_lock(const engine_lock&) = delete;
  engine_lock& operator=(const engine_lock&) = delete;
  ~engine_lock();
};
void set_times(expectation_core& of, std::size_t least, std::size_t most, const char* spelled);
void set_answer(expectation_core& of, std::shared_ptr<answer_core> answer, const char* spelled);
void set_answers(expectation_core& of, std::vector<std::shared_ptr<answer_core>> answers);
void put_in_sequence(expectation_core& of, std::shared_ptr<sequence_core> in, step by);
void set_latency(expectation_core& of, std::chrono::nanoseconds latency);

}  // namespace awaitest::detail
