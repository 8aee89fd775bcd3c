# Programs whose standard input, output or error is closed end as they should.
#
#   cmake -D passes=<file> -D fails=<file> -D dir=<work directory> -P closed.cmake

cmake_minimum_required(VERSION 3.23)

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")

# run(wanted-code redirections program [argument...])
function(run wanted redirections program)
  execute_process(
    COMMAND sh -c "\"$0\" \"$@\" ${redirections}" "${${program}}" ${ARGN}
    WORKING_DIRECTORY "${dir}" OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code
  )
  if(NOT code STREQUAL wanted)
    message(SEND_ERROR "${program} ${ARGN} ${redirections}: ended with ${code}, not ${wanted}:\n${out}${err}")
  endif()
endfunction()

foreach(closed IN ITEMS "2>&-" "2>/dev/full" "<&- 2>&-" ">&- 2>&-" "<&- >&- 2>&-")
  run(2 "${closed}" passes --bad)
  run(5 "${closed}" passes plain --reporter junit=no/such/folder/report.xml)
  run(3 "${closed}" passes --exact plane)
  run(3 "${closed}" passes no_such_name)
  run(1 "${closed}" fails)
endforeach()
run(0 "2>&-" passes plain)
run(0 "<&- 2>&-" passes plain)
run(5 ">&-" passes plain)
run(5 ">&- 2>&-" passes plain)
run(5 ">&-" passes --list)

# Nothing that is opened takes the place of what is closed, and what is written to it.
foreach(closed IN ITEMS "2>&-" ">&- 2>&-" "<&- >&- 2>&-")
  run(1 "${closed}" fails --reporter junit=report.xml)
  file(READ "${dir}/report.xml" report)
  if(NOT report MATCHES "^<[?]xml.*</testsuites>\n$" OR report MATCHES "awaitest:")
    message(SEND_ERROR "${closed}: the report is not one:\n${report}")
  endif()
endforeach()
file(REMOVE_RECURSE "${dir}")
