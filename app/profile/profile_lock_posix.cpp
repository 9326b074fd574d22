// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "app/profile/profile_lock.hpp"

namespace kith::profile {
namespace {

/// The process number the holder wrote; only digits are believed.
std::string holder(int descriptor) {
    std::array<char, 16> text{};
    const auto size = pread(descriptor, text.data(), text.size(), 0);
    std::string number;
    for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' &&
                        text[static_cast<std::size_t>(i)] <= '9';
         ++i)
        number += text[static_cast<std::size_t>(i)];
    return number.empty() ? std::string() : " (process " + number + ")";
}

/// For the sentence above only: the lock holds without it.
void write_holder(int descriptor) {
    const std::string number = std::to_string(getpid()) + "\n";
    if (ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const auto written = pwrite(descriptor, number.data(), number.size(), 0);
}

}  // namespace

Expected<ProfileLock> ProfileLock::acquire(const ProfilePaths& paths) {
    const auto file = paths.lock_file();
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return tl::unexpected(system_error("open the lock file", file, errno));
    ProfileLock lock(descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        write_holder(descriptor);
        return lock;
    }
    if (errno != EWOULDBLOCK) return tl::unexpected(system_error("lock", file, errno));
    return fail(Errc::locked, "The profile in " + quoted(paths.folder) +
                                  " is open in another Kith" + holder(descriptor) +
                                  ". Use that one, or start with another --profile.");
}

ProfileLock::ProfileLock(ProfileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

ProfileLock& ProfileLock::operator=(ProfileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

ProfileLock::~ProfileLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace kith::profile
