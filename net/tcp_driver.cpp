// SPDX-License-Identifier: MIT
//
//   accept, connect, read --> listener --> send() --> write queues --> kernel
//                                 ^
//   before the loop waits: flush(), tick() and one timer for the next tick
#include "net/tcp_driver.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "net/descriptor_limit.hpp"
#include "net/limits.hpp"
#include "net/socket_names.hpp"
#include "net/tcp_link.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;

constexpr int accept_queue = 1024;
constexpr int port_attempts = 32;               // another program may own the port of one family
constexpr std::size_t spare_descriptors = 256;  // files, database, window

struct Listener {
    uv_tcp_t tcp{};
};

SocketAddress bound_to(const Listener& listener) {
    sockaddr_storage name{};
    int size = sizeof name;
    if (uv_tcp_getsockname(&listener.tcp, reinterpret_cast<sockaddr*>(&name), &size) != 0)
        return {};
    return from_sockaddr(as_sockaddr(name));
}

std::string sentence(const SocketAddress& address, int status) {
    return "Cannot listen on " + to_string(address) + ": " + uv_strerror(status) + ".";
}

}  // namespace

struct TcpDriver::Impl final : TcpLink::Host {
    explicit Impl(Reactor& reactor_);

    // TcpLink::Host
    void on_link_up(TcpLink& link) override;
    void on_link_data(TcpLink& link, ByteView bytes) override;
    void on_link_writable(TcpLink& link) override;
    void on_link_broken(TcpLink& link, Ending::Reason reason) override;
    void on_link_closed(TcpLink& link) override;
    uv_buf_t read_buffer() override;

    tl::expected<std::uint16_t, std::string> listen_on(std::vector<SocketAddress> wanted,
                                                       bool all_needed);
    int add_listener(const SocketAddress& address);
    void close_listeners();
    void close_listener(std::unique_ptr<Listener> listener);
    void on_connection(uv_stream_t* listener, int status);
    TcpLink& add_link();
    LinkId dial(TcpLink& link, int bound, const SocketAddress& to);
    [[nodiscard]] TcpLink* find(LinkId id) const;
    void before_wait();
    void accept_waiting();
    void report_failed_dials();
    void cut_lingering(std::uint64_t now);
    void arm_timer(std::chrono::milliseconds next);
    void finish_shut_down();

    uv_loop_t& loop;
    SystemClock clock;
    ThreadAffinity affinity;
    LinkListener* upper = nullptr;
    uv_prepare_t prepare{};
    uv_timer_t timer{};
    int own_handles = 2;  // prepare and timer, until they are closed
    std::vector<std::unique_ptr<Listener>> listeners;
    std::vector<std::unique_ptr<Listener>> closing_listeners;
    std::unordered_map<LinkId, std::unique_ptr<TcpLink>> links;
    std::vector<LinkId> lingering;
    std::vector<std::pair<LinkId, Ending::Reason>> failed_dials;
    LinkId last_link = 0;
    int accepted_this_turn = 0;
    std::vector<uv_stream_t*> waiting_listeners;
    std::function<void()> shut_down_done;
    bool shutting_down = false;
    std::vector<char> buffer;
};

// --- links ---

TcpDriver::Impl::Impl(Reactor& reactor_) : loop(reactor_.impl().loop), buffer(limits::read_buffer) {
    uv_prepare_init(&loop, &prepare);
    uv_timer_init(&loop, &timer);
    prepare.data = this;
    timer.data = this;
    uv_prepare_start(&prepare, [](uv_prepare_t* handle) { owner_of<Impl>(handle).before_wait(); });
}

TcpLink& TcpDriver::Impl::add_link() {
    auto link = std::make_unique<TcpLink>(*this, loop, ++last_link);
    TcpLink& added = *link;
    links.emplace(last_link, std::move(link));
    return added;
}

TcpLink* TcpDriver::Impl::find(LinkId id) const {
    const auto found = links.find(id);
    const bool usable = found != links.end() && !found->second->closed();
    return usable ? found->second.get() : nullptr;
}

uv_buf_t TcpDriver::Impl::read_buffer() {
    return uv_buf_init(buffer.data(), static_cast<unsigned>(buffer.size()));
}

void TcpDriver::Impl::on_link_up(TcpLink& link) {
    if (!link.finishing()) upper->on_dialled(link.id());
}

void TcpDriver::Impl::on_link_data(TcpLink& link, ByteView bytes) {
    upper->on_data(link.id(), bytes);
}

void TcpDriver::Impl::on_link_writable(TcpLink& link) { upper->on_writable(link.id()); }

void TcpDriver::Impl::on_link_broken(TcpLink& link, Ending::Reason reason) {
    if (!link.finishing()) upper->on_closed(link.id(), reason);
}

void TcpDriver::Impl::on_link_closed(TcpLink& link) {
    links.erase(link.id());
    finish_shut_down();
}

LinkId TcpDriver::Impl::dial(TcpLink& link, int bound, const SocketAddress& to) {
    const int status = bound != 0 ? bound : link.connect(to);
    // The caller hears of it like of every other failure: later.
    if (status != 0) failed_dials.emplace_back(link.id(), reason_of(status));
    return link.id();
}

LinkId TcpDriver::dial(const SocketAddress& to) {
    impl_->affinity.check();
    return impl_->dial(impl_->add_link(), 0, to);
}

LinkId TcpDriver::dial_shared(const SocketAddress& to) {
    impl_->affinity.check();
    TcpLink& link = impl_->add_link();
    return impl_->dial(link, link.bind_shared({Bytes(to.address.size()), 0, 0}), to);
}

LinkId TcpDriver::dial_beside(LinkId beside, const SocketAddress& to) {
    impl_->affinity.check();
    const TcpLink* other = impl_->find(beside);
    const auto local = other != nullptr ? other->local() : SocketAddress{};
    TcpLink& link = impl_->add_link();
    const bool possible = !local.address.empty() && local.address.size() == to.address.size();
    return impl_->dial(link, possible ? link.bind_shared(local) : UV_EADDRNOTAVAIL, to);
}

void TcpDriver::send(LinkId id, Bytes bytes) {
    impl_->affinity.check();
    if (TcpLink* link = impl_->find(id)) link->send(std::move(bytes));
}

std::size_t TcpDriver::backlog(LinkId id) const {
    const TcpLink* link = impl_->find(id);
    return link == nullptr ? 0 : link->backlog();
}

void TcpDriver::set_reading(LinkId id, bool reading) {
    impl_->affinity.check();
    if (TcpLink* link = impl_->find(id)) link->set_reading(reading);
}

void TcpDriver::close(LinkId id, bool now) {
    impl_->affinity.check();
    TcpLink* link = impl_->find(id);
    if (link == nullptr) return;
    std::erase_if(impl_->failed_dials, [id](const auto& failed) { return failed.first == id; });
    if (now) return link->close();
    const auto linger = std::chrono::milliseconds{limits::close_linger};
    link->finish(uv_now(&impl_->loop) + static_cast<std::uint64_t>(linger.count()));
    if (!link->closed()) impl_->lingering.push_back(id);
}

std::optional<int> TcpDriver::detach(LinkId id) {
    impl_->affinity.check();
    TcpLink* link = impl_->find(id);
    if (link == nullptr || link->backlog() != 0) return std::nullopt;
    const int file = link->duplicate();
    if (file < 0) return std::nullopt;
    link->close();
    return file;
}

// --- listeners ---

tl::expected<std::uint16_t, std::string> TcpDriver::listen(const ListenOptions& options) {
    impl_->affinity.check();
    raise_descriptor_limit(limits::links_total + spare_descriptors);
    std::vector<SocketAddress> wanted;
    for (const std::string& text : options.addresses) {
        const auto address = parse_numeric(text, options.port);
        if (!address) return tl::unexpected("\"" + text + "\" is not a numeric address.");
        wanted.push_back(*address);
    }
    const bool all_needed = !wanted.empty();
    if (wanted.empty()) {
        wanted.push_back({Bytes(16, 0), options.port, 0});
        wanted.push_back({Bytes(4, 0), options.port, 0});
    }
    return impl_->listen_on(std::move(wanted), all_needed);
}

tl::expected<std::uint16_t, std::string> TcpDriver::Impl::listen_on(
    std::vector<SocketAddress> wanted, bool all_needed) {
    const bool any_port = wanted.front().port == 0;
    std::string error;
    for (int attempt = 0; attempt < (any_port ? port_attempts : 1); ++attempt) {
        std::uint16_t port = wanted.front().port;
        bool again = false;
        error.clear();
        for (SocketAddress address : wanted) {
            if (any_port) address.port = port;
            const int status = add_listener(address);
            if (status == 0 && port == 0) port = bound_to(*listeners.back()).port;
            if (status == 0) continue;
            again = any_port && status == UV_EADDRINUSE;
            // A system without IPv6, or without IPv4, listens on what it has.
            if (all_needed || status == UV_EADDRINUSE) error = sentence(address, status);
            if (again) break;
        }
        if (error.empty() && !listeners.empty()) return port;
        close_listeners();
        if (!again) break;
    }
    return tl::unexpected(error.empty() ? "No network to listen on." : error);
}

int TcpDriver::Impl::add_listener(const SocketAddress& address) {
    auto listener = std::make_unique<Listener>();
    uv_tcp_init(&loop, &listener->tcp);
    listener->tcp.data = this;
    const auto name = to_sockaddr(address);
    // Each family has its own socket: mixed ones behave differently from system to system.
    const unsigned flags = address.address.size() == 16 ? UV_TCP_IPV6ONLY : 0;
    int status = uv_tcp_bind(&listener->tcp, as_sockaddr(name), flags);
    if (status == 0) {
        status = uv_listen(as_stream(listener->tcp), accept_queue,
                           [](uv_stream_t* stream, int accept_status) {
                               owner_of<Impl>(stream).on_connection(stream, accept_status);
                           });
    }
    if (status == 0) {
        listeners.push_back(std::move(listener));
    } else {
        close_listener(std::move(listener));
    }
    return status;
}

void TcpDriver::Impl::close_listeners() {
    for (auto& listener : std::exchange(listeners, {})) close_listener(std::move(listener));
}

void TcpDriver::Impl::close_listener(std::unique_ptr<Listener> listener) {
    std::erase(waiting_listeners, as_stream(listener->tcp));
    closing_listeners.push_back(std::move(listener));
    uv_close(as_handle(closing_listeners.back()->tcp), [](uv_handle_t* handle) {
        auto& impl = owner_of<Impl>(handle);
        std::erase_if(impl.closing_listeners,
                      [&](const auto& closing) { return as_handle(closing->tcp) == handle; });
        impl.finish_shut_down();
    });
}

void TcpDriver::Impl::on_connection(uv_stream_t* listener, int status) {
    // Without descriptors libuv closes what waits with its spare one; we make room for the next.
    if (status != 0) return upper->on_accept_failed();
    if (accepted_this_turn >= limits::accepts_per_turn) {
        // Until uv_accept() is called, libuv waits with this listener. What has arrived on other
        // links is read first: a contact's first message must not drown in a flood of accepts.
        waiting_listeners.push_back(listener);
        return;
    }
    ++accepted_this_turn;
    TcpLink& link = add_link();
    if (link.accept_from(listener) != 0) return link.close();
    const LinkId id = link.id();
    upper->on_accepted(id, link.remote());
    if (TcpLink* accepted = find(id)) accepted->start_reading();
}

std::vector<SocketAddress> TcpDriver::listening() const {
    std::vector<SocketAddress> result;
    for (const auto& listener : impl_->listeners) result.push_back(bound_to(*listener));
    return result;
}

std::vector<SocketAddress> TcpDriver::reachable_addresses() const {
    std::vector<SocketAddress> result;
    for (const SocketAddress& listener : listening()) {
        if (!is_wildcard(listener)) {
            result.push_back(listener);
            continue;
        }
        const auto expanded = interface_addresses(listener.address.size() == 16, listener.port);
        result.insert(result.end(), expanded.begin(), expanded.end());
    }
    const auto bound = listening();
    const auto expanded_loopback = [&](const SocketAddress& address) {
        return is_loopback(address) &&
               std::find(bound.begin(), bound.end(), address) == bound.end();
    };
    // One family may have an address of the network where the other has loopback only.
    if (!std::all_of(result.begin(), result.end(), expanded_loopback)) {
        std::erase_if(result, expanded_loopback);
    }
    return result;
}

// --- time ---

void TcpDriver::Impl::before_wait() {
    affinity.bind();
    accept_waiting();
    report_failed_dials();
    cut_lingering(uv_now(&loop));
    if (upper == nullptr) return;
    upper->flush();
    auto next = upper->tick();
    if (!failed_dials.empty()) next = clock.monotonic();
    arm_timer(next);
}

void TcpDriver::Impl::accept_waiting() {
    accepted_this_turn = 0;
    for (uv_stream_t* listener : std::exchange(waiting_listeners, {})) on_connection(listener, 0);
}

void TcpDriver::Impl::report_failed_dials() {
    for (const auto& [id, reason] : std::exchange(failed_dials, {})) {
        TcpLink* link = find(id);
        if (link == nullptr) continue;
        link->close();
        if (upper != nullptr) upper->on_closed(id, reason);
    }
}

void TcpDriver::Impl::cut_lingering(std::uint64_t now) {
    std::erase_if(lingering, [&](LinkId id) {
        TcpLink* link = find(id);
        if (link != nullptr && link->deadline() > now) return false;
        if (link != nullptr) link->close();
        return true;
    });
}

void TcpDriver::Impl::arm_timer(std::chrono::milliseconds next) {
    auto wait = std::max(next - clock.monotonic(), 0ms);
    if (!lingering.empty()) wait = std::min(wait, std::chrono::milliseconds{limits::close_linger});
    wait = std::min(wait, std::chrono::milliseconds{24h});
    uv_timer_start(
        &timer, [](uv_timer_t*) {}, static_cast<std::uint64_t>(wait.count()), 0);
}

// --- the whole ---

TcpDriver::TcpDriver(Reactor& reactor) : impl_(std::make_unique<Impl>(reactor)) {}
TcpDriver::~TcpDriver() = default;

void TcpDriver::attach(LinkListener* listener) {
    impl_->affinity.check();
    impl_->upper = listener;
}

void TcpDriver::shut_down(std::function<void()> done) {
    impl_->affinity.check();
    impl_->shutting_down = true;
    impl_->shut_down_done = std::move(done);
    impl_->close_listeners();
    for (const auto& [id, link] : impl_->links) {
        if (!link->finishing()) link->close();
    }
    impl_->finish_shut_down();
}

/// Handles go in this order: listeners, links (those that linger in their own time), then prepare
/// and timer, which end the lingering.
void TcpDriver::Impl::finish_shut_down() {
    if (!shutting_down || !closing_listeners.empty() || !links.empty() || own_handles == 0) return;
    if (uv_is_closing(as_handle(timer)) != 0) return;
    const auto closed = [](uv_handle_t* handle) {
        auto& impl = owner_of<Impl>(handle);
        if (--impl.own_handles > 0) return;
        const auto done = std::move(impl.shut_down_done);
        if (done) done();
    };
    uv_close(as_handle(timer), closed);
    uv_close(as_handle(prepare), closed);
}

}  // namespace kith::net
