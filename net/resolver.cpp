// SPDX-License-Identifier: MIT
#include "net/resolver.hpp"

#include <algorithm>
#include <cstring>
#include <list>

#include "net/reactor_impl.hpp"
#include "net/socket_names.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

constexpr std::size_t name_max = 255;        // RFC 1035, and room for a scope
constexpr std::size_t addresses_found = 16;  // as many as are dialled

std::string sentence(int status, const std::string& host) {
    switch (status) {
        case UV_EAI_NONAME:
        case UV_EAI_NODATA:
        case UV_EAI_ADDRFAMILY:
            return "There is no host called \"" + host + "\".";
        case UV_EAI_AGAIN:
            return "\"" + host + "\" could not be looked up: no name server answers.";
        default:
            return "\"" + host + "\" could not be looked up: " + uv_strerror(status) + ".";
    }
}

/// "[::1]" as people copy it from somewhere else.
std::string without_brackets(const std::string& host) {
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return bracketed ? host.substr(1, host.size() - 2) : host;
}

std::vector<SocketAddress> addresses_of(const addrinfo* found, std::uint16_t port) {
    std::vector<SocketAddress> result;
    for (; found != nullptr && result.size() < addresses_found; found = found->ai_next) {
        SocketAddress address = from_sockaddr(found->ai_addr);
        address.port = port;
        if (address.address.empty() || std::ranges::find(result, address) != result.end()) continue;
        result.push_back(std::move(address));
    }
    return result;
}

}  // namespace

struct Resolver::Impl {
    struct Query {
        uv_getaddrinfo_t request{};
        Impl* impl = nullptr;
        std::string host;
        std::uint16_t port = 0;
        std::function<void(Found)> done;
        std::optional<Found> failed;  ///< known before the system was asked
    };

    explicit Impl(Reactor& reactor_) : loop(reactor_.impl().loop) {
        uv_timer_init(&loop, &timer);
        timer.data = this;
    }

    void on_found(Query& query, int status, addrinfo* found);
    void fail_later(Query& query, std::string words);
    void report_failed();
    void finish_shut_down();

    uv_loop_t& loop;
    ThreadAffinity affinity;
    uv_timer_t timer{};  ///< for what failed at once
    std::list<Query> queries;
    std::function<void()> shut_down_done;
    bool shutting_down = false;
};

Resolver::Resolver(Reactor& reactor) : impl_(std::make_unique<Impl>(reactor)) {}
Resolver::~Resolver() = default;

void Resolver::resolve(const std::string& host, std::uint16_t port,
                       std::function<void(Found)> done) {
    impl_->affinity.check();
    if (impl_->shutting_down) return;
    const bool full = impl_->queries.size() >= at_once_max;
    auto& query = impl_->queries.emplace_back();
    query.impl = impl_.get();
    query.request.data = &query;
    query.host = without_brackets(host);
    query.port = port;
    query.done = std::move(done);
    if (full)
        return impl_->fail_later(query, "Too many names are being looked up at once; try again.");
    const bool sane = !query.host.empty() && query.host.size() <= name_max &&
                      query.host.find('\0') == std::string::npos;
    if (!sane) return impl_->fail_later(query, "That is not the name of a host.");
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    const int status = uv_getaddrinfo(
        &impl_->loop, &query.request,
        [](uv_getaddrinfo_t* request, int result, addrinfo* found) {
            auto& asked = owner_of<Impl::Query>(request);
            asked.impl->on_found(asked, result, found);
        },
        query.host.c_str(), nullptr, &hints);
    if (status != 0) impl_->fail_later(query, sentence(status, query.host));
}

void Resolver::Impl::on_found(Query& query, int status, addrinfo* found) {
    Found result = addresses_of(found, query.port);
    uv_freeaddrinfo(found);
    if (status == 0 && result->empty()) status = UV_EAI_NONAME;
    if (status != 0) result = tl::unexpected(sentence(status, query.host));
    const auto done = std::move(query.done);
    queries.remove_if([&](const Query& other) { return &other == &query; });
    if (shutting_down) return finish_shut_down();
    done(std::move(result));
}

void Resolver::Impl::fail_later(Query& query, std::string words) {
    query.failed = tl::unexpected(std::move(words));
    uv_timer_start(
        &timer, [](uv_timer_t* handle) { owner_of<Impl>(handle).report_failed(); }, 0, 0);
}

void Resolver::Impl::report_failed() {
    std::list<Query> failed;
    for (auto at = queries.begin(); at != queries.end();) {
        const auto query = at++;
        if (query->failed) failed.splice(failed.end(), queries, query);
    }
    for (Query& query : failed) {
        if (!shutting_down) query.done(std::move(*query.failed));
    }
}

void Resolver::shut_down(std::function<void()> done) {
    impl_->affinity.check();
    impl_->shutting_down = true;
    impl_->shut_down_done = std::move(done);
    impl_->queries.remove_if([](const Impl::Query& query) { return query.failed.has_value(); });
    // One that runs cannot be cancelled; its answer is awaited.
    for (Impl::Query& query : impl_->queries)
        (void)uv_cancel(reinterpret_cast<uv_req_t*>(&query.request));
    impl_->finish_shut_down();
}

void Resolver::Impl::finish_shut_down() {
    if (!queries.empty()) return;
    uv_close(as_handle(timer), [](uv_handle_t* handle) {
        const auto done = std::move(owner_of<Impl>(handle).shut_down_done);
        if (done) done();
    });
}

}  // namespace kith::net
