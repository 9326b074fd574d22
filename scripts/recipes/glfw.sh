# SPDX-License-Identifier: MIT
# GLFW for X11 and Wayland, and the OpenGL loader (glad, header only) that comes with its source.
# shellcheck shell=bash disable=SC2034,SC2154

package=glfw3
versions=(3.4)

build_recipe() {
    cmake -G Ninja -S . -B build -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_C_FLAGS="-O2 -DNDEBUG $flags" -DBUILD_SHARED_LIBS=OFF -DGLFW_BUILD_WAYLAND=ON -DGLFW_BUILD_X11=ON \
        -DGLFW_BUILD_EXAMPLES=OFF -DGLFW_BUILD_TESTS=OFF -DGLFW_BUILD_DOCS=OFF
    cmake --build build --parallel "$jobs"
    cmake --install build
    install -D -m 644 deps/glad/gl.h "$out/include/glad/gl.h"
}
