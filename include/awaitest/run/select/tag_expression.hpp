// The expressions of --tag: a tag, a pattern of tags, or several with `and`, `or`, `not` and parentheses.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "patterns.hpp"

namespace awaitest::detail {

/// `not` binds closer than `and`, that closer than `or`. Words that stand side by side are one tag: `two words and not slow`. An
/// expression that is a tag as it stands (`salt and pepper`) fits that one, too.
class tag_expression {
 public:
  tag_expression(std::string_view text, const std::vector<std::string>& tags) : tags_{tags} {
    is_whole_ = std::find(tags.begin(), tags.end(), text) != tags.end();
    split(text);
    fits_ = tokens_.empty() ? fits(text) : any_of();
    if (error_.empty() && at_ != tokens_.size())
      error_ = tokens_[at_] == ")" ? "a `)` closes nothing"
                                   : fmt::format("`{}` needs a tag in front of it", tokens_[at_]);
  }

  /// Whether a test with these tags is meant.
  bool fits() const noexcept { return fits_ || is_whole_; }
  /// Empty, or why it is no expression.
  const std::string& error() const noexcept { return error_; }

 private:
  static bool is_word(std::string_view token) {
    return token == "and" || token == "or" || token == "not" || token == "(" || token == ")";
  }
  /// Words side by side are joined here.
  void split(std::string_view text) {
    bool joins = false;
    while (!text.empty()) {
      if (text.front() == ' ') {
        text.remove_prefix(1);
        continue;
      }
      const bool paren = text.front() == '(' || text.front() == ')';
      const auto length = paren ? 1 : std::min(text.find_first_of(" ()"), text.size());
      const auto token = text.substr(0, length);
      text.remove_prefix(length);
      const bool operand = !is_word(token);
      if (operand && joins)
        (tokens_.back() += ' ') += token;
      else
        tokens_.emplace_back(token);
      joins = operand;
    }
  }
  bool next_is(std::string_view token) {
    if (at_ == tokens_.size() || tokens_[at_] != token) return false;
    ++at_;
    return true;
  }
  bool any_of() {
    bool result = all_of();
    while (next_is("or")) result = all_of() || result;
    return result;
  }
  bool all_of() {
    bool result = one();
    while (next_is("and")) result = one() && result;
    return result;
  }
  bool one() {
    bool wanted = true;
    while (next_is("not")) wanted = !wanted;
    if (next_is("(")) {
      if (++depth_ > deepest) {
        fail("there are too many parentheses");
        at_ = tokens_.size();
        return false;
      }
      const bool inside = any_of();
      --depth_;
      if (!next_is(")")) fail("a `(` is not closed");
      return inside == wanted;
    }
    if (at_ == tokens_.size()) {
      fail(fmt::format("a tag is missing{}", at_ == 0 ? "" : " behind `" + tokens_[at_ - 1] + "`"));
      return false;
    }
    if (is_word(tokens_[at_])) {
      fail(fmt::format("a tag is missing in front of `{}`", tokens_[at_]));
      return false;
    }
    return fits(tokens_[at_++]) == wanted;
  }
  bool fits(std::string_view pattern) const {
    const bool is_pattern = pattern.find_first_of("*?") != std::string_view::npos;
    return std::any_of(tags_.begin(), tags_.end(), [&](const std::string& tag) {
      return tag == pattern || (is_pattern && detail::matches_pattern(tag, pattern));
    });
  }
  void fail(std::string why) {
    if (error_.empty()) error_ = std::move(why);
  }

  static constexpr int deepest = 100;
  const std::vector<std::string>& tags_;
  std::vector<std::string> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool fits_ = false, is_whole_ = false;
  std::string error_;
};

}  // namespace awaitest::detail
