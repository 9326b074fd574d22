# SPDX-License-Identifier: MIT
# KITH_SANITIZE covers Kith's own code: the libraries are linked as they are. ThreadSanitizer therefore sees nothing of
# what happens inside them, and may need suppressions where one of them synchronises threads on its own.

if(KITH_SANITIZE)
    list(JOIN KITH_SANITIZE "," sanitizers)
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
    if("thread" IN_LIST KITH_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC warns of fences, which the lock-free queue uses and ThreadSanitizer does not follow.
        add_compile_options(-Wno-tsan)
    endif()
endif()
