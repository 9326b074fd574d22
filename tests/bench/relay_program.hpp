// SPDX-License-Identifier: MIT
//
// The relay's program, or another one that stands between two, as a child; and what it costs, from
// /proc. Failures are std::runtime_error.
#pragma once

#include "crypto/relay_address.hpp"
#include "tests/bench/report.hpp"
#include "tests/e2e/process.hpp"

namespace kith::bench {

/// Of a process and its children, up to now.
struct Costs {
    Seconds processor{};
    double resident_kib = 0;      ///< now
    std::size_t descriptors = 0;  ///< now
    std::uint64_t reads = 0;      ///< system calls
    std::uint64_t writes = 0;
};
[[nodiscard]] Costs costs_of(pid_t pid);

/// On a free port of loopback, open to everybody, its limits per address out of the way.
class RelayProgram {
public:
    explicit RelayProgram(const std::vector<std::string>& more = {});

    [[nodiscard]] Costs costs() const { return costs_of(process_->pid()); }
    [[nodiscard]] const crypto::RelayAddress& address() const { return address_; }

private:
    e2e::TemporaryFolder folder_;
    std::unique_ptr<e2e::Process> process_;
    crypto::RelayAddress address_;
};

/// "2.43 1.98 2.42": of the last 1, 5 and 15 minutes, beside every figure.
[[nodiscard]] std::string machine_load();

}  // namespace kith::bench
