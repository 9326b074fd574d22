// SPDX-License-Identifier: MIT
#include "app/node/reachability.hpp"

#include <algorithm>

#include "app/node/addresses.hpp"

namespace kith::node {
namespace {

using crypto::Bytes;
using crypto::Candidate;
using crypto::CandidateKind;
using model::Outside;
using net::MappingStatus;

/// What most contacts say; of equals the lowest, so that it does not flutter.
std::optional<Bytes> believed(const std::map<model::PeerId, Bytes>& observed) {
    std::map<Bytes, std::size_t> votes;
    for (const auto& [peer, address] : observed) {
        if (is_global(address)) ++votes[address];
    }
    const auto most =
        std::max_element(votes.begin(), votes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == votes.end()) return std::nullopt;
    return most->first;
}

/// Where the router's port is; nothing when that is unknown or another router stands behind it.
std::optional<net::SocketAddress> mapped_at(const ReachFacts& facts) {
    const auto& mapping = facts.mapping.mapping;
    if (facts.mapping.state != MappingStatus::State::mapped || !mapping) return std::nullopt;
    net::SocketAddress at = mapping->external;
    if (at.address.empty() && facts.mapping.public_address)
        at.address = *facts.mapping.public_address;
    if (at.address.empty()) at.address = believed(facts.observed).value_or(Bytes{});
    if (!is_global(at.address) || at.port == 0) return std::nullopt;
    return at;
}

/// The address of the router's other side, if that is in a private network as well.
std::optional<Bytes> second_nat(const ReachFacts& facts) {
    std::optional<Bytes> outer = facts.mapping.public_address;
    if (facts.mapping.mapping && !facts.mapping.mapping->external.address.empty())
        outer = facts.mapping.mapping->external.address;
    if (!outer || outer->empty() || is_global(*outer)) return std::nullopt;
    return outer;
}

const Bytes* own_global(const ReachFacts& facts, std::size_t size) {
    for (const auto& own : facts.own) {
        if (own.address.size() == size && is_global(own.address)) return &own.address;
    }
    return nullptr;
}

// --- candidates ---

/// Where a candidate stands: what works at once and costs nobody a detour comes first.
int rank(const Candidate& candidate) {
    switch (candidate.kind) {
        case CandidateKind::lan:
            return 0;
        case CandidateKind::public_address:
            return candidate.address.size() == 4 ? 2 : 3;
        case CandidateKind::mapped:
            return 1;
        case CandidateKind::loopback:
            return 4;
        case CandidateKind::relay:
            break;
    }
    return 5;
}

/// At most `most`.
std::vector<Candidate> direct_candidates(const ReachFacts& facts, std::size_t most) {
    std::vector<Candidate> all;
    const auto add = [&all](CandidateKind kind, const net::SocketAddress& at) {
        const bool usable =
            at.scope == 0 && at.port != 0 && (at.address.size() == 4 || at.address.size() == 16);
        const bool known = std::any_of(all.begin(), all.end(), [&](const Candidate& c) {
            return c.address == at.address && c.port == at.port;
        });
        if (usable && !known) all.push_back({kind, at.address, at.port});
    };
    for (const auto& own : facts.own) add(kind_of(own.address), own);
    for (const auto& at : facts.manual_found) add(CandidateKind::mapped, at);
    if (const auto at = mapped_at(facts)) add(CandidateKind::mapped, *at);
    const auto loopback = [](const Candidate& c) { return c.kind == CandidateKind::loopback; };
    if (!std::all_of(all.begin(), all.end(), loopback)) std::erase_if(all, loopback);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return rank(a) < rank(b); });
    // Many local addresses must not push out the ones that work from everywhere.
    constexpr std::size_t local_max = crypto::candidates_max / 2;
    const auto far =
        std::find_if(all.begin(), all.end(), [](const auto& c) { return rank(c) != 0; });
    const auto local = static_cast<std::size_t>(far - all.begin());
    const auto excess =
        std::min(all.size() - std::min(all.size(), most), local - std::min(local, local_max));
    all.erase(far - static_cast<std::ptrdiff_t>(excess), far);
    if (all.size() > most) all.resize(most);
    return all;
}

/// Relays come last: whatever is direct beats them.
std::vector<Candidate> candidates_of(const ReachFacts& facts) {
    auto all = direct_candidates(facts, crypto::candidates_max - facts.relays.size());
    all.insert(all.end(), facts.relays.begin(), facts.relays.end());
    return all;
}

// --- what the router does ---

/// The words of model::NetworkStatus.
std::string word_for(net::MappingProtocol how) {
    switch (how) {
        case net::MappingProtocol::pcp:
            return "pcp";
        case net::MappingProtocol::nat_pmp:
            return "nat-pmp";
        case net::MappingProtocol::upnp:
            return "upnp";
        case net::MappingProtocol::none:
            break;
    }
    return "none";
}

void describe_mapping(const ReachFacts& facts, Reach& reach) {
    if (!facts.manual.empty()) {
        reach.mapping = "manual";
        reach.mapped.push_back({"manual", facts.manual, facts.port, 0, {}});
    }
    const auto& mapping = facts.mapping.mapping;
    if (facts.mapping.state != MappingStatus::State::mapped || !mapping) return;
    reach.mapping = word_for(mapping->how);
    const auto& external = mapping->external;
    reach.mapped.push_back(
        {reach.mapping,
         external.address.empty() ? ":" + std::to_string(external.port) : net::to_string(external),
         mapping->internal_port, static_cast<std::uint32_t>(mapping->lifetime.count()),
         mapping->router});
}

void find_public_address(const ReachFacts& facts, Reach& reach) {
    const auto take = [&reach](const Bytes& address, const char* from) {
        if (!reach.public_address.empty() || !is_global(address)) return;
        reach.public_address = spell(address);
        reach.public_address_from = from;
    };
    for (const auto& found : facts.manual_found) take(found.address, "manual");
    if (const auto* own = own_global(facts, 4)) take(*own, "interface");
    if (facts.mapping.mapping) take(facts.mapping.mapping->external.address, "router");
    if (facts.mapping.public_address) take(*facts.mapping.public_address, "router");
    if (const auto seen = believed(facts.observed)) take(*seen, "contacts");
    if (const auto* own = own_global(facts, 16)) take(*own, "interface");
}

// --- the verdict ---

struct Verdict {
    Outside outside;
    std::string text;
};

std::string unless_forwarded(const ReachFacts& facts) {
    return "From outside only if your router forwards port " + std::to_string(facts.port) +
           " to this computer.";
}

std::optional<Verdict> no_network(const ReachFacts& facts) {
    if (!loopback_only(facts.own)) return std::nullopt;
    if (loopback_only(facts.listening)) {
        return Verdict{Outside::no,
                       "Kith listens on this computer only: nobody else can connect to it."};
    }
    return Verdict{Outside::no, "This computer is in no network now."};
}

std::optional<Verdict> by_hand(const ReachFacts& facts) {
    if (facts.manual.empty()) return std::nullopt;
    if (!facts.manual_found.empty()) {
        return Verdict{Outside::yes, "You have named " + facts.manual +
                                         " as your public address: your connection ID works from "
                                         "anywhere as long as that leads to this computer."};
    }
    if (facts.manual_problem.empty()) return std::nullopt;
    return Verdict{Outside::unknown, "Your public address " + facts.manual +
                                         " does not work: " + facts.manual_problem};
}

std::optional<Verdict> by_router(const ReachFacts& facts) {
    const bool mapped =
        facts.mapping.state == MappingStatus::State::mapped && facts.mapping.mapping.has_value();
    if (const auto outer = second_nat(facts)) {
        return Verdict{Outside::no,
                       "Works in your local network. Your router has no public address itself (" +
                           spell(*outer) +
                           "): another router, or your provider's, would have to pass the port on, "
                           "too."};
    }
    if (!mapped) return std::nullopt;
    const std::string passes = "Your router passes port " +
                               std::to_string(facts.mapping.mapping->external.port) +
                               " on to this computer";
    if (mapped_at(facts))
        return Verdict{Outside::yes, passes + ": your connection ID works from anywhere."};
    return Verdict{Outside::unknown, passes +
                                         ", but does not say what its public address is. Contacts "
                                         "who connect will."};
}

Verdict by_addresses(const ReachFacts& facts) {
    if (own_global(facts, 4) != nullptr) {
        return {Outside::yes,
                "This computer has a public address: your connection ID works from anywhere, "
                "unless a firewall stands in between."};
    }
    if (facts.mapping.state == MappingStatus::State::searching)
        return {Outside::unknown, "Works in your local network. The router is being asked."};
    if (own_global(facts, 16) != nullptr) {
        return {Outside::unknown,
                "Works in your local network, and over IPv6 unless a firewall stands in between. " +
                    unless_forwarded(facts)};
    }
    return {Outside::no, "Works in your local network. " + unless_forwarded(facts)};
}

Verdict direct_verdict(const ReachFacts& facts) {
    if (auto verdict = no_network(facts)) return *verdict;
    if (auto verdict = by_hand(facts)) return *verdict;
    if (facts.visited) {
        return {Outside::yes,
                "Somebody outside of your local network has connected to this computer: your "
                "connection ID works from there."};
    }
    if (auto verdict = by_router(facts)) return *verdict;
    return by_addresses(facts);
}

/// Who cannot be reached directly can be through a relay, by those whose Kith knows relays.
Verdict verdict_of(const ReachFacts& facts) {
    auto direct = direct_verdict(facts);
    if (direct.outside == Outside::yes || facts.relay_online.empty()) return direct;
    return {Outside::yes, "Your connection ID works from anywhere, through the relay " +
                              facts.relay_online + ". Directly: " + direct.text};
}

}  // namespace

Reach assess(const ReachFacts& facts) {
    Reach reach;
    reach.candidates = candidates_of(facts);
    describe_mapping(facts, reach);
    find_public_address(facts, reach);
    auto verdict = verdict_of(facts);
    reach.outside = verdict.outside;
    reach.outside_text = std::move(verdict.text);
    return reach;
}

bool loopback_only(const std::vector<net::SocketAddress>& listening) {
    return std::all_of(listening.begin(), listening.end(),
                       [](const auto& at) { return is_loopback(at.address); });
}

std::vector<Candidate> candidates_for_stranger(const std::vector<Candidate>& all,
                                               const net::SocketAddress& remote) {
    // Whoever comes through a relay may be anywhere.
    if (!net::is_relayed(remote) && !is_global(remote.address)) return all;
    auto worth_telling = all;
    std::erase_if(worth_telling, [](const Candidate& c) {
        return c.kind == CandidateKind::lan || c.kind == CandidateKind::loopback;
    });
    return worth_telling;
}

bool from_outside(const net::SocketAddress& remote, const ReachFacts& facts) {
    if (net::is_relayed(remote) || !is_global(remote.address)) return false;
    const auto near = [&](const Bytes& own) { return same_subnet(own, remote.address); };
    // A router that sends us round through itself shows its own address.
    if (facts.mapping.public_address && *facts.mapping.public_address == remote.address)
        return false;
    for (const auto& found : facts.manual_found) {
        if (found.address == remote.address) return false;
    }
    if (const auto seen = believed(facts.observed); seen && *seen == remote.address) return false;
    return std::none_of(facts.own.begin(), facts.own.end(),
                        [&](const auto& own) { return near(own.address); });
}

}  // namespace kith::node
