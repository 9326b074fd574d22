// SPDX-License-Identifier: MIT
//
// kith_bench [bulk|discovery|handshake|latency|sessions|throughput]…: markdown tables on standard
// output; all without a name.
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "tests/bench/benches.hpp"

int main(int argc, char** argv) {
    const std::vector<std::string> chosen(argv + 1, argv + argc);
    const auto wanted = [&](const char* name) {
        return chosen.empty() || std::find(chosen.begin(), chosen.end(), name) != chosen.end();
    };
    try {
        if (wanted("bulk")) kith::bench::bulk_bench();
        if (wanted("discovery")) kith::bench::discovery_bench();
        if (wanted("handshake")) kith::bench::handshake_bench();
        if (wanted("latency")) kith::bench::latency_bench();
        if (wanted("sessions")) kith::bench::sessions_bench();
        if (wanted("throughput")) kith::bench::throughput_bench();
    } catch (const std::exception& error) {
        std::cerr << "kith_bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
