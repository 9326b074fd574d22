// SPDX-License-Identifier: MIT
#include "tests/e2e/instance.hpp"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>

namespace kith::e2e {
namespace {

/// Events are the rule; a look without one now and then turns a missing event into a slow test
/// instead of an endless one.
constexpr int look_again_ms = 1000;

int timeout_ms(Clock::duration timeout) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count());
}

std::unique_ptr<net::LocalClient> connected(const std::string& path) {
    auto client = std::make_unique<net::LocalClient>();
    if (auto done = client->connect(path); !done) throw std::runtime_error(done.error());
    return client;
}

/// Of one message, what both sides have to agree on.
Json shared_part(const Json& m) {
    Json part;
    for (const char* name : {"message", "text", "edited", "deleted", "reply_to", "reactions"})
        part[name] = m.at(name);
    for (Json& people : part["reactions"]) std::sort(people.begin(), people.end());
    return part;
}

/// What `sender` said according to `history`, without tombstones that `other` never had.
std::vector<Json> said_by(const Instance& sender, const std::vector<Json>& history,
                          const std::vector<Json>& other) {
    std::set<std::string> known;
    for (const Json& m : other) known.insert(m.at("message"));
    std::vector<Json> said;
    for (const Json& m : history) {
        if (m.at("from") != sender.fingerprint()) continue;
        if (m.at("deleted") == true && !known.contains(m.at("message"))) continue;
        said.push_back(shared_part(m));
    }
    return said;
}

}  // namespace

std::string kith_program() { return KITH_PROGRAM; }

Instance::Instance(Options options)
    : folder_(std::make_unique<TemporaryFolder>()),
      options_(std::move(options)),
      profile_(options_.profile.empty() ? folder_->path() / "profile" : options_.profile) {
    use_password(options_.password);
    if (options_.prepare) {
        std::filesystem::create_directory(profile_);
        std::filesystem::permissions(profile_, std::filesystem::perms::owner_all);
        options_.prepare(profile_);
    }
    start();
}

void Instance::use_password(const std::string& password) {
    options_.password = password;
    if (!password.empty()) std::ofstream(folder_->path() / "password") << password << "\n";
}

Finished Instance::try_to_start(const std::vector<std::string>& more) const {
    auto words = arguments();
    words.insert(words.end(), more.begin(), more.end());
    return run(kith_program(), words);
}

std::vector<std::string> Instance::arguments() const {
    std::vector<std::string> words{"--headless", "--profile-dir", profile_.string()};
    if (options_.network.empty()) words.insert(words.end(), {"--listen", "127.0.0.1"});
    if (options_.discovery_port) {
        words.insert(words.end(), {"--discovery-port", std::to_string(*options_.discovery_port)});
    } else if (options_.network.empty()) {
        words.emplace_back("--no-discovery");
    }
    if (!std::filesystem::exists(profile_)) words.insert(words.end(), {"--name", options_.name});
    if (!options_.password.empty()) {
        words.insert(words.end(), {"--password-file", (folder_->path() / "password").string()});
    }
    words.insert(words.end(), options_.more.begin(), options_.more.end());
    return words;
}

void Instance::start_with(const std::vector<std::string>& more) {
    auto words = arguments();
    words.insert(words.end(), more.begin(), more.end());
    process_ = started(options_.network, kith_program(), words, folder_->path() / "stderr");
    const auto line = process_->read_line();
    if (!line) throw std::runtime_error("no ready line; standard error: " + process_->errors());
    ready_ = Json::parse(*line);
    const std::string path = ready_.at("control");
    commands_ = connected(path);
    events_ = connected(path);
    if (!events_->send_line(R"({"cmd":"subscribe"})")) throw std::runtime_error("cannot subscribe");
}

void Instance::kill() {
    process_->signal(SIGKILL);
    process_->wait();
    commands_.reset();
    events_.reset();
}

int Instance::quit() {
    ask({{"cmd", "quit"}});
    return process_->wait();
}

void Instance::restart() {
    kill();
    start();
}

void Instance::send(Json fields) {
    if (!fields.contains("id")) fields["id"] = ++last_id_;
    if (auto sent = commands_->send_line(fields.dump()); !sent)
        throw std::runtime_error(sent.error());
}

Json Instance::receive() {
    auto line = commands_->read_line(timeout_ms(patience));
    if (!line) throw std::runtime_error("no reply: " + line.error() + "; " + process_->errors());
    return Json::parse(*line);
}

Json Instance::request(Json fields) {
    send(std::move(fields));
    return receive();
}

Json Instance::ask(const Json& fields) {
    Json reply = request(fields);
    if (reply.value("ok", false)) return reply;
    throw std::runtime_error(options_.name + ": " + fields.dump() + " -> " + reply.dump());
}

void Instance::wait_until(const std::string& what, const std::function<bool()>& condition,
                          Clock::duration timeout) {
    const auto deadline = Clock::now() + timeout;
    while (!condition()) {
        if (Clock::now() >= deadline) {
            throw std::runtime_error(options_.name + " waited in vain: " + what + "; " +
                                     process_->errors());
        }
        // One look for all events that wait already.
        if (!events_->read_line(look_again_ms)) continue;
        while (events_->read_line(0)) {
        }
    }
}

Json Instance::wait_for_event(const std::string& what,
                              const std::function<bool(const Json&)>& wanted,
                              Clock::duration timeout) {
    const auto deadline = Clock::now() + timeout;
    while (Clock::now() < deadline) {
        const auto line = events_->read_line(look_again_ms);
        if (!line) continue;
        Json event = Json::parse(*line);
        if (event.contains("event") && wanted(event)) return event;
    }
    throw std::runtime_error(options_.name + " waited in vain for an event: " + what + "; " +
                             process_->errors());
}

Json Instance::peer(const std::string& fingerprint) {
    const Json reply = ask({{"cmd", "peers"}});
    for (const Json& entry : reply.at("peers")) {
        if (entry.at("peer") == fingerprint) return entry;
    }
    return nullptr;
}

std::vector<Json> Instance::history(const std::string& fingerprint) {
    std::vector<Json> all;
    for (;;) {
        Json fields{{"cmd", "messages"}, {"peer", fingerprint}, {"limit", 1000}};
        if (!all.empty()) fields["before"] = all.front().at("message");
        const Json reply = ask(fields);
        const Json& page = reply.at("messages");
        all.insert(all.begin(), page.begin(), page.end());
        if (page.size() < 1000) return all;
    }
}

Json Instance::message(const std::string& fingerprint, const std::string& id) {
    const Json page = ask({{"cmd", "messages"}, {"peer", fingerprint}, {"limit", 1000}});
    for (const Json& m : page.at("messages")) {
        if (m.at("message") == id) return m;
    }
    return nullptr;
}

Json Instance::wait_for_message(const std::string& fingerprint, const std::string& id,
                                const std::function<bool(const Json&)>& fits) {
    Json found;
    try {
        wait_until("message " + id, [&] {
            found = message(fingerprint, id);
            return found.is_object() && fits(found);
        });
    } catch (const std::runtime_error& vain) {
        throw std::runtime_error(std::string(vain.what()) + "; it is " + found.dump());
    }
    return found;
}

std::string Instance::say(const std::string& fingerprint, const std::string& text) {
    return ask({{"cmd", "send_text"}, {"peer", fingerprint}, {"text", text}}).at("message");
}

void wait_until_online(Instance& a, Instance& b) {
    const auto sees = [](Instance& who, Instance& whom) {
        who.wait_until("a contact is online", [&] {
            const Json entry = who.peer(whom.fingerprint());
            return entry.is_object() && entry.at("state") == "online" &&
                   entry.at("contact") == true;
        });
    };
    sees(a, b);
    sees(b, a);
}

bool agree(Instance& a, Instance& b) {
    const auto of_a = a.history(b.fingerprint()), of_b = b.history(a.fingerprint());
    return said_by(a, of_a, of_b) == said_by(a, of_b, of_a) &&
           said_by(b, of_a, of_b) == said_by(b, of_b, of_a);
}

void wait_until_agreed(Instance& a, Instance& b) {
    a.wait_until("both histories are the same", [&] { return agree(a, b); });
}

void befriend(Instance& a, Instance& b, const std::string& greeting) {
    a.ask({{"cmd", "add_contact"}, {"connection_id", b.connection_id()}, {"greeting", greeting}});
    b.wait_until("a contact request", [&] {
        const Json reply = b.ask({{"cmd", "requests"}});
        const Json& requests = reply.at("requests");
        return std::any_of(requests.begin(), requests.end(),
                           [&](const Json& r) { return r.at("peer") == a.fingerprint(); });
    });
    b.ask({{"cmd", "accept"}, {"peer", a.fingerprint()}});
    wait_until_online(a, b);
}

}  // namespace kith::e2e
