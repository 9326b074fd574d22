// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "app/files/file_calls.hpp"

namespace kith::files {
namespace {

template <typename Result>
Result or_errno(Result result) {
    return result < 0 ? static_cast<Result>(-errno) : result;
}

struct HowToOpen {
    int flags;
    mode_t mode;
};

HowToOpen how_to_open(Opening how) {
    constexpr int every = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
    constexpr int made = every | O_WRONLY | O_CREAT | O_EXCL;
    switch (how) {
        case Opening::folder:
            return {every | O_RDONLY | O_DIRECTORY, 0};
        case Opening::read:
            return {every | O_RDONLY | O_NONBLOCK, 0};
        case Opening::write:
            return {every | O_RDWR | O_NONBLOCK, 0};
        case Opening::create:
            return {made, 0666};
        case Opening::create_executable:
            return {made, 0777};
        case Opening::create_private:
            return {made, 0600};
    }
    return {every | O_RDONLY, 0};
}

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileStatus convert(const struct stat& from) {
    FileStatus out;
    if (S_ISREG(from.st_mode)) out.kind = FileStatus::Kind::file;
    if (S_ISDIR(from.st_mode)) out.kind = FileStatus::Kind::folder;
    if (S_ISLNK(from.st_mode)) out.kind = FileStatus::Kind::link;
    out.mine = from.st_uid == geteuid();
    out.executable = (from.st_mode & S_IXUSR) != 0;
    out.size = static_cast<std::uint64_t>(from.st_size);
    out.links = from.st_nlink;
    out.inode = from.st_ino;
    out.modified_ns = nanoseconds(from.st_mtim);
    out.changed_ns = nanoseconds(from.st_ctim);
    return out;
}

class SystemCalls final : public FileCalls {
public:
    int open_folder(const std::string& path) const override {
        return or_errno(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    int open_beneath(int folder, const char* path, Opening how) const override {
        const auto [flags, mode] = how_to_open(how);
        open_how what{};
        what.flags = static_cast<std::uint64_t>(flags);
        what.mode = mode;
        what.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
        int result = -EAGAIN;  // somebody renames folders meanwhile
        for (int i = 0; i < 32 && result == -EAGAIN; ++i)
            result =
                or_errno(static_cast<int>(syscall(SYS_openat2, folder, path, &what, sizeof what)));
        return result;
    }
    int open_at(int folder, const char* name, Opening how) const override {
        const auto [flags, mode] = how_to_open(how);
        return or_errno(::openat(folder, name, flags, mode));
    }
    int close(int file) const override { return or_errno(::close(file)); }
    std::ptrdiff_t read(int file, crypto::MutableByteView into,
                        std::uint64_t offset) const override {
        return or_errno<std::ptrdiff_t>(
            ::pread(file, into.data(), into.size(), static_cast<off_t>(offset)));
    }
    std::ptrdiff_t write(int file, crypto::ByteView bytes, std::uint64_t offset) const override {
        return or_errno<std::ptrdiff_t>(
            ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset)));
    }
    int cut(int file, std::uint64_t size) const override {
        return or_errno(::ftruncate(file, static_cast<off_t>(size)));
    }
    int reserve(int file, std::uint64_t size) const override {
        struct statfs found {};
        if (::fstatfs(file, &found) == 0 && found.f_type == TMPFS_MAGIC) return -EOPNOTSUPP;
        return or_errno(::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)));
    }
    int read_ahead(int file) const override {
        return -::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    int begin_flush(int file, std::uint64_t offset, std::uint64_t size) const override {
        return or_errno(::sync_file_range(file, static_cast<off_t>(offset),
                                          static_cast<off_t>(size), SYNC_FILE_RANGE_WRITE));
    }
    int flush_data(int file) const override { return or_errno(::fdatasync(file)); }
    int flush(int file) const override { return or_errno(::fsync(file)); }
    int flush_disk(int folder) const override { return or_errno(::syncfs(folder)); }
    int status(int file, FileStatus& out) const override {
        struct stat found {};
        const int result = or_errno(::fstat(file, &found));
        out = convert(found);
        return result;
    }
    int status_at(int folder, const char* name, FileStatus& out) const override {
        struct stat found {};
        const int result = or_errno(::fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW));
        out = convert(found);
        return result;
    }
    int readable_at(int folder, const char* name) const override {
        return or_errno(::faccessat(folder, name, R_OK, AT_EACCESS));
    }
    int list(int folder, std::size_t max, std::vector<std::string>& out) const override {
        const int own = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (own < 0) return -errno;
        const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(own), &::closedir);
        if (!stream) {
            const int error = -errno;
            ::close(own);
            return error;
        }
        for (errno = 0; out.size() < max;) {
            const dirent* entry = ::readdir(stream.get());
            if (entry == nullptr) return -errno;
            const char* const name = static_cast<const char*>(entry->d_name);
            if (std::strcmp(name, ".") != 0 && std::strcmp(name, "..") != 0) out.emplace_back(name);
        }
        return 0;
    }
    int make_folder(int folder, const char* name) const override {
        return or_errno(::mkdirat(folder, name, 0777));
    }
    /// A file system that knows no such renaming knows links, most of the time: link(2) refuses an
    /// existing name as well.
    int rename_without_replacing(int folder, const char* from, const char* to) const override {
        const int result = or_errno(static_cast<int>(
            syscall(SYS_renameat2, folder, from, folder, to, 1U /* RENAME_NOREPLACE */)));
        if (result != -EINVAL && result != -ENOSYS) return result;
        if (::linkat(folder, from, folder, to, 0) != 0) return -errno;
        return or_errno(::unlinkat(folder, from, 0));
    }
    int replace(int folder, const char* from, const char* to) const override {
        return or_errno(::renameat(folder, from, folder, to));
    }
    int remove(int folder, const char* name) const override {
        return or_errno(::unlinkat(folder, name, 0));
    }
    int remove_folder(int folder, const char* name) const override {
        return or_errno(::unlinkat(folder, name, AT_REMOVEDIR));
    }
    int set_modified(int file, std::int64_t ms) const override {
        const std::int64_t second = ms >= 0 ? ms / 1000 : -((-(ms + 1)) / 1000) - 1;
        timespec times[2]{};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = static_cast<time_t>(second);
        times[1].tv_nsec = static_cast<long>((ms - second * 1000) * 1'000'000);
        return or_errno(::futimens(file, static_cast<const timespec*>(times)));
    }
    int free_space(int folder, std::uint64_t& out) const override {
        struct statvfs found {};
        const int result = or_errno(::fstatvfs(folder, &found));
        out = std::uint64_t{found.f_bavail} * found.f_frsize;
        return result;
    }
};

}  // namespace

const FileCalls& system_calls() noexcept {
    static const SystemCalls calls;
    return calls;
}

}  // namespace kith::files
