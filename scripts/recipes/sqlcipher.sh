# SPDX-License-Identifier: MIT
# SQLCipher: SQLite with encrypted files, on OpenSSL's libcrypto, with full-text search.
# shellcheck shell=bash disable=SC2034,SC2154

package=sqlcipher
versions=(4.6.1)

sqlcipher_defines=(
    -DSQLITE_HAS_CODEC -DSQLCIPHER_CRYPTO_OPENSSL
    -DSQLITE_TEMP_STORE=2 # temporary tables stay in memory, never in a plain file
    -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS5 -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE
    -DHAVE_USLEEP=1 -DHAVE_ISNAN=1 -DHAVE_STDINT_H=1 -DNDEBUG
)

# Newer versions set themselves up through SQLite's start-up hooks.
startup_defines() {
    if grep -q sqlcipher_extra_init sqlite3.c; then
        printf '%s ' -DSQLITE_EXTRA_INIT=sqlcipher_extra_init -DSQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown
    fi
}

write_pkgconfig() {
    cat >"$out/lib/pkgconfig/sqlcipher.pc" <<END
prefix=$out
Name: sqlcipher
Description: SQLite with encrypted files
Version: $version
Cflags: -I\${prefix}/include -DSQLITE_HAS_CODEC
Libs: -L\${prefix}/lib -lsqlcipher
Requires.private: libcrypto
Libs.private: -lm -lpthread
END
}

build_recipe() {
    ./configure --disable-tcl --disable-load-extension --enable-tempstore=yes \
        CFLAGS="-DSQLITE_HAS_CODEC -DSQLCIPHER_CRYPTO_OPENSSL" LDFLAGS=-lcrypto
    make sqlite3.c sqlite3.h
    # shellcheck disable=SC2046,SC2086 # lists of flags
    cc -O2 $flags "${sqlcipher_defines[@]}" $(startup_defines) -c sqlite3.c -o sqlite3.o
    ar rcs "$out/lib/libsqlcipher.a" sqlite3.o
    install -D -m 644 sqlite3.h "$out/include/sqlcipher/sqlite3.h"
    write_pkgconfig
}
