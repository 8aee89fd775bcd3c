// Members of Asio's classes that it keeps to itself, for what cannot be known otherwise.
//
// Not with AWAITEST_NO_INTERPOSITION: a header that includes this one does without them there, and says what that costs.
#pragma once

#ifdef AWAITEST_NO_INTERPOSITION
#error \
    "AWAITEST_NO_INTERPOSITION leaves private members of Asio alone: include this header where it is not defined only"
#endif

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
