# SPDX-License-Identifier: MIT
# Sourced by every script: messages, and where things are kept.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The folder that holds built dependencies, outside the checkout so that clones and clean builds share it.
deps_root() {
    if [[ -n ${KITH_DEPS_DIR:-} ]]; then
        printf '%s\n' "$KITH_DEPS_DIR"
    elif [[ -n ${XDG_CACHE_HOME:-} ]]; then
        printf '%s\n' "$XDG_CACHE_HOME/kith/deps"
    elif [[ -n ${HOME:-} ]]; then
        printf '%s\n' "$HOME/.cache/kith/deps"
    else
        die "HOME is not set: set KITH_DEPS_DIR to a folder that may hold about 300 MB."
    fi
}
