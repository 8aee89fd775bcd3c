// A coroutine that a test or a suite has started for itself.
#pragma once

#include "../loop/launch.hpp"

namespace awaitest::detail {

/// The body, a set_up of fixtures, a cleanup. Its end lets the scope go on.
struct scope_launch final : launch {
  using launch::launch;
  bool is_body = false;

  void on_end() override {
    if (!alive(who)) return;
    if (is_body) who.slot->scope->winding_down = true;  // before anybody learns that its locals are gone
    who.slot->scope->progressed();
  }
};

}  // namespace awaitest::detail
