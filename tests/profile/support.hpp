// SPDX-License-Identifier: MIT
//
// What the profile's tests share.
#pragma once

#include <cstdlib>
#include <map>

#include "app/profile/profile_paths.hpp"

namespace kith::profile::test {

/// A fresh folder, removed with all it holds.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// A profile folder in it, not made yet.
    [[nodiscard]] ProfilePaths profile() const { return {path_ / "profile"}; }

private:
    std::filesystem::path path_;
};

[[nodiscard]] Environment environment(std::map<std::string, std::string> values);
[[nodiscard]] std::string contents(const std::filesystem::path& file);
void write_contents(const std::filesystem::path& file, const std::string& bytes);
[[nodiscard]] unsigned mode(const std::filesystem::path& path);  ///< the nine permission bits
/// The exit code of `action` run in another process: 0 when it returns true.
template <typename Action>
[[nodiscard]] int in_another_process(Action action);
[[nodiscard]] int wait_for(int child);
[[nodiscard]] int fork_process();  ///< 0 in the child

}  // namespace kith::profile::test

template <typename Action>
int kith::profile::test::in_another_process(Action action) {
    const int child = fork_process();
    if (child == 0) std::_Exit(action() ? 0 : 1);
    return wait_for(child);
}
