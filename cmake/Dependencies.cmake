# SPDX-License-Identifier: MIT
# Every library Kith uses, under one target name each, wherever it was installed from: a CMake package where there is
# one, pkg-config otherwise. Their headers count as system headers.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# kith_pkgconfig(TARGET MODULE): TARGET stands for a pkg-config module.
function(kith_pkgconfig target module)
    string(MAKE_C_IDENTIFIER "${target}" name)
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
    add_library(${target} ALIAS PkgConfig::${name})
endfunction()

# kith_headers(TARGET HEADER [FOLDER...]): TARGET stands for headers that bring no build files.
function(kith_headers target header)
    string(MAKE_C_IDENTIFIER "${target}" name)
    find_path(${name}_INCLUDE_DIR ${header} PATH_SUFFIXES ${ARGN} REQUIRED)
    mark_as_advanced(${name}_INCLUDE_DIR)
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    target_include_directories(${target} SYSTEM INTERFACE "${${name}_INCLUDE_DIR}")
endfunction()

# Cryptography and storage. The libraries in static form need their own libraries named behind them.
kith_pkgconfig(Botan::Botan botan-3>=3.7)
kith_pkgconfig(SQLCipher::Library sqlcipher>=4.5)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
add_library(SQLCipher::SQLCipher INTERFACE IMPORTED GLOBAL)
target_link_libraries(SQLCipher::SQLCipher INTERFACE SQLCipher::Library OpenSSL::Crypto Threads::Threads ${CMAKE_DL_LIBS})

# Network and plain data.
kith_pkgconfig(libuv::uv libuv>=1.44)
kith_pkgconfig(miniupnpc::miniupnpc miniupnpc>=2.2)
find_package(cereal CONFIG REQUIRED GLOBAL)
find_package(nlohmann_json 3.11 CONFIG REQUIRED GLOBAL)
find_package(CLI11 2.1 CONFIG REQUIRED GLOBAL)
find_package(tl-expected CONFIG REQUIRED GLOBAL)
# Its headers alone: the CMake package of Debian links a shared library.
kith_headers(toml++::toml++ toml++/toml.h)
kith_headers(concurrentqueue::concurrentqueue concurrentqueue.h moodycamel concurrentqueue/moodycamel concurrentqueue)

# Window, text and pictures.
find_package(glfw3 3.4 CONFIG REQUIRED GLOBAL)
find_package(imgui CONFIG QUIET GLOBAL)
if(NOT TARGET imgui::imgui)
    kith_pkgconfig(imgui::library imgui>=1.92)
    add_library(imgui::imgui INTERFACE IMPORTED GLOBAL)
    target_link_libraries(imgui::imgui INTERFACE imgui::library glfw)
endif()
kith_headers(glad::glad glad/gl.h)
kith_headers(stb::stb stb_image.h stb)
kith_pkgconfig(fontconfig::fontconfig fontconfig)
kith_pkgconfig(freetype::freetype freetype2)
kith_pkgconfig(qrencode::qrencode libqrencode>=4.0)

# The desktop's file chooser.
find_package(sdbus-c++ 1.2 CONFIG REQUIRED GLOBAL)

if(KITH_TESTS)
    find_package(Catch2 3.4 CONFIG REQUIRED GLOBAL)
endif()
