# The packages beside CMake's: pkg-config, Meson and Debian's, where the tools are there; the syntax of the others.
#
#   cmake -D what=pkg-config|meson|deb|syntax -D source=<directory> -D build=<directory> -D prefix=<installed> -D dir=<work directory>
#         -D compiler=<C++ compiler> -P packages.cmake

cmake_minimum_required(VERSION 3.23)
file(REMOVE_RECURSE "${dir}")
file(MAKE_DIRECTORY "${dir}")

# run(script): a shell script, in `dir`; its output is then in `out`.
function(run script)
  execute_process(COMMAND sh -ec "${script}" WORKING_DIRECTORY "${dir}" OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message("${out}")
    message(FATAL_ERROR "ended with ${code}: ${script}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()
set(test "${source}/tests/consumer/account_test.cpp")
if(what STREQUAL "pkg-config")
  run("export PKG_CONFIG_PATH='${prefix}/share/pkgconfig'; pkg-config --atleast-version=0.1 awaitest
       eval \"'${compiler}' -std=c++20 -O0 '${test}' $(pkg-config --variable=main awaitest) $(pkg-config --cflags --libs awaitest) -o account_test\"
       ./account_test")
  if(NOT out MATCHES "2 passed")
    message(FATAL_ERROR "${out}")
  endif()
elseif(what STREQUAL "meson")
  file(WRITE "${dir}/meson.build" "project('consumer', 'cpp', default_options: ['cpp_std=c++20'])
test('account', executable('account_test', 'account_test.cpp', dependencies: dependency('awaitest-main')))
")
  run("cp '${test}' .; mkdir subprojects; cp -r '${source}/cmake/packaging/meson/.' subprojects/; cp -r '${source}/include' '${source}/cmake' .
       mkdir subprojects/awaitest; mv include cmake subprojects/awaitest; cp subprojects/packagefiles/awaitest/meson.build subprojects/awaitest
       CXX='${compiler}' meson setup build; meson test -C build")
  if(NOT out MATCHES "Ok: *1")
    message(FATAL_ERROR "${out}")
  endif()
elseif(what STREQUAL "deb")
  run("cpack --config '${build}/CPackConfig.cmake' -B .; dpkg-deb -I *.deb; dpkg-deb -c *.deb")
  foreach(part IN ITEMS "Package: awaitest-dev" "Architecture: all" "Depends: libasio-dev" "/usr/include/awaitest/awaitest.hpp"
                        "/usr/share/pkgconfig/awaitest.pc" "/usr/share/cmake/awaitest/awaitest-config.cmake")
    string(FIND "${out}" "${part}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "the package lacks ${part}:\n${out}")
    endif()
  endforeach()
elseif(what STREQUAL "syntax")
  file(READ "${source}/cmake/packaging/vcpkg/vcpkg.json" port)
  string(JSON version GET "${port}" version)
  file(STRINGS "${source}/include/awaitest/config.hpp" own REGEX "^#define AWAITEST_VERSION \"")
  string(REGEX REPLACE ".*\"(.*)\".*" "\\1" own "${own}")
  if(NOT version STREQUAL own)
    message(FATAL_ERROR "vcpkg.json is of version ${version}, and awaitest is ${own}")
  endif()
  find_program(python3 python3)
  if(python3)
    foreach(file IN ITEMS conan/conanfile.py bazel/BUILD.bazel bazel/MODULE.bazel)  # Starlark is Python as far as its syntax goes
      run("${python3} -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' '${source}/cmake/packaging/${file}'")
    endforeach()
  endif()
endif()
file(REMOVE_RECURSE "${dir}")
