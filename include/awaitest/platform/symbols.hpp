// Names of native frames, for a person: by addr2line where it is installed, else by the dynamic symbols.
#pragma once

#if defined(__linux__) && defined(__GLIBC__)

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <poll.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../model/ending.hpp"

namespace awaitest::detail {

/// The output of a program, whole lines, until it ends or the time is up.
inline std::string output_of(const std::vector<std::string>& command,
                             std::chrono::steady_clock::time_point until) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, arguments.front(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  if (error == 0) {
    for (char buffer[4096];;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      pollfd ready{ends[0], POLLIN, 0};
      if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) {
        text.erase(text.rfind('\n') + 1);
        break;
      }
      const auto got = ::read(ends[0], buffer, sizeof buffer);
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
    }
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
  }
  ::close(ends[0]);
  return text;
}

/// Names the frames of one stack.
class frame_names {
 public:
  /// `frames`: the innermost first, exact; the others are return addresses. What has no name after `limit` does without.
  static std::vector<named_frame> of(const std::vector<void*>& frames, std::chrono::milliseconds limit) {
    std::vector<std::uintptr_t> code;
    code.reserve(frames.size());
    for (auto* const frame : frames)
      code.push_back(reinterpret_cast<std::uintptr_t>(frame) - (code.empty() ? 0 : 1));
    std::vector<named_frame> all;
    for (auto& found : of_each(code, limit)) std::move(found.begin(), found.end(), std::back_inserter(all));
    return all;
  }

  /// For each address of code the functions that are inlined there, the innermost first.
  static std::vector<std::vector<named_frame>> of_each(const std::vector<std::uintptr_t>& code,
                                                       std::chrono::milliseconds limit) {
    std::vector<place> places;
    std::map<std::string, std::vector<std::size_t>> modules;
    for (std::size_t i = 0; i < code.size(); ++i) {
      places.push_back(find(code[i]));
      if (!places.back().module.empty()) modules[places.back().module].push_back(i);
    }
    std::vector<std::vector<named_frame>> found(code.size());
    const auto until = std::chrono::steady_clock::now() + limit;
    std::vector<std::string> order;  // the program first: it is the one that matters
    for (const auto& one : modules)
      order.insert(one.first == program() ? order.begin() : order.end(), one.first);
    for (const auto& module : order) {
      const auto& which = modules[module];
      std::vector<std::string> command{"addr2line", "-Cfipe", module};
      for (const auto i : which) command.push_back(fmt::format("{:#x}", places[i].offset));
      const auto text = detail::output_of(command, until);
      const bool stripped = !has_symbols(module);
      auto next = which.begin();
      std::vector<named_frame>* current = nullptr;
      for (std::string_view left = text; !left.empty();) {
        auto line = left.substr(0, left.find('\n'));
        left.remove_prefix(std::min(left.size(), line.size() + 1));
        if (constexpr std::string_view inlined = " (inlined by) "; line.starts_with(inlined))
          line.remove_prefix(inlined.size());
        else if (next == which.end())
          break;
        else
          current = &found[*next++];
        if (!current || line.starts_with("??")) continue;
        // Without a table of symbols, one that has no line is only the nearest of those that others may see.
        if (auto one = read(line); !stripped || one.text != one.function) current->push_back(std::move(one));
      }
    }
    for (std::size_t i = 0; i < code.size(); ++i)
      if (found[i].empty()) found[i].push_back(by_symbol(places[i]));
    return found;
  }

 private:
  struct place {
    std::string module;         ///< its file
    std::uintptr_t offset = 0;  ///< in it, as addr2line wants it; without a module, the address
    std::string symbol;         ///< demangled
    std::uintptr_t behind = 0;  ///< the symbol's beginning
  };

  static std::string demangled(const char* name) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> text{abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                      std::free};
    return text ? text.get() : name;
  }
  static std::string program() {
    char text[4096];
    const auto size = ::readlink("/proc/self/exe", text, sizeof text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
  }
  static bool has_symbols(const std::string& module) {
    std::ifstream file{module, std::ios::binary};
    ElfW(Ehdr) header{};
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    file.seekg(static_cast<std::streamoff>(header.e_shoff));
    for (int i = 0; i < header.e_shnum && header.e_shentsize == sizeof(ElfW(Shdr)); ++i) {
      ElfW(Shdr) section{};
      if (!file.read(reinterpret_cast<char*>(&section), sizeof section)) break;
      if (section.sh_type == SHT_SYMTAB) return true;
    }
    return false;
  }
  static place find(std::uintptr_t address) {
    place made;
    made.offset = address;
    Dl_info known{};
    if (::dladdr(reinterpret_cast<void*>(address), &known) == 0 || !known.dli_fbase) return made;
    Dl_info self{};
    ::dladdr(reinterpret_cast<void*>(::getauxval(AT_PHDR)), &self);
    made.module = known.dli_fbase == self.dli_fbase ? program() : known.dli_fname;
    const auto& header = *static_cast<const ElfW(Ehdr)*>(known.dli_fbase);
    if (header.e_type != ET_EXEC) made.offset -= reinterpret_cast<std::uintptr_t>(known.dli_fbase);
    if (known.dli_sname) {
      made.symbol = demangled(known.dli_sname);
      made.behind = address - reinterpret_cast<std::uintptr_t>(known.dli_saddr);
    }
    return made;
  }
  static named_frame by_symbol(const place& where) {
    if (where.module.empty()) return {"", fmt::format("{:#x}", where.offset)};
    if (where.symbol.empty()) return {"", fmt::format("{}(+{:#x})", where.module, where.offset)};
    const auto file = where.module.substr(where.module.rfind('/') + 1);
    const auto function = coroutine_name(where.symbol);
    return {function, fmt::format("{}+{:#x} ({})", function, where.behind, file)};
  }
  /// `function at file:line`, as addr2line says it.
  static named_frame read(std::string_view line) {
    if (const auto more = line.rfind(" (discriminator "); more != line.npos) line = line.substr(0, more);
    const auto at = line.rfind(" at ");
    const auto function = coroutine_name(line.substr(0, at));
    const bool somewhere = at != line.npos && !line.ends_with('?');
    return {function, somewhere ? function + std::string{line.substr(at)} : function};
  }
  /// g++ calls the body of f(int) `f(f(int)::_Z1fi.Frame*) [clone .actor]`, and from g++ 16 on `f(_Z1fi.Frame*) [clone .actor]`:
  /// behind the last of the scopes stands the symbol of f itself.
  static std::string coroutine_name(std::string_view name) {
    constexpr std::string_view end = ".Frame*) [clone .actor]";
    if (!name.ends_with(end)) return std::string{name};
    const auto inside = name.substr(0, name.size() - end.size());
    const auto symbol = inside.find_last_of(":( ") + 1;
    const auto text = demangled(std::string{inside.substr(symbol)}.c_str());
    return inside.substr(symbol) == text ? std::string{name} : text;
  }
};

}  // namespace awaitest::detail

#endif
