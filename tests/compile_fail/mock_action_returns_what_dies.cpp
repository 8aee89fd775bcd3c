// An action that returns a value where the function returns a reference, or a view.
#include <awaitest/awaitest.hpp>

#include <string>
#include <string_view>

// error: the mocked function returns a reference or a view, and this action a value that dies
TEST("actions that return values") {
  awaitest::mock<const std::string&()> reference{"reference"};
  awaitest::async_mock<std::string_view()> view{"view"};
#ifdef FIXED
  static const std::string text = "text";
  reference.allow().invokes([]() -> const std::string& { return text; });
  view.allow().returns(std::string("text"));
#else
  reference.allow().invokes([] { return std::string("text"); });
  view.allow().invokes([]() -> asio::awaitable<std::string> { co_return "text"; });
#endif
}
