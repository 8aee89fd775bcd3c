// Data as bytes: one function for each type of it, `exchange(with, what)`, writes with a writer and reads with a reader.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "location.hpp"

namespace awaitest::wire {

/// Appends to a text.
class writer {
 public:
  static constexpr bool reads = false;
  std::string out;

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void operator()(T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    out += text;
  }
};

/// Reads from a text; `ok` is false for ever once it has come to its end too early.
class reader {
 public:
  static constexpr bool reads = true;
  explicit reader(std::string_view from) : left{from} {}
  std::string_view left;
  bool ok = true;

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void operator()(T& value) {
    if (left.size() < sizeof value) ok = false;
    if (!ok) return;
    std::memcpy(&value, left.data(), sizeof value);
    left.remove_prefix(sizeof value);
  }
  void operator()(std::string& text) {
    std::size_t size = 0;
    (*this)(size);
    if (size > left.size()) ok = false;
    if (!ok) return;
    text = left.substr(0, size);
    left.remove_prefix(size);
  }
};

template <class A, class T>
void exchange_list(A& with, T& list) {
  auto size = list.size();
  with(size);
  if constexpr (A::reads) {
    if (size > with.left.size()) with.ok = false;  // an element is at least a byte
    if (!with.ok) return;
    list.resize(size);
  }
  for (auto& one : list) {
    if constexpr (requires { with(one); })
      with(one);
    else
      exchange(with, one);
  }
}
/// Places are texts for ever here: the reader keeps those it has met.
template <class A, class L>
void exchange_place(A& with, L& where) {
  std::string file = where.file;
  with(file);
  with(where.line);
  if constexpr (A::reads) {
    static std::vector<std::unique_ptr<const std::string>> known;
    for (const auto& one : known)
      if (*one == file) {
        where.file = one->c_str();
        return;
      }
    known.push_back(std::make_unique<const std::string>(file));
    where.file = known.back()->c_str();
  }
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, location>
void exchange(A& with, T& where) {
  exchange_place(with, where);
}

}  // namespace awaitest::wire
