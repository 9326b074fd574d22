// SPDX-License-Identifier: MIT
//
// Somebody on the wire: forwards TCP connections to one port on 127.0.0.1 and keeps every byte of
// both directions.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace kith::e2e {

class RecordingProxy {
public:
    explicit RecordingProxy(std::uint16_t target);
    ~RecordingProxy();
    RecordingProxy(const RecordingProxy&) = delete;
    RecordingProxy& operator=(const RecordingProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string recorded() const;

private:
    void run();

    std::uint16_t target_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    int stop_read_ = -1, stop_write_ = -1;
    mutable std::mutex mutex_;
    std::string recorded_;
    std::thread thread_;
};

}  // namespace kith::e2e
