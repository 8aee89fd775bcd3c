# The file of --last-failed is fixed when the program begins: by its whole path, called by one relative to the working
# directory, found through PATH, or given by --state.
#
#   cmake -D program=<file> -D dir=<work directory> -P elsewhere.cmake

cmake_minimum_required(VERSION 3.23)

file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}/bin" "${dir}/here")
file(COPY_FILE "${program}" "${dir}/bin/elsewhere_program")

# fails(file command...): the command's run fails, and the file is the only one that tells.
function(fails file)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${dir}/here" RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  file(GLOB_RECURSE states RELATIVE "${dir}" "${dir}/*state" "${dir}/*.last-failed")
  if(NOT code EQUAL 1 OR NOT states STREQUAL file)
    message(SEND_ERROR "${ARGN} ended with ${code} and left '${states}' instead of '${file}':\n${out}")
  endif()
  file(REMOVE "${dir}/${file}")
endfunction()

fails(bin/elsewhere_program.last-failed ../bin/elsewhere_program leaves)
fails(bin/elsewhere_program.last-failed "${dir}/bin/elsewhere_program" leaves)
fails(here/state ../bin/elsewhere_program --state state leaves)
set(path "$ENV{PATH}")
set(ENV{PATH} "${dir}/bin:${path}")
fails(bin/elsewhere_program.last-failed sh -c "elsewhere_program leaves")
file(REMOVE_RECURSE "${dir}")
