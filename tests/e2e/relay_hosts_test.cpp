// SPDX-License-Identifier: MIT
//
// Two people in different networks who reach a relay and nothing else, all of them real programs on
// hosts of their own. Skipped, with the reason, where a machine has no network namespaces.
//
//   KITH_E2E_RELAY_MIB=n  files of this size instead of 64 MiB
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>

#include "crypto/running_hash.hpp"
#include "tests/e2e/canaries.hpp"
#include "tests/e2e/capture.hpp"
#include "tests/e2e/conversation.hpp"
#include "tests/e2e/hosts.hpp"
#include "tests/e2e/transfer_pair.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith::e2e;
namespace crypto = kith::crypto;
namespace fs = std::filesystem;

namespace {

/// In the middle between the hosts.
class Relay {
public:
    explicit Relay(const Apart& hosts) : network_(hosts.middle().name()) { start(); }
    /// With the folder, the address and the port it had.
    void start() {
        const std::vector<std::string> words{
            "--listen",    std::string(Apart::middle_address) + ":" + std::to_string(port_),
            "--data",      (folder_.path() / "relay").string(),
            "--log-level", "debug"};
        process_ = started(network_, KITH_RELAY_PROGRAM, words, folder_.path() / "log");
        const auto line = process_->read_line();
        if (!line) throw std::runtime_error("no relay: " + process_->errors());
        const Json ready = Json::parse(*line);
        address_ = ready.at("address");
        port_ = ready.at("port");
    }
    void kill() {
        process_->signal(SIGKILL);
        process_->wait();
    }
    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] std::string log() const { return process_->errors(); }
    /// All that it leaves on the disk, and its log.
    [[nodiscard]] std::string everything() const { return everything_below(folder_.path()); }

private:
    TemporaryFolder folder_;
    std::string network_, address_;
    int port_ = 0;
    std::unique_ptr<Process> process_;
};

Instance::Options with(const Relay& relay, Instance::Options options) {
    options.more = {"--relay", relay.address()};
    return options;
}

void wait_for_relay(Instance& who) {
    who.wait_until("the relay", [&] {
        const Json relays = who.ask({{"cmd", "relays"}}).at("relays");
        return relays.size() == 1 && relays[0].at("state") == "online";
    });
}

struct Words {
    std::string alice = "Alice", bob = "Bob", greeting = "It is me";
};

/// Alice and Bob, each at a host of that name; contacts by what Bob's connection ID says.
struct Meeting {
    explicit Meeting(const Apart& hosts, const Words& words = {})
        : relay(hosts),
          pair(with(relay, at(hosts.at("alice"), words.alice)),
               with(relay, at(hosts.at("bob"), words.bob))) {
        wait_for_relay(pair.alice);
        wait_for_relay(pair.bob);
        befriend(pair.alice, pair.bob, words.greeting);
    }
    void check_path() {
        CHECK(pair.alice.peer(pair.bob.fingerprint()).at("path") == "relay");
        CHECK(pair.bob.peer(pair.alice.fingerprint()).at("path") == "relay");
    }

    Relay relay;
    TransferPair pair;
};

std::size_t file_size() {
    const char* value = std::getenv("KITH_E2E_RELAY_MIB");
    return (value == nullptr ? 64 : std::strtoull(value, nullptr, 10)) << 20;
}

/// Gives its SHA-256. Block by block: it may be larger than memory.
std::string write_large(const fs::path& file, std::size_t size) {
    kith::test::DeterministicRandom random(size);
    crypto::RunningSha256 hash;
    crypto::Bytes block(1 << 20);
    std::ofstream out(file, std::ios::binary);
    for (std::size_t left = size; left > 0; left -= block.size()) {
        block.resize(std::min(left, block.size()));
        random.fill(block);
        hash.update(block);
        out.write(reinterpret_cast<const char*>(block.data()),
                  static_cast<std::streamsize>(block.size()));
    }
    return crypto::to_hex(hash.finish());
}

std::string hash_of(const fs::path& file) {
    crypto::RunningSha256 hash;
    std::string block(1 << 20, '\0');
    std::ifstream in(file, std::ios::binary);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
        hash.update(crypto::view(block).first(static_cast<std::size_t>(in.gcount())));
    return crypto::to_hex(hash.finish());
}

/// However slow the machine is.
Clock::duration time_for(std::size_t bytes) { return patience + std::chrono::seconds(bytes >> 20); }

void wait_for_end(TransferPair& pair, const std::string& id, std::size_t size) {
    TransferPair::wait_for(pair.bob, id, "done", time_for(size));
    TransferPair::wait_for(pair.alice, id, "done");
}

void wait_until_lost(Instance& who, Instance& whom) {
    who.wait_until("the loss", [&] {
        const auto state = who.peer(whom.fingerprint()).at("state");
        return state != "online" && state != "idle";
    });
}

/// Every frame at the relay's host, one after the other.
class Recording {
public:
    void add(const Frame& frame) {
        const std::lock_guard lock(mutex_);
        if (bytes_.size() + frame.bytes.size() <= bytes_max)
            bytes_.append(frame.bytes.begin(), frame.bytes.end());
    }
    [[nodiscard]] std::string bytes() const {
        const std::lock_guard lock(mutex_);
        return bytes_;
    }
    static constexpr std::size_t bytes_max = 256 << 20;

private:
    mutable std::mutex mutex_;
    std::string bytes_;
};

/// What somebody who does not encrypt would leave in a recording.
void say_openly(const Apart& hosts, const std::string& word) {
    kith::test::inside(hosts.at("alice"), [&] {
        const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(9);
        to.sin_addr.s_addr = inet_addr(Apart::middle_address);
        const auto sent = ::sendto(fd, word.data(), word.size(), 0,
                                   reinterpret_cast<const sockaddr*>(&to), sizeof to);
        ::close(fd);
        REQUIRE(sent == static_cast<ssize_t>(word.size()));
    });
}

std::string many_times(const std::string& word) {
    std::string text;
    while (text.size() < 32 * 1024) text += word;
    return text;
}

}  // namespace

TEST_CASE("two who reach nothing but a relay become contacts, chat and pass a large file") {
    const Apart hosts("alice", "bob");
    REQUIRE_HOSTS(hosts);
    Meeting meeting(hosts);
    auto& pair = meeting.pair;
    chat(pair.alice, pair.bob);
    meeting.check_path();

    const auto size = file_size();
    const auto file = pair.out.path() / "large.bin";
    const auto hash = write_large(file, size);
    const auto id = pair.offer({file});
    const auto begun = Clock::now();
    const auto path = pair.accept(id);
    chat(pair.alice, pair.bob);  // beside it
    wait_for_end(pair, id, size);
    const std::chrono::duration<double> took = Clock::now() - begun;
    CHECK(hash_of(path) == hash);
    CHECK(fs::file_size(path) == size);
    meeting.check_path();
    // The cables carried nothing from one to the other.
    const auto ends = run("/usr/bin/env", {"ip", "netns", "exec", hosts.at("alice").name(), "ss",
                                           "-Htn", "state", "established"})
                          .out;
    CHECK(ends.find(Apart::middle_address) != std::string::npos);
    CHECK(ends.find("10.77.2.") == std::string::npos);
    std::cout << (size >> 20) << " MiB through the relay in " << took.count() << " s\n";
}

TEST_CASE("a relay that is killed in the middle of talk and files loses and doubles nothing") {
    const Apart hosts("alice", "bob");
    REQUIRE_HOSTS(hosts);
    Meeting meeting(hosts);
    auto& relay = meeting.relay;
    auto& pair = meeting.pair;
    const auto size = file_size();
    const auto file = pair.out.path() / "large.bin";
    const auto hash = write_large(file, size);
    // Slow enough for something to happen in the middle.
    pair.alice.ask({{"cmd", "set_settings"}, {"settings", {{"rate_each", size / 8}}}});
    const auto id = pair.offer({file});
    const auto path = pair.accept(id);

    Conversation conversation(pair.alice, pair.bob);
    for (std::size_t quarter = 1; quarter <= 3; ++quarter) {
        conversation.write(5);
        pair.bob.wait_until(
            "some more of the file",
            [&] {
                return TransferPair::transfer(pair.bob, id).at("bytes").get<std::size_t>() >
                       size / 4 * quarter;
            },
            time_for(size));
        conversation.write(5);
        relay.kill();
        conversation.write(5);
        wait_until_lost(pair.alice, pair.bob);
        wait_until_lost(pair.bob, pair.alice);
        CHECK(TransferPair::state(pair.bob, id) != "done");
        conversation.write(5);
        const auto there = Clock::now();
        relay.start();
        wait_until_online(pair.alice, pair.bob);
        std::cout << "together again after "
                  << std::chrono::duration<double>(Clock::now() - there).count() << " s\n";
    }
    wait_for_end(pair, id, size);
    CHECK(hash_of(path) == hash);
    CHECK(std::distance(fs::directory_iterator(fs::path(path).parent_path()), {}) == 1);
    conversation.check_arrived();
    meeting.check_path();
}

TEST_CASE("neither a relay nor its cables know what is said, who it is and what files are called") {
    const std::string text = "CanaryTextQ7w8E9r0", greeting = "CanaryGreetingA1s2",
                      alice_name = "CanaryAliceNameZ3x4", bob_name = "CanaryBobNameC5v6",
                      file_name = "CanaryFileB7n8", content = "CanaryContentM9k0",
                      openly = "CanaryOpenlyJ1h2";
    const std::vector<std::string> canaries{text,     greeting,  alice_name,
                                            bob_name, file_name, content};
    const Apart hosts("alice", "bob");
    REQUIRE_HOSTS(hosts);
    Recording recording;
    Capture capture(hosts.middle(), [&recording](const Frame& frame) { recording.add(frame); });
    Meeting meeting(hosts, {alice_name, bob_name, greeting});
    auto& relay = meeting.relay;
    auto& pair = meeting.pair;
    // Long enough for every spelling to be found beside the ends of frames.
    const std::string long_text = many_times(text);
    pair.alice.say(pair.bob.fingerprint(), long_text);
    pair.bob.say(pair.alice.fingerprint(), text);
    chat(pair.alice, pair.bob);
    const auto file = pair.out.path() / file_name;
    write_file(file, many_times(content));
    CHECK(read_file(pair.send({file})) == many_times(content));
    meeting.check_path();
    const auto of_alice = pair.alice.fingerprint(), of_bob = pair.bob.fingerprint();
    check_absent(relay.everything(), canaries);
    relay.kill();
    check_absent(relay.everything(), canaries);
    check_absent(relay.log(), {of_alice, of_bob, "10.77.1.2", "10.77.2.2"});

    say_openly(hosts, openly);
    CHECK(capture.stop() == 0);
    const auto recorded = recording.bytes();
    REQUIRE(recorded.size() < Recording::bytes_max - (1 << 20));
    // In by one cable and out by the other one: the text and the file.
    CHECK(recorded.size() > 4 * many_times(text).size());
    check_absent(recorded, canaries);
    CHECK(recorded.find(openly) != std::string::npos);
    std::cout << recorded.size() << " bytes recorded\n";
}
