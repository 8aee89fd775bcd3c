// The definitions to author/tracking/handler_tracking.hpp: pending operations of Asio, as waits of the task that began them.
#pragma once

#include "../author/tracking/asio_layout.hpp"

extern "C" const char AWAITEST_ASIO_LAYOUT_ = 0;

#ifdef ASIO_CUSTOM_HANDLER_TRACKING

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "../platform/coroutine_frames.hpp"
#include "../task/own_operation.hpp"
#include "../task/suspension_point.hpp"

namespace awaitest::detail {

/// Asio's words for what the operation belongs to, made a person's; empty for handlers that were posted and merely wait for
/// their turn.
inline std::string_view name_of_object(std::string_view type) {
  struct words {
    std::string_view asio, ours;
  };
  static constexpr words known[] = {{"socket", "socket"},
                                    {"deadline_timer", "timer"},
                                    {"channel", "channel"},
                                    {"descriptor", "descriptor"},
                                    {"resolver", "resolver"},
                                    {"signal_set", "signal set"},
                                    {"serial_port", "serial port"},
                                    {"file", "file"},
                                    {"pipe", "pipe"}};
  for (const auto& one : known)
    if (type == one.asio) return one.ours;
  return {};
}

/// A pending operation. On whichever thread it begins and ends.
struct operation_note final : pending {
  std::string_view type;
  const void* object = nullptr;
  std::uintmax_t handle = 0;
  const char* composed = nullptr;  // the operation of Asio's that it is a part of
  resume_points points;            // where those go on that wait for it

  bool is_operation() const override { return true; }
  std::string subject() const override {
    auto text = composed ? fmt::format("{}: {}", composed, what) : std::string(what);
    text += fmt::format(" of {} {}", type, fmt::ptr(object));
    if (handle != 0) text += fmt::format(" (descriptor {})", handle);
    return text;
  }
  resume_points callers() const override { return points; }
};

/// The composed operations of which a step has completed: the next one begins in Asio's own code, where nothing tells any more
/// who waits for it. The latest ones are known, by their task and object. Thread-safe.
class composed_steps {
 public:
  static composed_steps& instance() {
    static composed_steps all;
    return all;
  }
  void completed(const operation_note& step) {
    if (!step.composed || (step.points.empty() && step.where.line == 0)) return;
    const std::lock_guard lock{guard_};
    auto* to = find(step);
    if (!to) to = &steps_[next_++ % steps_.size()];
    *to = {step.who, step.object, step.composed, step.where, step.points};
  }
  /// Gives the step that begins the place and the coroutines of the one before it, if there was one.
  void go_on(operation_note& step) {
    const std::lock_guard lock{guard_};
    if (const auto* before = find(step)) {
      step.where = before->where;
      step.points = before->points;
    }
  }

 private:
  struct known {
    task_ref who;
    const void* object = nullptr;
    std::string_view composed;
    location where;
    resume_points points;
  };
  known* find(const operation_note& step) {
    const auto found = std::find_if(steps_.begin(), steps_.end(), [&](const known& one) {
      return one.object == step.object && one.who.slot == step.who.slot &&
             one.who.generation == step.who.generation && one.composed == step.composed;
    });
    return found == steps_.end() ? nullptr : &*found;
  }

  std::mutex guard_;
  std::array<known, 64> steps_;
  std::size_t next_ = 0;
};

inline constinit thread_local tracked_place* place_here = nullptr;

tracked_place::tracked_place(no_frame, const char* in, int at, const char* by) noexcept
    : file{in}, line{at}, function{by}, outer{place_here} {
  place_here = this;
}
tracked_place::tracked_place(any_frame waits, const char* in, int at, const char* by) noexcept
    : tracked_place{no_frame{}, in, at, by} {
  awaited = true;
  collect_resume_points(static_cast<coroutine_frame*>(waits.address), callers);
}
tracked_place::~tracked_place() { place_here = outer; }

inline bool is_in_asio(std::string_view file) {
  const auto found = file.rfind("/asio/");
  if (found == std::string_view::npos) return false;
  const auto rest = file.substr(found + 6);
  return rest.starts_with("impl/") || rest.starts_with("detail/") || rest.starts_with("experimental/") ||
         rest.starts_with("ssl/");
}

/// Finds the place in the user's own code that began it, and what Asio composed around it.
inline void locate(operation_note& note) {
  for (const auto* place = place_here; place; place = place->outer) {
    // Asio from 1.30 begins each coroutine of co_spawn inside an operation of this name: it composes nothing.
    if (place->function && std::string_view{place->function} == "co_spawn_entry_point") break;
    const bool known = place->file && !is_in_asio(place->file);
    if (known) note.where = {place->file, static_cast<unsigned>(place->line)};
    // The next one further out is a coroutine inside whose initiation this one happens to run.
    if (place->awaited)
      for (const auto* const point : place->callers)
        if (point) note.points.push_back(point);
    if (known || place->awaited) return;
    if (place->file) note.composed = place->function;
  }
  if (note.composed) composed_steps::instance().go_on(note);
}

void operation_begins(any_context, tracked_operation& operation, const char* type, const void* object,
                      std::uintmax_t handle, const char* name) {
  const auto known = name_of_object(type);
  if (known.empty() || own_operation_begins) return;
  if (!held_task{here.current}) return;
  auto note = std::make_unique<operation_note>();
  note->who = here.current;
  note->what = name;
  note->type = known;
  note->object = object;
  note->handle = handle;
  locate(*note);
  [[maybe_unused]] const auto no_error = detail::begins_to_wait(*note);
  operation.note = note.release();
}

void tracked_operation::forget(operation_note* which) noexcept { tracked_completion::end(which, nullptr); }

void tracked_completion::end(operation_note* which, const char* how) noexcept {
  const std::unique_ptr<operation_note> note{which};
  if (how) composed_steps::instance().completed(*note);
  const held_task held{note->who};
  if (!held) return;
  if (how) held->scope->happened(&*held, how, note->what, note->where);
  held->scope->remove(*note);
}

}  // namespace awaitest::detail

#endif
