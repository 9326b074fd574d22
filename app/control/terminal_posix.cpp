// SPDX-License-Identifier: MIT
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
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

const char* interrupt_note = nullptr;
std::size_t interrupt_note_size = 0;
struct sigaction before_interrupt {};

/// Only async-signal-safe calls.
void note_and_end(int number) {
    [[maybe_unused]] const auto written =
        ::write(STDERR_FILENO, interrupt_note, interrupt_note_size);
    ::raise(number);  // its default action: the handler was for one signal
}

bool dumb_terminal() {
    const char* kind = std::getenv("TERM");
    return kind == nullptr || std::string_view(kind) == "dumb";
}

}  // namespace

NoteOnInterrupt::NoteOnInterrupt(const char* note) {
    interrupt_note = note;
    interrupt_note_size = std::strlen(note);
    struct sigaction noting {};
    noting.sa_handler = note_and_end;
    noting.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    ::sigaction(SIGINT, &noting, &before_interrupt);
}

NoteOnInterrupt::~NoteOnInterrupt() { ::sigaction(SIGINT, &before_interrupt, nullptr); }

std::size_t output_columns() {
    constexpr std::size_t usual = 80;
    if (::isatty(STDOUT_FILENO) != 1 || dumb_terminal()) return 0;
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : usual;
}

bool output_shows_emphasis() {
    return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && !dumb_terminal();
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
