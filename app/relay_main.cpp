// SPDX-License-Identifier: MIT
//
// `kith-relay`: reaches people who cannot be reached directly, and reads nothing. docs/relay.md.
#include <iostream>

#include "app/relay/program.hpp"

namespace {

using namespace kith;

int run(const relay::StartArguments& start) { return relay::run_relay(start); }

int run(const relay::Information& information) {
    std::cout << information.text << '\n';
    return relay::exit_ok;
}

int run(const relay::UsageError& error) {
    std::cerr << "kith-relay: " << error.text << '\n';
    return relay::exit_bad_arguments;
}

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = relay::parse_arguments(argc, argv);
    return std::visit([](const auto& chosen) { return run(chosen); }, arguments);
}
