// SPDX-License-Identifier: MIT
//
// Network namespaces for tests, where the machine allows them (ip netns needs privileges).
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>
#include <thread>

#include "tests/e2e/process.hpp"

namespace kith::test {

inline bool ip(std::vector<std::string> arguments) {
    return e2e::run("/bin/sh",
                    [&] {
                        std::string line = "exec ip";
                        for (const auto& argument : arguments) line += " " + argument;
                        return std::vector<std::string>{"-c", line};
                    }())
               .code == 0;
}

/// Loopback is up in it. Goes at the end, and what is in it with it.
class Namespace {
public:
    explicit Namespace(const std::string& name)
        : name_("kith" + std::to_string(::getpid()) + name) {
        made_ = ip({"netns", "add", name_});
        usable_ = made_ && run({"link", "set", "lo", "up"});
    }
    ~Namespace() {
        if (made_) (void)ip({"netns", "del", name_});
    }
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;

    [[nodiscard]] bool usable() const { return usable_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    /// ip(8) in there.
    [[nodiscard]] bool run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"-n", name_});
        return ip(std::move(arguments));
    }

private:
    std::string name_;
    bool made_ = false;
    bool usable_ = false;
};

/// A cable between two namespaces; "cable" is the interface in both.
inline bool join(const Namespace& a, const Namespace& b) {
    return a.run({"link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                  b.name()}) &&
           a.run({"link", "set", "cable", "up"}) && b.run({"link", "set", "cable", "up"});
}

/// Runs in a thread that is in the namespace, as are all threads it starts and sockets it opens.
template <typename Work>
void inside(const Namespace& where, Work work) {
    std::exception_ptr failure;
    std::thread([&] {
        try {
            const int fd = ::open(("/run/netns/" + where.name()).c_str(), O_RDONLY | O_CLOEXEC);
            const bool there = fd >= 0 && ::setns(fd, CLONE_NEWNET) == 0;
            if (fd >= 0) ::close(fd);
            if (!there) throw std::runtime_error("cannot enter " + where.name());
            work();
        } catch (...) {
            failure = std::current_exception();
        }
    }).join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace kith::test
