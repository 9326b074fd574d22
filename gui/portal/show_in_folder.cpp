// SPDX-License-Identifier: MIT
#include "gui/portal/show_in_folder.hpp"

#include <sdbus-c++/sdbus-c++.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <thread>
#include <vector>

namespace kith::gui {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto call_timeout = 5s;
constexpr std::chrono::milliseconds opener_timeout = 3s, opener_poll = 20ms;

bool by_file_manager(const fs::path& path, bool folder) {
    try {
        auto proxy =
            sdbus::createProxy(sdbus::createSessionBusConnection(), "org.freedesktop.FileManager1",
                               "/org/freedesktop/FileManager1");
        const std::vector<std::string> uris{file_uri(path.string())};
        proxy->callMethod(folder ? "ShowFolders" : "ShowItems")
            .onInterface("org.freedesktop.FileManager1")
            .withTimeout(call_timeout)
            .withArguments(uris, std::string());
        return true;
    } catch (const sdbus::Error&) {
        return false;
    }
}

// Openers end at once, or stay as the file manager itself: then it is there.
bool wait_for(pid_t child) {
    int status = 0;
    for (auto waited = 0ms; waited < opener_timeout; waited += opener_poll) {
        if (::waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        std::this_thread::sleep_for(opener_poll);
    }
    return true;
}

bool by_opener(const fs::path& folder) {
    std::string program = "xdg-open", argument = folder.string();
    char* const arguments[] = {program.data(), argument.data(), nullptr};
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);  // ours blocks the signals that end the program
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    pid_t child = 0;
    const int failed =
        posix_spawnp(&child, program.c_str(), nullptr, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    return failed == 0 && wait_for(child);
}

}  // namespace

std::string file_uri(std::string_view path) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = "file://";
    for (const char c : path) {
        if (plain.find(c) != std::string_view::npos) {
            uri += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        uri += '%';
        uri += digits[byte >> 4];
        uri += digits[byte & 15];
    }
    return uri;
}

bool show_in_file_manager(const std::string& path) {
    std::error_code error;
    const fs::path place(path);
    if (!place.is_absolute() || !fs::exists(place, error)) return false;
    const bool folder = fs::is_directory(place, error);
    return by_file_manager(place, folder) || by_opener(folder ? place : place.parent_path());
}

}  // namespace kith::gui
