// SPDX-License-Identifier: MIT
#include "app/store/errors.hpp"

#include <sqlcipher/sqlite3.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

using namespace kith::store;

TEST_CASE("SQLite's codes become errors a person can act on") {
    struct Case {
        int code, system_error;
        Errc expected;
        const char* words;
    };
    const Case cases[] = {
        {SQLITE_FULL, 0, Errc::full, "Free some space"},
        {SQLITE_IOERR_FSYNC, ENOSPC, Errc::full, "Free some space"},
        {SQLITE_IOERR_WRITE, EDQUOT, Errc::full, "Free some space"},
        {SQLITE_READONLY, 0, Errc::read_only, "writable"},
        {SQLITE_READONLY_DBMOVED, 0, Errc::read_only, "writable"},
        {SQLITE_CANTOPEN, EACCES, Errc::read_only, "writable"},
        {SQLITE_CANTOPEN, EROFS, Errc::read_only, "writable"},
        {SQLITE_CANTOPEN, ENOENT, Errc::io, "Check the disk"},
        {SQLITE_CORRUPT, 0, Errc::damaged, "backup"},
        {SQLITE_NOTADB, 0, Errc::damaged, "backup"},
        {SQLITE_IOERR_READ, EIO, Errc::io, "Check the disk"},
        {SQLITE_BUSY, 0, Errc::io, "in use by another program"},
    };
    for (const auto& one : cases) {
        const Error error =
            describe({one.code, "words of SQLite", one.system_error}, "/home/ann/history.db");
        INFO(error.text);
        CHECK(error.code == one.expected);
        CHECK(error.text.find("\"/home/ann/history.db\"") != std::string::npos);
        CHECK(error.text.find(one.words) != std::string::npos);
    }
}
