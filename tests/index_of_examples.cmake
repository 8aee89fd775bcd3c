# The index of the cookbook names all that is there, and nothing else.
#
#   cmake -D examples=<directory> -P index.cmake

cmake_minimum_required(VERSION 3.23)

file(GLOB there RELATIVE "${examples}" "${examples}/*.cpp" "${examples}/*.md" "${examples}/[0-9]*")
list(FILTER there EXCLUDE REGEX "^README")
list(REMOVE_DUPLICATES there)
list(SORT there)

file(READ "${examples}/README.md" text)
string(REGEX MATCHALL "\n[|] [[][^]]+[]][(][^)]+[)]" named "${text}")
list(TRANSFORM named REPLACE ".*[(](.*)[)]" "\\1")
list(SORT named)

if(there STREQUAL "" OR NOT named STREQUAL there)
  message(FATAL_ERROR "examples/README.md names\n  ${named}\nand there is\n  ${there}")
endif()
