// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "app/profile/durable_file.hpp"

#ifdef __linux__
#include <linux/fs.h>
#include <sys/syscall.h>
#endif

namespace kith::profile {
namespace {

namespace fs = std::filesystem;

constexpr mode_t only_mine = 0600;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] bool valid() const { return number_ >= 0; }

private:
    int number_;
};

bool write_all(int descriptor, crypto::ByteView bytes) {
    while (!bytes.empty()) {
        const auto written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

/// The name beside the file is always the same: what an interrupted attempt left, which may hold
/// secrets, is removed by the next.
Expected<void> write_beside(const fs::path& beside, crypto::ByteView bytes) {
    unlink(beside.c_str());
    const Descriptor file(
        open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, only_mine));
    if (!file.valid()) return tl::unexpected(system_error("create", beside, errno));
    if (fchmod(file.get(), only_mine) == 0 && write_all(file.get(), bytes) &&
        fsync(file.get()) == 0)
        return {};
    return tl::unexpected(system_error("write", beside, errno));
}

/// link(2) refuses an existing name in one step, where the file system has links; renameat2(2) does
/// where it does not.
int rename_without_replacing(const fs::path& from, const fs::path& to) {
    if (link(from.c_str(), to.c_str()) == 0) {
        unlink(from.c_str());
        return 0;
    }
#ifdef SYS_renameat2
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
        return static_cast<int>(
            syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE));
#endif
    return -1;
}

Expected<void> flush_folder(const fs::path& folder) {
    const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.valid() && fsync(opened.get()) == 0) return {};
    return tl::unexpected(system_error("save the folder", folder, errno));
}

Expected<void> put_in_place(const fs::path& beside, const fs::path& file, Existing existing) {
    const int done = existing == Existing::replace ? std::rename(beside.c_str(), file.c_str())
                                                   : rename_without_replacing(beside, file);
    if (done != 0) return tl::unexpected(system_error("create", file, errno));
    return flush_folder(file.parent_path());
}

/// One byte more than allowed is asked for, so that a file that grows meanwhile is noticed.
Expected<crypto::SecretBytes> read_all(int descriptor, const fs::path& file, std::size_t limit) {
    crypto::SecretBytes bytes(limit + 1);
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto got = read(descriptor, bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", file, errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > limit)
        return fail(Errc::damaged, "The file " + quoted(file) +
                                       " is too large to be what Kith wrote. Restore "
                                       "it from a backup of the profile.");
    bytes.resize(size);
    return bytes;
}

}  // namespace

Expected<void> write_durably(const fs::path& file, crypto::ByteView bytes, Existing existing) {
    struct stat status {};
    if (existing == Existing::refuse && lstat(file.c_str(), &status) == 0)
        return tl::unexpected(system_error("create", file, EEXIST));
    const fs::path beside = file.string() + ".new";
    auto done =
        write_beside(beside, bytes).and_then([&] { return put_in_place(beside, file, existing); });
    if (!done) unlink(beside.c_str());
    return done;
}

Expected<crypto::SecretBytes> read_bounded(const fs::path& file, std::size_t limit) {
    const Descriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!opened.valid()) return tl::unexpected(system_error("read", file, errno));
    struct stat status {};
    if (fstat(opened.get(), &status) != 0) return tl::unexpected(system_error("read", file, errno));
    if (!S_ISREG(status.st_mode))
        return fail(Errc::damaged,
                    quoted(file) + " is not a file. Restore it from a backup of the profile.");
    if ((status.st_mode & 0077) != 0) (void)fchmod(opened.get(), only_mine);
    return read_all(opened.get(), file, limit);
}

}  // namespace kith::profile
