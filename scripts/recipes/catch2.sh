# SPDX-License-Identifier: MIT
# Catch2: the test framework.
# shellcheck shell=bash disable=SC2034,SC2154

package=catch2
versions=(3.7.1)

build_recipe() {
    cmake -G Ninja -S . -B build -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_CXX_FLAGS="-O2 $flags" -DCMAKE_CXX_STANDARD=20 -DCMAKE_CXX_EXTENSIONS=OFF \
        -DBUILD_TESTING=OFF -DCATCH_INSTALL_DOCS=OFF
    cmake --build build --parallel "$jobs"
    cmake --install build
}
