# SPDX-License-Identifier: MIT
# Binary packages of the distribution: what is needed for what, and installing what is missing.
# shellcheck shell=bash disable=SC2034 # read by scripts/deps

# Compiling Kith and the packages of scripts/recipes/.
build_packages=(
    build-essential cmake ninja-build pkg-config ccache
    python3 tcl # Botan's and SQLCipher's own build
    libuv1-dev libcereal-dev libconcurrentqueue-dev libexpected-dev nlohmann-json3-dev libcli11-dev
    libtomlplusplus-dev
    libminiupnpc-dev
    libssl-dev # SQLCipher's cryptography (libcrypto)
    libfontconfig-dev libfreetype-dev libstb-dev libqrencode-dev libsdbus-c++-dev
    libgl-dev libegl-dev libxkbcommon-dev libwayland-dev wayland-protocols
    libx11-dev libxext-dev libxrandr-dev libxinerama-dev libxcursor-dev libxi-dev
)

# Starting the window: a software OpenGL driver, and fonts for most scripts.
# DejaVu and Symbola stand in, in one colour, where a font of coloured bitmaps cannot be drawn.
run_packages=(
    libgl1-mesa-dri libegl1 libgl1
    fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji fonts-dejavu-core fonts-symbola
)

# Window tests, and scripts/run on a machine without a display; networks and a router to test against; a decoder.
test_packages=(
    xvfb xdotool x11-utils openbox
    dbus-daemon python3-dbus python3-gi # a file chooser to talk to
    iproute2 nftables miniupnpd miniupnpd-nftables
    libzbar-dev # reads QR codes
)

missing_packages() {
    local package
    for package in "$@"; do
        [[ $installed_packages == *$'\n'"$package"$'\n'* ]] || printf '%s\n' "$package"
    done
}

# dpkg-query fails for names it never heard of, yet lists the others.
read_installed_packages() {
    # shellcheck disable=SC2016 # a format of dpkg-query, not a shell variable
    installed_packages=$'\n'$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } \
        | sed -n 's/^installed //p')$'\n'
}

as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

require_root() {
    [[ $EUID -eq 0 ]] || have sudo \
        || die "these packages are missing and neither root nor sudo is available; have them installed: $*"
}

unavailable_packages() {
    local package
    for package in "$@"; do
        apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || printf '%s\n' "$package"
    done
}

# Foreign package sources may be broken; only what is missing afterwards counts.
refresh_apt() { as_root apt-get -qq update >&2 || true; }

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" >&2 </dev/null
}

ensure_packages() {
    local missing unavailable
    read_installed_packages "$@"
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -gt 0 ]] || return 0
    require_root "${missing[*]}"
    mapfile -t unavailable < <(unavailable_packages "${missing[@]}")
    if [[ ${#unavailable[@]} -gt 0 ]]; then
        refresh_apt
        mapfile -t unavailable < <(unavailable_packages "${missing[@]}")
        [[ ${#unavailable[@]} -eq 0 ]] || die "apt offers no package ${unavailable[*]}: check the network and" \
            "that Debian's 'main' is among the apt sources, then run this again."
    fi
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    apt_install "${missing[@]}" && return
    refresh_apt
    apt_install "${missing[@]}" || die "apt-get could not install ${missing[*]} (reason above):" \
        "check the network or repair apt, then run this again."
}
