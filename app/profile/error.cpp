// SPDX-License-Identifier: MIT
#include "app/profile/error.hpp"

#include <cerrno>
#include <system_error>

namespace kith::profile {
namespace {

Errc classify(int number) {
    switch (number) {
        case ENOSPC:
#ifdef EDQUOT
        case EDQUOT:
#endif
            return Errc::full;
        case EACCES:
        case EPERM:
        case EROFS:
            return Errc::denied;
        case EEXIST:
            return Errc::exists;
        case ENOENT:
            return Errc::missing;
        case ENAMETOOLONG:
        case ENOTDIR:
        case ELOOP:
            return Errc::bad_path;
        default:
            return Errc::io;
    }
}

const char* advice(Errc code) {
    switch (code) {
        case Errc::full:
            return "Free some space and try again.";
        case Errc::denied:
            return "Make it writable for you, or choose another folder with --profile-dir.";
        case Errc::bad_path:
            return "Choose another folder with --profile-dir.";
        case Errc::missing:
            return "Choose another folder with --profile-dir, or restore this one from a backup.";
        case Errc::exists:
            return "Nothing was changed.";
        default:
            return "Check the disk and try again.";
    }
}

}  // namespace

std::string quoted(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

Error system_error(const char* verb, const std::filesystem::path& path, int number) {
    const Errc code = classify(number);
    return {code, std::string("Kith cannot ") + verb + " " + quoted(path) + ": " +
                      std::generic_category().message(number) + ". " + advice(code)};
}

}  // namespace kith::profile
