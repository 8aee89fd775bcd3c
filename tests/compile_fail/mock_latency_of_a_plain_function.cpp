// A plain function cannot answer later.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

// error: .*after
TEST("a plain function that takes its time") {
  awaitest::mock<int(int)> f{"f"};
#ifdef FIXED
  f.allow(1).returns(1);
#else
  f.allow(1).after(1s).returns(1);
#endif
}
