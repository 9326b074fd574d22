// SPDX-License-Identifier: MIT
#include "tests/bench/relay_program.hpp"

#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace kith::bench {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

struct Stat {
    long parent = 0;
    double seconds = 0;  ///< of its own and of children that have ended
};

/// proc(5): the fields behind the name, which is in brackets and may hold anything.
Stat stat_of(const fs::path& folder) {
    const std::string text = text_of(folder / "stat");
    const auto bracket = text.rfind(')');
    if (bracket == std::string::npos) return {};
    std::istringstream fields(text.substr(bracket + 1));
    std::string field;
    Stat stat;
    for (int number = 3; fields >> field; ++number) {
        if (number == 4) stat.parent = std::stol(field);
        if (number >= 14 && number <= 17) stat.seconds += std::stod(field);
    }
    stat.seconds /= static_cast<double>(::sysconf(_SC_CLK_TCK));
    return stat;
}

/// "name: value" or "name:\tvalue kB".
std::uint64_t value_in(const std::string& text, const std::string& name) {
    const auto at = text.find(name + ":");
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + name.size() + 1));
}

void add(Costs& costs, const fs::path& folder) {
    costs.processor += Seconds(stat_of(folder).seconds);
    costs.resident_kib += static_cast<double>(value_in(text_of(folder / "status"), "VmRSS"));
    const std::string io = text_of(folder / "io");
    costs.reads += value_in(io, "syscr");
    costs.writes += value_in(io, "syscw");
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder / "fd", ignored)) {
        (void)entry;
        ++costs.descriptors;
    }
}

}  // namespace

Costs costs_of(pid_t pid) {
    Costs costs;
    add(costs, fs::path("/proc") / std::to_string(pid));
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        const bool process = name.find_first_not_of("0123456789") == std::string::npos;
        if (process && stat_of(entry.path()).parent == pid) add(costs, entry.path());
    }
    return costs;
}

RelayProgram::RelayProgram(const std::vector<std::string>& more) {
    std::vector<std::string> words{"--listen",
                                   "127.0.0.1:0",
                                   "--data",
                                   (folder_.path() / "relay").string(),
                                   "--secret",
                                   "none",
                                   "--links-per-address",
                                   "1000000",
                                   "--connections-per-second",
                                   "100000"};
    words.insert(words.end(), more.begin(), more.end());
    process_ = std::make_unique<e2e::Process>(KITH_RELAY_PROGRAM, words, folder_.path() / "stderr");
    const auto line = process_->read_line();
    if (!line) throw std::runtime_error("the relay does not start: " + process_->errors());
    const auto ready = nlohmann::json::parse(*line);
    address_ = crypto::parse_relay_address(ready.at("address").get<std::string>()).value();
}

std::string machine_load() {
    const std::string text = text_of("/proc/loadavg");
    std::size_t end = 0;
    for (int i = 0; i < 3; ++i) end = text.find(' ', end + 1);
    return text.substr(0, end);
}

}  // namespace kith::bench
