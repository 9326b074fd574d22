// SPDX-License-Identifier: MIT
#include "net/discovery/discovery.hpp"

#include <algorithm>

#include "net/discovery/discovery_impl.hpp"
#include "net/socket_names.hpp"

namespace kith::net {
namespace {

std::string without_port(const SocketAddress& address) {
    std::string text = to_string(address);
    text.resize(text.rfind(':'));
    if (text.starts_with('[')) text = text.substr(1, text.size() - 2);
    return text;
}

/// At most so many bytes, whole characters.
std::string shortened(std::string name) {
    std::size_t size = std::min(name.size(), crypto::beacon_name_max);
    const auto continues = [&](std::size_t at) {
        return at < name.size() && (static_cast<unsigned char>(name[at]) & 0xC0) == 0x80;
    };
    while (size > 0 && continues(size)) --size;
    name.resize(size);
    return name;
}

}  // namespace

Discovery::Impl::Impl(const Fingerprint& self_, const crypto::SigningKey& signing_,
                      std::uint64_t boot_, const Ports& ports_, const DiscoveryTiming& timing_)
    : fingerprint(self_),
      signing(signing_),
      boot(boot_),
      ports(ports_),
      timing(timing_),
      contacts(fingerprint, timing),
      people(timing,
             [this](const Fingerprint& peer) {
                 const DiscoveryContact* contact = contacts.find(peer);
                 if (contact == nullptr) return People::Contact::no;
                 return contact->wanted ? People::Contact::wanted : People::Contact::resting;
             }),
      replays(net::limits::remembered_max, 2 * timing.clock_skew_max),
      limits(ports.clock.monotonic()),
      schedule(timing, ports.random) {}

/// Somebody else used their name.
void Discovery::Impl::drop_other_signers(const Fingerprint& peer, const crypto::SignerKey& signer) {
    const crypto::SignerKey* listed = people.signer(peer);
    if (listed != nullptr && *listed != signer) people.left(peer);
}

void Discovery::Impl::tell() {
    if (std::exchange(telling, true)) return;  // the listener called us: the outer call goes on
    DiscoveryListener& listener = ports.listener;
    const auto tell_one = [&](const PeopleEvent& event) {
        if (const auto* person = std::get_if<NearbyPerson>(&event)) listener.on_nearby(*person);
        if (const auto* gone = std::get_if<PersonGone>(&event)) listener.on_nearby_gone(gone->peer);
        if (const auto* near = std::get_if<ContactNear>(&event))
            listener.on_contact_near(near->peer, near->addresses);
        if (const auto* far = std::get_if<ContactFar>(&event)) listener.on_contact_far(far->peer);
    };
    for (auto events = people.take_events(); !events.empty(); events = people.take_events())
        std::ranges::for_each(events, tell_one);
    telling = false;
}

Discovery::Discovery(const Fingerprint& self, const crypto::SigningKey& signing, std::uint64_t boot,
                     const Ports& ports, const DiscoveryTiming& timing)
    : impl_(std::make_unique<Impl>(self, signing, boot, ports, timing)) {}
Discovery::~Discovery() = default;

void Discovery::set_self(Self self) {
    self.name = shortened(std::move(self.name));
    if (self == impl_->self) return;
    impl_->self = std::move(self);
    impl_->restart();
}

void Discovery::set_team(const std::optional<crypto::TeamKey>& team) {
    if (team == impl_->team) return;
    impl_->say_goodbye();
    impl_->team = team;
    impl_->answers.clear();
    impl_->people.team_changed();
    impl_->restart();
    impl_->tell();
}

void Discovery::set_visible(bool visible) {
    if (visible == impl_->visible) return;
    if (!visible) impl_->say_goodbye();
    impl_->visible = visible;
    impl_->answers.clear();
    impl_->restart();
}

void Discovery::set_contacts(std::vector<DiscoveryContact> contacts) {
    const std::size_t wanted = impl_->contacts.wanted();
    impl_->contacts.replace(contacts);
    for (const DiscoveryContact& contact : contacts) {
        if (contact.signer) impl_->drop_other_signers(contact.peer, *contact.signer);
    }
    impl_->people.contacts_changed(impl_->now());
    if (impl_->uses_tags() && impl_->contacts.wanted() > wanted)
        impl_->schedule.hurry(impl_->now());
    impl_->tell();
}

void Discovery::set_wanted(const Fingerprint& contact, bool wanted) {
    if (!impl_->contacts.set_wanted(contact, wanted)) return;
    impl_->people.contacts_changed(impl_->now());
    if (wanted && impl_->uses_tags()) impl_->schedule.hurry(impl_->now());
    impl_->tell();
}

void Discovery::set_signer(const Fingerprint& contact, const crypto::SignerKey& signer) {
    if (!impl_->contacts.set_signer(contact, signer)) return;
    impl_->drop_other_signers(contact, signer);
    impl_->tell();
}

std::vector<NearbyPerson> Discovery::nearby() const { return impl_->people.nearby(); }

std::vector<DiscoveryInterfaceStatus> Discovery::interfaces() const {
    std::vector<DiscoveryInterfaceStatus> out;
    for (const auto& [index, line] : impl_->lines) {
        out.push_back(line.status);
        if (line.last_heard) out.back().last_heard_ago = impl_->now() - *line.last_heard;
    }
    return out;
}

const DiscoveryStats& Discovery::stats() const { return impl_->stats; }

void Discovery::set_interfaces(std::vector<Interface> interfaces) {
    std::map<std::uint32_t, Impl::Line> next;
    bool changed = interfaces.size() != impl_->lines.size();
    for (Interface& interface : interfaces) {
        const auto old = impl_->lines.find(interface.index);
        const bool stays =
            old != impl_->lines.end() && old->second.interface.name == interface.name;
        Impl::Line line = stays ? std::move(old->second) : Impl::Line{};
        changed = changed || line.interface != interface;
        line.status.name = interface.name;
        line.status.addresses.clear();
        for (const SocketAddress& address : interface.addresses)
            line.status.addresses.push_back(without_port(address));
        line.interface = std::move(interface);
        next.insert_or_assign(line.interface.index, std::move(line));
    }
    for (const auto& [index, line] : std::exchange(impl_->lines, std::move(next))) {
        if (!impl_->lines.contains(index)) impl_->people.interface_gone(index);
    }
    if (changed) impl_->restart();
    impl_->tell();
}

void Discovery::on_datagram(std::uint32_t interface, const SocketAddress& from, ByteView datagram) {
    const auto line = impl_->lines.find(interface);
    if (impl_->stopped || line == impl_->lines.end()) return;
    impl_->receive(line->second, from, datagram);
    impl_->tell();
}

void Discovery::network_changed() { impl_->restart(); }

std::chrono::milliseconds Discovery::tick() {
    const auto now = impl_->now();
    if (impl_->can_announce() && now >= impl_->schedule.next()) impl_->announce();
    impl_->send_answers();
    auto next = std::min(now + impl_->timing.interval_max, impl_->people.tick(now));
    impl_->tell();
    if (impl_->can_announce()) next = std::min(next, impl_->schedule.next());
    for (const Impl::Answer& answer : impl_->answers) next = std::min(next, answer.due);
    return next;
}

void Discovery::stop() {
    impl_->say_goodbye();
    impl_->stopped = true;
}

}  // namespace kith::net
