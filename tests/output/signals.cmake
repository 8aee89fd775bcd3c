# Whatever ends the process while a test runs: the test is named, the results so far are in the report, and the process ends as it
# would have.
#
#   cmake -D program=<file> -D dir=<work directory> -P signals.cmake

cmake_minimum_required(VERSION 3.23)

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")
# The names of functions on a stack are another test's matter, and take addr2line seconds for each of these programs.
set(bin "${dir} without names")
file(WRITE "${bin}/addr2line" "#!/bin/sh\nexit 1\n")
file(CHMOD "${bin}/addr2line" PERMISSIONS OWNER_READ OWNER_EXECUTE)

# ends(code name words script...), the first three being patterns: a shell script, in which t is the program with a report. The report is whole, holds what
# failed before, and says the words of the test of that name.
function(ends wanted name words)
  list(JOIN ARGN "\n" script)
  file(REMOVE_RECURSE "${dir}")
  file(MAKE_DIRECTORY "${dir}")
  execute_process(
    COMMAND bash -c "PATH=\"${bin}:$PATH\"; t() { exec \"${program}\" --reporter junit=report --reporter console --no-capture --tag every --tag \"$@\"; }\n(\n${script}\n)\nexit \$?"
    WORKING_DIRECTORY "${dir}" OUTPUT_FILE "${dir}/out" ERROR_FILE "${dir}/err" RESULT_VARIABLE code
  )
  set(report "(no report)")
  if(EXISTS "${dir}/report")
    file(READ "${dir}/report" report)
  endif()
  file(READ "${dir}/err" err LIMIT 10000)
  foreach(pattern IN ITEMS "^<[?]xml.*</testsuites>\n$" "1 == 2" "name=\"${name}\"[^\n]*\n.*${words}")
    if(NOT report MATCHES "${pattern}")
      message(SEND_ERROR "${ARGN}: the report does not match ${pattern}:\n${report}\n${err}\nended with ${code}")
    endif()
  endforeach()
  if(NOT code MATCHES "^(${wanted})$")
    message(SEND_ERROR "${ARGN}: ended with ${code}, not ${wanted}:\n${report}\n${err}")
  endif()
endfunction()

# The heap is broken, and its lock held.
ends(134 "heap, noticed by malloc" "3 == 4.*SIGABRT" "t heap_malloc")
ends(134 "heap, noticed by new" "SIGABRT" "t heap_new")
ends(134 "heap, noticed by free" "SIGABRT" "t heap_free")

# A stack is used up, the main thread's or another's.
ends(139 "stack" "SIGSEGV .stack overflow." "t stack")
ends(139 "stack of a thread" "SIGSEGV .stack overflow." "t stack_thread")
ends(139 "stack of a pool" "SIGSEGV .stack overflow." "t stack_pool")
ends(139 "on (one|the other) worker" "the process crashed: SIGSEGV .stack overflow.; the process ends here" "t stack_jobs --jobs 2")

# Signals that end a process.
foreach(signal IN ITEMS ILL:4 TRAP:5 ABRT:6 BUS:7 FPE:8 USR1:10 SEGV:11 USR2:12 PIPE:13 ALRM:14 XCPU:24 XFSZ:25 VTALRM:26
        PROF:27 SYS:31)
  string(REGEX REPLACE "^(.*):(.*)$" "\\1;\\2" signal "${signal}")
  list(GET signal 0 name)
  list(GET signal 1 number)
  math(EXPR code "128 + ${number}")
  ends(${code} "a signal" "the process crashed: SIG${name}" "SIGNAL=${number} t signal")
  ends(${code} "a signal on a thread" "the process crashed: SIG${name}" "SIGNAL=${number} t signal_thread")
endforeach()
ends(168 "a signal" "a real-time signal" "SIGNAL=40 t signal")
ends(141 "nobody reads" "SIGPIPE" "t pipe")
ends(152 "prints" "SIGXCPU" "ulimit -St 1; t prints")
ends(153 "prints" "SIGXFSZ" "ulimit -f 100; t prints")
# Nobody reads the report on the console: the one in the file is whole.
ends(1 "before" "name=.after..*</testsuites>" "mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; t signal >&4")

# Somebody wants it to end.
foreach(signal IN ITEMS HUP:1 INT:2 QUIT:3 TERM:15)
  string(REGEX REPLACE "^(.*):(.*)$" "\\1;\\2" signal "${signal}")
  list(GET signal 0 name)
  list(GET signal 1 number)
  math(EXPR code "128 + ${number}")
  if(name STREQUAL "QUIT")
    ends(${code} "a signal" "type=\"interrupted\".*the process was ended by SIG${name} [(][a-z]*[)] while it ran" "SIGNAL=${number} t signal")
  else()
    # The first time the test goes on: nothing of it waits. The run ends then.
    ends(${code} "seed" "name=\"run\" value=\"cut short\"" "SIGNAL=${number} t signal")
    ends(${code} "never ends" "type=\"interrupted\".*the process was ended by SIG${name} [(][a-z]*[)] while it ran" "SIGNAL=${number} t signal_and_on")
  endif()
  foreach(test IN ITEMS waits prints allocates)
    foreach(how IN ITEMS "" "--isolate" "--jobs 2")
      set(beside "")
      if(how STREQUAL "--jobs 2")
        set(beside "BESIDE=yes")
      endif()
      # Twice, as timeout(1) does.
      ends(${code} "${test}" "type=\"interrupted\".*the process was ended by SIG${name} [(][a-z]*[)] while it ran"
        "set -m; mkfifo runs; RUNS=runs ${beside} t ${test} ${how} & read line < runs"
        "kill -${name} -- -$!; kill -${name} $!; wait $!")
    endforeach()
  endforeach()
endforeach()
# Only the process of the test: the run goes on.
ends(1 "waits" "while it ran" "mkfifo runs; RUNS=runs t waits --isolate & read line < runs"
  "kill \$(pgrep -P $!); wait $!")

# There is no memory any more: where that is noticed depends on how it was laid out.
foreach(test IN ITEMS "memory is used up;memory" "memory is used up later;memory_async")
  list(GET test 0 name)
  list(GET test 1 tag)
  ends("1|134" "${name}" "(memory is exhausted|std::bad_alloc)" "ulimit -v 600000; t ${tag}")
endforeach()
ends(1 "vectors" "std::bad_alloc" "ulimit -v 600000; t memory_vectors")
file(REMOVE_RECURSE "${dir}" "${bin}")
