// SPDX-License-Identifier: MIT
#include <csignal>

#include "app/host/stop_signal.hpp"

namespace kith::host {
namespace {

/// Ends the waiting thread; never sent by anybody else.
constexpr int end_of_wait = SIGUSR2;

sigset_t waited_for() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, end_of_wait);
    return set;
}

}  // namespace

void StopSignal::block() {
    const sigset_t set = waited_for();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    action.sa_flags = SA_NOCLDWAIT;
    sigaction(SIGCHLD, &action, nullptr);
}

StopSignal::StopSignal(std::function<void()> on_signal, std::function<void()> on_hangup)
    : on_signal_(std::move(on_signal)), on_hangup_(on_hangup ? std::move(on_hangup) : on_signal_) {
    thread_ = std::thread([this] {
        const sigset_t set = waited_for();
        int signal = 0;
        while (sigwait(&set, &signal) == 0 && signal != end_of_wait)
            signal == SIGHUP ? on_hangup_() : on_signal_();
    });
}

StopSignal::~StopSignal() {
    pthread_kill(thread_.native_handle(), end_of_wait);
    thread_.join();
}

}  // namespace kith::host
