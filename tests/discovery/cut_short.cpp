// Ends that nothing here reports: CTest misses the mark at the end, and the tests fail although their exit code is 0.
#include <awaitest/awaitest.hpp>

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

TEST("_exit") {
  CHECK(true);
  ::_exit(0);
}
TEST("exec") { ::execl("/bin/true", "true", nullptr); }
#ifdef SYS_exit_group
TEST("a system call") { ::syscall(SYS_exit_group, 0); }
#endif
