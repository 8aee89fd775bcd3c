# The project in the README, "In your project": its files as they stand there, and its commands.
#
#   cmake -D readme=<file> -D source=<awaitest> -D dir=<work directory> -D generator=<generator> -D compiler=<C++ compiler> -P readme.cmake

cmake_minimum_required(VERSION 3.23)
file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}/path/to")
file(CREATE_LINK "${source}" "${dir}/path/to/awaitest" SYMBOLIC)

file(READ "${readme}" text)
string(FIND "${text}" "\n## In your project\n" at)
string(SUBSTRING "${text}" ${at} -1 text)
# readme_block(language file): the next block of that language becomes a file.
function(readme_block language file)
  string(FIND "${text}" "```${language}\n" from)
  if(from EQUAL -1)
    message(FATAL_ERROR "the README has no block of ${language} in its place")
  endif()
  string(LENGTH "```${language}\n" length)
  math(EXPR from "${from} + ${length}")
  string(SUBSTRING "${text}" ${from} -1 text)
  string(FIND "${text}" "```" to)
  string(SUBSTRING "${text}" 0 ${to} content)
  file(WRITE "${dir}/${file}" "${content}")
  set(text "${text}" PARENT_SCOPE)
endfunction()
readme_block(cmake CMakeLists.txt)
readme_block(cpp my_test.cpp)
readme_block(sh commands)

set(ENV{HOME} "${dir}/the home")
set(ENV{CXX} "${compiler}")
set(ENV{CXXFLAGS} "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror")
set(ENV{CMAKE_GENERATOR} "${generator}")
execute_process(
  COMMAND sh -e ./commands WORKING_DIRECTORY "${dir}" OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result
)
if(NOT result EQUAL 0 OR NOT output MATCHES "1/1 Test #1: a timer fires")
  message("${output}")
  message(FATAL_ERROR "the README's project does not work: ended with ${result}")
endif()
