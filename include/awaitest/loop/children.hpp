// What author/spawn.hpp declares.
#pragma once

#include <stdexcept>

#include "../author/spawn.hpp"
#include "current_test.hpp"
#include "launch.hpp"

namespace awaitest::detail {

/// The test of the running task; the caller is on its loop's thread.
inline test_scope& scope_here(const char* what) {
  if (!alive(here.current) || !here.current.slot->scope) no_test(what);
  auto& scope = *here.current.slot->scope;
  if (!scope.home().is_mine())
    throw std::logic_error(std::string(what) +
                           " was called on a thread that is not the test's; post to this_test::executor()");
  return scope;
}

inline std::shared_ptr<child_state> find_child(task_ref which) {
  for (const auto& child : which.slot->scope->children)
    if (child->who.slot == which.slot) return child;
  return nullptr;
}

task_ref spawn(asio::awaitable<void> work, std::string_view name, location where, bool background) {
  auto& scope = scope_here(background ? "spawn_background()" : "spawn()");
  auto label = std::string(background ? "background child" : "child");
  if (!name.empty()) label += " '" + std::string(name) + "'";
  label += " spawned at " + std::string(where.file) + ":" + std::to_string(where.line);
  const auto who = tasks().take(scope.home(), scope, std::move(label));
  who.slot->fixture = here.current.slot->fixture;
  scope.tasks.push_back(who);
  scope.children.push_back(std::make_shared<child_state>(who, where, background));
  start(scope.children.back(), std::move(work));
  return who;
}

std::shared_ptr<child_state> state_of(task_ref child) { return find_child(child); }

asio::awaitable<void> join(std::shared_ptr<child_state> child, location where) {
  child->joined = true;
  if (!child->ended()) {
    if (!child->joining) child->joining = std::make_shared<wait_list>("task::join", child->where);
    co_await wait_in(child->joining, where, 0, has_ended{child.get()});
  }
  if (child->how == launch::end::dropped)
    throw std::logic_error(
        "the joined child was destroyed before it completed: a completion handler was dropped");
  if (child->error) std::rethrow_exception(child->error);
}

void cancel(child_state& child) {
  if (child.ended()) return;
  child.cancelled = true;
  // From the loop: a child may be cancelled out of its own coroutine, or out of one that its end resumes.
  asio::post(asio::require(executor{child.who}, asio::execution::blocking.never),
             [keep = std::static_pointer_cast<child_state>(find_child(child.who))] {
               if (keep && !keep->ended()) keep->cancel();
             });
}

bool done(const child_state& child) { return child.ended(); }

void add_cleanup(std::unique_ptr<cleanup_action> action, location where) {
  const held_task held{here.current};
  if (!held) no_test("cleanup()");
  held->scope->add_cleanup(std::move(action), where);
}

}  // namespace awaitest::detail
