// SPDX-License-Identifier: MIT
#include <spawn.h>

#include <csignal>
#include <cstring>

#include "app/host/spawn.hpp"

extern char** environ;

namespace kith::host {

tl::expected<void, std::string> spawn_self(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"kith"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);  // ours blocks what StopSignal waits for
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    pid_t child = 0;
    const int error =
        posix_spawn(&child, "/proc/self/exe", nullptr, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) return {};
    return tl::unexpected(std::string("Another instance could not be started: ") +
                          std::strerror(error) + ".");
}

}  // namespace kith::host
