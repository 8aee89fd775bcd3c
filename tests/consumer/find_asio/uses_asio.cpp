#include <asio/awaitable.hpp>

asio::awaitable<int> answer() { co_return 42; }

int main() { return 0; }
