// Stands in for a test program: speaks the `--list=ctest` protocol and compiles in no time. Each test passes if its
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
};

bool is(const char* text, const char* other) { return std::strcmp(text, other) == 0; }

int list_for_ctest() {
#if defined(FAKE_EMPTY)
  std::fprintf(stderr, "fake: no test matched\n");
  return 3;
#endif
  const bool emulated = std::getenv("FAKE_EMULATED") != nullptr;
  for (const char* name : names) {
    std::printf("add_test([====[\x01PREFIX\x01%s]====] %cCOMMAND%c --exact [====[%s]====] %cARGS%c)\n", name,
                1, 1, name, 1, 1);
    std::printf("set_tests_properties([====[\x01PREFIX\x01%s]====] PROPERTIES SKIP_RETURN_CODE 4", name);
    std::printf(" LABELS [====[%s\x01LABELS\x01]====]", is(name, "plain") ? "a tag;net" : "");
    if (is(name, "plain")) std::printf(" TIMEOUT 15 RUN_SERIAL ON RESOURCE_LOCK [====[port:1;a b]====]");
    std::printf("%s \x01PROPERTIES\x01)\n", emulated ? " COST 77" : "");
  }
  return 0;
}

int run(const char* exact, int extra, char** arguments) {
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
  if (argc == 2 && is(argv[1], "--list=ctest")) return list_for_ctest();
  if (argc == 2 && is(argv[1], "--list")) {
    for (const char* name : names) std::puts(name);
    return 0;
  }
  if (argc >= 3 && is(argv[1], "--exact")) return run(argv[2], argc - 3, argv + 3);
  std::printf("all of them \xC2\xA7\n");  // GRANULARITY binary
  for (int i = 1; i < argc; ++i) std::printf("argument: %s\n", argv[i]);
  return 0;
}
