// The functions of an ELF file by its own table, which strip takes away: also those that no other file may see.
#pragma once

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace awaitest::detail {

class symbol_table {
 public:
  struct function {
    std::string name;          ///< mangled; empty: none is known
    std::uintptr_t begin = 0;  ///< as the file counts addresses
  };

  explicit symbol_table(const std::string& file) : file_{file} {
    std::ifstream in{file_, std::ios::binary};
    ElfW(Ehdr) header{};
    if (!read(in, 0, header) || header.e_shentsize != sizeof(ElfW(Shdr))) return;
    for (unsigned i = 0; i < header.e_shnum; ++i) {
      ElfW(Shdr) section{}, names{};
      const auto at = [&](std::uint64_t which) { return header.e_shoff + which * sizeof section; };
      if (!read(in, at(i), section)) return;
      if (section.sh_type != SHT_SYMTAB || section.sh_entsize != sizeof(ElfW(Sym))) continue;
      if (!read(in, at(section.sh_link), names)) return;
      names_at_ = names.sh_offset;
      std::vector<ElfW(Sym)> all(section.sh_size / sizeof(ElfW(Sym)));
      in.seekg(static_cast<std::streamoff>(section.sh_offset));
      if (!in.read(reinterpret_cast<char*>(all.data()),
                   static_cast<std::streamsize>(all.size() * sizeof(ElfW(Sym)))))
        return;
      std::erase_if(all, [](const auto& one) {
        return ELF64_ST_TYPE(one.st_info) != STT_FUNC || one.st_shndx == SHN_UNDEF;  // the same for 32 bits
      });
      std::sort(all.begin(), all.end(),
                [](const auto& one, const auto& other) { return one.st_value < other.st_value; });
      functions_ = std::move(all);
      return;
    }
  }

  bool empty() const noexcept { return functions_.empty(); }
  /// The functions that hold these addresses, which are as the file counts them.
  std::vector<function> at(const std::vector<std::uintptr_t>& addresses) const {
    std::vector<function> found;
    std::ifstream in{file_, std::ios::binary};
    for (const auto address : addresses) {
      auto& made = found.emplace_back();
      const auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                          [](std::uintptr_t a, const auto& one) { return a < one.st_value; });
      if (after == functions_.begin()) continue;
      const auto& one = *std::prev(after);
      if (address - one.st_value >= std::max<std::uintptr_t>(one.st_size, 1)) continue;
      made.begin = one.st_value;
      in.clear();
      in.seekg(static_cast<std::streamoff>(names_at_ + one.st_name));
      std::getline(in, made.name, '\0');
    }
    return found;
  }

 private:
  template <class T>
  static bool read(std::ifstream& in, std::uint64_t from, T& into) {
    in.seekg(static_cast<std::streamoff>(from));
    return static_cast<bool>(in.read(reinterpret_cast<char*>(&into), sizeof into));
  }

  std::string file_;
  std::uint64_t names_at_ = 0;
  std::vector<ElfW(Sym)> functions_;  // by their addresses
};

}  // namespace awaitest::detail
