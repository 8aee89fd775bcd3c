// The answers and records of a mock outlive what it was given. Under AddressSanitizer these tests say more.
#include <awaitest/awaitest.hpp>

#include <asio/use_awaitable.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace awaitest::match;

namespace {

constexpr const char* long_text = "a text that is too long for the inside of a string";

/// Text in memory of its own, which is freed with it.
std::string made(std::string_view end = {}) { return std::string(long_text).append(end); }

struct source {
  virtual ~source() = default;
  virtual const std::string& name() = 0;
  virtual std::string& buffer() = 0;
};
struct mock_source : source {
  MOCK(const std::string&, name, (), (override));
  MOCK(std::string&, buffer, (), (override));
};
struct shape {
  virtual ~shape() = default;
  virtual int corners() const { return 0; }
};
struct square : shape {
  std::string text = made();
  int corners() const override { return 4; }
};

}  // namespace

TEST_SUITE("author: mock/answers outlive what they were given") {
  TEST("a reference to const") {
    mock_source m;
    m.on_name.allow().returns(long_text);
    const std::string& first = m.name();
    CHECK(first == long_text);
    CHECK(&first == &m.name());
    m.on_name.allow().returns(made());
    CHECK(m.name() == long_text);
    m.on_name.allow().answers("one", made("two"));
    CHECK(m.name() == "one");
    CHECK(m.name() == made("two"));
    m.on_name.reset(awaitest::reset_of::everything);
    m.on_name.returns_by_default(made("default"));
    m.on_name.allow();
    CHECK(m.name() == made("default"));
  }
  TEST("a variable is referred to") {
    mock_source m;
    std::string variable = "x";
    m.on_name.allow().returns(variable);
    m.on_buffer.allow().returns(variable);
    CHECK(&m.name() == &variable);
    m.buffer() = "y";
    CHECK(m.name() == "y");
    m.on_buffer.allow().returns(std::ref(variable));
    CHECK(&m.buffer() == &variable);
    m.on_name.allow().returns(std::cref(variable));
    CHECK(&m.name() == &variable);
    m.on_name.allow().invokes([&]() -> const std::string& { return variable; });
    CHECK(&m.name() == &variable);
  }
  TEST("a base of what was given") {
    awaitest::mock<const shape&()> f{"f"};
    f.allow().returns(square{});
    CHECK(f().corners() == 4);
    const square other;
    f.allow().returns(other);
    CHECK(&f() == &other);
  }
  TEST("views of text") {
    awaitest::mock<std::string_view()> narrow{"narrow"};
    {
      std::string gone = made();
      narrow.allow().returns(gone);
      gone.assign(gone.size(), '-');
    }
    CHECK(narrow() == long_text);
    narrow.allow().returns(made("2"));
    CHECK(narrow() == made("2"));
    narrow.allow().returns({long_text, 6});
    CHECK(narrow() == "a text");
    narrow.allow().returns(std::string_view{});
    CHECK(narrow().data() == nullptr);
    narrow.allow().answers(made("3"), std::string_view(made("4")));
    CHECK(narrow() == made("3"));
    CHECK(narrow() == made("4"));
    awaitest::mock<std::wstring_view()> wide{"wide"};
    wide.allow().returns(std::wstring(100, L'w'));
    CHECK(wide() == std::wstring(100, L'w'));
    awaitest::mock<std::u8string_view()> utf8{"utf8"};
    utf8.allow().returns(std::u8string(100, u8'u'));
    CHECK(utf8() == std::u8string(100, u8'u'));
  }
  TEST("spans") {
    awaitest::mock<std::span<const int>()> f{"f"};
    f.allow().returns(std::vector<int>(100, 7));
    CHECK_THAT(f(), each(7));
    CHECK(f().size() == 100);
    awaitest::mock<std::span<const std::string, 2>()> fixed{"fixed"};
    fixed.allow().returns(std::array{made("1"), made("2")});
    CHECK(fixed()[1] == made("2"));
    awaitest::mock<std::span<const bool>()> bits{"bits"};
    bits.allow().returns(std::array{true, false});
    CHECK_FALSE(bits()[1]);
    awaitest::mock<std::span<char>()> writable{"writable"};
    std::string into = "abc";
    writable.allow().returns(into);
    writable()[0] = 'x';
    CHECK(into == "xbc");
  }
  TEST("views inside of other types") {
    awaitest::mock<std::optional<std::string_view>()> maybe{"maybe"};
    maybe.allow().returns(std::optional<std::string>(made()));
    CHECK(maybe() == long_text);
    maybe.allow().returns(made("2"));
    CHECK(maybe() == made("2"));
    maybe.allow().returns(std::nullopt);
    CHECK(maybe() == std::nullopt);
    awaitest::mock<std::pair<int, std::string_view>()> two{"two"};
    two.allow().returns(std::pair(1, made()));
    CHECK(two().second == long_text);
    awaitest::mock<std::tuple<std::string_view, std::optional<std::wstring_view>>()> deep{"deep"};
    deep.allow().returns(std::tuple(made(), std::wstring(100, L'w')));
    CHECK(std::get<0>(deep()) == long_text);
    CHECK(std::get<1>(deep()) == std::wstring(100, L'w'));
  }
  TEST_ASYNC("asynchronous functions") {
    awaitest::async_mock<const std::string&()> reference{"reference"};
    reference.allow().returns(long_text);
    const std::string& text = co_await reference();
    CHECK(text == long_text);
    awaitest::async_mock<std::string_view()> view{"view"};
    view.allow().returns(made());
    CHECK(co_await view() == long_text);
    std::string variable = made("3");
    view.allow().invokes([&]() -> asio::awaitable<std::string_view> { co_return variable; });
    CHECK(co_await view() == made("3"));
  }
  TEST_ASYNC("replies") {
    awaitest::async_mock<const std::string&()> reference{"reference"};
    awaitest::async_mock<std::string_view()> view{"view"};
    reference.allow();
    view.allow();
    auto first = awaitest::spawn([&]() -> asio::awaitable<std::string> { co_return co_await reference(); });
    auto call = co_await reference.next_call();
    call.reply("a literal that becomes a string of its own");
    CHECK(co_await first.join() == "a literal that becomes a string of its own");
    auto second = awaitest::spawn([&]() -> asio::awaitable<std::string> {
      const auto got = co_await view();
      co_return std::string(got);
    });
    auto other = co_await view.next_call();
    other.reply(made());
    CHECK(co_await second.join() == long_text);
  }
  TEST_ASYNC("operations") {
    awaitest::async_mock_op<void(std::error_code, std::string_view)> read{"read"};
    read.allow().returns(made());
    CHECK(co_await read(asio::use_awaitable) == long_text);
  }
}

namespace {

struct sink {
  virtual ~sink() = default;
  virtual void write(const char* data, std::size_t size) = 0;
  virtual void log(const char* text) = 0;
};
struct mock_sink : sink {
  MOCK(void, write, (const char* data, std::size_t size), (override));
  MOCK(void, log, (const char* text), (override));
  MOCK(int, sum, (std::initializer_list<int> numbers));
  MOCK(void, names, (std::initializer_list<std::string_view> names));
};

/// Neither copied nor moved, and unreadable after its end.
struct session {
  explicit session(std::string text) : name(std::make_unique<std::string>(std::move(text))) {}
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  void awaitest_print(std::string& out) const { out += *name; }
  std::unique_ptr<std::string> name;
};
/// A view of the author's own.
struct key {
  std::string_view text;
  void awaitest_print(std::string& out) const { out += text; }
};

}  // namespace

TEST_SUITE("author: mock/records outlive the arguments") {
  TEST("views of every character") {
    awaitest::mock<void(std::wstring_view, std::u8string_view, std::u16string_view, std::u32string_view)> f{
        "f"};
    f.allow();
    f(std::wstring(99, L'w'), std::u8string(99, u8'8'), std::u16string(99, u'6'), std::u32string(99, U'2'));
    CHECK(f.last_call().arg<0>() == std::wstring(99, L'w'));
    CHECK(f.last_call().arg<1>() == std::u8string(99, u8'8'));
    CHECK(f.last_call().arg<2>() == std::u16string(99, u'6'));
    CHECK(f.last_call().arg<3>() == std::u32string(99, U'2'));
    CHECK(f.called_with(std::wstring(99, L'w'), _, _, _));
  }
  TEST("views by reference, and in an optional") {
    awaitest::mock<void(const std::string_view&, std::string_view&, std::optional<std::string_view>)> f{"f"};
    f.allow();
    {
      const std::string gone = made();
      std::string_view view = gone;
      f(gone, view, gone);
    }
    CHECK(f.called_once_with(long_text, long_text, made()));
  }
  TEST("a text that its length ends") {
    mock_sink m;
    const auto bytes = std::make_unique<char[]>(3);
    bytes[0] = 'a', bytes[1] = 'b', bytes[2] = 'c';
    m.on_write.expect("abc", 3u);
    m.write(bytes.get(), 3);
    m.on_write.allow(_, _).invokes(
        [](const char* data, std::size_t size) { CHECK(std::string(data, size) == "ab"); });
    m.write(bytes.get(), 2);
    CHECK(m.on_write.called_with("ab", 2u));
    m.on_write.allow("text", 100u);
    m.write("text", 100);
  }
  TEST("a buffer that is to be filled is not read") {
    awaitest::mock<void(char*, std::size_t)> read{"read"};
    read.allow().invokes([](char* into, std::size_t) { *into = 'x'; });
    auto bytes = std::make_unique<char[]>(1);
    bytes[0] = 'a';
    read(bytes.get(), 1);
    CHECK(bytes[0] == 'x');
    bytes.reset();
    std::string history;
    read.called_once_with(nullptr, 1u).awaitest_print(history);
    CHECK_THAT(history, contains("read(0x"));
  }
  TEST("null is not the empty text") {
    mock_sink m;
    m.on_log.expect(nullptr);
    m.log(nullptr);
    m.on_log.expect("");
    m.log("");
    CHECK(m.on_log.calls()[0].arg<0>() == nullptr);
    CHECK_FALSE(m.on_log.calls()[0].arg<0>() == "");
    CHECK(m.on_log.calls()[1].arg<0>() == "");
    CHECK(m.on_log.calls()[1].arg<0>() != nullptr);
    CHECK(m.on_log.any_call(nullptr));
    CHECK(m.on_log.called_with(ne(nullptr)));
    std::string history;
    m.on_log.called_once_with("").awaitest_print(history);
    CHECK_THAT(history, contains("log(nullptr)"));
    CHECK_THAT(history, contains("log(\"\")"));
    const char* passed = "";
    m.on_log.allow(_).invokes([&](const char* text) { passed = text; });
    m.log(nullptr);
    CHECK(passed == nullptr);
  }
  TEST("an initializer_list") {
    mock_sink m;
    m.on_sum.expect({1, 2}).returns(3);
    CHECK(m.sum({1, 2}) == 3);
    m.on_sum.expect(std::vector<int>{}).returns(0);
    CHECK(m.sum({}) == 0);
    m.on_sum.expect(each(gt(0))).invokes([](const std::vector<int>& all) { return all.front(); });
    CHECK(m.sum({7, 8, 9}) == 7);
    CHECK(m.on_sum.last_call().arg<0>() == std::vector{7, 8, 9});
    m.on_names.expect({"a", "b"});
    m.names({"a", "b"});
    m.on_names.allow();
    m.names({made("1"), made("2")});
    CHECK(m.on_names.last_call().arg<0>().at(1) == made("2"));
  }
  TEST("what cannot be copied is printed at the call") {
    awaitest::mock<void(const session&, key)> f{"f"};
    f.allow();
    {
      const session one{made("1")};
      const auto text = made("2");
      f(one, key{text});
    }
    std::string history;
    f.not_called().awaitest_print(history);
    CHECK_THAT(history, contains(made("1")));
    CHECK_THAT(history, contains(made("2")));
  }
}
