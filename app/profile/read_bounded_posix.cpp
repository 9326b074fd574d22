// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "app/profile/durable_file.hpp"

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
