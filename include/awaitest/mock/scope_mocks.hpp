// The mocks of a scope.
#pragma once

#include <memory>
#include <vector>

#include "../task/scope.hpp"
#include "core.hpp"

namespace awaitest::detail {

class scope_mocks final : public scope_part {
 public:
  static constexpr char kind = 0;
  explicit scope_mocks(test_scope& of) noexcept : scope_part{&kind}, scope{of} {}

  /// A call that the test has not taken by then is refused: mock/calls.hpp.
  bool at_rest() override;
  /// The scope's expectations are verified, and mocks that go on are clean again: mock/verify.hpp.
  void at_end() override;

  test_scope& scope;
  std::vector<std::weak_ptr<call_core>> undecided;  ///< calls that nothing expects; the loop's thread only
  std::vector<std::shared_ptr<mock_core>> used;     ///< to be verified at its end. Under mock_guard()
};

}  // namespace awaitest::detail
