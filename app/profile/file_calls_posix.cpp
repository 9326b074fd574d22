// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "app/profile/file_calls.hpp"

#ifdef __linux__
#include <linux/fs.h>
#include <sys/syscall.h>
#endif

namespace kith::profile {
namespace {

constexpr mode_t only_mine = 0600;

template <typename Result>
Result or_errno(Result result) {
    return result < 0 ? static_cast<Result>(-errno) : result;
}

class SystemCalls final : public FileCalls {
public:
    int create(const Path& file) const override {
        const int descriptor =
            ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, only_mine);
        if (descriptor < 0 || fchmod(descriptor, only_mine) == 0) return or_errno(descriptor);
        const int error = -errno;
        ::close(descriptor);
        ::unlink(file.c_str());
        return error;
    }
    std::ptrdiff_t write(int descriptor, crypto::ByteView bytes) const override {
        return or_errno<std::ptrdiff_t>(::write(descriptor, bytes.data(), bytes.size()));
    }
    int flush(int descriptor) const override { return or_errno(::fsync(descriptor)); }
    int close(int descriptor) const override { return or_errno(::close(descriptor)); }
    int remove(const Path& file) const override { return or_errno(::unlink(file.c_str())); }
    int rename(const Path& from, const Path& to) const override {
        return or_errno(std::rename(from.c_str(), to.c_str()));
    }

    /// link(2) refuses an existing name in one step, where the file system has links; renameat2(2)
    /// does where it does not.
    int rename_without_replacing(const Path& from, const Path& to) const override {
        if (::link(from.c_str(), to.c_str()) == 0) {
            ::unlink(from.c_str());
            return 0;
        }
#ifdef SYS_renameat2
        if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
            return or_errno(static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from.c_str(),
                                                     AT_FDCWD, to.c_str(), RENAME_NOREPLACE)));
#endif
        return -errno;
    }

    int flush_folder(const Path& folder) const override {
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) return -errno;
        const int done = or_errno(::fsync(descriptor));
        ::close(descriptor);
        return done;
    }
};

}  // namespace

const FileCalls& system_calls() noexcept {
    static const SystemCalls calls;
    return calls;
}

}  // namespace kith::profile
