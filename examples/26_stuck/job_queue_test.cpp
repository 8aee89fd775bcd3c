// Fails on purpose: somebody has forgotten to close the queue, and the workers wait for ever. The report is in the README.
// The program links awaitest::tracking, which knows the operations of Asio that are pending.
#include "job_queue.hpp"

#include <awaitest/awaitest.hpp>

#include <string>
#include <vector>

TEST_ASYNC("the workers do every job") {
  jobs::job_queue queue(co_await asio::this_coro::executor);

  std::vector<awaitest::task<void>> workers;
  for (int i = 1; i <= 3; ++i)
    workers.push_back(awaitest::spawn(queue.work(), "worker " + std::to_string(i)));
  for (int job = 1; job <= 10; ++job) co_await queue.submit(job);
  // queue.close();

  for (const auto& worker : workers) co_await worker.join();
  CHECK(queue.done() == 55);
}
