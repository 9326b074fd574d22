# SPDX-License-Identifier: MIT
# Configuring and building a preset.
# shellcheck shell=bash disable=SC2154 # $scripts comes from the script that reads this

source_root=$(dirname -- "$scripts")

build_dir() { printf '%s\n' "$source_root/build/$1"; }

require_preset() {
    case $1 in
        release | debug | asan | tsan) ;;
        *) die "there is no preset ${1:-(empty)}: use release, debug, asan or tsan." ;;
    esac
}

# scripts/deps knows Debian only; elsewhere the libraries are found as CMake finds them.
find_prefix() {
    if [[ -n ${KITH_PREFIX_PATH:-} ]]; then
        printf '%s\n' "$KITH_PREFIX_PATH"
    else
        "$scripts/deps" "$@"
    fi
}

configured_for() {
    local dir=$1 prefix=$2
    [[ -e $dir/build.ninja && -e $dir/.kith-prefix && $(<"$dir/.kith-prefix") == "$prefix" ]]
}

# --fresh: what CMake remembers of an older prefix must go.
configure_preset() {
    local preset=$1 prefix=$2 dir
    dir=$(build_dir "$preset")
    configured_for "$dir" "$prefix" && return
    (cd "$source_root" && cmake --fresh --preset "$preset" -DCMAKE_PREFIX_PATH="$prefix" >&2)
    printf '%s\n' "$prefix" >"$dir/.kith-prefix"
}

# What ccache kept for one checkout serves another: paths below the source folder count as relative.
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$source_root} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}

# build_preset PRESET TARGET [arguments of scripts/deps]
build_preset() {
    local preset=$1 target=$2 prefix
    shift 2
    prefix=$(find_prefix "$@")
    configure_preset "$preset" "$prefix"
    (cd "$source_root" && cmake --build --preset "$preset" --target "$target" >&2)
}
