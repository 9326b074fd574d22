# SPDX-License-Identifier: MIT
# Building the packages of scripts/recipes/. A recipe sets `package`, `versions` (best first), optionally `needs`, and
# defines build_recipe, which runs in the unpacked source and installs into $out.
#
# store/<recipe>-<stamp>/   one package; its stamp covers the recipe, what it needs, flags, compiler and architecture
# prefix-<stamp>/           all of them together (hard links): this is what CMake sees
# shellcheck shell=bash disable=SC2154 # what scripts/deps and the recipes set

recipes=(botan catch2 glfw imgui sqlcipher) # a recipe stands behind those it needs
recipe_dir=$scripts/recipes

hardening_flags() {
    local flags='-g1 -fPIC -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2'
    [[ $arch == amd64 ]] && flags+=' -fcf-protection'
    printf '%s\n' "$flags"
}

hash_text() { sha256sum | cut -c1-12; }

# recipe_stamp NAME: needs of a recipe count too, so that they rebuild what stands on them.
recipe_stamp() {
    local name=$1 need
    (
        needs=()
        # shellcheck source=/dev/null
        . "$recipe_dir/$name.sh"
        for need in "${needs[@]}"; do recipe_stamp "$need"; done
        cat "$recipe_dir/$name.sh"
        printf '%s\n' "$arch" "$compiler" "$(hardening_flags)"
    ) | hash_text
}

store_path() { printf '%s\n' "$deps/store/$1-$(recipe_stamp "$1")"; }

read_store_paths() {
    local name
    stores=()
    for name in "${recipes[@]}"; do stores+=("$(store_path "$name")"); done
}

prefix_path() {
    printf '%s\n' "$deps/prefix-$(printf '%s\n' "${stores[@]##*/}" | hash_text)"
}

unpack_source() {
    local archive
    for archive in "$1"/*.orig.tar.*; do
        case $archive in
            *.asc) ;;
            *) tar -xf "$archive" -C "$2" --strip-components=1 ;;
        esac
    done
}

# Installed folders of what a recipe needs, one per line.
needs_path() {
    (
        needs=()
        # shellcheck source=/dev/null
        . "$recipe_dir/$1.sh"
        for need in "${needs[@]}"; do store_path "$need"; done
    )
}

run_recipe() {
    local name=$1 folder=$2 version=$3
    cd "$folder/src" || return
    arch=$arch jobs=$jobs flags=$(hardening_flags) needs_path=$(needs_path "$name") \
        "$scripts/lib/build-recipe" "$recipe_dir/$name.sh" "$folder/out" "$version"
}

# Some packages cannot be built in a path with spaces.
make_work_folder() {
    local parent=$deps
    [[ $deps != *[[:space:]]* ]] || parent=/tmp
    mktemp -d "$parent/kith-work.XXXXXX"
}

fetch_recipe() {
    (
        # shellcheck source=/dev/null
        . "$recipe_dir/$1.sh"
        fetch_source "$package" "${versions[@]}"
    )
}

build_package() {
    local name=$1 store=$2 from folder=$work/$1 log=$deps/logs/$1.log
    from=$(fetch_recipe "$name") || exit 1
    mkdir -p "$folder/src" "$folder/out" "$deps/logs" "$deps/store"
    say "Building ${from##*/}"
    unpack_source "$from" "$folder/src" || die "the source of $name is damaged: delete $from, then run this again."
    if ! (run_recipe "$name" "$folder" "${from##*-}") >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        die "building $name failed: the lines above are the end of $log."
    fi
    rm -rf "$store.part"
    mv "$folder/out" "$store.part"
    mv "$store.part" "$store"
}

assemble_prefix() {
    local prefix=$1 store part=$1.part
    rm -rf "$part"
    mkdir -p "$part"
    for store in "${stores[@]}"; do cp -al "$store/." "$part/"; done
    mv "$part" "$prefix"
}

build_missing() {
    local index
    for index in "${!recipes[@]}"; do
        [[ -d ${stores[$index]} ]] || build_package "${recipes[$index]}" "${stores[$index]}"
    done
}
