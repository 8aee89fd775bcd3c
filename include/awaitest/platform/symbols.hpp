// Names of native frames, for a person: by addr2line where it is installed, else by the symbols of the program and its libraries.
#pragma once

#if defined(__linux__) && defined(__GLIBC__)

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "../model/ending.hpp"
#include "../model/function_name.hpp"
#include "program_output.hpp"
#include "symbol_table.hpp"

namespace awaitest::detail {

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

  /// For each address of code the functions that are inlined there, the innermost first. `matters`: where it is given, the others of a
  /// module's functions have their names alone, and modules without a table of symbols are not looked into: addr2line takes a
  /// second for a large file of code. None after `limit`.
  static std::vector<std::vector<named_frame>> of_each(
      const std::vector<std::uintptr_t>& code, std::chrono::milliseconds limit,
      bool (*matters)(const std::string& function) = nullptr) {
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
      auto& which = modules[module];
      const bool stripped = !find_symbols(module, which, places);
      if (matters)
        std::erase_if(which, [&](std::size_t i) {
          return stripped || !(places[i].symbol.empty() || matters(coroutine_name(places[i].symbol)));
        });
      if (which.empty() || limit.count() <= 0) continue;
      std::vector<std::string> command{"addr2line", "-Cfipe", module};
      for (const auto i : which) command.push_back(fmt::format("{:#x}", places[i].offset));
      const auto text = detail::output_of(command, until);
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
      if (found[i].empty())
        found[i].push_back(by_symbol(places[i]));
      else if (places[i].has_name)
        rename(found[i].back(), coroutine_name(places[i].symbol));
    return found;
  }

 private:
  struct place {
    std::string module;         ///< its file
    std::uintptr_t offset = 0;  ///< in it, as addr2line wants it; without a module, the address
    std::string symbol;         ///< demangled
    bool has_name = false;      ///< by the module's own table: it is no other symbol that happens to be near
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
  /// The symbols of these places by the module's own table, which is read once. False: it has none.
  static bool find_symbols(const std::string& module, const std::vector<std::size_t>& which,
                           std::vector<place>& places) {
    static std::mutex guard;
    static auto& tables = *new std::map<std::string, symbol_table>;  // for a report after static objects, too
    const std::lock_guard lock{guard};
    const auto& all = tables.try_emplace(module, module).first->second;
    if (all.empty()) return false;
    std::vector<std::uintptr_t> addresses;
    addresses.reserve(which.size());
    for (const auto i : which) addresses.push_back(places[i].offset);
    const auto found = all.at(addresses);
    for (std::size_t n = 0; n < found.size(); ++n) {
      if (found[n].name.empty()) continue;
      auto& one = places[which[n]];
      one.symbol = demangled(found[n].name.c_str());
      one.has_name = true;
      one.behind = one.offset - found[n].begin;
    }
    return true;
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
  /// An optimised function has lost its scope in g++'s debug information, and a lambda its name. In Clang's DWARF 5 addr2line (2.40)
  /// sees no inlined functions: the line of one of the library's is none of the function that it is inlined into.
  static void rename(named_frame& frame, const std::string& name) {
    auto place = frame.text.substr(std::min(frame.function.size(), frame.text.size()));
    const auto scope = awaitest::without_result(name);
    if (place.find("/include/c++/") != std::string::npos && !scope.starts_with("std::") &&
        !scope.starts_with("__gnu_cxx::"))
      place.clear();
    frame = {name, name + place};
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
