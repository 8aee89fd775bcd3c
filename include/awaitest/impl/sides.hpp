// Which side of `a && b` or `a || b` an assertion has failed for. The operators are the language's own: the right side is not
// evaluated when the left one decides, so no object of ours can see it. The truth of the first operand is seen on its way
// (author/check/decompose.hpp); what follows from it and from the whole is told of the sides as they are written. Of three sides,
// `a && b && c`, it may only follow that one of the last two was false.
#pragma once

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"

namespace awaitest::detail {

/// An expression as it was written, cut at the operators outside of all brackets and quotes.
class written_expression {
 public:
  explicit written_expression(std::string_view text) : text_{text} {
    for (at_ = 0; at_ < text_.size(); ++at_) step();
    end_part(text_.size(), 0);
    end_alternative();
  }
  /// The operands of `||`, each as the operands of its `&&`. Empty: there is another operator of low precedence.
  std::vector<std::vector<std::string_view>> alternatives;

  static std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
  }
  bool is_conditional() const { return conditional_; }

 private:
  static bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
  char before() const { return at_ == 0 ? ' ' : text_[at_ - 1]; }
  bool word_here(std::string_view word) const {
    const auto rest = text_.substr(at_);
    return rest.starts_with(word) && !in_word(before()) &&
           (rest.size() == word.size() || !in_word(rest[word.size()]));
  }
  /// Whether a `'` separates digits.
  bool in_number() const {
    auto from = at_;
    while (from > 0 && (in_word(text_[from - 1]) || text_[from - 1] == '\'')) --from;
    return from < at_ && std::isdigit(static_cast<unsigned char>(text_[from])) != 0;
  }
  /// `&&` of a type, as in `static_cast<T&&>(x)`.
  bool names_a_reference() const {
    const auto rest = trimmed(text_.substr(at_ + 2));
    return rest.empty() || rest.front() == '>' || rest.front() == ')' || rest.front() == ',';
  }
  void step() {
    const char c = text_[at_];
    if (c == '"') {
      skip_text();
    } else if (c == '\'' && !in_number()) {
      skip_quoted('\'');
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth_;
    } else if (c == ')' || c == ']' || c == '}') {
      --depth_;
    } else if (depth_ == 0) {
      if (c == '?') conditional_ = true;
      if (text_.substr(at_, 2) == "||" || word_here("or")) {
        end_part(at_, 2);
        end_alternative();
      } else if (text_.substr(at_, 2) == "&&" && !names_a_reference()) {
        end_part(at_, 2);
      } else if (word_here("and")) {
        end_part(at_, 3);
      }
    }
  }
  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_)
      if (text_[at_] == '\\') ++at_;
  }
  void skip_text() {
    if (before() != 'R') return skip_quoted('"');
    const auto open = text_.find('(', at_);
    if (open == std::string_view::npos) return skip_quoted('"');
    const auto end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const auto close = text_.find(end, open);
    at_ = close == std::string_view::npos ? text_.size() : close + end.size() - 1;
  }
  void end_part(std::size_t to, std::size_t skipped) {
    parts_.push_back(trimmed(text_.substr(from_, to - from_)));
    from_ = to + skipped;
    if (skipped != 0) at_ = from_ - 1;
  }
  void end_alternative() { alternatives.push_back(std::exchange(parts_, {})); }

  std::string_view text_;
  std::size_t at_ = 0, from_ = 0;
  int depth_ = 0;
  bool conditional_ = false;
  std::vector<std::string_view> parts_;
};

/// The sides of an expression that was `value`, when its first operand was `first`; empty: nothing is known, or there are none.
inline std::vector<logical_side> sides_of(std::string_view text, bool value, bool first) {
  const written_expression written{text};
  const auto& ors = written.alternatives;
  if (written.is_conditional() || (ors.size() == 1 && ors.front().size() == 1)) return {};
  std::vector<logical_side> out;
  const auto say = [&out](bool is, std::string_view which) { out.push_back({is, {std::string(which)}}); };
  const auto whole = [](const std::vector<std::string_view>& parts) {
    const auto& last = parts.back();
    return std::string_view{parts.front().data(),
                            static_cast<std::size_t>(last.data() + last.size() - parts.front().data())};
  };
  // One of the operands from the second on, which are what `rest` makes of them.
  const auto say_rest = [&out](bool is, std::size_t count, auto rest) {
    out.push_back({is, {}});
    for (std::size_t i = 1; i < count; ++i) out.back().any_of.emplace_back(rest(i));
  };
  const auto& ands = ors.front();
  if (!value) {
    say(first, ands.front());
    if (first) say_rest(false, ands.size(), [&](std::size_t i) { return ands[i]; });
    for (std::size_t i = 1; i < ors.size(); ++i) say(false, whole(ors[i]));
  } else if (ors.size() == 1) {
    for (const auto& one : ands) say(true, one);
  } else {
    say(first, ands.front());
    if (!first) say_rest(true, ors.size(), [&](std::size_t i) { return whole(ors[i]); });
  }
  return out;
}

}  // namespace awaitest::detail
