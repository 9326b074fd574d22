# SPDX-License-Identifier: MIT
# kith_hardening: what makes memory errors harder to exploit. Symbols and a build-id stay in, so that a crash report names
# its lines.

include(CheckCXXCompilerFlag)
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(kith_hardening INTERFACE)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # The linker marks a program for control-flow protection only if the C library's start files are marked too.
    check_cxx_compiler_flag(-fcf-protection KITH_HAS_CF_PROTECTION)
    target_compile_options(kith_hardening INTERFACE -fstack-protector-strong -fstack-clash-protection
                                                    $<$<BOOL:${KITH_HAS_CF_PROTECTION}>:-fcf-protection>)
    target_compile_definitions(kith_hardening INTERFACE _GLIBCXX_ASSERTIONS)
    target_link_options(kith_hardening INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--build-id)
    if(NOT KITH_SANITIZE) # sanitizers check the same calls, more thoroughly
        target_compile_options(kith_hardening INTERFACE "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
    endif()
endif()
