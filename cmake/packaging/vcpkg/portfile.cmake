# A port of the copy that it stands in; from an address it is vcpkg_from_git(...) instead.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

set(VCPKG_BUILD_TYPE release) # headers
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DAWAITEST_BUILD_TESTS=OFF -DAWAITEST_BUILD_EXAMPLES=OFF
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME awaitest CONFIG_PATH share/cmake/awaitest)
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
