// SPDX-License-Identifier: MIT
#include "net/discovery/contact_book.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

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
    wanted_.clear();
    for (const auto& [peer, entry] : contacts_) {
        if (entry.contact.wanted) wanted_.insert(peer);
    }
}

bool ContactBook::set_wanted(const Fingerprint& peer, bool wanted) {
    const auto found = contacts_.find(peer);
    if (found == contacts_.end() || found->second.contact.wanted == wanted) return false;
    found->second.contact.wanted = wanted;
    if (wanted) {
        wanted_.insert(peer);
    } else {
        wanted_.erase(peer);
    }
    return true;
}

bool ContactBook::set_signer(const Fingerprint& peer, const crypto::SignerKey& signer) {
    const auto found = contacts_.find(peer);
    if (found == contacts_.end()) return false;
    return std::exchange(found->second.contact.signer, signer) != signer;
}

const DiscoveryContact* ContactBook::find(const Fingerprint& peer) const {
    const auto found = contacts_.find(peer);
    return found == contacts_.end() ? nullptr : &found->second.contact;
}

/// There is one.
const Fingerprint& ContactBook::wanted_after(const Fingerprint& peer) const {
    const auto next = wanted_.upper_bound(peer);
    return next == wanted_.end() ? *wanted_.begin() : *next;
}

std::vector<crypto::TagFor> ContactBook::next_tags() {
    std::vector<crypto::TagFor> tags;
    for (std::size_t i = 0; i < std::min(wanted_.size(), crypto::tags_per_datagram); ++i) {
        tagged_ = wanted_after(tagged_);
        tags.push_back({contacts_.at(tagged_).contact.key, tagged_});
    }
    return tags;
}

ContactBook::Found ContactBook::find_tag(ByteView datagram, DatagramLimits& limits, ms wall,
                                         ms now) {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const Fingerprint& peer = wanted_after(checked_);
        if (!limits.check_tag(now)) return {Verdict::over_limit, {}, 0};
        Entry& entry = contacts_.at(peer);
        const auto tag = crypto::find_tag(datagram, entry.contact.key, self_, wall.count());
        if (tag) return {judge(entry, *tag, datagram, wall), peer, tag->tcp_port};
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
