// The names of functions as compilers write them.
#include <awaitest/model/function_name.hpp>
#include <awaitest/platform/function_words.hpp>

#include <awaitest/awaitest.hpp>

#include <string>

using awaitest::without_result;
using awaitest::detail::short_name;

TEST_SUITE("model: names of functions") {
  TEST("a template's result is no part of its name") {
    CHECK(without_result("void app::f<int>(int)") == "app::f<int>(int)");
    CHECK(without_result("std::vector<int, std::allocator<int> > app::f<int>(int)") == "app::f<int>(int)");
    CHECK(without_result("app::f(int) const") == "app::f(int) const");
    CHECK(without_result("main") == "main");
  }
  TEST("a conversion's type is") {
    CHECK(without_result("std::atomic<bool>::operator bool() const") ==
          "std::atomic<bool>::operator bool() const");
    CHECK(without_result("app::size::operator unsigned long() const") ==
          "app::size::operator unsigned long() const");
    CHECK(short_name("app::flag::operator bool() const") == "app::flag::operator bool");
    CHECK(awaitest::detail::is_machinery(short_name("std::atomic<bool>::operator bool() const")));
  }
  TEST("a call operator is called by its object") {
    CHECK(short_name("app::adder::operator()(int) const") == "app::adder");
    CHECK(short_name("app::f()::{lambda(int)#1}::operator()(int) const") == "app::f()::{lambda(int)#1}");
  }
  TEST("an inlined call operator without a scope is a lambda's") {
    const awaitest::named_frame inlined{"operator()", "operator() at x.cpp:3"};
    CHECK(awaitest::detail::words_for_function(inlined, "the body of the test") == "a lambda (x.cpp:3)");
  }
  TEST("neither scopes without a name nor tags are told") {
    CHECK(short_name("(anonymous namespace)::f[abi:cxx11](int)") == "f");
  }
}
