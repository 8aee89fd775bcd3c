// A stream whose read operation is a mock: Asio's own composed operations run over it.
#include <awaitest/awaitest.hpp>

#include "line_reader.hpp"

using namespace awaitest::match;

namespace {

struct mock_stream {
  using executor_type = asio::any_io_executor;
  executor_type get_executor() { return awaitest::this_test::executor(); }

  awaitest::async_mock_op<void(std::error_code, std::size_t), asio::mutable_buffer> async_read_some{
      "async_read_some"};

  // What the next read gives.
  auto chunk(std::string text) {
    return [text = std::move(text)](asio::mutable_buffer into) {
      return asio::buffer_copy(into, asio::buffer(text));
    };
  }
};

}  // namespace

TEST_SUITE("line reader") {
  TEST_ASYNC("lines may be cut anywhere") {
    mock_stream stream;
    stream.async_read_some.expect(_).answers(stream.chunk("na"), stream.chunk("me ada\nage "),
                                             stream.chunk("36\n\n"));
    const auto headers = co_await lines::read_headers(stream);
    CHECK(headers.at("name") == "ada");
    CHECK(headers.at("age") == "36");
  }

  TEST_ASYNC("an end in the middle of a line is an error") {
    mock_stream stream;
    stream.async_read_some.expect(_).answers(stream.chunk("name a"), awaitest::error(asio::error::eof));
    CHECK_ERROR(co_await lines::read_headers(stream), asio::error::eof);
  }

  TEST_ASYNC("a line without a value is refused, and nothing more is read") {
    mock_stream stream;
    stream.async_read_some.expect(_).answers(stream.chunk("name\n"));
    CHECK_THROWS_WITH(co_await lines::read_headers(stream), contains("no value in 'name'"));
  }
}
