// Choices in a run of a test: plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace awaitest::detail {

/// Kinds of choices, by the letters that stand for them in a token.
enum class choice_kind : char {
  schedule = 's',  ///< which of the ready handlers is next
  postpone = 'p',  ///< whether the first of them is held back, and for how long: see `postponed`
  timer = 't',     ///< which of the timers that are due at one instant is next
  user = 'u'       ///< this_test::choose
};

/// A label that nothing has: the option counts by its number alone.
inline constexpr std::uint16_t any_label = 0;
inline std::uint16_t folded(std::uint32_t key) noexcept {
  const auto made = static_cast<std::uint16_t>(key ^ (key >> 16U));
  return made == any_label ? std::uint16_t{1} : made;
}

/// A point at which something may go either way. Option 0 is what plain Asio does.
struct question {
  choice_kind kind;
  std::uint32_t options;              ///< at least two
  std::uint32_t key;                  ///< of what it is about: a hash without addresses, the same in each run
  std::string_view words{};           ///< of `user`
  const std::uint32_t* of = nullptr;  ///< the same of each option, where they are chains; null: they are not

  std::uint16_t label(std::uint32_t option) const noexcept { return detail::folded(of ? of[option] : key); }
};

/// An answer.
struct choice {
  choice_kind kind;
  std::uint16_t label;  ///< of what was chosen
  std::uint32_t options, option;
  friend bool operator==(const choice&, const choice&) = default;
};
using choice_list = std::vector<choice>;

/// A choice that differs from first-in first-out. What a token says of it beside its place and option is compared when it is replayed.
struct change {
  std::size_t at;  ///< how many choices come before it
  choice what;
  friend bool operator==(const change&, const change&) = default;
};
using change_list = std::vector<change>;  ///< by their places

/// `13s1/2`: the choice, its number among all, as a token begins with it.
inline std::string spelled(std::size_t at, const choice& what) {
  return std::to_string(at) + static_cast<char>(what.kind) + std::to_string(what.option) + '/' +
         std::to_string(what.options);
}

inline change_list changes_of(const choice_list& all) {
  change_list made;
  for (std::size_t at = 0; at < all.size(); ++at)
    if (all[at].option != 0) made.push_back({at, all[at]});
  return made;
}

}  // namespace awaitest::detail
