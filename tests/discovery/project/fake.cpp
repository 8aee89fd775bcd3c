// Stands in for a test program: speaks the `--list=ctest=FILE` protocol and compiles in no time. Each test passes if its
// name arrived as it was listed.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

namespace {

const char* const names[] = {
    "plain",
    "a name with spaces",
    "semi;colon",
    "double \"quotes\" and 'single'",
    "[bracket",
    "bracket]",
    "a]b[c",
    "]==]",
    "ends with ]==",
    "[==[ and ]===]",
    "$dollar ${variable} $ENV{HOME} $<CONFIG>",
    "#hash",
    "back\\slash and \\n",
    "-dash",
    "--list",
    "~tilde",
    "a*b?",
    "@at@",
    "suite/case (1, true)",
    "percent %d %% %PATH%",
    "größe 測試",
    " leading and trailing ",
    "%41 is no A",
};

bool is(const char* text, const char* other) { return std::strcmp(text, other) == 0; }

void put(std::FILE* to, const char* key, const char* value) {
  std::fprintf(to, "%s ", key);
  for (const char* c = value; *c; ++c)
    std::fprintf(to, std::strchr("%;[]\\\n\r", *c) ? "%%%02X" : "%c", static_cast<unsigned char>(*c));
  std::fputc('\n', to);
}

int list_for_ctest(const char* file) {
#if defined(FAKE_EMPTY)
  std::fprintf(stderr, "fake: no test matched\n");
  return 3;
#endif
  std::FILE* to = std::fopen(file, "w");
  if (!to) return 2;
  std::fputs("awaitest-list 1\n", to);
  const bool emulated = std::getenv("FAKE_EMULATED") != nullptr;
  for (const char* name : names) {
    put(to, "test", name);
    if (!is(name, "--list")) put(to, "file", __FILE__), put(to, "line", "22");
    if (emulated) put(to, "label", "emulated");
    if (is(name, "plain"))
      std::fputs("label a tag\nlabel net\ntimeout 15\nserial\nresource port:1\nresource a b\n", to);
    if (is(name, "#hash")) put(to, "label", "semi;colon"), put(to, "label", "[$x] \\ \"%41\ntwo lines");
  }
#if !defined(FAKE_CUT)
  std::fputs("end\n", to);
#endif
  std::fclose(to);
  return 0;
}

int run(const char* exact, int extra, char** arguments) {
  std::printf("\xC2\xA7 at the end of a run, for --mark\n");
  if (const char* emulated = std::getenv("FAKE_EMULATED")) std::printf("emulated: %s\n", emulated);
  for (int i = 0; i < extra; ++i) std::printf("argument: %s\n", arguments[i]);
  if (is(exact, "--list")) return 4;  // one of them skips itself
  for (const char* name : names) {
    if (is(name, exact)) return 0;
  }
  std::fprintf(stderr, "fake: no test is named '%s'\n", exact);
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
#if defined(FAKE_HANGING)
  for (;;) pause();
#endif
#if defined(FAKE_SILENT)
  return 0;
#endif
#if defined(FAKE_BROKEN)
  std::fprintf(stderr, "fake: two tests are named 'a;b [c'\n  first.cpp:1\n  second.cpp:2\n");
  return 5;
#endif
#if defined(FAKE_LOUD)
  std::printf("message(FATAL_ERROR loud)\nadd_test(loud loud)\n\x01PREFIX\x01 plugin loaded; [ $x\n");
  std::fprintf(stderr, "a warning]==] on stderr\n");
#endif
  if (argc == 2 && std::strncmp(argv[1], "--list=ctest=", 13) == 0) return list_for_ctest(argv[1] + 13);
  if (argc == 2 && is(argv[1], "--list")) {
    for (const char* name : names) std::puts(name);
    return 0;
  }
  if (argc >= 3 && is(argv[1], "--exact")) return run(argv[2], argc - 3, argv + 3);
  std::printf("all of them \xC2\xA7\n");  // GRANULARITY binary
  for (int i = 1; i < argc; ++i) std::printf("argument: %s\n", argv[i]);
  return 0;
}
