// The output of tests, told with those that fail.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/last_moments.hpp"
#include "../model/own_descriptors.hpp"
#include "../model/without_sigpipe.hpp"
#include "../platform/redirected_output.hpp"
#include "../scope/forked.hpp"

namespace awaitest::detail {

/// The output of a test is what was printed from the end of the test before it, or from its own beginning while others are in flight, to
/// its own end: with several in flight it is theirs, too, and they are named. Any thread.
class captured_output {
 public:
  /// `of_all`: not only of tests that fail.
  explicit captured_output(bool of_all) : of_all_{of_all} {}
  captured_output(const captured_output&) = delete;
  captured_output& operator=(const captured_output&) = delete;
  ~captured_output() { tell_rest(own_descriptors::output); }

  bool works() const noexcept { return file_.works(); }

  void begun(const test_info& which) {
    if (forked_process::here() || !works()) return;
    const std::lock_guard lock{guard_};
    in_flight_.push_back({&which, in_flight_.empty() ? last_ : file_.position(), ended_});
    ++begun_;
  }
  /// Gives it to the test, whose result is known.
  void ended(test_finished& test) {
    if (forked_process::here() || !works()) return;
    const auto lock = awaitest::lock_soon(guard_);
    const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                    [&](const auto& one) { return one.which == test.test; });
    if (found == in_flight_.end()) return;
    last_ = file_.position();
    if (of_all_ || test.result == outcome::failed) give(*found, test);
    in_flight_.erase(found);
    last_ended_[place_of(ended_++)] = test.test;
    auto oldest = last_;
    for (const auto& one : in_flight_) oldest = std::min(oldest, one.from);
    file_.forget(oldest);
  }
  /// The output after the last test goes to that descriptor.
  void tell_rest(int descriptor) {
    if (!works()) return;
    const auto end = file_.position();
    const without_sigpipe held{true};
    for (auto at = last_; at < end; at += most)
      detail::write_all(descriptor, file_.text(at, std::min<std::uint64_t>(end, at + most)));
    last_ = std::max(last_, end);
  }

 private:
  struct flight {
    const test_info* which;
    std::uint64_t from;          // where the file's end was
    std::uint64_t ended_before;  // how many tests had ended when it began
  };

  static std::size_t place_of(std::uint64_t number) noexcept {
    return static_cast<std::size_t>(number % most_named);
  }
  void give(const flight& of, test_finished& to) {
    const auto left_out = last_ > of.from + most ? last_ - of.from - most : 0;
    auto text = file_.text(of.from + left_out, last_);
    while (text.ends_with('\n')) text.pop_back();
    if (text.empty()) return;
    if (left_out != 0)
      text = "(the first " + std::to_string(left_out) + " bytes are left out)\n" + std::move(text);
    to.output = std::move(text);
    const auto others = begun_ - of.ended_before - 1;
    const auto add = [&](const test_info* one) {
      if (to.output_with.size() < std::min<std::uint64_t>(others, most_named))
        to.output_with.push_back(one->name);
    };
    for (const auto& one : in_flight_)
      if (one.which != of.which) add(one.which);
    const auto known = std::min<std::uint64_t>(ended_ - of.ended_before, last_ended_.size());
    for (auto i = ended_; i-- > ended_ - known;) add(last_ended_[place_of(i)]);
    to.more_output_with = others - to.output_with.size();
  }

  static constexpr std::uint64_t most = 4 * 1024 * 1024;  // bytes of one test, its last ones
  static constexpr std::size_t most_named = 8;

  redirected_output file_;
  bool of_all_;
  std::mutex guard_;
  std::vector<flight> in_flight_;
  std::array<const test_info*, most_named> last_ended_{};
  std::uint64_t begun_ = 0, ended_ = 0;  // tests
  std::uint64_t last_ = 0;               // where the file's end was when the last test ended
};

}  // namespace awaitest::detail
