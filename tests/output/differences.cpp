// Remarks on two values beside the values themselves: by key, by line.
#include <awaitest/awaitest.hpp>

#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

std::string long_line(const char* end) {
  std::string line(70, 'x');
  return line += end;
}
std::string lines(int wrong = 0) {
  std::string text;
  for (int i = 1; i <= 6; ++i) text += fmt::format("line {}{}\n", i, i == wrong ? " is wrong" : "");
  return text;
}

}  // namespace

TEST_SUITE("differences") {
  TEST("of sets and maps, by key") {
    using numbers = std::map<std::string, int>;
    CHECK(numbers{{"ada", 1}, {"bob", 2}, {"eve", 5}} == numbers{{"bob", 3}, {"cid", 4}, {"eve", 5}});
    CHECK(numbers{{"a: b, c", 1}} == numbers{{"a", 1}});
    CHECK(numbers{} == numbers{{"a", 1}});
    CHECK(std::set<int>{1, 2, 3, 5} == std::set<int>{2, 3, 4});
    CHECK(std::multiset<int>{1, 1, 2} == std::multiset<int>{1, 2, 2});
    CHECK(std::multimap<int, char>{{1, 'a'}, {1, 'b'}} == std::multimap<int, char>{{1, 'b'}, {1, 'c'}});
    CHECK(std::unordered_set<int>{7} == std::unordered_set<int>{8});
    using lists = std::unordered_map<int, std::vector<int>>;
    CHECK(lists{{7, {1}}} == lists{{7, {2}}});
    std::set<int> many;
    for (int i = 0; i < 100; ++i) many.insert(i);
    CHECK(many == std::set<int>{50});
    numbers two, three;
    for (int i = 0; i < 30; ++i) {
      two[fmt::format("key {:02}", i)] = 2;
      three[fmt::format("key {:02}", i)] = 3;
    }
    CHECK(two == three);
    CHECK(std::vector<std::set<int>>{{1}} == std::vector<std::set<int>>{{2}});
  }
  TEST("of texts, by line") {
    CHECK(lines() + lines() + "a\n" == "first\n" + lines() + lines(2) + "\tb\n");
    CHECK("a\nb\nc\n" == std::string("c\na\nb"));
    CHECK("" == std::string("a\nb\n"));
    CHECK("grüße\nx\n" == std::string("grüsse\nx\n"));
    CHECK(long_line("a\n") == long_line("b\n"));
  }
}
