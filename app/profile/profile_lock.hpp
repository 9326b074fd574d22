// SPDX-License-Identifier: MIT
//
// One process per profile. The lock is the kernel's and ends with the process, however it ends; the
// file itself stays and means nothing.
#pragma once

#include "app/profile/profile_paths.hpp"

namespace kith::profile {

class ProfileLock {
public:
    /// The folder exists. Does not wait. Errors: locked (names the process if known), denied, full,
    /// io.
    static Expected<ProfileLock> acquire(const ProfilePaths& paths);

    ProfileLock(ProfileLock&& other) noexcept;
    ProfileLock& operator=(ProfileLock&& other) noexcept;
    ~ProfileLock();

private:
    explicit ProfileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace kith::profile
