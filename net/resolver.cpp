// SPDX-License-Identifier: MIT
//
//   resolve()  -> a thread for each look-up -> Mailbox -> deliver(), woken by the reactor -> done
#include "net/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "net/socket_names.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

constexpr std::size_t name_max = 255;        // RFC 1035, and room for a scope
constexpr std::size_t addresses_found = 16;  // as many as are dialled

std::string sentence(int status, const std::string& host) {
    switch (status) {
        case EAI_NONAME:
#ifdef EAI_NODATA
        case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
        case EAI_ADDRFAMILY:
#endif
            return "There is no host called \"" + host + "\".";
        case EAI_AGAIN:
            return "\"" + host + "\" could not be looked up: no name server answers.";
        default:
            return "\"" + host + "\" could not be looked up: " + ::gai_strerror(status) + ".";
    }
}

/// "[::1]" as people copy it from somewhere else.
std::string without_brackets(const std::string& host) {
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return bracketed ? host.substr(1, host.size() - 2) : host;
}

bool is_sane(const std::string& host) {
    return !host.empty() && host.size() <= name_max && host.find('\0') == std::string::npos;
}

std::vector<SocketAddress> addresses_in(const addrinfo* found) {
    std::vector<SocketAddress> result;
    for (; found != nullptr && result.size() < addresses_found; found = found->ai_next) {
        SocketAddress address = from_sockaddr(found->ai_addr);
        address.port = 0;
        if (address.address.empty() || std::ranges::find(result, address) != result.end()) continue;
        result.push_back(std::move(address));
    }
    return result;
}

Resolver::Found ask_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (status != 0) return tl::unexpected(sentence(status, host));
    auto addresses = addresses_in(found);
    ::freeaddrinfo(found);
    if (addresses.empty()) return tl::unexpected(sentence(EAI_NONAME, host));
    return addresses;
}

using Ticket = std::uint64_t;
struct Answer {
    Ticket ticket = 0;
    Resolver::Found found;
};

/// Where look-ups leave what they found; lives as long as the last of them. Any thread.
class Mailbox {
public:
    explicit Mailbox(Reactor& reactor) : reactor_(&reactor) {}
    void put(Answer answer) {
        const std::lock_guard lock(mutex_);
        if (reactor_ == nullptr) return;
        answers_.push_back(std::move(answer));
        reactor_->wake();
    }
    [[nodiscard]] std::vector<Answer> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(answers_, {});
    }
    void close() {
        const std::lock_guard lock(mutex_);
        reactor_ = nullptr;
        answers_.clear();
    }

private:
    std::mutex mutex_;
    Reactor* reactor_;  ///< null: nobody comes for answers any more
    std::vector<Answer> answers_;
};

}  // namespace

struct Resolver::Impl {
    struct Query {
        std::uint16_t port = 0;
        std::function<void(Found)> done;
    };

    Impl(Reactor& reactor_, LookUp look_up_)
        : reactor(reactor_),
          look_up(std::move(look_up_)),
          mailbox(std::make_shared<Mailbox>(reactor)),
          handler(reactor.add_wake_handler([this] { deliver(); })) {}

    void start(Ticket ticket, const std::string& host) const;
    void fail(Ticket ticket, std::string words) const;
    void deliver();

    Reactor& reactor;
    ThreadAffinity affinity;
    const LookUp look_up;
    const std::shared_ptr<Mailbox> mailbox;
    const Reactor::HandlerId handler;
    std::map<Ticket, Query> queries;
    Ticket last_ticket = 0;
    bool shutting_down = false;
};

Resolver::Resolver(Reactor& reactor) : Resolver(reactor, ask_system) {}
Resolver::Resolver(Reactor& reactor, LookUp look_up)
    : impl_(std::make_unique<Impl>(reactor, std::move(look_up))) {}
Resolver::~Resolver() { shut_down(); }

void Resolver::resolve(const std::string& host, std::uint16_t port,
                       std::function<void(Found)> done) {
    impl_->affinity.check();
    if (impl_->shutting_down) return;
    const bool full = impl_->queries.size() >= at_once_max;
    const Ticket ticket = ++impl_->last_ticket;
    impl_->queries.emplace(ticket, Impl::Query{port, std::move(done)});
    if (full) return impl_->fail(ticket, "Too many names are being looked up at once; try again.");
    const std::string name = without_brackets(host);
    if (!is_sane(name)) return impl_->fail(ticket, "That is not the name of a host.");
    impl_->start(ticket, name);
}

void Resolver::Impl::start(Ticket ticket, const std::string& host) const {
    try {
        std::thread([ticket, host, ask = look_up, to = mailbox] {
            to->put({ticket, ask(host)});
        }).detach();
    } catch (const std::system_error&) {
        fail(ticket, "\"" + host + "\" could not be looked up: the system is out of threads.");
    }
}

/// Later, like every answer.
void Resolver::Impl::fail(Ticket ticket, std::string words) const {
    mailbox->put({ticket, tl::unexpected(std::move(words))});
}

void Resolver::Impl::deliver() {
    for (Answer& answer : mailbox->take()) {
        auto query = queries.extract(answer.ticket);
        if (query.empty()) continue;  // shut down by the one before
        if (answer.found)
            for (SocketAddress& address : *answer.found) address.port = query.mapped().port;
        query.mapped().done(std::move(answer.found));
    }
}

void Resolver::shut_down() {
    impl_->affinity.check();
    if (std::exchange(impl_->shutting_down, true)) return;
    impl_->mailbox->close();
    impl_->reactor.remove_wake_handler(impl_->handler);
    impl_->queries.clear();
}

}  // namespace kith::net
