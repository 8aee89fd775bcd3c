// The stores in which fixtures live: of a test, a suite, a worker's run. How each comes up, goes down, and what is left.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../author/fixture.hpp"
#include "launch.hpp"

namespace awaitest::detail {

struct fixture;

/// A hook under way. It may outlast its fixture, when it has not ended in its time.
struct hook_launch final : launch {
  hook_launch(task_ref on, fixture& which) : launch{on}, of{&which} {}
  fixture* of;
  void on_end() override;
};

/// A fixture in a store: asked for, coming up, up, or failed for good. Who waits for it may outlast the store. The loop's
/// thread only.
struct fixture : std::enable_shared_from_this<fixture> {
  enum class state : std::uint8_t { asked_for, coming_up, up, failed, going_down, down };

  fixture(const fixture_type& which, fixture_store& in) : type{which}, home{in} {}
  fixture(const fixture&) = delete;
  fixture& operator=(const fixture&) = delete;
  ~fixture() { leave_store(); }

  const fixture_type& type;
  fixture_store& home;
  void* object = nullptr;
  state at = state::asked_for;
  task_ref task;                       // of its hooks
  std::shared_ptr<hook_launch> hook;   // the one that is running
  std::shared_ptr<wait_list> waiting;  // for it to come up
  std::string trouble;                 // why it failed
  std::string skip_reason;
  bool skipped = false;
  std::string told;                  // the test that has been told of the trouble first
  bool given_up = false;             // a hook, or a child of it, has not ended in its time
  std::size_t users = 0;             // inside use()
  fixture* waits_for = nullptr;      // in its set_up
  test_scope* first_user = nullptr;  // the test for which it comes up; null when that has gone on without it

  std::string name() const { return "fixture " + readable_type(type.name); }
  void leave_store() noexcept {
    if (hook) hook->of = nullptr;
    destroy();
  }
  void destroy() noexcept {
    if (object) fixture::destroy(type, task, std::exchange(object, nullptr));
  }
  /// An assertion in a fixture's destructor belongs to the fixture, as one in its hooks does; to no test when its scope is over.
  static void destroy(const fixture_type& which, task_ref by, void* object) noexcept {
    if (!alive(by)) return which.destroy(object);
    const running_scope running{by};
    which.destroy(object);
  }
};

/// SKIP in a hook: whoever uses the fixture is skipped.
inline void mark_skipped(fixture& which, const std::string& reason) {
  which.skipped = true;
  which.skip_reason = reason;
}

/// The fixtures of one test, one suite or one worker's run.
class fixture_store {
 public:
  fixture_store(scope level, test_scope& on, fixture_store* wider)
      : level_{level}, scope_{on}, wider_{wider} {
    on.fixtures = this;
  }
  fixture_store(const fixture_store&) = delete;
  fixture_store& operator=(const fixture_store&) = delete;
  ~fixture_store() { clear(); }

  bool empty() const noexcept { return all_.empty(); }
  /// The store of that level, this one or a wider one; null where the level is narrower than this one.
  fixture_store* at(awaitest::scope level) {
    auto* store = this;
    while (store && store->level_ != level) store = store->wider_;
    return store;
  }
  fixture& find(const fixture_type& which) {
    for (const auto& one : all_)
      if (&one->type == &which) return *one;
    all_.push_back(std::make_shared<fixture>(which, *this));
    all_.back()->waiting = std::make_shared<wait_list>("use", location{});
    return *all_.back();
  }

  void bring_up(fixture& which, test_scope& user) {
    which.at = fixture::state::coming_up;
    which.first_user = &user;
    which.task = tasks().take(scope_.home(), scope_, which.name());
    which.task.slot->fixture = &which;
    scope_.tasks.push_back(which.task);
    run_hook(which, [&which](asio::awaitable<void>& out) {
      which.object = which.type.make();
      return which.type.set_up && which.type.set_up(which.object, out);
    });
  }

  /// For the scope itself, without waiting: whatever state it is in after this call. What is not up is a matter for use().
  fixture& ask_for(const fixture_type& wanted) {
    auto* const store = at(wanted.life);
    auto& found = store->find(wanted);
    if (found.at != fixture::state::asked_for) return found;
    ++found.users;
    store->bring_up(found, scope_);
    --found.users;
    return found;
  }

  /// Takes the next one down, in the reverse of the order in which they came up. True when all are down.
  bool step_down() {
    for (;;) {
      if (going_down_ && going_down_->at == fixture::state::going_down) return false;
      if (going_down_) {
        // Its children (an accept loop, a heartbeat) refer to it: they end first.
        if (cancel_children_of(*going_down_) && !going_down_->given_up) return false;
        leave_to_who_runs(*std::exchange(going_down_, nullptr));
      }
      if (cancel_coming_up()) return false;
      if (up_.empty()) break;
      going_down_ = up_.back();
      up_.pop_back();
      going_down_->at = fixture::state::going_down;
      run_hook(*going_down_, [this](asio::awaitable<void>& out) {
        return going_down_->type.tear_down && going_down_->type.tear_down(going_down_->object, out);
      });
    }
    clear();
    return true;
  }
  /// What runs at the moment, to be cancelled; null: nothing does.
  std::shared_ptr<launch> going_down() const {
    return going_down_ ? std::shared_ptr<launch>(going_down_->hook) : nullptr;
  }
  /// They have not ended in their time: what goes down counts as down, what comes up as failed.
  void give_up_going_down() {
    if (going_down_) {
      going_down_->at = fixture::state::down;
      going_down_->given_up = true;
    }
    for (const auto& one : all_)
      if (one->at == fixture::state::coming_up) give_up_coming_up(*one);
  }

  template <class F>
  void for_each_coming_up(F f) const {
    for (const auto& one : all_)
      if (one->at == fixture::state::coming_up) f(*one);
  }
  /// Those that come up for this test, of whatever scope they are.
  template <class F>
  void for_each_coming_up(test_scope& user, F f) const {
    for (auto* store = this; store; store = store->wider_)
      store->for_each_coming_up([&](fixture& one) {
        if (one.first_user == &user) f(one);
      });
  }
  /// The test ends, and the wider fixtures that come up for it go on: their failures are their own from now on.
  void forget(test_scope& user) {
    for_each_coming_up(user, [](fixture& one) { one.first_user = nullptr; });
  }
  /// The set_up has not ended in its time.
  void give_up_coming_up(fixture& which) {
    which.trouble = "its set_up() did not end in its time";
    leave_to_who_runs(which);
    which.at = fixture::state::failed;
    which.first_user = nullptr;
    which.waiting->release_all();
  }

 private:
  friend struct hook_launch;

  void clear() {
    while (!all_.empty()) {
      all_.back()->leave_store();
      all_.pop_back();
    }
  }
  bool cancel_children_of(const fixture& which) {
    bool running = false;
    for (const auto& child : scope_.children) {
      if (child->ended() || child->who.slot->fixture != &which) continue;
      running = true;
      if (!child->cancelled) detail::request_cancel(*child);
    }
    return running;
  }

  /// Somebody has asked for them and gone away. True while one is still on its way.
  bool cancel_coming_up() {
    bool any = false;
    for_each_coming_up([&](fixture& one) {
      any = true;
      if (one.hook && !one.hook->cancelled) detail::request_cancel(*one.hook);
    });
    return any;
  }

  /// Destroys it, as soon as no hook and no child refers to it any more: given up, they go with the loop's io_context.
  void leave_to_who_runs(fixture& which) {
    if (!which.object) return;
    const std::shared_ptr<void> object{
        std::exchange(which.object, nullptr),
        [&type = which.type, by = which.task](void* made) { fixture::destroy(type, by, made); }};
    if (which.hook && !which.hook->ended()) which.hook->keeps = object;
    for (const auto& child : scope_.children)
      if (!child->ended() && child->who.slot->fixture == &which) child->keeps = object;
  }

  template <class Call>
  void run_hook(fixture& which, Call call) {
    const running_scope running{which.task};
    const handler_watch watch{scope_.home().slow(), loop_work::hook, which.task};
    which.hook.reset();
    asio::awaitable<void> work;
    try {
      if (!call(work)) return settled(which, nullptr, false);
    } catch (...) {
      return settled(which, std::current_exception(), false);
    }
    auto started = std::make_shared<hook_launch>(which.task, which);
    which.hook = started;
    detail::start(std::move(started), std::move(work));
  }
  void hook_ended(fixture& which) {
    const auto ended = which.hook;
    if (which.at == fixture::state::coming_up || which.at == fixture::state::going_down)
      settled(which, ended->error, ended->how == launch::end::dropped);
    scope_.progressed();
  }
  void settled(fixture& which, const std::exception_ptr& error, bool dropped);

  awaitest::scope level_;
  test_scope& scope_;
  fixture_store* wider_;
  std::vector<std::shared_ptr<fixture>> all_;
  std::vector<fixture*> up_;  // the last to come up is the first to go down
  fixture* going_down_ = nullptr;
};

inline void hook_launch::on_end() {
  if (of && alive(who)) of->home.hook_ended(*of);
}

/// What a hook threw; another fixture's trouble speaks for itself.
inline std::string fixture_trouble(const std::exception_ptr& error, const char* hook) {
  try {
    std::rethrow_exception(error);
  } catch (const fixture_error& e) {
    return e.what();
  } catch (...) {
    return fmt::format("its {} threw {}", hook, text_of(error));
  }
}

inline failure trouble_of(const fixture& which) {
  failure made;
  made.kind = failure_kind::exception;
  made.task = which.name();
  made.message = which.trouble;
  return made;
}

inline void fixture_store::settled(fixture& which, const std::exception_ptr& error, bool dropped) {
  const bool up = which.at == fixture::state::coming_up;
  const char* hook = !up ? "tear_down()" : which.object ? "set_up()" : "constructor";
  const bool cancelled = which.hook && which.hook->cancelled && (dropped || is_abort(error));
  std::string trouble;
  if (up && cancelled)
    trouble = which.first_user
                  ? fmt::format("its set_up() was cancelled with \"{}\", which was the first to ask for it",
                                which.first_user->name())
                  : "its set_up() was cancelled: whoever has asked for it is over";
  else if (dropped)
    trouble = fmt::format(
        "{} never completed: its coroutine was destroyed, because a completion handler was dropped", hook);
  else if (is_task_end(error))
    trouble = fmt::format("an assertion in its {} failed", hook);
  else if (error)
    trouble = fixture_trouble(error, hook);
  if (up) {
    which.at = trouble.empty() ? fixture::state::up : fixture::state::failed;
    which.trouble = std::move(trouble);
    if (which.at == fixture::state::up)
      up_.push_back(&which);
    else if (which.users == 0 && !cancelled && !is_task_end(error))
      (which.first_user ? *which.first_user : scope_)
          .report(detail::trouble_of(which));  // nobody is left to be told
    if (auto* const user = std::exchange(which.first_user, nullptr)) user->progressed();
    which.waiting->release_all();
    return;
  }
  which.at = fixture::state::down;
  if (trouble.empty() || is_task_end(error)) return;
  if (cancelled) return;
  which.trouble = std::move(trouble);
  scope_.report(detail::trouble_of(which));
}

}  // namespace awaitest::detail
