# SPDX-License-Identifier: MIT
# Compile through ccache where it is installed.

find_program(KITH_CCACHE ccache)
mark_as_advanced(KITH_CCACHE)
if(KITH_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${KITH_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${KITH_CCACHE}")
endif()
