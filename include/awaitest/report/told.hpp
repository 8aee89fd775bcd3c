// All that a report says of a failure besides its two values.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/text.hpp"
#include "ending.hpp"
#include "mocks.hpp"

namespace awaitest::reporting {

inline std::string name_of_task(const std::string& task) { return task.empty() ? "the body" : task; }

/// `gate at x.cpp:3, in f (x.cpp:2) (made at x.cpp:1)`
inline std::string words_for_place(const known_wait& one) {
  auto text = one.what;
  if (one.where.line != 0) text += " at " + place_text(one.where);
  if (!one.callers.empty()) text += ", " + one.callers;
  if (!one.work.empty()) text += ", its work " + one.work;
  if (one.made.line != 0) text += fmt::format(" ({} at {})", one.origin, place_text(one.made));
  return text;
}

/// `the body waits in gate at x.cpp:3`; of several children with their number and names.
inline std::string words_for_wait(const known_wait& one) {
  const auto in = one.what.empty() ? "for an operation of Asio or for another coroutine" +
                                         (one.callers.empty() ? "" : ", " + one.callers)
                                   : "in " + words_for_place(one);
  if (one.count == 1) return name_of_task(one.task) + " waits " + in;
  auto text = fmt::format("{} {}children spawned at {} wait {}", one.count,
                          one.background ? "background " : "", place_text(one.spawned), in);
  const char* before = ": ";
  for (const auto& name : one.names) text += std::exchange(before, ", ") + ("'" + name + "'");
  if (one.more_names != 0) text += fmt::format(" and {} more", one.more_names);
  return text;
}

/// `of the body: one waits in gate at x.cpp:3`
inline std::string words_for_leak(const known_wait& one) {
  auto text = "of " + name_of_task(one.task);
  if (!one.what.empty()) text += (one.is_operation ? ": " : ": one waits in ") + words_for_place(one);
  if (one.count > 1) text += fmt::format(" ({} times)", one.count);
  return text;
}

/// `2 operations and a coroutine have outlived it`, and what to do about it. Zero and zero: something has.
inline std::string words_for_leaks(std::uint64_t operations, std::uint64_t coroutines) {
  const auto counted = [](std::uint64_t number, const char* one, const char* several) {
    return number == 1 ? std::string(one) : fmt::format("{} {}", number, several);
  };
  std::string what;
  if (operations != 0) what = counted(operations, "an operation", "operations");
  if (operations != 0 && coroutines != 0) what += " and ";
  if (coroutines != 0) what += counted(coroutines, "a coroutine", "coroutines");
  if (what.empty()) what = "a coroutine or an operation";
  return what + (operations + coroutines > 1
                     ? " have outlived it: await them, cancel them, or give them to spawn_background()"
                     : " has outlived it: await it, cancel it, or give it to spawn_background()");
}

/// `"flusher" in f (x.cpp:3), "pool"`, and what to do about them.
inline std::string words_for_threads(const concluded& what) {
  std::string names;
  for (const auto& one : what.threads)
    names += fmt::format("{}\"{}\"{}{}", names.empty() ? "" : ", ", one.name, one.place.empty() ? "" : " ",
                         one.place);
  return names + " (harmless_thread(), where it only wakes itself)";
}

/// The threads that have held virtual time.
inline std::string words_for_holders(const concluded& what) {
  if (!what.unseen.empty())
    return fmt::format("threads that may be at work, which cannot be looked at ({})", what.unseen);
  if (what.threads.empty()) return "a thread that may be at work";
  return fmt::format("{} that may be at work: {}", what.threads.size() == 1 ? "a thread" : "threads",
                     words_for_threads(what));
}

/// A socket or pipe that is waited for, or the other end of one.
inline std::string words_for(const known_socket& one) {
  if (one.descriptor < 0) return "a " + one.kind;
  auto text = fmt::format("descriptor {}: {}", one.descriptor, one.kind.empty() ? "closed" : one.kind);
  if (!one.address.empty()) text += " " + one.address;
  if (one.other == far_end::listener) text += ", a listener";
  if (one.peer_descriptor >= 0)
    text += fmt::format(" connected to descriptor {}", one.peer_descriptor);
  else if (!one.peer.empty())
    text += " connected to " + one.peer;
  if (one.other == far_end::accepted) text += ", which nobody has accepted yet";
  if (one.other == far_end::outside && one.kind != "udp") text += ", outside of this process";
  if (one.reads) text += one.other == far_end::listener ? ", waits to accept" : ", waits to read";
  if (one.writes)
    text += one.other == far_end::none && one.peer.empty() ? ", waits to connect" : ", waits to write";
  if (one.unread != 0) text += fmt::format(", {} byte{} unread", one.unread, one.unread == 1 ? "" : "s");
  return text;
}

/// The rest of a timeout's line, when it is known who could have ended the wait.
inline std::string words_for_wakers(const concluded& what) {
  if (what.only_outsiders)
    return "; only somebody outside of this process could have woken it (closed_world(): nobody will, and it "
           "is "
           "stuck at once)";
  if (!what.unseen.empty())
    return fmt::format("; threads that may be at work could have woken it, and cannot be looked at ({})",
                       what.unseen);
  if (what.threads.empty()) return {};
  return fmt::format("; {} that may be at work could have woken it: {}",
                     what.threads.size() == 1 ? "a thread" : "threads", words_for_threads(what));
}

inline std::string words_for_conclusion(const failure& of) {
  const auto& what = of.ended;
  const auto limit = of.in_virtual_time && !is_by_the_machine(what.why) ? span_words(what.limit)
                                                                        : whole_span_words(what.limit);
  const bool stuck = what.why == conclusion::stuck || what.why == conclusion::stuck_by_hand;
  const char* const whose = what.of_a_schedule ? "a schedule's limit" : "--timeout";
  switch (what.why) {
    case conclusion::none: return {};
    case conclusion::real_timeout:
      return fmt::format("timed out after {} of real time ({}), with something always ready or due", limit,
                         whose);
    case conclusion::held_timeout:
      return fmt::format("timed out after {} of real time ({}), with virtual time held still by {}", limit,
                         whose, words_for_holders(what));
    case conclusion::outside_timeout:
      return fmt::format("timed out after {} of real time ({}), with nothing to come but I/O", limit, whose) +
             words_for_wakers(what);
    case conclusion::guarded_timeout:
      return fmt::format("timed out after {} of real time ({}), with virtual time held still by hold_time()",
                         limit, whose);
    case conclusion::late:
      return fmt::format(
          "took {}, and its timeout is {}: a handler, or the whole test, has blocked its thread",
          of.in_virtual_time ? span_words(what.took)
                             : fmt::format("{}ms", static_cast<double>(what.took) / 1e6),
          limit);
    case conclusion::given_up: return "it has not ended after it was cancelled, and was destroyed";
    case conclusion::timeout:
    case conclusion::stuck:
    case conclusion::stuck_by_hand: break;
  }
  std::string text;
  switch (what.in) {
    case test_phase::set_up: text = "the set_up of its fixtures "; break;
    case test_phase::cleanups: text = "a cleanup "; break;
    case test_phase::tear_down: text = "a tear_down "; break;
    case test_phase::body: text = stuck ? "the body " : ""; break;
    default: text = stuck ? "the body is done, but a child " : ""; break;
  }
  if (!stuck)
    return text + (text.empty() ? "timed out after " : "has not ended after ") + limit +
           words_for_wakers(what);
  return text + (what.why == conclusion::stuck_by_hand
                     ? "is stuck: nothing can wake it unless this_test::advance() moves its time"
                     : "is stuck: nothing can ever wake it");
}

/// `true:  a`, or `false: one of b, c`
inline std::string words_for(const logical_side& one) {
  std::string text = one.value ? "true:  " : "false: ";
  if (one.any_of.size() > 1) text += "one of ";
  for (std::size_t i = 0; i < one.any_of.size(); ++i) text.append(i == 0 ? "" : ", ").append(one.any_of[i]);
  return text;
}

/// Whether a certificate was refused, by OpenSSL's words, in virtual time: most are younger than its default start.
inline bool is_about_validity(const failure& of) {
  const auto is_refused = [](const std::string& text) {
    return text.find("certificate verify failed") != std::string::npos ||
           text.find("certificate is not yet valid") != std::string::npos ||
           text.find("certificate has expired") != std::string::npos;
  };
  return of.in_virtual_time &&
         (is_refused(of.message) || is_refused(of.left.text) || is_refused(of.right.text));
}

/// All that is to be said of a failure besides its two values: a line, or several.
inline std::string told(const failure& what) {
  std::string text = what.message + words_for_conclusion(what);
  if (what.ending.cause != end_cause::none)
    text += reporting::words_for(what.ending, what.kind == failure_kind::interrupted);
  if (!what.work.empty()) text += "\nwhat it waited for was " + what.work;
  if (!what.thrown.empty()) text += "\nthrown " + what.thrown;
  for (const auto& one : what.mocks) text.append(text.empty() ? "" : "\n").append(reporting::words_for(one));
  for (const auto& one : what.operands) text.append(text.empty() ? "" : "\n").append(words_for(one));
  if (is_about_validity(what))
    text +=
        "\nin virtual time, which begins at 2000-01-01 unless virtual_time(at(\"2030-03-01\")) says "
        "otherwise: a certificate may not be valid then";
  const bool leaks = what.kind == failure_kind::leak && what.ended.why == conclusion::none;
  if (leaks) text += words_for_leaks(what.operations, what.coroutines);
  for (const auto& one : what.waits) text += "\n" + (leaks ? words_for_leak(one) : words_for_wait(one));
  for (const auto& one : what.sockets) text += "\n" + words_for(one);
  if (leaks && what.waits.empty()) text += "\non the io_context itself";
  if (what.more_waits != 0)
    text += leaks ? "\nand more, elsewhere" : fmt::format("\nand {} more, elsewhere", what.more_waits);
  return text;
}

inline std::string words_for(const happening& what) {
  auto text = name_of_task(what.task);
  if (!what.verb.empty()) text.append(" ").append(what.verb);
  if (!what.what.empty()) text.append(" ").append(what.what);
  if (what.where.line != 0) text += " at " + place_text(what.where);
  if (what.times > 1) text += fmt::format(" ({} times)", what.times);
  return text;
}

}  // namespace awaitest::reporting
