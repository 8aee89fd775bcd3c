// Two sets or two maps as they are printed: which keys only one of them has, and where the values differ.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/printed.hpp"

namespace awaitest::reporting {

struct keyed {
  std::string_view key, value, whole;  ///< without a value, of a set: the key is all
  std::size_t index;                   ///< in its container
  friend bool operator<(const keyed& a, const keyed& b) {
    return std::pair{a.key, a.value} < std::pair{b.key, b.value};
  }
};
struct difference_by_key {
  std::vector<std::pair<keyed, keyed>> differ;
  std::vector<keyed> only_left, only_right;
};

inline std::vector<keyed> keyed_elements(const printed& of) {
  std::vector<keyed> all;
  const std::string_view text = of.text;
  for (std::size_t i = 0; i < of.elements.size(); ++i) {
    const std::size_t from = of.elements[i];
    const auto to = i + 1 < of.elements.size() ? std::size_t{of.elements[i + 1]} - 2 : text.size() - 1;
    const auto whole = text.substr(from, to - from);
    if (i < of.keys.size()) {
      const std::size_t end = of.keys[i];
      all.push_back({text.substr(from, end - from),
                     text.substr(end + of.behind_key, to - end - of.behind_key), whole, i});
    } else {
      all.push_back({whole, {}, whole, i});
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// In the order of the containers. Equal keys may be several on a side: those with equal values belong together.
inline difference_by_key differences_by_key(const printed& left, const printed& right) {
  const auto a = reporting::keyed_elements(left), b = reporting::keyed_elements(right);
  std::vector<keyed> of_a, of_b;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(of_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(of_b));
  difference_by_key found;
  auto at = of_b.begin();
  for (const auto& one : of_a) {
    for (; at != of_b.end() && at->key < one.key; ++at) found.only_right.push_back(*at);
    if (at != of_b.end() && at->key == one.key)
      found.differ.emplace_back(one, *at++);
    else
      found.only_left.push_back(one);
  }
  found.only_right.insert(found.only_right.end(), at, of_b.end());
  const auto by_index = [](const keyed& x, const keyed& y) { return x.index < y.index; };
  std::sort(found.only_left.begin(), found.only_left.end(), by_index);
  std::sort(found.only_right.begin(), found.only_right.end(), by_index);
  std::sort(found.differ.begin(), found.differ.end(),
            [&](const auto& x, const auto& y) { return by_index(x.first, y.first); });
  return found;
}

}  // namespace awaitest::reporting
