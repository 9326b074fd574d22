// SPDX-License-Identifier: MIT
#include "app/files/write_error.hpp"

#include <cerrno>
#include <system_error>

namespace kith::files {
namespace {

using Problem = net::FileProblem;

net::FileError cannot_be_saved(Problem problem, const std::string& what, const std::string& why) {
    return {problem, what + " cannot be saved: " + why + "."};
}

}  // namespace

net::FileError write_error(int result, const std::string& what) {
    switch (-result) {
        case ENOSPC:
            return cannot_be_saved(Problem::full, what, "the disk is full");
        case EDQUOT:
            return cannot_be_saved(Problem::full, what, "your quota on the disk is used up");
        case EROFS:
            return cannot_be_saved(Problem::unwritable, what, "the disk is read-only");
        case EACCES:
        case EPERM:
            return cannot_be_saved(Problem::unwritable, what, "you may not write into its folder");
        case ENOENT:
        case ENODEV:
        case ESTALE:
            return cannot_be_saved(Problem::unwritable, what, "its folder is not there any more");
        case ELOOP:
        case EXDEV:
            return cannot_be_saved(Problem::unwritable, what,
                                   "a link lies in its way, and links are not followed");
        case ENOTDIR:
            return cannot_be_saved(Problem::unwritable, what,
                                   "where its folder should be is something else");
        case EEXIST:
        case EISDIR:
            return cannot_be_saved(Problem::unwritable, what, "something else has its name");
        case EFBIG:
            return cannot_be_saved(Problem::unwritable, what, "it is too large for this disk");
        case ENAMETOOLONG:
            return cannot_be_saved(Problem::unwritable, what,
                                   "its name or path is too long for this disk");
        default:
            return cannot_be_saved(Problem::other, what, std::generic_category().message(-result));
    }
}

tl::unexpected<net::FileError> cannot_write(int result, const std::string& what) {
    return tl::unexpected(write_error(result, what));
}

}  // namespace kith::files
