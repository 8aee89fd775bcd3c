"""awaitest for Conan 2: headers, and main.cpp, which the consumer's CMake compiles as awaitest::main."""

import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain
from conan.tools.files import copy, load


class AwaitestConan(ConanFile):
    name = "awaitest"
    description = "Unit tests for asynchronous code on Asio"
    license = "BSL-1.0"
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    requires = "asio/1.30.2", "fmt/10.2.1"
    generators = "CMakeDeps"
    no_copy_source = True

    def set_version(self):
        config = load(self, os.path.join(self.recipe_folder, "..", "..", "..", "include", "awaitest", "config.hpp"))
        self.version = re.search(r'AWAITEST_VERSION "([0-9.]+)"', config).group(1)

    def export_sources(self):
        top = os.path.join(self.recipe_folder, "..", "..", "..")
        for pattern in ("include/*", "cmake/*", "CMakeLists.txt", "LICENSE", "README.md", "CHANGELOG.md"):
            copy(self, pattern, top, self.export_sources_folder)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["AWAITEST_BUILD_TESTS"] = False
        toolchain.cache_variables["AWAITEST_BUILD_EXAMPLES"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()

    def package(self):
        CMake(self).install()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        # The package's own CMake files make awaitest::main and awaitest_discover_tests().
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs.append(os.path.join("share", "cmake", "awaitest"))
