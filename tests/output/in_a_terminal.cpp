// in_a_terminal file program [argument...]: the program with a terminal of 80 columns as its input, output and error. What it writes there
// is written to the file at once, and to standard output. Ends as the program does, or with 77 where no terminal can be made.
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::FILE* const file = std::fopen(argv[1], "we");
  if (!file) {
    std::perror(argv[1]);
    return 2;
  }
  winsize size{};
  size.ws_row = 24;
  size.ws_col = 80;
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child < 0) {
    std::fprintf(stderr, "no terminal can be made: %s\n", std::strerror(errno));
    return 77;
  }
  if (child == 0) {
    ::execvp(argv[2], argv + 2);
    std::perror(argv[2]);
    ::_exit(127);
  }
  // Read to its end, which is EIO: the terminal has no other side any more.
  char some[4096];
  for (ssize_t got = 0; (got = ::read(terminal, some, sizeof some)) > 0 || (got < 0 && errno == EINTR);)
    for (std::FILE* const to : {file, stdout})
      if (got > 0 && (std::fwrite(some, 1, static_cast<std::size_t>(got), to), std::fflush(to)) != 0)
        return 2;
  std::fclose(file);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
