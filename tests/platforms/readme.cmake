# The README's table of platforms is the list: the same rows in the same order.
#
#   cmake -D list=<platforms.txt> -D readme=<README.md> -P readme.cmake
cmake_minimum_required(VERSION 3.23)

file(READ "${list}" rows)
file(READ "${readme}" text)
string(FIND "${text}" "\n|---|---|---|---|---|\n${rows}\n" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the table of platforms in ${readme} is to have exactly the rows of ${list}:\n${rows}")
endif()
