// A reader that pauses, as a thread that prints sees it.
#include <awaitest/awaitest.hpp>
#include <awaitest/platform/paused_reader.hpp>

#include <array>

#include <fcntl.h>
#include <unistd.h>

using awaitest::detail::reader_pauses;

namespace {

struct pipe_ends {
  int read = -1, write = -1;
  pipe_ends() {
    int both[2];
    REQUIRE(::pipe(both) == 0);
    read = both[0];
    write = both[1];
    ::fcntl(write, F_SETFL, O_NONBLOCK);
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  ~pipe_ends() {
    ::close(read);
    ::close(write);
  }
  void fill() const {
    constexpr std::array<char, 4096> bytes{};
    while (::write(write, bytes.data(), bytes.size()) > 0) {
    }
  }
};

}  // namespace

TEST_SUITE("platform: a reader that pauses") {
  TEST("either output may be the one that is full") {
    const pipe_ends one, other;
    CHECK(!reader_pauses(one.write, other.write));
    one.fill();
    CHECK(reader_pauses(one.write, other.write));
    CHECK(reader_pauses(other.write, one.write));
    other.fill();
    CHECK(reader_pauses(one.write, other.write));
  }
  TEST("a reader that is gone does not pause") {
    pipe_ends one, other;
    one.fill();
    ::close(one.read);
    one.read = -1;
    CHECK(!reader_pauses(one.write, other.write));
  }
}
