// SPDX-License-Identifier: MIT
#include "tests/window/desktop.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace kith::window {
namespace {

constexpr auto look_again = std::chrono::milliseconds(15);

std::string find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string file = folder + "/" + name;
        if (::access(file.c_str(), X_OK) == 0) return file;
    }
    throw std::runtime_error("The window tests need " + name +
                             ", which is not installed: run scripts/deps --tests.");
}

std::unique_ptr<e2e::Process> start_server(const std::filesystem::path& folder) {
    const std::string screen =
        std::to_string(Desktop::width) + "x" + std::to_string(Desktop::height) + "x24";
    // -noreset: the keyboard stays as it is when the last program leaves. -r: on a busy machine the
    // release of a key comes so late that the key would repeat.
    const std::vector<std::string> arguments{"-displayfd",    "1",         "-screen", "0",
                                             screen,          "-nolisten", "tcp",     "-fbdir",
                                             folder.string(), "-noreset",  "-r"};
    return std::make_unique<e2e::Process>(find_program("Xvfb"), arguments, folder / "Xvfb.log");
}

}  // namespace

bool comes_true(const std::function<bool()>& condition, Clock::duration timeout) {
    const auto deadline = Clock::now() + timeout;
    while (!condition()) {
        if (Clock::now() >= deadline) return false;
        std::this_thread::sleep_for(look_again);
    }
    return true;
}

Desktop::Desktop() : picture_file_(folder_.path().string() + ".png") {
    for (const char* program : {"xdotool", "openbox", "setxkbmap", "xprop", "xwininfo"})
        (void)find_program(program);
    server_ = start_server(folder_.path());
    const auto number = server_->read_line();
    if (!number) throw std::runtime_error("Xvfb does not start: " + server_->errors());
    display_ = ":" + *number;
    if (run({"setxkbmap", "us,ru"}).code != 0) throw std::runtime_error("no keyboard layouts");
    manager_ = start({"openbox", "--sm-disable"}, folder_.path() / "openbox.log");
    const auto managed = [&] {
        return run({"xprop", "-root", "_NET_SUPPORTING_WM_CHECK"}).out.find("window id") !=
               std::string::npos;
    };
    if (!comes_true(managed)) {
        throw std::runtime_error("openbox does not start: " + manager_->errors());
    }
}

std::vector<std::string> Desktop::here(std::vector<std::string> command) const {
    // xdotool takes what it types for bytes of the locale.
    std::vector<std::string> words{"-u", "WAYLAND_DISPLAY", "DISPLAY=" + display_,
                                   "LC_ALL=C.UTF-8"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

std::unique_ptr<e2e::Process> Desktop::start(std::vector<std::string> command,
                                             const std::filesystem::path& errors) const {
    return std::make_unique<e2e::Process>(find_program("env"), here(std::move(command)), errors);
}

e2e::Finished Desktop::run(std::vector<std::string> command, Clock::duration timeout) const {
    return e2e::run(find_program("env"), here(std::move(command)), timeout);
}

std::string Desktop::xdotool(std::vector<std::string> words) const {
    words.insert(words.begin(), "xdotool");
    std::string said;
    for (const auto& word : words) said += word + " ";
    const e2e::Finished finished = run(std::move(words));
    if (finished.code != 0) throw std::runtime_error(said + "failed: " + finished.err);
    return finished.out;
}

void Desktop::put_mouse_away() const {
    xdotool({"mousemove", std::to_string(width - 1), std::to_string(height - 1)});
}

Picture Desktop::picture() const { return read_xwd(folder_.path() / "Xvfb_screen0"); }

void Desktop::keep_picture() noexcept {
    if (std::exchange(picture_kept_, true)) return;
    try {
        write_png(picture_file_, picture());
    } catch (const std::exception&) {
        // There is a failure to report already.
    }
}

}  // namespace kith::window
