// SPDX-License-Identifier: MIT
#include "net/ending.hpp"

namespace kith::net {

using Reason = Ending::Reason;

std::string_view name_of(Reason reason) {
    switch (reason) {
        case Reason::peer_left:
            return "peer_left";
        case Reason::closed_here:
            return "closed_here";
        case Reason::replaced:
            return "replaced";
        case Reason::lost:
            return "lost";
        case Reason::refused:
            return "refused";
        case Reason::timed_out:
            return "timed_out";
        case Reason::unreachable:
            return "unreachable";
        case Reason::not_admitted:
            return "not_admitted";
        case Reason::wrong_fingerprint:
            return "wrong_fingerprint";
        case Reason::versions_differ:
            return "versions_differ";
        case Reason::protocol_error:
            return "protocol_error";
        case Reason::no_addresses:
            return "no_addresses";
    }
    return "unknown";
}

namespace {

std::string text_of(Reason reason) {
    switch (reason) {
        case Reason::peer_left:
            return "They went offline.";
        case Reason::closed_here:
            return "The connection was closed here.";
        case Reason::replaced:
            return "Replaced by another connection between the same two.";
        case Reason::lost:
            return "The connection was lost.";
        case Reason::refused:
            return "Nobody is listening there.";
        case Reason::timed_out:
            return "Timed out.";
        case Reason::unreachable:
            return "The address cannot be reached from this network.";
        case Reason::not_admitted:
            return "They did not let us in: the connection ID may be out of date, or they are "
                   "busy.";
        case Reason::wrong_fingerprint:
            return "Somebody else answers at this address: the fingerprint is not the one in the "
                   "connection ID.";
        case Reason::versions_differ:
            return "Their Kith and this one have no protocol version in common: the older of the "
                   "two needs an update.";
        case Reason::protocol_error:
            return "The other side broke the rules of the protocol.";
        case Reason::no_addresses:
            return "No address of them is known. Ask them for a new connection ID.";
    }
    return "The connection ended.";
}

}  // namespace

Ending ending_of(Reason reason) { return {reason, text_of(reason)}; }

Ending dial_ending(Reason reason, const SocketAddress& to) {
    const std::string where = to_string(to);
    switch (reason) {
        case Reason::refused:
            return {reason, "Nobody is listening at " + where +
                                ": their Kith is not running, or "
                                "the address is out of date."};
        case Reason::timed_out:
            return {reason, "Timed out: no answer from " + where + "."};
        case Reason::unreachable:
            return {reason, "There is no way from this network to " + where + "."};
        default:
            return ending_of(reason);
    }
}

Ending handshake_ending(const crypto::Error& error) {
    switch (error.code) {
        case crypto::Errc::unsupported_version:
            return ending_of(Reason::versions_differ);
        case crypto::Errc::wrong_fingerprint:
            return ending_of(Reason::wrong_fingerprint);
        default:
            break;
    }
    Ending ending = ending_of(Reason::protocol_error);
    if (!error.text.empty()) ending.text += " (" + error.text + ")";
    return ending;
}

int explanatory_rank(Reason reason) noexcept {
    switch (reason) {
        case Reason::wrong_fingerprint:
            return 8;
        case Reason::versions_differ:
            return 7;
        case Reason::not_admitted:
            return 6;
        case Reason::protocol_error:
            return 5;
        case Reason::lost:
            return 4;
        case Reason::timed_out:
            return 3;
        case Reason::refused:
            return 2;
        case Reason::unreachable:
            return 1;
        default:
            return 0;
    }
}

}  // namespace kith::net
