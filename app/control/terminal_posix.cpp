// SPDX-License-Identifier: MIT
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>

#include "app/control/terminal.hpp"

namespace kith::control {
namespace {

termios before{};

/// Ctrl+C at the prompt must not leave a terminal without echo. Only async-signal-safe calls.
void restore_and_end(int number) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    ::raise(number);  // its default action: the handler was for one signal
}

constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// No echo while it lives; one at a time.
class EchoOff {
public:
    EchoOff() {
        if (::tcgetattr(STDIN_FILENO, &before) != 0) return;
        struct sigaction restoring {};
        restoring.sa_handler = restore_and_end;
        restoring.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
        for (std::size_t i = 0; i < ending_signals.size(); ++i)
            ::sigaction(ending_signals[i], &restoring, &actions_[i]);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        off_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~EchoOff() {
        if (!off_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        for (std::size_t i = 0; i < ending_signals.size(); ++i)
            ::sigaction(ending_signals[i], &actions_[i], nullptr);
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    [[nodiscard]] bool done() const { return off_; }

private:
    std::array<struct sigaction, ending_signals.size()> actions_{};
    bool off_ = false;
};

}  // namespace

bool output_shows_emphasis() {
    const char* kind = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && kind != nullptr &&
           std::string_view(kind) != "dumb";
}

bool can_ask() { return ::isatty(STDIN_FILENO) == 1; }

std::optional<std::string> ask_without_echo(const std::string& prompt) {
    const EchoOff silence;
    if (!silence.done()) return std::nullopt;
    std::cerr << prompt << std::flush;
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
}

}  // namespace kith::control
