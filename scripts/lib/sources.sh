# SPDX-License-Identifier: MIT
# Debian source packages of newer suites, through a private apt set-up: the machine's own lists stay untouched, the
# mirror is the one the machine already uses, and apt checks every file against Debian's signatures.
# shellcheck shell=bash disable=SC2154 # $deps comes from scripts/deps

source_suites='trixie testing unstable'
debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

debian_mirror() {
    # shellcheck disable=SC2016 # a format of apt, not a shell variable
    apt-get indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' 2>/dev/null | sed -n 1p
}

require_mirror() {
    local mirror
    mirror=$(debian_mirror)
    if [[ -z $mirror ]] && { [[ $EUID -eq 0 ]] || have sudo; }; then
        refresh_apt
        mirror=$(debian_mirror)
    fi
    [[ -n $mirror ]] || die "apt knows no Debian mirror: add Debian's 'main' to the apt sources, run apt-get update," \
        "then run this again."
    printf '%s\n' "$mirror"
}

private_apt() {
    local tool=$1
    shift
    "$tool" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$deps/apt/parts" \
        -o Dir::State::Lists="$deps/apt/lists" -o Dir::Cache="$deps/apt/cache" \
        -o Acquire::Languages=none -o Acquire::Retries=2 -o APT::Sandbox::User=root "$@"
}

write_source_list() {
    mkdir -p "$deps/apt/parts" "$deps/apt/lists/partial" "$deps/apt/cache/archives/partial"
    cat >"$deps/apt/parts/newer.sources" <<END
Types: deb-src
URIs: $1
Suites: $source_suites
Components: main
Signed-By: $debian_keyring
END
}

# Once per run (drop_source_lists ends it), and only if a source package is not in the cache yet.
prepare_source_lists() {
    [[ ! -e $deps/apt/ready ]] || return 0
    local mirror log=$deps/apt/update.log
    [[ -r $debian_keyring ]] || die "Debian's keyring is missing: install debian-archive-keyring, then run this again."
    mirror=$(require_mirror) || exit 1
    write_source_list "$mirror"
    say "Reading Debian's list of source packages"
    private_apt apt-get -o APT::Update::Error-Mode=any update >"$log" 2>&1 \
        || die "Debian's list of source packages cannot be read: check the network, then run this again (details: $log)."
    touch "$deps/apt/ready"
}

drop_source_lists() { rm -rf "$deps/apt/ready" "$deps/apt/lists"; } # 70 MB

# Debian revisions of one upstream version, newest first.
source_revisions() {
    private_apt apt-cache showsrc "$1" 2>/dev/null | sed -n 's/^Version: //p' | sort -uVr \
        | awk -v want="$2" 'index($0, want "+") == 1 || index($0, want "-") == 1'
}

download_revision() {
    local name=$1 revision=$2 into=$3
    rm -rf "$into.part"
    mkdir -p "$into.part"
    (cd "$into.part" && private_apt apt-get source -qq --tar-only --download-only "$name=$revision") \
        >>"$deps/apt/download.log" 2>&1 || return 1
    mv "$into.part" "$into"
}

# Upstream versions of a family such as 1.92.x, newest first; an exact version stands for itself.
upstream_versions() {
    local name=$1 version=$2
    if [[ $version != *.x ]]; then
        printf '%s\n' "$version"
        return
    fi
    prepare_source_lists
    private_apt apt-cache showsrc "$name" 2>/dev/null | sed -n 's/^Version: \([^-+]*\).*/\1/p' | sort -uVr \
        | awk -v want="${version%x}" 'index($0, want) == 1'
}

# fetch_version NAME VERSION: prints the folder with the source, downloaded unless it is there already.
fetch_version() {
    local into=$deps/downloads/$1-$2 revision
    if [[ ! -d $into ]]; then
        prepare_source_lists
        for revision in $(source_revisions "$1" "$2"); do
            say "Fetching $1 $revision"
            download_revision "$1" "$revision" "$into" && break
        done
    fi
    [[ -d $into ]] && printf '%s\n' "$into"
}

# fetch_source NAME VERSION...: the first version to be had, preferring earlier arguments.
fetch_source() {
    local name=$1 wanted version versions
    shift
    for wanted in "$@"; do
        versions=$(upstream_versions "$name" "$wanted") || exit 1
        for version in $versions; do
            fetch_version "$name" "$version" && return
        done
    done
    die "source package $name (version $*) cannot be fetched from the Debian mirror: check the network," \
        "then run this again (details: $deps/apt/download.log)."
}
