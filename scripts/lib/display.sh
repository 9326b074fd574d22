# SPDX-License-Identifier: MIT
# A virtual screen for machines without one.
# shellcheck shell=bash

has_display() { [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; }

# Starts Xvfb on a free display and sets DISPLAY and xvfb_pid. The server names its display once it takes connections.
start_display() {
    local number='' answer
    exec {answer}<> <(:)
    Xvfb -displayfd "$answer" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
    xvfb_pid=$!
    trap stop_display EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    read -r -t 20 number <&"$answer" || die "Xvfb did not start: run Xvfb :99 to see why."
    exec {answer}>&-
    export DISPLAY=:$number
}

stop_display() {
    kill "$xvfb_pid" 2>/dev/null || return 0
    wait "$xvfb_pid" 2>/dev/null || true
}
