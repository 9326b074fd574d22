# SPDX-License-Identifier: MIT
# How a room's code becomes targets. Includes are written from the source root: #include "crypto/identity.hpp".
#
#   kith_library(kith_crypto SOURCES identity.cpp ... PUBLIC tl::expected PRIVATE Botan::Botan)
#   kith_program(kith SOURCES main.cpp LIBRARIES kith_node kith_gui)
#
# What a room uses but does not show in its headers goes under PRIVATE. Who may include whom is checked by
# tests/rooms/check_rooms, because system folders and the source root are open to every compiler run.

function(kith_library target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} kith_warnings kith_hardening)
endfunction()

function(kith_program target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    add_executable(${target} ${arg_SOURCES})
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} kith_warnings kith_hardening)
endfunction()
