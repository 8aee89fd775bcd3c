# Installs the project into an empty prefix, and fails if what is there could not be moved elsewhere.
cmake_minimum_required(VERSION 3.23)
file(REMOVE_RECURSE "${prefix}")
execute_process(
  COMMAND "${CMAKE_COMMAND}" --install "${build}" --prefix "${prefix}" --config "${config}"
  COMMAND_ERROR_IS_FATAL ANY
)
file(GLOB_RECURSE files "${prefix}/*")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  foreach(path IN ITEMS "${build}" "${source}" "${prefix}")
    string(FIND "${text}" "${path}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${file} holds the path ${path}")
    endif()
  endforeach()
endforeach()
