// SPDX-License-Identifier: MIT
//
// kith_relay_bench [idle|records|bytes]… [--clients N] [--idle S] [--seconds S] [--rounds N]: the
// relay's program under load, markdown tables on standard output; all three without a name.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "crypto/record_channel.hpp"
#include "net/message_codec.hpp"
#include "tests/bench/circuit_pump.hpp"
#include "tests/bench/relay_program.hpp"

namespace kith::bench {
namespace {

using namespace std::chrono_literals;

struct Options {
    std::size_t clients = 5000;
    Seconds time{3};  ///< of each round
    Seconds idle{60};
    int rounds = 5;
};

std::string number(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

std::string at_load() { return "; load before: " + machine_load(); }

// --- idle clients ---

void idle_clients(const Options& options) {
    const std::string load = at_load();
    const RelayProgram relay;
    RelayPeople people(relay.address());
    people.connect(1);  // what is made once is made
    const Costs before = relay.costs();
    const auto start = Clock::now();
    people.connect(options.clients);
    const Seconds connecting = Clock::now() - start;
    const Costs connected = relay.costs();
    std::this_thread::sleep_for(25s);  // each has pinged
    const Costs idle = relay.costs();
    std::this_thread::sleep_for(options.idle);
    const Costs later = relay.costs();
    const auto each = static_cast<double>(options.clients - 1);
    const Seconds cpu = later.processor - idle.processor;
    const Seconds spent = connected.processor - before.processor;
    print("Idle clients of one relay" + load,
          {{"clients", std::to_string(people.connected()), "", ""},
           {"memory, each",
            number((later.resident_kib - before.resident_kib) / each, 1) + " KiB resident",
            "24 KiB", as_ratio((later.resident_kib - before.resident_kib) / each / 24)},
           {"descriptors, each",
            number(static_cast<double>(later.descriptors - before.descriptors) / each, 2), "", ""},
           {"processor time, all idle",
            as_time(cpu) + " in " + number(options.idle.count(), 0) + " s", "a core",
            number(cpu / options.idle, 4)},
           {"connecting all of them", as_time(connecting), "processor time of the relay",
            as_time(spent)}});
}

// --- records ---

/// On the wire: a text of 100 bytes in a record of its own.
std::size_t record_size() {
    net::Text text;
    text.text.assign(100, 'x');
    crypto::Bytes message;
    if (!net::append_message(message, text)) throw std::runtime_error("no text");
    return message.size() + crypto::record_overhead;
}

Row records_row(const RelayProgram& relay, const std::vector<SocketPair>& pairs,
                const Records& records, const Options& options) {
    std::vector<double> rates, costs, per_read;
    for (int round = 0; round < options.rounds; ++round) {
        const Costs before = relay.costs();
        const Pumped pumped = pump_records(pairs, records, options.time);
        const Costs after = relay.costs();
        const auto amount = static_cast<double>(pumped.amount);
        rates.push_back(pumped.per_second());
        costs.push_back((after.processor - before.processor).count() / amount * 1e6);
        per_read.push_back(amount / static_cast<double>(after.reads - before.reads));
    }
    return {std::to_string(pairs.size()) + " circuits, " + std::to_string(records.window) +
                " under way in each" + (records.there_and_back ? ", there and back" : ""),
            as_rate(median(rates), "records"),
            number(median(costs), 2) + " s of the relay's processor time a million",
            number(1e6 / median(costs), 0) + " records/s of its core" + ", " +
                number(median(per_read), 1) + " a read"};
}

void records(const Options& options) {
    const std::string load = at_load();
    const RelayProgram relay;
    RelayPeople people(relay.address());
    people.connect(200);
    const auto pairs = people.circuits(100);
    Table table;
    table.push_back(records_row(relay, pairs, {record_size(), 1, true}, options));
    for (const std::size_t window : {1, 8, 64})
        table.push_back(records_row(relay, pairs, {record_size(), window, false}, options));
    print("Records of " + std::to_string(record_size()) + " bytes through circuits" + load, table);
}

// --- bytes ---

/// Listens on loopback; accepts what a proxy passes on.
class Target {
public:
    Target() {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        if (::bind(file_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
            ::listen(file_, 64) != 0 ||
            ::getsockname(file_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
            throw std::runtime_error("cannot listen");
        port_ = ntohs(here.sin_port);
    }
    ~Target() { ::close(file_); }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int accept() const { return ::accept(file_, nullptr, nullptr); }

private:
    int file_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port_ = 0;
};

/// A port that is free now.
std::uint16_t free_port() { return Target().port(); }

/// `socat` as a bare TCP proxy.
class Socat {
public:
    explicit Socat(const std::vector<std::string>& more)
        : port_(free_port()), process_(KITH_SOCAT, words(more), folder_.path() / "stderr") {}

    std::vector<SocketPair> circuits(std::size_t count) {
        std::vector<SocketPair> all;
        for (std::size_t i = 0; i < count; ++i) {
            const int from = connect();
            all.emplace_back(from, target_.accept());
        }
        return all;
    }
    [[nodiscard]] Costs costs() const { return costs_of(process_.pid()); }

private:
    std::vector<std::string> words(std::vector<std::string> more) const {
        more.push_back("TCP-LISTEN:" + std::to_string(port_) + ",bind=127.0.0.1,fork,reuseaddr");
        more.push_back("TCP:127.0.0.1:" + std::to_string(target_.port()));
        return more;
    }
    int connect() const {
        for (int attempt = 0;; ++attempt) {
            try {
                return connect_to(port_);
            } catch (const std::runtime_error&) {
                if (attempt == 100) throw;
                std::this_thread::sleep_for(20ms);  // it has not said that it listens
            }
        }
    }
    Target target_;
    std::uint16_t port_;
    e2e::TemporaryFolder folder_;
    e2e::Process process_;
};

struct Lane {
    std::string name;
    const std::vector<SocketPair>* pairs;
    std::function<Costs()> costs;
    std::vector<double> rates{}, per_gb{};
};

void bytes_through(const std::string& title, std::vector<Lane> lanes, const Options& options) {
    for (int round = 0; round < options.rounds; ++round) {
        for (Lane& lane : lanes) {
            const Costs before = lane.costs();
            const Pumped pumped = pump_bytes(*lane.pairs, options.time);
            const Seconds spent = lane.costs().processor - before.processor;
            lane.rates.push_back(pumped.per_second() / 1e6);
            lane.per_gb.push_back(spent.count() / static_cast<double>(pumped.amount) * 1e9);
        }
    }
    Table table;
    const double relay = median(lanes[0].rates);
    for (const Lane& lane : lanes)
        table.push_back({lane.name, as_rate(median(lane.rates), "MB"),
                         number(median(lane.per_gb), 2) + " s of processor time a GB",
                         as_ratio(relay / median(lane.rates))});
    print(title, table);
}

void bytes(const Options& options) {
    for (const std::size_t count : {1, 8}) {
        const std::string load = at_load();
        const RelayProgram relay;
        RelayPeople people(relay.address());
        people.connect(2 * count);
        Socat usual({}), large({"-b", "65536"});
        const auto through_relay = people.circuits(count);
        const auto through_usual = usual.circuits(count), through_large = large.circuits(count);
        bytes_through("Bytes through " + std::to_string(count) +
                          (count == 1 ? " circuit" : " circuits") + ", ratio of the relay to it" +
                          load,
                      {{"relay", &through_relay, [&] { return relay.costs(); }},
                       {"socat", &through_usual, [&] { return usual.costs(); }},
                       {"socat -b 65536", &through_large, [&] { return large.costs(); }}},
                      options);
    }
}

using Bench = void (*)(const Options&);
const std::map<std::string, Bench> benches{
    {"idle", idle_clients}, {"records", records}, {"bytes", bytes}};

void run(const std::vector<std::string>& words) {
    Options options;
    std::vector<Bench> chosen;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (const auto bench = benches.find(words[i]); bench != benches.end()) {
            chosen.push_back(bench->second);
            continue;
        }
        if (i + 1 == words.size()) throw std::runtime_error("\"" + words[i] + "\" is no benchmark");
        const int number = std::max(1, std::atoi(words[i + 1].c_str()));
        if (words[i] == "--clients") options.clients = static_cast<std::size_t>(number) + 1;
        if (words[i] == "--seconds") options.time = Seconds(number);
        if (words[i] == "--idle") options.idle = Seconds(number);
        if (words[i] == "--rounds") options.rounds = number;
        ++i;
    }
    if (chosen.empty()) chosen = {idle_clients, records, bytes};
    for (const Bench bench : chosen) bench(options);
}

}  // namespace
}  // namespace kith::bench

int main(int argc, char** argv) {
    try {
        kith::bench::run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "kith_relay_bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
