// SPDX-License-Identifier: MIT
//
//   shared port  <- announcements of all     -> Discovery::on_datagram
//   own ports    <- answers to us alone      -> Discovery::on_datagram
//                -> announce, reply, one for each interface and family
#include "net/discovery/udp_driver.hpp"

#include <algorithm>
#include <set>

#include "net/discovery/udp_driver_socket.hpp"
#include "net/reactor_impl.hpp"
#include "net/socket_names.hpp"
#include "net/tcp_driver.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;

// Of each socket; the rest waits in the kernel while others are served.
constexpr int datagrams_per_turn = 32;
constexpr std::size_t broadcasts_max = 4;  // of one interface; each is a datagram of its own
constexpr auto longest_wait = std::chrono::milliseconds{1h};

/// Where an interface's datagrams are to come from in one family.
struct Voice {
    bool on = false;
    Bytes source;  ///< empty: the system chooses
};

/// Others connect to the address a datagram came from, so it has to be one somebody listens at.
Voice voice_of(const Interface& interface, bool v6, const std::vector<SocketAddress>& listen) {
    const std::size_t size = v6 ? 16 : 4;
    Voice voice;
    const bool has_family = std::ranges::any_of(
        interface.addresses, [&](const auto& own) { return own.address.size() == size; });
    if (!has_family) return voice;
    voice.on = listen.empty();
    for (const SocketAddress& at : listen) {
        if (at.address.size() != size) continue;
        if (is_wildcard(at)) return {true, {}};
        // Every address of 127.0.0.0/8 is one of loopback.
        const bool here = (interface.loopback && is_loopback(at)) ||
                          std::ranges::any_of(interface.addresses, [&](const auto& own) {
                              return own.address == at.address;
                          });
        if (here) voice = {true, at.address};
    }
    return voice;
}

std::string sentence(int error) {
    return std::string("Sending failed: ") + uv_strerror(uv_translate_sys_error(error)) + ".";
}

}  // namespace

struct UdpDriver::Impl {
    struct Ear {
        Ear(Impl& impl_, UdpSocket socket_, std::uint32_t interface_, bool v6_, Bytes source_)
            : impl(impl_),
              socket(std::move(socket_)),
              interface(interface_),
              v6(v6_),
              source(std::move(source_)) {}
        Impl& impl;
        UdpSocket socket;
        std::uint32_t interface;  ///< 0: the shared port
        bool v6;
        Bytes source;
        std::vector<SocketAddress> groups;  ///< where it announces
        uv_poll_t poll{};
    };
    using Ears = std::vector<std::unique_ptr<Ear>>;

    explicit Impl(Reactor& reactor) : loop(reactor.impl().loop) {
        uv_timer_init(&loop, &timer);
        timer.data = this;
    }

    Ear* add(Ears& to, UdpSocket socket, std::uint32_t interface, bool v6, Bytes source);
    void close(std::unique_ptr<Ear> ear);
    void on_readable(Ear& ear);
    [[nodiscard]] Ear* sender(std::uint32_t interface, bool v6) const;
    void update_memberships(const std::vector<Interface>& interfaces);
    void update_senders(const std::vector<Interface>& interfaces);
    void update_sender(const Interface& interface, bool v6, Ears& before);
    [[nodiscard]] std::vector<SocketAddress> groups_of(const Interface& interface, bool v6) const;
    void reschedule();
    void finish_shut_down();

    uv_loop_t& loop;
    ThreadAffinity affinity;
    SystemClock clock;
    Discovery* discovery = nullptr;
    std::uint16_t port = 0;
    std::vector<SocketAddress> listen;
    Ears receivers;
    Ears senders;
    std::size_t closing = 0;
    std::set<std::pair<std::uint32_t, bool>> joined;  ///< interface, IPv6
    uv_timer_t timer{};
    UdpSocket::Buffer buffer{};
    bool shutting_down = false;
    std::function<void()> done;
};

UdpDriver::UdpDriver(Reactor& reactor) : impl_(std::make_unique<Impl>(reactor)) {}
UdpDriver::~UdpDriver() = default;

void UdpDriver::attach(Discovery* discovery) {
    impl_->affinity.check();
    impl_->discovery = discovery;
}

// --- sockets ---

tl::expected<void, std::string> UdpDriver::open(const Options& options) {
    impl_->affinity.check();
    impl_->port = options.port;
    for (const std::string& text : options.listen) {
        const auto address = parse_numeric(text, 0);
        if (!address) return tl::unexpected("\"" + text + "\" is not a numeric address.");
        impl_->listen.push_back(*address);
    }
    int error = 0;
    for (const bool v6 : {false, true}) {
        auto socket = UdpSocket::receiver(v6, options.port);
        // A system without IPv6, or without IPv4, hears on what it has.
        if (!socket) {
            error = socket.error();
        } else {
            impl_->add(impl_->receivers, std::move(*socket), 0, v6, {});
        }
    }
    if (!impl_->receivers.empty()) return {};
    return tl::unexpected("Cannot hear who is near on UDP port " + std::to_string(options.port) +
                          ": " + uv_strerror(uv_translate_sys_error(error)) + ".");
}

UdpDriver::Impl::Ear* UdpDriver::Impl::add(Ears& to, UdpSocket socket, std::uint32_t interface,
                                           bool v6, Bytes source) {
    auto ear = std::make_unique<Ear>(*this, std::move(socket), interface, v6, std::move(source));
    if (uv_poll_init(&loop, &ear->poll, ear->socket.fd()) != 0) return nullptr;
    ear->poll.data = ear.get();
    uv_poll_start(&ear->poll, UV_READABLE, [](uv_poll_t* handle, int, int) {
        auto& ready = owner_of<Ear>(handle);
        ready.impl.on_readable(ready);
    });
    return to.emplace_back(std::move(ear)).get();
}

void UdpDriver::Impl::close(std::unique_ptr<Ear> ear) {
    ++closing;
    uv_close(as_handle(ear.release()->poll), [](uv_handle_t* handle) {
        const std::unique_ptr<Ear> closed(&owner_of<Ear>(handle));
        Impl& impl = closed->impl;
        --impl.closing;
        impl.finish_shut_down();
    });
}

void UdpDriver::Impl::on_readable(Ear& ear) {
    affinity.bind();
    for (int i = 0; i < datagrams_per_turn; ++i) {
        const auto datagram = ear.socket.receive(buffer);
        if (!datagram) break;
        // What is not wanted is read all the same, or the loop would be woken for ever.
        if (datagram->bytes.empty() || discovery == nullptr) continue;
        // Answers among instances of one machine come by loopback, whatever interface they are for.
        const auto interface = ear.interface != 0 ? ear.interface : datagram->interface;
        discovery->on_datagram(interface, datagram->from, datagram->bytes);
    }
    reschedule();
}

// --- interfaces ---

void UdpDriver::set_interfaces(const std::vector<Interface>& interfaces) {
    impl_->affinity.check();
    if (impl_->shutting_down || impl_->receivers.empty()) return;
    std::vector<Interface> used;
    for (const Interface& interface : interfaces) {
        const bool on = voice_of(interface, false, impl_->listen).on ||
                        voice_of(interface, true, impl_->listen).on;
        if (on) used.push_back(interface);
    }
    impl_->update_memberships(used);
    impl_->update_senders(used);
    if (impl_->discovery == nullptr) return;
    impl_->discovery->set_interfaces(std::move(used));
    impl_->reschedule();
}

void UdpDriver::Impl::update_memberships(const std::vector<Interface>& interfaces) {
    std::set<std::pair<std::uint32_t, bool>> wanted;
    for (const Interface& interface : interfaces) {
        for (const bool v6 : {false, true}) {
            if (voice_of(interface, v6, listen).on) wanted.emplace(interface.index, v6);
        }
    }
    for (const auto& receiver : receivers) {
        for (const auto& [interface, v6] : joined) {
            if (v6 == receiver->v6 && !wanted.contains({interface, v6}))
                receiver->socket.leave(interface);
        }
        // Each time: an interface that was gone and came back may have lost it. What fails (Linux
        // has 20 memberships for a socket) leaves broadcast, or the next time.
        for (const auto& [interface, v6] : wanted) {
            if (v6 == receiver->v6) (void)receiver->socket.join(interface);
        }
    }
    joined = std::move(wanted);
}

void UdpDriver::Impl::update_senders(const std::vector<Interface>& interfaces) {
    Ears before = std::exchange(senders, {});
    for (const Interface& interface : interfaces) {
        for (const bool v6 : {false, true}) update_sender(interface, v6, before);
    }
    for (auto& ear : before) {
        if (ear) close(std::move(ear));
    }
}

void UdpDriver::Impl::update_sender(const Interface& interface, bool v6, Ears& before) {
    Voice voice = voice_of(interface, v6, listen);
    if (!voice.on) return;
    const auto same = std::ranges::find_if(before, [&](const auto& ear) {
        return ear && ear->interface == interface.index && ear->v6 == v6 &&
               ear->source == voice.source;
    });
    Ear* ear = nullptr;
    if (same != before.end()) {
        ear = senders.emplace_back(std::move(*same)).get();
    } else if (auto socket = UdpSocket::sender(v6, interface.index)) {
        ear = add(senders, std::move(*socket), interface.index, v6, std::move(voice.source));
    }
    if (ear != nullptr) ear->groups = groups_of(interface, v6);
}

std::vector<SocketAddress> UdpDriver::Impl::groups_of(const Interface& interface, bool v6) const {
    if (v6) {
        return {{{discovery_group_v6.begin(), discovery_group_v6.end()}, port, interface.index}};
    }
    std::vector<SocketAddress> groups;
    for (const Bytes& address : interface.broadcast) {
        if (groups.size() < broadcasts_max) groups.push_back({address, port, 0});
    }
    groups.push_back({{discovery_group_v4.begin(), discovery_group_v4.end()}, port, 0});
    return groups;
}

UdpDriver::Impl::Ear* UdpDriver::Impl::sender(std::uint32_t interface, bool v6) const {
    const auto found = std::ranges::find_if(
        senders, [&](const auto& ear) { return ear->interface == interface && ear->v6 == v6; });
    return found == senders.end() ? nullptr : found->get();
}

// --- sending ---

std::optional<std::string> UdpDriver::announce(std::uint32_t interface, ByteView datagram) {
    return announce_each(interface, [&] { return Bytes(datagram.begin(), datagram.end()); });
}

std::optional<std::string> UdpDriver::announce_each(std::uint32_t interface,
                                                    const std::function<Bytes()>& fresh) {
    impl_->affinity.check();
    bool sent = false;
    int error = ENODEV;
    for (const bool v6 : {false, true}) {
        Impl::Ear* ear = impl_->sender(interface, v6);
        if (ear == nullptr) continue;
        for (const SocketAddress& group : ear->groups) {
            const int result = ear->socket.send(group, interface, ear->source, fresh());
            sent = sent || result == 0;
            if (result != 0) error = result;
        }
    }
    if (sent) return std::nullopt;
    return sentence(error);
}

void UdpDriver::reply(std::uint32_t interface, const SocketAddress& to, ByteView datagram) {
    impl_->affinity.check();
    Impl::Ear* ear = impl_->sender(interface, to.address.size() == 16);
    if (ear == nullptr) return;
    // To another instance on this machine the way is by loopback: the system finds it.
    (void)ear->socket.send(to, to.scope, ear->source, datagram);
}

// --- time ---

void UdpDriver::reschedule() {
    impl_->affinity.check();
    impl_->reschedule();
}

void UdpDriver::Impl::reschedule() {
    if (discovery == nullptr || shutting_down) return;
    const auto next = discovery->tick();
    const auto wait = std::clamp(next - clock.monotonic(), 0ms, longest_wait);
    uv_update_time(&loop);
    uv_timer_start(
        &timer,
        [](uv_timer_t* handle) {
            auto& impl = owner_of<Impl>(handle);
            impl.affinity.bind();
            impl.reschedule();
        },
        static_cast<std::uint64_t>(wait.count()), 0);
}

void UdpDriver::shut_down(std::function<void()> done) {
    impl_->affinity.check();
    impl_->shutting_down = true;
    impl_->done = std::move(done);
    for (auto& ear : std::exchange(impl_->receivers, {})) impl_->close(std::move(ear));
    for (auto& ear : std::exchange(impl_->senders, {})) impl_->close(std::move(ear));
    impl_->finish_shut_down();
}

/// The sockets first, then the timer.
void UdpDriver::Impl::finish_shut_down() {
    if (!shutting_down || closing > 0 || uv_is_closing(as_handle(timer)) != 0) return;
    uv_close(as_handle(timer), [](uv_handle_t* handle) {
        const auto finished = std::move(owner_of<Impl>(handle).done);
        if (finished) finished();
    });
}

}  // namespace kith::net
