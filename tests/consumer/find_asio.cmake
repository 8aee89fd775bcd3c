# Where asio::asio comes from.
set(find "find_package(asio 1.22 REQUIRED)\nmessage(STATUS \"version '\${asio_VERSION}'\")\n")

# The headers; coroutines compile with them, under Clang too.
configure(passes "${find}")
expect("Found asio: ")
build(passes)

# Headers of an older version, or of none, are refused.
file(WRITE "${dir}/old/asio.hpp" "")
file(WRITE "${dir}/old/asio/version.hpp" "#define ASIO_VERSION 101803 // 1.18.3\n")
configure(fails "${find}" "-Dasio_INCLUDE_DIR=${dir}/old")
expect([[Found unsuitable version "1.18.3"]])
configure(fails "set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH OFF)\n${find}" -Uasio_INCLUDE_DIR)
expect("install libasio-dev, or set asio_INCLUDE_DIR")
configure(passes "find_package(asio 1.18 REQUIRED)\nmessage(STATUS \"version '\${asio_VERSION}'\")"
          "-Dasio_INCLUDE_DIR=${dir}/old")
expect("version '1.18.3'")

# A package goes before the headers, and its version counts.
file(WRITE "${dir}/package/asio-config.cmake" "add_library(asio INTERFACE)\n")
file(WRITE "${dir}/package/asio-config-version.cmake"
     "set(PACKAGE_VERSION 1.99.0)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
configure(passes "${find}get_target_property(of asio::asio ALIASED_TARGET)\nmessage(STATUS \"alias of \${of}\")"
          -Uasio_INCLUDE_DIR "-Dasio_DIR=${dir}/package")
expect("version '1.99.0'" "alias of asio")

# What the project has already goes before everything.
foreach(own IN ITEMS "add_library(asio::asio INTERFACE IMPORTED)" "add_library(asio INTERFACE)"
                     "add_library(its_asio INTERFACE)\nadd_library(asio ALIAS its_asio)")
  configure(passes "${own}\n${find}" "-Dasio_DIR=${dir}/package")
  expect("version ''")
endforeach()
