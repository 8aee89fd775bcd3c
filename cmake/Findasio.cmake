# find_package(asio): the target asio::asio for standalone Asio, which ships without a CMake package of its own.
#
# In this order: a target `asio::asio` or `asio` that the project already has, taken as it is; a CMake package, if
# somebody made one; the headers, wherever CMake looks for headers.
#
#   asio_FOUND        whether there is an asio::asio
#   asio_VERSION      of the package or the headers; empty for a target that was there already
#   asio_INCLUDE_DIR  cache variable: where asio.hpp is. Set it to choose other headers.

include(FindPackageHandleStandardArgs)

# An alias of an alias is not allowed, so `asio` being one is looked through.
macro(_asio_alias)
  get_target_property(_asio_target asio ALIASED_TARGET)
  if(NOT _asio_target)
    set(_asio_target asio)
  endif()
  add_library(asio::asio ALIAS ${_asio_target})
  unset(_asio_target)
endmacro()

if(NOT TARGET asio::asio AND TARGET asio)
  _asio_alias()
endif()
if(TARGET asio::asio)
  set(asio_FOUND TRUE)
  return()
endif()

if(NOT asio_INCLUDE_DIR)
  find_package(asio ${asio_FIND_VERSION} CONFIG QUIET)
  if(asio_FOUND)
    if(NOT TARGET asio::asio AND TARGET asio)
      _asio_alias()
    endif()
    find_package_handle_standard_args(asio CONFIG_MODE)
    return()
  endif()
endif()

find_path(asio_INCLUDE_DIR NAMES asio.hpp DOC "The directory that holds Asio's asio.hpp")
mark_as_advanced(asio_INCLUDE_DIR)

# 102201 is 1.22.1
if(asio_INCLUDE_DIR AND EXISTS "${asio_INCLUDE_DIR}/asio/version.hpp")
  file(STRINGS "${asio_INCLUDE_DIR}/asio/version.hpp" _asio_number REGEX "^#[ \t]*define[ \t]+ASIO_VERSION[ \t]+[0-9]+")
  string(REGEX REPLACE ".*ASIO_VERSION[ \t]+([0-9]+).*" "\\1" _asio_number "${_asio_number}")
  math(EXPR _asio_major "${_asio_number} / 100000")
  math(EXPR _asio_minor "${_asio_number} / 100 % 1000")
  math(EXPR _asio_patch "${_asio_number} % 100")
  set(asio_VERSION "${_asio_major}.${_asio_minor}.${_asio_patch}")
endif()

find_package_handle_standard_args(
  asio
  REQUIRED_VARS asio_INCLUDE_DIR
  VERSION_VAR asio_VERSION
  REASON_FAILURE_MESSAGE "install libasio-dev, or set asio_INCLUDE_DIR to the directory that holds asio.hpp"
)

if(asio_FOUND)
  find_package(Threads REQUIRED)
  add_library(asio::asio INTERFACE IMPORTED)
  target_include_directories(asio::asio INTERFACE "${asio_INCLUDE_DIR}")
  target_compile_definitions(asio::asio INTERFACE ASIO_STANDALONE)
  target_link_libraries(asio::asio INTERFACE Threads::Threads)
  # These do not see by themselves that Clang has coroutines.
  if(asio_VERSION VERSION_LESS 1.24)
    target_compile_definitions(
      asio::asio INTERFACE $<$<CXX_COMPILER_ID:Clang,AppleClang>:ASIO_HAS_CO_AWAIT;ASIO_HAS_STD_COROUTINE>
    )
  endif()
endif()
