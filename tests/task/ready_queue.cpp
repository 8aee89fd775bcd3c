// The handlers that are ready, and whose turn it is.
#include <awaitest/awaitest.hpp>
#include <awaitest/loop/ready_handler.hpp>
#include <awaitest/loop/scope_turns.hpp>
#include <awaitest/task/ready_queue.hpp>

#include <string>
#include <vector>

using namespace awaitest::match;
using awaitest::detail::ready_handler;
using awaitest::detail::ready_queue;
using awaitest::detail::scope_turns;
using awaitest::detail::task;
using awaitest::detail::test_scope;

namespace {

/// Handlers by name: `from` posts for `to`.
struct handlers {
  ready_handler& make(std::string name, const task* from, task& to) {
    auto& one = all.emplace_back(std::make_unique<named>());
    one->name = std::move(name);
    one->origin = from;
    one->who = {&to, 0};
    return *one;
  }
  struct named : ready_handler {
    std::string name;
  };
  static std::string name_of(const ready_handler& one) { return static_cast<const named&>(one).name; }
  std::vector<std::unique_ptr<named>> all;
};

std::string heads(const ready_queue& of) {
  std::string names;
  of.for_each_head([&](const ready_handler& one) {
    names += handlers::name_of(one);
    return true;
  });
  return names;
}
std::string drained(ready_queue& of) {
  std::string names;
  while (!of.empty()) names += handlers::name_of(*of.take());
  return names;
}

test_scope* scope_number(std::uintptr_t number) { return reinterpret_cast<test_scope*>(number); }

}  // namespace

TEST_SUITE("task: ready queue") {
  TEST("first in, first out") {
    handlers made;
    task a;
    ready_queue queue;
    CHECK(queue.empty());
    for (const char* name : {"1", "2", "3"}) queue.push(&made.make(name, nullptr, a));
    CHECK(handlers::name_of(*queue.take()) == "1");
    queue.push(&made.make("4", nullptr, a));
    CHECK(drained(queue) == "234");
    queue.push(&made.make("5", nullptr, a));
    CHECK(drained(queue) == "5");
  }

  TEST("one out of the middle, the first and the last") {
    handlers made;
    task a;
    for (const std::size_t which : {0U, 1U, 2U}) {
      CAPTURE(which);
      ready_queue queue;
      std::vector<ready_handler*> in;
      for (const char* name : {"1", "2", "3"}) queue.push(in.emplace_back(&made.make(name, nullptr, a)));
      queue.take(in[which]);
      queue.push(&made.make("4", nullptr, a));
      CHECK(drained(queue) == (which == 0 ? "234" : which == 1 ? "134" : "124"));
    }
    ready_queue queue;
    auto& only = made.make("x", nullptr, a);
    queue.push(&only);
    queue.take(&only);
    CHECK(queue.empty());
    queue.push(&only);
    CHECK(drained(queue) == "x");
  }

  TEST("one queue behind another") {
    handlers made;
    task a;
    ready_queue queue, other;
    queue.append(other);
    CHECK(queue.empty());
    other.push(&made.make("1", nullptr, a));
    queue.append(other);
    CHECK(other.empty());
    other.push(&made.make("2", nullptr, a));
    other.push(&made.make("3", nullptr, a));
    queue.append(other);
    queue.push(&made.make("4", nullptr, a));
    CHECK(drained(queue) == "1234");
  }

  TEST("a chain is what one origin has posted for one task; what has none is a chain of its own") {
    handlers made;
    task a, b;
    ready_queue queue;
    queue.push(&made.make("1", &a, a));
    queue.push(&made.make("2", &a, a));  // behind 1
    queue.push(&made.make("3", &a, b));
    queue.push(&made.make("4", &b, a));
    queue.push(&made.make("5", nullptr, a));
    queue.push(&made.make("6", nullptr, a));
    queue.push(&made.make("7", &b, a));  // behind 4
    CHECK(heads(queue) == "13456");
    static_cast<void>(queue.take());
    CHECK(heads(queue) == "23456");
  }
}

TEST_SUITE("loop: scope turns") {
  TEST("in the order in which they came, also when the ring grows") {
    scope_turns turns;
    CHECK(turns.empty());
    std::uintptr_t out = 0, in = 0;
    for (int round = 0; round < 5; ++round) {
      for (int i = 0; i < 50; ++i) turns.push(scope_number(++in));
      for (int i = 0; i < 20; ++i, turns.pop()) REQUIRE(turns.front() == scope_number(++out));
    }
    for (; !turns.empty(); turns.pop()) REQUIRE(turns.front() == scope_number(++out));
    CHECK(out == in);
  }

  TEST("a scope that goes away has no turn left") {
    scope_turns turns;
    for (std::uintptr_t i = 0; i < 60; ++i) {  // over the ring's end
      turns.push(scope_number(9));
      turns.pop();
    }
    for (const std::uintptr_t one : {1U, 2U, 1U, 3U, 2U, 1U}) turns.push(scope_number(one));
    turns.forget(scope_number(1));
    for (const std::uintptr_t one : {2U, 3U, 2U}) {
      REQUIRE(turns.front() == scope_number(one));
      turns.pop();
    }
    CHECK(turns.empty());
  }
}
