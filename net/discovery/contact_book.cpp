// SPDX-License-Identifier: MIT
#include "net/discovery/contact_book.hpp"

#include <algorithm>
#include <cstring>

namespace kith::net {

void ContactBook::replace(const std::vector<DiscoveryContact>& contacts) {
    Contacts next;
    for (const DiscoveryContact& contact : contacts) {
        Entry& entry = next[contact.peer];
        // What was heard of those who stay is not forgotten: recordings stay recordings.
        if (const auto old = contacts_.find(contact.peer);
            old != contacts_.end() && old->second.contact.key == contact.key)
            entry = std::move(old->second);
        entry.contact = contact;
    }
    contacts_ = std::move(next);
}

DiscoveryContact* ContactBook::find(const Fingerprint& peer) {
    const auto found = contacts_.find(peer);
    return found == contacts_.end() ? nullptr : &found->second.contact;
}

const DiscoveryContact* ContactBook::find(const Fingerprint& peer) const {
    const auto found = contacts_.find(peer);
    return found == contacts_.end() ? nullptr : &found->second.contact;
}

std::size_t ContactBook::wanted() const {
    const auto is_wanted = [](const auto& entry) { return entry.second.contact.wanted; };
    return static_cast<std::size_t>(std::ranges::count_if(contacts_, is_wanted));
}

ContactBook::Contacts::iterator ContactBook::after(const Fingerprint& peer) {
    const auto next = contacts_.upper_bound(peer);
    return next == contacts_.end() ? contacts_.begin() : next;
}

std::vector<crypto::TagFor> ContactBook::next_tags() {
    std::vector<crypto::TagFor> tags;
    for (std::size_t i = 0; i < contacts_.size() && tags.size() < crypto::tags_per_datagram; ++i) {
        const auto& [peer, entry] = *after(tagged_);
        tagged_ = peer;
        if (entry.contact.wanted) tags.push_back({entry.contact.key, peer});
    }
    return tags;
}

ContactBook::Found ContactBook::find_tag(ByteView datagram, DatagramLimits& limits, ms wall,
                                         ms now) {
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
        auto& [peer, entry] = *after(checked_);
        if (entry.contact.wanted) {
            if (!limits.check_tag(now)) return {Verdict::over_limit, {}, 0};
            const auto tag = crypto::find_tag(datagram, entry.contact.key, self_, wall.count());
            if (tag) return {judge(entry, *tag, datagram, wall), peer, tag->tcp_port};
        }
        checked_ = peer;
    }
    return {};
}

/// Tags have no numbers. Those of the newest minute heard count once each; older ones do not.
ContactBook::Verdict ContactBook::judge(Entry& entry, const crypto::OpenedTag& tag,
                                        ByteView datagram, ms wall) {
    if (std::chrono::abs(std::chrono::minutes(tag.sent_minute) - wall) > timing_.clock_skew_max)
        return Verdict::skewed;
    if (tag.sent_minute < entry.minute) return Verdict::replayed;
    if (tag.sent_minute > entry.minute) entry.seen.clear();
    entry.minute = tag.sent_minute;
    if (entry.seen.size() >= limits::tags_remembered) return Verdict::over_limit;
    return entry.seen.insert(datagram_name(datagram)).second ? Verdict::heard : Verdict::replayed;
}

std::uint64_t datagram_name(ByteView datagram) {
    std::uint64_t name = 0;
    std::memcpy(&name, datagram.data(), std::min(sizeof name, datagram.size()));
    return name;
}

}  // namespace kith::net
