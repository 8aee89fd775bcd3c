// this_test tells about the test that runs: in its body, its helpers, its children, its fixtures.
#include <awaitest/awaitest.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

TEST_SUITE("this test") {
  TEST("has a name") { CHECK(awaitest::this_test::name() == "this test/has a name"); }

  // A directory of its own, empty. It goes away when the test has passed, and stays to be looked at when not.
  TEST("has a directory") {
    const std::filesystem::path dir = awaitest::this_test::temp_dir();
    CHECK(std::filesystem::is_empty(dir));
    std::ofstream{dir / "note.txt"} << "hello";
    CHECK(std::filesystem::file_size(dir / "note.txt") == 5);
    CHECK(awaitest::this_test::temp_dir() == dir.string());  // the same for the whole test
  }

  // Chance that can be repeated: a failure prints the run's seed, and --seed brings the same values back.
  TEST("has random numbers") {
    INFO("seed {}", awaitest::this_test::seed());
    std::vector<int> deck(52);
    std::iota(deck.begin(), deck.end(), 1);
    const auto sorted = deck;
    std::shuffle(deck.begin(), deck.end(), awaitest::this_test::random());
    CHECK(std::is_permutation(deck.begin(), deck.end(), sorted.begin()));
  }
}
