# SPDX-License-Identifier: MIT
# kith_warnings: for our own targets only; headers of libraries are system headers and stay silent.

add_library(kith_warnings INTERFACE)

if(MSVC)
    target_compile_options(kith_warnings INTERFACE /W4 /permissive- $<$<BOOL:${KITH_WERROR}>:/WX>)
else()
    target_compile_options(
        kith_warnings
        INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wdouble-promotion
                  "$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Wold-style-cast;-Woverloaded-virtual>"
                  $<$<BOOL:${KITH_WERROR}>:-Werror>)
endif()
