// The definitions to author/async/spawn.hpp.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "../author/async/spawn.hpp"
#include "../loop/launch.hpp"
#include "../loop/scope_here.hpp"

namespace awaitest::detail {

std::shared_ptr<child_state> spawn(asio::awaitable<void> work, std::string_view name, location where,
                                   bool background) {
  auto& scope = scope_here(background ? "spawn_background()" : "spawn()");
  auto label = std::string(background ? "background child" : "child");
  if (!name.empty()) label += " '" + std::string(name) + "'";
  const auto short_label = name.empty() ? 0 : label.size();  // a name is enough
  const auto placeless_label = label.size();
  label += " spawned at " + std::string(where.file) + ":" + std::to_string(where.line);
  const auto who = tasks().take(scope.home(), scope, std::move(label), short_label, placeless_label);
  who.slot->fixture = here.current.slot->fixture;
  scope.tasks.push_back(who);
  auto child = std::make_shared<child_state>(who, name, where, background);
  scope.children.push_back(child);
  ++(background ? scope.running_background : scope.running_children);
  scope.happened(who.slot, "");
  detail::start(child, std::move(work));
  return child;
}

asio::awaitable<void> join(std::shared_ptr<child_state> child, location where) {
  if (!child->ended()) {
    if (!child->joining) {
      child->joining = std::make_shared<wait_list>("task::join", child->where);
      child->joining->origin = "spawned";
    }
    co_await detail::wait_in(child->joining, where, 0, has_ended{child.get()});
  }
  child->joined = true;  // not before: a wait that was cancelled has been told nothing
  if (child->how == launch::end::dropped)
    throw std::logic_error(
        "the joined child was destroyed before it completed: a completion handler was dropped");
  if (child->error) std::rethrow_exception(child->error);
}

void cancel(child_state& child) { detail::request_cancel(child); }

bool done(const child_state& child) { return child.ended(); }

cleanup_action::~cleanup_action() = default;
void add_cleanup(std::unique_ptr<cleanup_action> action, location where) {
  const held_task held{here.current};
  if (!held) no_test("cleanup()");
  held->scope->add_cleanup(std::move(action), where);
}

}  // namespace awaitest::detail
