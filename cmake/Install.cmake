# SPDX-License-Identifier: MIT
# kith_install_relay(TARGET): what runs the relay as a service. The unit names the place it is installed to, which is
# known at installation only.
#
#   cmake --install build/release --component relay [--prefix /usr]
include(GNUInstallDirs)

function(kith_install_relay target)
    install(TARGETS ${target} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT relay)
    install(FILES "${PROJECT_SOURCE_DIR}/docs/relay.md" "${PROJECT_SOURCE_DIR}/assets/kith-relay.toml"
            DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT relay)
    if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
        return()
    endif()
    set(unit "${PROJECT_SOURCE_DIR}/assets/kith-relay.service.in")
    install(CODE "
        set(CMAKE_INSTALL_FULL_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
        set(CMAKE_INSTALL_FULL_DOCDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}\")
        set(unit \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/kith-relay.service\")
        configure_file(\"${unit}\" \"\${unit}\" @ONLY)
        message(STATUS \"Installing: \${unit}\")" COMPONENT relay)
endfunction()
