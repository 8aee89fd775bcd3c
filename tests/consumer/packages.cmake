# The packages beside CMake's: pkg-config, Meson, Bazel and Debian's, where the tools are there; the syntax of the others.
#
#   cmake -D what=pkg-config|meson|bazel|deb|syntax -D source=<directory> -D build=<directory> -D prefix=<installed> -D dir=<work directory>
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
elseif(what STREQUAL "bazel")
  # Debian's, without a network: its rules_cc is too new for it, and the coverage that it would fetch is not wanted. Bazel takes no path
  # with a space.
  run("mktemp -d")
  string(STRIP "${out}" folder)
  file(WRITE "${folder}/app/WORKSPACE" "local_repository(name = 'awaitest', path = '../awaitest')\n")
  file(WRITE "${folder}/app/BUILD.bazel" "
load('@rules_cc//cc:defs.bzl', 'cc_test')
[cc_test(name = name, size = 'small', srcs = [name + '.cpp'], copts = ['-std=c++20'], shard_count = count, deps = ['@awaitest//:awaitest_main'])
 for name, count in [('account_test', 3), ('failing_test', 1)]]
")
  file(WRITE "${folder}/app/failing_test.cpp" "#include <awaitest/awaitest.hpp>
#include <cstdlib>
using namespace awaitest::match;
TEST(\"adds up\") { CHECK(1 + 1 == 3); }
TEST(\"its directory\") { CHECK_THAT(awaitest::this_test::temp_dir(), starts_with(std::getenv(\"TEST_TMPDIR\"))); }
")
  string(JOIN "\n" stand_in "cc_library = native.cc_library" "cc_binary = native.cc_binary" "cc_test = native.cc_test"
              "cc_import = native.cc_import" "cc_toolchain = native.cc_toolchain" "cc_toolchain_suite = native.cc_toolchain_suite")
  file(WRITE "${folder}/rules_cc/cc/defs.bzl" "${stand_in}\n")
  file(WRITE "${folder}/coverage/BUILD.bazel" "
[filegroup(name = name, visibility = ['//visibility:public']) for name in ['coverage_report_generator', 'lcov_merger']]
")
  foreach(file IN ITEMS awaitest/WORKSPACE rules_cc/WORKSPACE rules_cc/cc/BUILD.bazel coverage/WORKSPACE)
    file(WRITE "${folder}/${file}" "")
  endforeach()
  set(rules /usr/share/bazel)
  run("cp -r '${source}/include' '${source}/cmake' '${folder}/awaitest'; cp '${source}/cmake/packaging/bazel/BUILD.bazel' '${folder}/awaitest'
       cp '${test}' '${folder}/app'
       cat > '${folder}/bazel_test' <<'end'
cd '${folder}/app'
code=0
HOME='${folder}' CC='${compiler}' bazel --batch --output_user_root='${folder}/out' test --spawn_strategy=local --test_output=all \\
  --override_repository=rules_cc='${folder}/rules_cc' --override_repository=remote_coverage_tools='${folder}/coverage' \\
  --override_repository=rules_java=${rules}/rules/java --override_repository=rules_proto=${rules}/rules/proto \\
  --override_repository=platforms=${rules}/tools/platforms \"$@\" || code=$?
echo \"ended with $code\"
end")
  # expect(arguments, what its output holds...)
  function(expect arguments)
    run("sh '${folder}/bazel_test' ${arguments} 2>&1")
    foreach(wanted IN LISTS ARGN)
      if(NOT out MATCHES "${wanted}")
        message(FATAL_ERROR "bazel test ${arguments}: no '${wanted}' in\n${out}")
      endif()
    endforeach()
  endfunction()
  expect(//:account_test "[12] passed" "no selected test is in shard" "PASSED in" "Stats over 3 runs" "ended with 0")
  run("cat '${folder}'/app/bazel-testlogs/account_test/shard_*_of_3/test.xml")
  if(NOT out MATCHES "<testcase name=\"plain\"" OR NOT out MATCHES "<testcase name=\"opens; closes .at once.\"")
    message(FATAL_ERROR "bazel's test.xml:\n${out}")
  endif()
  expect(//:failing_test "CHECK.1 . 1 == 3." "1 passed, 1 failed|1 failed, 1 passed" "FAILED in" "ended with 3")
  expect("//:failing_test '--test_filter=its*'" "1 passed" "PASSED in" "ended with 0")
  run("chmod -R u+w '${folder}'; rm -r '${folder}'")
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
