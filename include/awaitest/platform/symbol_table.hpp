// The functions of an ELF file by its own table, which strip takes away: also those that no other file may see.
#pragma once

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <ios>
#include <string>
#include <vector>

namespace awaitest::detail {

class symbol_table {
 public:
  struct function {
    std::string name;          ///< mangled; empty: none is known
    std::uintptr_t begin = 0;  ///< as the file counts addresses
  };

  explicit symbol_table(const std::string& file) : file_{file, std::ios::binary} {
    ElfW(Ehdr) header{};
    if (!read(0, header) || header.e_shentsize != sizeof(ElfW(Shdr))) return;
    for (unsigned i = 0; i < header.e_shnum; ++i) {
      ElfW(Shdr) section{}, names{};
      const auto at = [&](std::uint64_t which) { return header.e_shoff + which * sizeof section; };
      if (!read(at(i), section)) return;
      if (section.sh_type != SHT_SYMTAB || section.sh_entsize != sizeof(ElfW(Sym))) continue;
      if (!read(at(section.sh_link), names)) return;
      names_at_ = names.sh_offset;
      std::vector<ElfW(Sym)> all(section.sh_size / sizeof(ElfW(Sym)));
      file_.seekg(static_cast<std::streamoff>(section.sh_offset));
      if (!file_.read(reinterpret_cast<char*>(all.data()),
                      static_cast<std::streamsize>(all.size() * sizeof(ElfW(Sym)))))
        return;
      std::erase_if(all, [](const auto& one) {
        return ELF64_ST_TYPE(one.st_info) != STT_FUNC || one.st_shndx == SHN_UNDEF;  // the same for 32 bits
      });
      functions_ = std::move(all);
      std::sort(functions_.begin(), functions_.end(),
                [](const auto& a, const auto& b) { return a.st_value < b.st_value; });
      return;
    }
  }

  bool empty() const noexcept { return functions_.empty(); }
  /// `address` as the file counts.
  function at(std::uintptr_t address) {
    auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                  [](std::uintptr_t a, const auto& one) { return a < one.st_value; });
    if (after == functions_.begin()) return {};
    const auto& one = *--after;
    if (address - one.st_value >= std::max<std::uintptr_t>(one.st_size, 1)) return {};
    function made;
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(names_at_ + one.st_name));
    std::getline(file_, made.name, '\0');
    made.begin = one.st_value;
    return made;
  }

 private:
  template <class T>
  bool read(std::uint64_t from, T& into) {
    file_.seekg(static_cast<std::streamoff>(from));
    return static_cast<bool>(file_.read(reinterpret_cast<char*>(&into), sizeof into));
  }

  std::ifstream file_;
  std::uint64_t names_at_ = 0;
  std::vector<ElfW(Sym)> functions_;  // by their addresses
};

}  // namespace awaitest::detail
