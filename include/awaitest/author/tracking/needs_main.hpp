// The linker's first words on a program without awaitest's main, or with two: the name of a symbol.
#pragma once

#include "../../config.hpp"

// The linker reports in the order of the assembler's text, which begins with this: a relocation that relocates nothing, and where
// main is an empty label. No other spelling comes before all that a test refers to.
#if defined(__ELF__) && (defined(__x86_64__) || defined(__i386__) || defined(__aarch64__))
#define AWAITEST_MAIN_SYMBOL_ \
  "awaitest_main_is_needed_exactly_once_link_awaitest_main_or_include_awaitest_main_hpp_in_one_file"
#define AWAITEST_FIRST_IN_TEXT_(line) asm(".pushsection .text\n\t" line "\n\t.popsection")
#define AWAITEST_HOLDS_MAIN_ \
  AWAITEST_FIRST_IN_TEXT_(".globl " AWAITEST_MAIN_SYMBOL_ "\n" AWAITEST_MAIN_SYMBOL_ ":")
AWAITEST_FIRST_IN_TEXT_(".reloc ., BFD_RELOC_NONE, " AWAITEST_MAIN_SYMBOL_);
#else
#define AWAITEST_HOLDS_MAIN_ static_assert(true)
#endif
