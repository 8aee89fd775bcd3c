// Members of Asio's classes that it keeps to itself, for what cannot be known otherwise.
#pragma once

namespace awaitest::detail {

// An explicit instantiation may name what is private: [temp.spec.general]/6.
template <auto Member, class Tag>
struct private_member {
  friend constexpr auto member_of(Tag) noexcept { return Member; }
};
#define AWAITEST_PRIVATE_(tag, ...)                \
  struct tag {                                     \
    friend constexpr auto member_of(tag) noexcept; \
  };                                               \
  template struct private_member<__VA_ARGS__, tag>;

}  // namespace awaitest::detail
