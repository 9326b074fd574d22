// SPDX-License-Identifier: MIT
//
// kith-relay from the outside: the ready line, exit codes, signals, metrics.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "crypto/relay_address.hpp"
#include "tests/e2e/http_get.hpp"
#include "tests/e2e/process.hpp"

using namespace kith::e2e;
using Json = nlohmann::json;
namespace crypto = kith::crypto;
namespace fs = std::filesystem;

namespace {

const std::string program = KITH_RELAY_PROGRAM;

/// A relay on a free port of loopback with a folder of its own.
class Relay {
public:
    /// `limits`: commands of the shell it is started from.
    explicit Relay(std::vector<std::string> more = {}, std::string limits = {})
        : more_(std::move(more)), limits_(std::move(limits)) {
        start();
    }

    void start() {
        std::vector<std::string> words{"-c", limits_ + "\nexec \"$0\" \"$@\"", program};
        for (auto& word : arguments()) words.push_back(word);
        process_ = std::make_unique<Process>("/bin/sh", words, folder_.path() / "stderr");
        const auto line = process_->read_line();
        if (!line) throw std::runtime_error("no ready line: " + process_->errors());
        ready = Json::parse(*line);
        address = crypto::parse_relay_address(ready.at("address").get<std::string>()).value();
    }
    [[nodiscard]] std::vector<std::string> arguments() const {
        std::vector<std::string> words{"--listen", "127.0.0.1:0", "--data", data().string()};
        words.insert(words.end(), more_.begin(), more_.end());
        return words;
    }
    void more(std::vector<std::string> words) { more_ = std::move(words); }
    [[nodiscard]] fs::path data() const { return folder_.path() / "relay"; }
    [[nodiscard]] Process& process() { return *process_; }
    int end(int signal = SIGTERM) {
        process_->signal(signal);
        return process_->wait();
    }
    /// The lines of the log so far.
    [[nodiscard]] std::vector<Json> log() const {
        std::istringstream text(process_->errors());
        std::vector<Json> lines;
        for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
        return lines;
    }
    /// The newest line of this event, when there are `count`.
    [[nodiscard]] Json wait_for(const std::string& event, std::size_t count = 1) const {
        const auto end = Clock::now() + patience;
        while (Clock::now() < end) {
            std::vector<Json> found;
            for (const Json& line : log()) {
                if (line.at("event") == event) found.push_back(line);
            }
            if (found.size() >= count) return found.back();
            std::this_thread::sleep_for(10ms);  // a file cannot be waited for portably
        }
        throw std::runtime_error("no " + event + " in the log: " + process_->errors());
    }

    Json ready;
    crypto::RelayAddress address;

private:
    TemporaryFolder folder_;
    std::vector<std::string> more_;
    std::string limits_;
    std::unique_ptr<Process> process_;
};

int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    return fd;
}

}  // namespace

TEST_CASE("the first line says where the relay is, and a restart says the same") {
    Relay relay;
    CHECK(relay.ready.at("event") == "ready");
    CHECK(relay.ready.at("address").get<std::string>().starts_with("kith-relay1"));
    CHECK(relay.address.port == relay.ready.at("port").get<int>());
    CHECK(relay.address.host == "127.0.0.1");
    CHECK(to_hex(relay.address.relay) == relay.ready.at("fingerprint"));
    CHECK(relay.address.secret != crypto::InviteToken{});
    const auto before = relay.address;
    CHECK(relay.end(GENERATE(SIGTERM, SIGINT)) == 0);
    relay.start();
    CHECK(relay.address.relay == before.relay);
    CHECK(relay.address.secret == before.secret);
    relay.process().signal(SIGKILL);
    relay.process().wait();
    relay.start();
    CHECK(relay.address.relay == before.relay);
}

TEST_CASE("only the owner can read what the relay keeps") {
    Relay relay;
    CHECK((fs::status(relay.data()).permissions() & fs::perms(0077)) == fs::perms::none);
    for (const auto& entry : fs::directory_iterator(relay.data())) {
        INFO(entry.path());
        CHECK((entry.status().permissions() & fs::perms(0077)) == fs::perms::none);
    }
}

TEST_CASE("a relay is open to everybody, or gets a new secret, when it is told so") {
    Relay relay;
    const auto first = relay.address.secret;
    CHECK(relay.end() == 0);
    relay.more({"--secret", "none", "--public-host", "relay.example.org:443"});
    relay.start();
    CHECK(relay.address.secret == crypto::InviteToken{});
    CHECK(relay.address.host == "relay.example.org");
    CHECK(relay.address.port == 443);
    CHECK(relay.end() == 0);
    relay.more({"--secret", "new"});
    relay.start();
    CHECK(relay.address.secret != crypto::InviteToken{});
    CHECK(relay.address.secret != first);
}

TEST_CASE("a folder has one relay at a time") {
    Relay relay;
    const auto second = run(program, relay.arguments());
    CHECK(second.code == 3);
    CHECK(second.out.empty());
    CHECK(second.err.find(relay.data().string()) != std::string::npos);
    CHECK(relay.end() == 0);
}

TEST_CASE("what is wrong with a start is said, with an exit code of its own") {
    const TemporaryFolder folder;
    const auto config = (folder.path() / "r.toml").string();
    std::ofstream(config) << "listne = \"*:1\"\n";
    const auto data = (folder.path() / "relay").string();
    for (const auto& words : std::vector<std::vector<std::string>>{
             {},
             {"--listen", "127.0.0.1:0"},
             {"--listen", "nowhere:0", "--data", data},
             {"--listen", "127.0.0.1:0", "--data", data, "--config", config},
             {"--listen", "127.0.0.1:0", "--data", data, "--allow", data + "-people"}}) {
        const auto refused = run(program, words);
        CHECK(refused.code == 2);
        CHECK(refused.out.empty());
        CHECK_FALSE(refused.err.empty());
    }
    Relay relay;
    const auto port = relay.ready.at("port").dump();
    const auto taken = run(program, {"--listen", "127.0.0.1:" + port, "--data", data});
    CHECK(taken.code == 1);
    CHECK(taken.out.empty());
    CHECK(taken.err.find(port) != std::string::npos);
}

TEST_CASE("SIGHUP reads the file and the list again, and says what came of it") {
    const TemporaryFolder folder;
    const auto config = folder.path() / "r.toml";
    const auto people = folder.path() / "people";
    std::ofstream(config) << "log-level = \"info\"\nmetrics = \"127.0.0.1:0\"\n";
    Relay relay({"--config", config.string()});

    std::ofstream(people) << std::string(64, 'a') << "\n" << std::string(64, 'b') << "\n";
    std::ofstream(config) << "allow = \"" << people.string() << "\"\n";
    relay.process().signal(SIGHUP);
    Json line = relay.wait_for("reload");
    CHECK(line.at("applied") == Json{"allow", "log-level"});
    CHECK(line.at("needs_restart") == Json{"metrics"});
    CHECK(line.at("allowed") == 2);
    CHECK(line.at("added") == 2);
    CHECK(line.at("removed") == 0);

    std::ofstream(people) << std::string(64, 'b') << "\n";
    relay.process().signal(SIGHUP);
    line = relay.wait_for("reload", 2);
    CHECK(line.at("removed") == 1);

    std::ofstream(people) << "nobody\n";
    relay.process().signal(SIGHUP);
    line = relay.wait_for("reload_failed");
    CHECK(line.at("level") == "error");
    CHECK(line.at("text").get<std::string>().find("line 1") != std::string::npos);
    CHECK(relay.end() == 0);
    CHECK(relay.process().errors().find("bbbbbbbb") == std::string::npos);
}

TEST_CASE("figures and health are answered") {
    Relay relay({"--metrics", "127.0.0.1:0"});
    const auto port = relay.wait_for("ready").at("metrics_port").get<std::uint16_t>();
    const auto figures = http_get(port, "/metrics");
    CHECK(figures.starts_with("HTTP/1.0 200 OK\r\n"));
    CHECK(figures.find("text/plain; version=0.0.4") != std::string::npos);
    CHECK(figures.find("\nkith_relay_clients 0\n") != std::string::npos);
    CHECK(figures.find(relay.ready.at("fingerprint").get<std::string>()) == std::string::npos);
    CHECK(http_get(port, "/healthz").ends_with("\r\n\r\nok\n"));
    CHECK(http_get(port, "/").starts_with("HTTP/1.0 404"));
    CHECK(relay.end() == 0);
}

TEST_CASE("with few descriptors a relay says so, and a flood of connections does not end it") {
    Relay relay({"--metrics", "127.0.0.1:0"}, "ulimit -n 100");
    const Json line = relay.wait_for("few_descriptors");
    CHECK(line.at("level") == "warning");
    CHECK(line.at("there") == 100);
    CHECK(line.at("wanted") > 20'000);
    const auto metrics = relay.wait_for("ready").at("metrics_port").get<std::uint16_t>();
    const auto healthy = [&] {
        const auto end = Clock::now() + patience;
        while (Clock::now() < end) {
            if (http_get(metrics, "/healthz").ends_with("\r\n\r\nok\n")) return true;
        }
        return false;
    };
    std::vector<int> silent;
    for (int i = 0; i < 300; ++i) silent.push_back(connect_to(relay.address.port));
    CHECK(healthy());
    for (const int fd : silent) ::close(fd);
    CHECK(healthy());
    CHECK(relay.end() == 0);
}

TEST_CASE("a relay has a mailbox, unless it is told not to") {
    Relay relay({"--metrics", "127.0.0.1:0"});
    const auto file = relay.data() / "mailbox.db";
    CHECK((fs::status(file).permissions() & fs::perms(0777)) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    const auto port = relay.wait_for("ready").at("metrics_port").get<std::uint16_t>();
    const auto figures = http_get(port, "/metrics");
    CHECK(figures.find("\nkith_relay_mailbox_items 0\n") != std::string::npos);
    CHECK(relay.end() == 0);
    CHECK_FALSE(fs::exists(relay.data() / "mailbox.db-wal"));

    fs::remove(file);
    relay.more({"--metrics", "127.0.0.1:0", "--mailbox", "off"});
    relay.start();
    CHECK_FALSE(fs::exists(file));
    const auto without = relay.wait_for("ready", 2).at("metrics_port").get<std::uint16_t>();
    CHECK(http_get(without, "/metrics").find("mailbox") == std::string::npos);
    CHECK(relay.end() == 0);
}

TEST_CASE("a relay does not start over a mailbox that it cannot read, and leaves it alone") {
    Relay relay;
    const auto file = relay.data() / "mailbox.db";
    CHECK(relay.end() == 0);
    const std::string damaged(20'000, 'x');
    std::ofstream(file) << damaged;
    const auto refused = run(program, relay.arguments());
    CHECK(refused.code == 1);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("mailbox.db") != std::string::npos);
    std::ostringstream found;
    found << std::ifstream(file).rdbuf();
    CHECK(found.str() == damaged);
}

TEST_CASE("how much a mailbox keeps can change while the relay runs, that it has one cannot") {
    const TemporaryFolder folder;
    const auto config = folder.path() / "r.toml";
    std::ofstream(config) << "mailbox-days = 30\n";
    Relay relay({"--config", config.string()});
    std::ofstream(config) << "mailbox = \"off\"\nmailbox-days = 7\nmailbox-total = \"1 GiB\"\n";
    relay.process().signal(SIGHUP);
    const Json line = relay.wait_for("reload");
    CHECK(line.at("applied") == Json{"mailbox-days", "mailbox-total"});
    CHECK(line.at("needs_restart") == Json{"mailbox"});
    CHECK(relay.end() == 0);
}

TEST_CASE("the log is JSON, line by line, and tells of start and end") {
    // Few clients: no system is short of descriptors for them.
    Relay relay({"--log-level", "debug", "--clients-max", "100", "--circuits-max", "100"});
    CHECK(relay.end() == 0);
    std::vector<std::string> events;
    for (const Json& line : relay.log()) {
        CHECK(line.at("time").is_string());
        CHECK(line.at("level").is_string());
        CHECK_FALSE(line.at("text").get<std::string>().empty());
        events.push_back(line.at("event"));
    }
    CHECK(events == std::vector<std::string>{"key_made", "ready", "drain", "stopped"});
}

TEST_CASE("noise on its port does not disturb a relay") {
    Relay relay;
    const auto port = relay.ready.at("port").get<std::uint16_t>();
    (void)http_get(port, "/" + std::string(100'000, 'x'));
    CHECK(relay.end() == 0);
}
