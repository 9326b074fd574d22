// SPDX-License-Identifier: MIT
#include "app/store/errors.hpp"

#include <sqlcipher/sqlite3.h>

#include <cerrno>
#include <cstring>

namespace kith::store {
namespace {

/// SQLite calls a disk that fills up during fsync or truncation an I/O error; errno knows better.
Errc refine(int primary, int system_error) {
    const bool no_space = system_error == ENOSPC
#ifdef EDQUOT
                          || system_error == EDQUOT
#endif
        ;
    const bool refused = system_error == EROFS || system_error == EACCES || system_error == EPERM;
    if ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && no_space) return Errc::full;
    if ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && refused) return Errc::read_only;
    return Errc::io;
}

Errc classify(const Trouble& trouble) {
    const int primary = trouble.code & 0xff;
    switch (primary) {
        case SQLITE_FULL:
            return Errc::full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return Errc::read_only;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::damaged;
        default:
            return refine(primary, trouble.system_error);
    }
}

std::string quoted(const std::string& file) { return "\"" + file + "\""; }

std::string details(const Trouble& trouble) {
    std::string text =
        " (" + std::string(trouble.message) + ", code " + std::to_string(trouble.code);
    if (trouble.system_error != 0) text += std::string(", ") + std::strerror(trouble.system_error);
    return text + ")";
}

std::string sentence(Errc code, const Trouble& trouble, const std::string& file) {
    switch (code) {
        case Errc::full:
            return "The disk that holds " + quoted(file) +
                   " is full, so this was not saved. Free some space and try again.";
        case Errc::read_only:
            return quoted(file) +
                   " cannot be written, so this was not saved. Make the file and its "
                   "folder writable for you, then try again." +
                   details(trouble);
        case Errc::damaged:
            return "The history " + quoted(file) +
                   " is damaged. Quit Kith, keep a copy of the file, and restore it from a "
                   "backup." +
                   details(trouble);
        default:
            break;
    }
    if ((trouble.code & 0xff) == SQLITE_BUSY || (trouble.code & 0xff) == SQLITE_LOCKED)
        return quoted(file) + " is in use by another program. Close that program and try again.";
    return "Reading or writing " + quoted(file) +
           " failed. Check the disk, then start Kith again." + details(trouble);
}

}  // namespace

Error describe(const Trouble& trouble, const std::string& file) {
    const Errc code = classify(trouble);
    return {code, sentence(code, trouble, file)};
}

}  // namespace kith::store
