// The words about a loop that does not come back: whose handler has its thread, for how long, and where it is.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "../../loop/loop.hpp"
#include "../../loop/slow_words.hpp"
#include "../../platform/limits.hpp"
#include "../../platform/native_trace.hpp"
#include "../../platform/symbols.hpp"
#include "watched_worker.hpp"

namespace awaitest::detail {

struct blocked_words {
  std::string why;    ///< one line
  std::string where;  ///< more of them, each with its newline before; or none
};

#ifdef AWAITEST_HAS_NATIVE_TRACE

/// The frames that a person is to see, a line each.
class shown_frames {
 public:
  static std::string of(std::vector<named_frame> all) {
    // Whatever begins in the loop's own is the same at each time.
    const auto begins = [](const named_frame& one) {
      return name_of(one.function).starts_with("awaitest::detail::loop::");
    };
    all.erase(std::find_if(all.begin(), all.end(), begins), all.end());
    auto last = std::find_if(all.rbegin(), all.rend(), [](const auto& one) { return !is_machinery(one); });
    if (last != all.rend()) all.erase(last.base(), all.end());
    std::string out;
    std::size_t number = 0;
    bool unnamed = false;
    bool theirs = false;  // a function of the user's has been shown
    for (std::size_t i = 0; i < all.size() && number < most; ++number) {
      auto end = i;
      while (theirs && end < all.size() && is_machinery(all[end])) ++end;
      if (end > i + 1) {
        out += fmt::format("\n  ... {} of Asio, awaitest and the standard library", end - i);
        i = end;
        continue;
      }
      theirs = theirs || !(is_machinery(all[i]) || all[i].function.empty());
      unnamed = unnamed || all[i].text.find("(+0x") != std::string::npos;
      out += fmt::format("\n  #{} {}", i, all[i].text);
      ++i;
    }
    if (unnamed)
      out += "\n  FILE(+OFFSET): `addr2line -Cfipe FILE OFFSET` names it, given a file with symbols";
    return out;
  }

 private:
  static constexpr std::size_t most = 24;

  /// Without the return type that templates have before it.
  static std::string_view name_of(std::string_view function) {
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < function.size(); ++i) {
      const char c = function[i];
      if (c == '(' && depth == 0) {
        const auto before = function.substr(begin, i - begin);
        if (!function.substr(i).starts_with("(anonymous namespace)") && !before.empty() &&
            before != "decltype")
          return function.substr(begin);
      }
      if (c == '<' || c == '(' || c == '[' || c == '{') ++depth;
      if (c == '>' || c == ')' || c == ']' || c == '}') --depth;
      if (c == ' ' && depth == 0) begin = i + 1;
    }
    return function;
  }
  static bool is_machinery(const named_frame& frame) {
    const auto name = name_of(frame.function);
    return std::any_of(std::begin(machinery), std::end(machinery),
                       [&](std::string_view one) { return name.starts_with(one); });
  }
  static constexpr std::string_view machinery[] = {"asio::", "asio_",
                                                   "awaitest::detail::", "std::", "__gnu_cxx::"};
};

/// The loader may be what hangs: names are waited for as long as that, then it is done without.
inline std::string named_in_time(std::vector<void*> frames) {
  struct answer {
    std::mutex guard;
    std::condition_variable changed;
    bool done = false;
    std::string text;
  };
  const auto shared = std::make_shared<answer>();
  std::thread([shared, frames] {
    auto text = shown_frames::of(frame_names::of(frames, limits::frame_names));
    const std::lock_guard lock{shared->guard};
    shared->text = std::move(text);
    shared->done = true;
    shared->changed.notify_one();
  }).detach();
  std::unique_lock lock{shared->guard};
  if (shared->changed.wait_for(lock, limits::frame_names_at_all, [&] { return shared->done; }))
    return std::move(shared->text);
  std::string text;
  for (const auto* one : frames) text += fmt::format("\n  {}", one);
  return text;
}

/// The work of a loop's thread, as it tells itself in a signal's handler.
struct loop_moment {
  task_ref running{};     ///< whose handler its loop is in; none: of the io_context's own
  bool pumping = false;   ///< its loop is not in a handler of the io_context's own
  bool dropping = false;  ///< its loop destroys what has been left on the io_context

  /// The calling thread's.
  static loop_moment now() noexcept {
    loop_moment made;
    if (auto* const slot = here.running)
      made.running = {slot, slot->generation.load(std::memory_order_relaxed)};
    if (const auto* const current = loop::current()) {
      made.pumping = current->pumping();
      made.dropping = current->dropping();
    }
    return made;
  }
};

inline std::string words_for_running(const loop_moment& trace, watched_worker& which) {
  if (trace.dropping) return "the destruction of what tests have left on the io_context";
  auto* const slot = trace.running.slot;
  if (!slot) return trace.pumping ? "what runs between two handlers" : "a handler of the io_context";
  const std::unique_lock lock{slot->guard, std::try_to_lock};  // it may be held by the very thread
  if (!lock || slot->generation.load(std::memory_order_relaxed) != trace.running.generation)
    return "a handler";
  if (!slot->label.empty()) return "a handler of " + slot->label;
  bool plain = false;
  which.for_each_current([&](const test_result& one) {
    const auto& record = *one.test.record;
    if (one.attempt.get() == slot->scope)
      plain = record.plain || (record.parameters && record.parameters->plain);
  });
  return plain ? "the body" : "a handler of the body";
}

/// For the thread that watches, once: the process ends then. `when`: in whose time it is.
inline blocked_words look_at_blocked(watched_worker& which, std::int64_t held, std::string_view when) {
  static loop_moment trace;  // of the thread that answers
  std::vector<void*> frames;
  const bool answered =
      trace_signal::ask(which.thread(), limits::answer_of_thread, [] { trace = loop_moment::now(); }, frames);
  auto who = answered ? words_for_running(trace, which) : "a handler, or the test itself,";
  blocked_words made;
  made.why = held > 0 ? fmt::format("the loop is blocked: {} has held its thread for more than {}", who,
                                    real_span_words(held))
                      : fmt::format("the loop is blocked: {} does not give its thread back", who);
  made.why += when;
  made.where = answered ? "\nwhere it is:" + named_in_time(std::move(frames))
                        : "\nwhere it is: not known, its thread does not answer a signal";
  return made;
}

#else

inline blocked_words look_at_blocked(watched_worker&, std::int64_t held, std::string_view when) {
  auto why = held > 0 ? fmt::format("has held its thread for more than {}", real_span_words(held))
                      : std::string{"does not give its thread back"};
  return {fmt::format("the loop is blocked: a handler, or the test itself, {}{}", why, when), {}};
}

#endif

}  // namespace awaitest::detail
