# SPDX-License-Identifier: MIT
# Which systems scripts/deps can serve.
# shellcheck shell=bash

vcpkg_hint="install the libraries that cmake/Dependencies.cmake names, then run cmake --preset release."

require_debian() {
    local id='' version=''
    if [[ -r /etc/os-release ]]; then
        id=$(. /etc/os-release && printf '%s' "${ID:-}")
        version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
    fi
    [[ $id == debian ]] || die "this is ${id:-an unknown system}, not Debian: $vcpkg_hint"
    # Debian testing and unstable carry no VERSION_ID.
    [[ -z $version || ${version%%.*} -ge 12 ]] \
        || die "Debian $version is too old: use Debian 12 or newer, or $vcpkg_hint"
}

require_architecture() {
    local arch
    arch=$(dpkg --print-architecture)
    case $arch in
        amd64 | arm64) printf '%s\n' "$arch" ;;
        *) die "architecture $arch is not supported (amd64 and arm64 are): $vcpkg_hint" ;;
    esac
}
