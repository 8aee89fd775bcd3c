// Asking for a fixture: what author/test/fixture.hpp declares.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>

#include "../author/test/fixture.hpp"
#include "../fixture/store.hpp"
#include "../loop/scope_here.hpp"

namespace awaitest::detail {

inline const char* word_for(scope which) {
  switch (which) {
    case scope::test: return "test";
    case scope::suite: return "suite";
    default: return "run";
  }
}

/// One use() under way. While a fixture's set_up waits for another, that is how circles are seen.
class use_under_way {
 public:
  use_under_way(fixture* who, fixture& whom)
      : who_{who ? who->shared_from_this() : nullptr}, whom_{whom.shared_from_this()} {
    if (who_) who_->waits_for = whom_.get();
    ++whom_->users;
  }
  use_under_way(const use_under_way&) = delete;
  use_under_way& operator=(const use_under_way&) = delete;
  ~use_under_way() {
    if (who_) who_->waits_for = nullptr;
    --whom_->users;
  }

 private:
  std::shared_ptr<fixture> who_, whom_;  // this frame may be destroyed after their stores
};

asio::awaitable<void*> use(const fixture_type& which, location where) {
  auto& scope = scope_here("use()");
  auto* const requester = here.current.slot->fixture;
  auto* const from = requester ? &requester->home : scope.fixtures;
  auto* const store = from ? from->at(which.life) : nullptr;
  if (!store) {
    throw fixture_error(fmt::format(
        "{} ({}) cannot use fixture {} ({}): the one it uses must live at least as long as itself",
        requester ? requester->name() : std::string("this"),
        requester ? word_for(requester->type.life) : "run", readable_type(which.name), word_for(which.life)));
  }
  const auto kept = store->find(which).shared_from_this();
  auto& wanted = *kept;
  for (auto* on_the_way = &wanted; on_the_way && requester; on_the_way = on_the_way->waits_for) {
    if (on_the_way != requester) continue;
    std::string path = readable_type(requester->type.name);
    for (auto* step = &wanted; step != requester; step = step->waits_for)
      path += " -> " + readable_type(step->type.name);
    throw fixture_error(fmt::format("fixtures use each other in a circle: {} -> {}", path,
                                    readable_type(requester->type.name)));
  }
  {
    const use_under_way guard{requester, wanted};  // while it comes up inside this call, too
    if (wanted.at == fixture::state::asked_for)
      store->bring_up(wanted, requester && requester->first_user ? *requester->first_user : scope);
    if (wanted.at == fixture::state::coming_up)
      co_await detail::wait_in(wanted.waiting, where, 0, always_waits{});
  }
  if (wanted.at != fixture::state::up) {
    if (wanted.skipped) {
      scope.skip(wanted.skip_reason);
      end_task_here();
      throw task_ended{};
    }
    if (wanted.at != fixture::state::failed)
      throw fixture_error(fmt::format("{} ({}) is torn down already", wanted.name(), word_for(which.life)));
    if (!wanted.told.empty())  // the cause is said once
      throw fixture_error(fmt::format("{} ({}) could not be set up: see \"{}\"", wanted.name(),
                                      word_for(which.life), wanted.told));
    wanted.told = scope.name();
    throw fixture_error(
        fmt::format("{} ({}) could not be set up: {}", wanted.name(), word_for(which.life), wanted.trouble));
  }
  co_return wanted.object;
}

}  // namespace awaitest::detail
