// An exception of the standard library's, from an inlined function of it.
#include <awaitest/awaitest.hpp>

#include <cstddef>
#include <vector>

namespace app {
[[gnu::noinline]] int entry(const std::vector<int>& all, std::size_t index) { return all.at(index); }
}  // namespace app

TEST("behind the end") { CHECK(app::entry(std::vector<int>(2), 3) == 1); }
