// What a report calls an address of code: the function, and its place where debug information tells.
#pragma once

#include <cxxabi.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#if defined(__GLIBC__)
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#endif

#include "clock.hpp"

namespace awaitest::detail {

inline std::string readable_symbol(const char* mangled) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name{
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), std::free};
  return name ? name.get() : mangled;
}

/// Of a coroutine, as compilers write it: `run(run()::_Z3runv.Frame*) [clone .actor]`, `run() [clone .resume]`; shortened to
/// its name.
inline std::string name_of_coroutine(std::string text) {
  if (const auto clone = text.find(" [clone "); clone != std::string::npos) text.resize(clone);
  for (;;) {  // g++'s frame, the only parameter
    const auto frame = text.find(".Frame*)");
    if (frame == std::string::npos) break;
    auto open = frame;
    for (int depth = 1; depth != 0 && open != 0;) {
      --open;
      depth += text[open] == ')' ? 1 : text[open] == '(' ? -1 : 0;
    }
    text.erase(open, frame + 8 - open);
  }
  if (text.ends_with(" const")) text.resize(text.size() - 6);
  constexpr std::string_view call = "::operator()";
  if (text.ends_with(')') && !text.ends_with(call)) {  // Clang's parameters
    auto open = text.size() - 1;
    for (int depth = 1; depth != 0 && open != 0;) {
      --open;
      depth += text[open] == ')' ? 1 : text[open] == '(' ? -1 : 0;
    }
    if (open != 0) text.resize(open);
  }
  if (text.ends_with(call)) text.resize(text.size() - call.size());
  return text;
}

#if defined(__GLIBC__)

/// What addr2line of the binutils, where it is installed, prints of addresses in a module, a line each; empty: nothing.
/// It is given five seconds.
inline std::vector<std::string> ask_addr2line(const char* module, const std::vector<std::string>& addresses) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  std::vector<std::string> words{"addr2line", "-Cfpe", module};
  words.insert(words.end(), addresses.begin(), addresses.end());
  std::vector<char*> arguments;
  for (auto& one : words) arguments.push_back(one.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const bool begun =
      ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr, arguments.data(), ::environ) == 0;
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  if (begun) {
    const time_scope real{nullptr};
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd wait{ends[0], POLLIN, 0};
      char part[4096];
      if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) break;
      const auto got = ::read(ends[0], part, sizeof part);
      if (got <= 0) break;
      text.append(part, static_cast<std::size_t>(got));
    }
    ::kill(child, SIGKILL);  // it has ended, or is late
    ::waitpid(child, nullptr, 0);
  }
  ::close(ends[0]);
  std::vector<std::string> lines;
  for (std::size_t at = 0, next; (next = text.find('\n', at)) != std::string::npos; at = next + 1)
    lines.push_back(text.substr(at, next - at));
  if (lines.size() != addresses.size()) lines.clear();
  return lines;
}

/// "function at file:line", as far as it can be known; without either, "module+offset".
inline std::vector<std::string> names_of_code(const std::vector<const void*>& addresses) {
  struct place {
    std::size_t index;
    std::string offset;
  };
  std::vector<std::string> names(addresses.size());
  std::map<std::string, std::vector<place>> modules;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    Dl_info info{};
    link_map* map = nullptr;
    if (::dladdr1(addresses[i], &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0 ||
        !info.dli_fname) {
      names[i] = fmt::format("{}", fmt::ptr(addresses[i]));
      continue;
    }
    const auto offset = fmt::format("{:#x}", reinterpret_cast<std::uintptr_t>(addresses[i]) - map->l_addr);
    names[i] =
        info.dli_sname ? readable_symbol(info.dli_sname) : fmt::format("{}+{}", info.dli_fname, offset);
    modules[*map->l_name ? map->l_name : "/proc/self/exe"].push_back({i, offset});
  }
  for (const auto& [module, places] : modules) {
    std::vector<std::string> offsets;
    for (const auto& one : places) offsets.push_back(one.offset);
    char path[4096] = "";  // addr2line's own /proc/self/exe is another
    if (module == "/proc/self/exe" && ::readlink(module.c_str(), path, sizeof path - 1) < 0) continue;
    const auto lines = ask_addr2line(*path ? path : module.c_str(), offsets);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (!lines[i].starts_with("??")) names[places[i].index] = lines[i];
  }
  return names;
}

#else

inline std::vector<std::string> names_of_code(const std::vector<const void*>& addresses) {
  return std::vector<std::string>(addresses.size());
}

#endif

}  // namespace awaitest::detail
