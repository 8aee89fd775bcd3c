// Exit tests: definitions to author/check/exits.hpp.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "../author/check/exits.hpp"
#include "../platform/fatal_signals.hpp"
#include "../platform/limits.hpp"
#include "../platform/real_clock.hpp"
#include "../task/reporting.hpp"
#include "assertions.hpp"

namespace awaitest::detail {

exit_check::exit_check(location where, const char* macro, const char* text)
    : where_{where}, macro_{macro}, text_{text} {
  int prints[2], tells[2];
  if (::pipe(prints) != 0) {
    error_ = errno;
    return;
  }
  if (::pipe(tells) != 0) {
    error_ = errno;
    ::close(prints[0]);
    ::close(prints[1]);
    return;
  }
  for (const int one : {prints[0], tells[0], tells[1]}) ::fcntl(one, F_SETFD, FD_CLOEXEC);
  ::fcntl(tells[0], F_SETFL, O_NONBLOCK);  // an orphan may keep it open
  std::fflush(nullptr);
  const auto process = ::fork();
  if (process == 0) {
    here_ = true;
    ::dup2(prints[1], STDERR_FILENO);
    for (const int one : {prints[0], prints[1], tells[0]}) ::close(one);
    tells_ = tells[1];
    for_each_fatal_signal([](int number) { ::signal(number, SIG_DFL); });  // as without a test
    return;
  }
  if (process < 0) error_ = errno;
  ::close(prints[1]);
  ::close(tells[1]);
  prints_ = prints[0];
  tells_ = tells[0];
  process_ = process;
}
exit_check::~exit_check() {
  if (here_) return;
  if (process_ > 0) {  // a matcher has thrown
    ::kill(static_cast<pid_t>(process_), SIGKILL);
    ::waitpid(static_cast<pid_t>(process_), &status_, 0);
  }
  for (const int one : {prints_, tells_})
    if (one >= 0) ::close(one);
}

void exit_check::end(std::string_view words) {
  [[maybe_unused]] const auto written = ::write(tells_, words.data(), words.size());
  ::_exit(1);
  std::abort();  // for compilers that do not know of _exit's being replaced
}
void exit_check::threw() { end("the statement has thrown " + detail::text_of(std::current_exception())); }
void exit_check::came_back() { end("the statement has come to its end"); }

const std::string& exit_check::wait() {
  if (process_ <= 0) return printed_;
  const time_scope real{nullptr};  // the process is no part of the test's time
  const auto begun = real_now();
  const auto left = [&] {
    const auto span =
        std::chrono::duration_cast<std::chrono::milliseconds>(begun + limits::exit_test - real_now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(span.count(), 0));
  };
  const auto pid = static_cast<pid_t>(process_);
  char buffer[4096];
  for (bool gone = false;;) {
    if (!gone) {
      const auto found = ::waitpid(pid, &status_, killed_ ? 0 : WNOHANG);
      gone = found == pid || (found < 0 && errno != EINTR);
      if (!gone && left() == 0 && !std::exchange(killed_, true)) ::kill(pid, SIGKILL);
    }
    // A process that this one has forked may keep the pipe open: the end of this one is looked for, too.
    pollfd one{prints_, POLLIN, 0};
    const int patience = gone || killed_ ? 0 : prints_ >= 0 ? std::min(left(), 5) : 1;
    if (::poll(&one, prints_ >= 0 ? 1 : 0, patience) > 0) {
      const auto got = ::read(prints_, buffer, sizeof buffer);
      if (got > 0) printed_.append(buffer, static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) ::close(std::exchange(prints_, -1));
    } else if (gone) {
      break;
    }
  }
  process_ = 0;
  const auto got = ::read(tells_, buffer, sizeof buffer);
  if (got > 0) told_.assign(buffer, static_cast<std::size_t>(got));
  return printed_;
}

inline std::string words_for_end(bool by_signal, int number) {
  return by_signal ? fmt::format("by signal {} ({})", number, ::strsignal(number))
                   : fmt::format("with exit code {}", number);
}

void exit_check::report(wanted_end wanted, bool fits, std::string expected, std::string wrong) {
  wait();
  const line_scope in{where_.line};
  const bool by_signal = WIFSIGNALED(status_);
  const int number = by_signal ? WTERMSIG(status_) : WEXITSTATUS(status_);
  held_ = error_ == 0 && !killed_ && told_.empty() && by_signal == wanted.by_signal &&
          number == wanted.number && fits;
  const location where{where_.file, where_.line & ~in_destructor};
  if (held_) {
    if (auto* why = passed()) failed(why, where, macro_, text_);
    return;
  }
  failure what;
  what.where = where;
  what.macro = macro_;
  what.expression = text_;
  if (!fits && told_.empty()) what.expected = "standard error: " + expected;
  if (error_ != 0)
    what.message = fmt::format("the process could not be made: {}", std::strerror(error_));
  else if (killed_)
    what.message = fmt::format("it has not ended after {}ms, and was killed", limits::exit_test.count());
  else if (!told_.empty())
    what.message = told_;
  else if (by_signal != wanted.by_signal || number != wanted.number)
    what.message =
        fmt::format("it is to end {}, and has ended {}", words_for_end(wanted.by_signal, wanted.number),
                    words_for_end(by_signal, number));
  const auto add = [&what](const std::string& line) {
    if (!what.message.empty()) what.message += '\n';
    what.message += line;
  };
  if (!wrong.empty()) add(wrong);
  add(printed_.empty() ? "it wrote nothing to standard error"
                       : "it wrote to standard error: " + detail::text_of(printed_));
  report_here(std::move(what));
}
void exit_check::require() const {
  if (held_) return;
  const line_scope in{where_.line};
  leave_task_here();
}

}  // namespace awaitest::detail
