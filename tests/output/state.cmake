# --last-failed and its file, from run to run.
#
#   cmake -D program=<file> -D dir=<work directory> -P state.cmake

cmake_minimum_required(VERSION 3.23)

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")
cmake_path(GET program FILENAME name)
file(COPY "${program}" DESTINATION "${dir}")
set(program "${dir}/${name}")
set(state "${program}.last-failed")

# run(failing code words-of-the-output [argument...]): runs it, with the letters of the tests that are to fail.
function(run failing wanted words)
  set(ENV{FAIL} "${failing}")
  execute_process(
    COMMAND "${program}" ${ARGN} WORKING_DIRECTORY "${dir}" OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE code
  )
  if(NOT code STREQUAL wanted)
    message(SEND_ERROR "${ARGN} with ${failing}: ended with ${code}, not ${wanted}:\n${out}")
  endif()
  foreach(word IN LISTS words)
    string(FIND "${out}" "${word}" at)
    if(at EQUAL -1)
      message(SEND_ERROR "${ARGN} with ${failing}: says nothing of '${word}':\n${out}")
    endif()
  endforeach()
endfunction()
function(holds file wanted)
  set(text "(no file)")
  if(EXISTS "${file}")
    file(READ "${file}" text)
    string(REPLACE "\n" "|" text "${text}")
  endif()
  if(NOT text STREQUAL wanted)
    message(SEND_ERROR "${file} holds '${text}' and not '${wanted}'")
  endif()
endfunction()

# Beside the program; only what failed runs again, and is forgotten when it passes.
run("" 0 "6 passed")
holds("${state}" "(no file)")
run("b d" 1 "2 failed, 4 passed")
holds("${state}" "d|suite/b|")
run("d" 1 "1 failed, 1 passed" --last-failed)
holds("${state}" "d|")
run("" 0 "1 passed" --last-failed)
holds("${state}" "(no file)")
run("" 0 "none of the selected tests failed before;6 passed" --last-failed)

# A run of some tests forgets nothing of the others; nor does one that skips.
run("b d" 1 "2 failed")
run("a" 1 "1 failed" "a")
holds("${state}" "a|d|suite/b|")
run("" 0 "1 passed" "suite/b")
holds("${state}" "a|d|")
set(ENV{SKIP_D} 1)
run("" 0 "1 passed, 1 skipped" --last-failed)
unset(ENV{SKIP_D})
holds("${state}" "d|")
run("" 0 "none of the selected" --last-failed "suite/*")
# --fail-fast: what was not run keeps its failure.
run("a b" 1 "2 failed, 4 passed")
run("a b" 1 "1 failed" --last-failed --fail-fast)
holds("${state}" "a|suite/b|")
run("" 0 "" --last-failed --list)
holds("${state}" "a|suite/b|")
# Many --exact or --shard may run at once: they leave it alone. So does a listing.
run("" 0 "1 passed" --exact a)
run("y" 1 "failed" --shard 1/1)
run("" 0 "6 passed")
holds("${state}" "(no file)")

# Cases, a name of two lines among them; as a process each, too.
run("x z" 1 "2 failed" --isolate)
holds("${state}" "suite/c[\"x\"]|suite/c[a\\nname]|")
run("z" 1 "1 failed, 1 passed" --last-failed --isolate)
run("" 0 "1 passed" --last-failed)
holds("${state}" "(no file)")

# Each round counts: what failed in one of them and passed in the last has passed.
run("a" 1 "failed" --repeat 2)
holds("${state}" "a|")
run("" 0 "2 passed" --last-failed --repeat 2)

# A place of one's own.
set(own "${dir}/own state")
run("b" 1 "1 failed" --state "${own}")
holds("${own}" "suite/b|")
holds("${state}" "(no file)")
run("" 0 "1 passed" --state "${own}" --last-failed)
holds("${own}" "(no file)")

# Where it cannot be: said when it was asked for, and the exit code is the worse one.
run("b" 1 "--state;no/such/folder/file;No such file or directory" --state "no/such/folder/file")
run("" 0 "6 passed" --state "no/such/folder/file")
file(MAKE_DIRECTORY "${dir}/a folder")
run("b" 1 "--state;Is a directory" --state "a folder")
file(MAKE_DIRECTORY "${state}")
run("b" 1 "1 failed, 5 passed")
run("" 0 "6 passed" --last-failed)
file(REMOVE_RECURSE "${state}")

# What is not a test of the program, any more or ever, selects nothing and is forgotten by a run of all.
string(ASCII 1 27 200 garbage)
file(WRITE "${state}" "gone\n\n${garbage}\nsuite/b\nsuite/b\nno newline")
run("b" 1 "1 failed" --last-failed)
holds("${state}" "suite/b|")
file(WRITE "${state}" "gone\n${garbage}")
run("" 0 "none of the selected tests failed before;6 passed" --last-failed)
holds("${state}" "(no file)")
file(WRITE "${state}" "gone\nd\n")
run("" 0 "1 passed" "d")
holds("${state}" "gone|")
file(REMOVE_RECURSE "${dir}")
