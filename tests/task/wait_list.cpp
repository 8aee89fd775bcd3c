// The list of those that wait: each is completed once, by whoever comes first.
#include <awaitest/awaitest.hpp>
#include <awaitest/task/wait_list.hpp>

#include <asio.hpp>

#include <memory>
#include <string>
#include <system_error>

using awaitest::detail::wait_list;

namespace {

struct named_waiter final : wait_list::waiter {
  named_waiter(char called, std::string& to) : name{called}, log{to} {}
  void complete(std::error_code error) override { log += error ? std::string{'!', name} : std::string{name}; }
  void destroy() noexcept override { log += '~'; }
  char name;
  std::string& log;
};

struct three {
  three() {
    std::size_t key = 0;
    for (auto* one : {&a, &b, &c}) {
      one->list = list;
      one->key = ++key;
      list->link(*one);
    }
  }
  std::string log;
  std::shared_ptr<wait_list> list = std::make_shared<wait_list>("gate", awaitest::location{});
  named_waiter a{'a', log}, b{'b', log}, c{'c', log};
};

}  // namespace

TEST_SUITE("task: wait list") {
  TEST("all are let go, in the order in which they came") {
    three of;
    CHECK(of.list->count == 3u);
    CHECK(of.list->release_all() == 3u);
    CHECK(of.log == "abc");
    CHECK(of.list->count == 0u);
    CHECK(of.list->first == nullptr);
    CHECK(of.list->last == nullptr);
    CHECK(of.list->release_all() == 0u);
  }
  TEST("those that are chosen; the others wait on") {
    for (const std::size_t key : {1U, 2U, 3U}) {
      three of;
      CHECK(of.list->release_if([&](const wait_list::waiter& one) { return one.key == key; }) == 1u);
      CHECK(of.list->count == 2u);
      CHECK(of.list->release_all(asio::error::operation_aborted) == 2u);
      CHECK(of.log == (key == 1 ? "a!b!c" : key == 2 ? "b!a!c" : "c!a!b"));
    }
  }
  TEST("in two steps: taken off at once, completed later") {
    three of;
    auto* const taken = of.list->take_if([](const wait_list::waiter& one) { return one.key != 2; });
    CHECK(of.log.empty());
    CHECK(of.list->count == 1u);
    CHECK(wait_list::complete_all(taken) == 2u);
    CHECK(of.log == "ac");
    CHECK(wait_list::complete_all(nullptr) == 0u);
  }
  TEST("one that somebody else has claimed is not let go") {
    three of;
    CHECK(of.b.claim());
    CHECK_FALSE(of.b.claim());
    CHECK(of.list->release_all() == 2u);
    CHECK(of.log == "ac");
    CHECK(of.list->count == 1u);
    of.list->unlink(of.b);
    CHECK(of.list->count == 0u);
  }
  TEST("one that is abandoned is destroyed, and waits no more") {
    three of;
    CHECK(of.b.can_abandon());
    REQUIRE(of.b.claim_to_abandon());
    CHECK_FALSE(of.b.can_abandon());
    of.b.abandon();
    CHECK(of.log == "~");
    CHECK(of.list->release_all() == 2u);
    CHECK(of.log == "~ac");
  }
}
