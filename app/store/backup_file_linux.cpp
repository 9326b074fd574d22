// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sqlcipher/sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "app/store/backup_file.hpp"

namespace kith::store {
namespace {

namespace fs = std::filesystem;

/// The part itself, and what SQLite puts beside it.
constexpr const char* companions[] = {"-wal", "-shm", "-journal", ""};

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] bool valid() const noexcept { return number_ >= 0; }

private:
    int number_;
};

tl::unexpected<Error> taken(const std::string& file) {
    return fail(Errc::io, "There is a file \"" + file +
                              "\" already. It was left as it is: choose another name or move it "
                              "away.");
}

tl::unexpected<Error> left_behind(const std::string& part) {
    return fail(Errc::io, "There is a file \"" + part +
                              "\" already, perhaps of a backup that was interrupted. It was left "
                              "as it is: remove it, or choose another name.");
}

tl::unexpected<Error> system_failed(const std::string& file, int number) {
    if (number == ENOENT)
        return fail(Errc::io, "The folder of \"" + file + "\" does not exist. Make it first.");
    if (number == EEXIST) return taken(file);
    return tl::unexpected(describe({SQLITE_IOERR, "system call", number}, file));
}

Expected<void> flush_path(const std::string& path, int flags) {
    const Descriptor file(::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC));
    if (!file.valid() || ::fsync(file.get()) != 0) return system_failed(path, errno);
    return {};
}

/// Some file systems (network, FAT) cannot rename without replacing; there a file that appears in
/// the last moment would be lost, as with any other program.
int rename_to_new(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    struct stat there {};
    if (::lstat(to.c_str(), &there) == 0) return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

Expected<void> write_all(int descriptor, const char* bytes, std::size_t size,
                         const std::string& file) {
    while (size > 0) {
        const ssize_t written = ::write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return system_failed(file, written == 0 ? EIO : errno);
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
    return {};
}

}  // namespace

PartFile::PartFile(std::string file) : file_(std::move(file)), part_(file_ + ".part") {}

PartFile::PartFile(PartFile&& other) noexcept
    : file_(std::move(other.file_)),
      part_(std::move(other.part_)),
      there_(std::exchange(other.there_, false)) {}

PartFile::~PartFile() {
    if (there_) remove();
}

void PartFile::remove() const {
    for (const char* const suffix : companions) ::unlink((part_ + suffix).c_str());
}

bool PartFile::has_leftover() const {
    std::error_code ignored;
    return std::any_of(std::begin(companions), std::end(companions), [&](const char* suffix) {
        return fs::exists(fs::symlink_status(part_ + suffix, ignored));
    });
}

Expected<PartFile> PartFile::create(std::string file, Leftover leftover) {
    PartFile made(std::move(file));
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(made.file_, ignored))) return taken(made.file_);
    if (leftover == Leftover::refuse && made.has_leftover()) return left_behind(made.part_);
    made.remove();
    const Descriptor opened(
        ::open(made.part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!opened.valid()) return system_failed(made.part_, errno);
    made.there_ = true;
    return made;
}

Expected<void> PartFile::flush() const { return flush_path(part_, 0); }

Expected<std::uint64_t> PartFile::commit() {
    if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    std::error_code error;
    const auto size = fs::file_size(part_, error);
    if (const int number = rename_to_new(part_, file_); number != 0)
        return system_failed(file_, number);
    there_ = false;
    const std::string folder = fs::path(file_).parent_path().string();
    if (auto flushed = flush_path(folder.empty() ? "." : folder, O_DIRECTORY); !flushed)
        return tl::unexpected(flushed.error());
    return size;
}

Expected<void> copy_file(const std::string& from, const std::string& to) {
    const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.valid()) return system_failed(from, errno);
    const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!out.valid()) return system_failed(to, errno);
    std::array<char, 65536> chunk{};
    for (;;) {
        const ssize_t size = ::read(in.get(), chunk.data(), chunk.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return system_failed(from, errno);
        if (size == 0) return {};
        if (auto done = write_all(out.get(), chunk.data(), static_cast<std::size_t>(size), to);
            !done)
            return done;
    }
}

}  // namespace kith::store
