// SPDX-License-Identifier: MIT
#include "app/control/serialize.hpp"

#include "app/control/message_fields.hpp"
#include "app/control/transfer_fields.hpp"

namespace kith::control {
namespace {

using json = nlohmann::ordered_json;
using namespace model;

json fields_of(const Profile& p) {
    return {{"fingerprint", to_hex(p.self)},
            {"name", p.name},
            {"connection_id", p.connection_id},
            {"port", p.port},
            {"addresses", p.addresses},
            {"version", p.version},
            {"password_protected", p.password_protected},
            {"status", p.status},
            {"visible", p.visible},
            {"private_team", p.private_team},
            {"outside", model::to_string(p.outside)},
            {"outside_text", p.outside_text}};
}

/// Seconds until read messages disappear; on only when both sides want it.
std::uint32_t disappearing(const Peer& p) {
    return p.timer_mine == 0 || p.timer_theirs == 0 ? 0 : std::max(p.timer_mine, p.timer_theirs);
}

json fields_of(const Peer& p) {
    return {{"peer", to_hex(p.id)},
            {"name", p.name},
            {"state", to_string(p.presence)},
            {"contact", p.contact},
            {"verified", p.verified},
            {"unread", p.unread},
            {"last_seen", moment(p.last_seen)},
            {"path", to_string(p.path)},
            {"own_name", p.own_name},
            {"last_activity", moment(p.last_activity)},
            {"last_text", p.last_text},
            {"last_error", p.last_error},
            {"typing", p.typing},
            {"timer_mine", p.timer_mine},
            {"timer_theirs", p.timer_theirs},
            {"disappearing", disappearing(p)},
            {"status", p.status},
            {"nearby", p.nearby},
            {"address", p.address},
            {"auto_accept", control::to_string(p.auto_accept.rule)},
            {"auto_accept_bytes", p.auto_accept.bytes_max}};
}

json fields_of(const Request& r) {
    return {{"peer", to_hex(r.peer)},
            {"name", r.name},
            {"greeting", r.greeting},
            {"at", to_rfc3339(r.at)}};
}

json fields_of(const Message& m, const PeerId& self) { return message_fields(m, self); }

json fields_of(const Hit& hit, const PeerId& self) {
    json fields = message_fields(hit.message, self);
    fields["snippet"] = hit.snippet;
    json marks = json::array();
    for (const auto& [offset, size] : hit.marks) marks.push_back(json::array({offset, size}));
    fields["marks"] = std::move(marks);
    return fields;
}

json fields_of(const Settings& s) {
    return {{"settings",
             {{"theme", s.theme},
              {"zoom", s.zoom},
              {"read_receipts", s.read_receipts},
              {"typing", s.typing},
              {"history_days", s.history_days},
              {"visible", s.visible},
              {"mapping", s.mapping},
              {"public_address", s.public_address},
              {"downloads", s.downloads},
              {"naming", s.naming},
              {"rate_total", s.rate_total},
              {"rate_each", s.rate_each}}}};
}

json fields_of(const PortMapping& m) {
    return {{"how", m.how},
            {"external", m.external},
            {"internal_port", m.internal_port},
            {"lifetime", m.lifetime_s},
            {"router", m.router}};
}

json fields_of(const InterfaceStatus& i) {
    return {{"interface", i.name},
            {"addresses", i.addresses},
            {"sent", i.sent},
            {"heard", i.heard},
            {"ignored", i.ignored},
            {"last_heard_ms", i.last_heard_ms ? json(*i.last_heard_ms) : json(nullptr)},
            {"problem", i.problem}};
}

json fields_of(const Relay& r) {
    return {{"address", r.address},
            {"name", r.name},
            {"state", model::to_string(r.state)},
            {"error", r.error},
            {"this_run", r.this_run},
            {"registered_name", r.registered_name},
            {"registered", r.registered},
            {"name_error", r.name_error},
            {"keeps_mail", r.keeps_mail}};
}

/// Without addresses: whoever knows that of a private relay may use it, and this is passed on to
/// those who are to help. Without names: whoever knows one may ask to become a contact.
json relays_by_name(const std::vector<Relay>& relays) {
    json list = json::array();
    for (const auto& relay : relays) {
        list.push_back(fields_of(relay));
        for (const char* private_one : {"address", "registered_name", "registered", "name_error"})
            list.back().erase(private_one);
    }
    return list;
}

template <typename List>
json array_of(const List& items) {
    json list = json::array();
    for (const auto& item : items) list.push_back(fields_of(item));
    return list;
}

json fields_of(const NetworkStatus& n) {
    return {{"listening", n.listening},
            {"addresses", n.addresses},
            {"mapping", n.mapping},
            {"mapped", array_of(n.mapped)},
            {"mapping_words", n.mapping_words},
            {"public_address", n.public_address},
            {"public_address_from", n.public_address_from},
            {"outside", model::to_string(n.outside)},
            {"outside_text", n.outside_text},
            {"discovery_on", n.discovery},
            {"discovery_problem", n.discovery_problem},
            {"discovery", array_of(n.interfaces)},
            {"discovery_words", n.discovery_words},
            {"nearby", n.nearby},
            {"relays", relays_by_name(n.relays)},
            {"last_errors", n.last_errors}};
}

json fields_of(const Stats& s) {
    json failed = json::object();
    for (const auto& [reason, count] : s.handshakes_failed) failed[reason] = count;
    return {{"bytes_in", s.bytes_in},
            {"bytes_out", s.bytes_out},
            {"messages_in", s.messages_in},
            {"messages_out", s.messages_out},
            {"handshakes_ok", s.handshakes_ok},
            {"handshakes_failed", std::move(failed)},
            {"sessions", s.sessions},
            {"rss", s.rss_bytes},
            {"uptime", static_cast<double>(s.uptime_ms) / 1000.0}};
}

template <typename List, typename... More>
json list_of(const char* name, const List& items, const More&... more) {
    json list = json::array();
    for (const auto& item : items) list.push_back(fields_of(item, more...));
    return {{name, std::move(list)}};
}

struct AnswerFields {
    const PeerId& self;
    json operator()(const Done&) const { return json::object(); }
    json operator()(const Profile& p) const { return fields_of(p); }
    json operator()(const PeerReply& r) const { return {{"peer", to_hex(r.peer)}}; }
    json operator()(const Requests& r) const { return list_of("requests", r.requests); }
    json operator()(const Peers& p) const { return list_of("peers", p.peers); }
    json operator()(const SafetyNumber& n) const { return {{"digits", n.digits}}; }
    json operator()(const Accepted& a) const {
        return {{"message", to_string(a.message)}, {"at", to_rfc3339(a.at)}};
    }
    json operator()(const Messages& m) const {
        json fields = list_of("messages", m.messages, self);
        fields["peer"] = to_hex(m.peer);
        fields["more"] = m.more;
        fields["more_newer"] = m.more_newer;
        return fields;
    }
    json operator()(const Hits& h) const {
        json fields = list_of("messages", h.hits, self);
        fields["more"] = h.more;
        return fields;
    }
    json operator()(const Removed& r) const { return {{"removed", r.removed}, {"kept", r.kept}}; }
    json operator()(const Exported& e) const { return {{"count", e.count}, {"path", e.path}}; }
    json operator()(const BackedUp& b) const { return {{"path", b.path}, {"bytes", b.bytes}}; }
    json operator()(const FoundPerson& p) const {
        return {{"peer", to_hex(p.peer)},
                {"fingerprint", to_hex(p.peer)},
                {"name", p.name},
                {"address", p.address},
                {"added", p.added}};
    }
    json operator()(const Offered& o) const { return offered_fields(o); }
    json operator()(const Transfers& t) const { return transfers_fields(t); }
    json operator()(const TransferFiles& l) const { return list_fields(l); }
    json operator()(const Landed& l) const { return {{"path", l.path}}; }
    json operator()(const Relays& r) const { return list_of("relays", r.relays); }
    json operator()(const FoundName& f) const {
        return {{"name", f.name},
                {"relay", f.relay},
                {"connection_id", f.connection_id},
                {"fingerprint", to_hex(f.peer)}};
    }
    json operator()(const Settings& s) const { return fields_of(s); }
    json operator()(const NetworkStatus& n) const { return fields_of(n); }
    json operator()(const Stats& s) const { return fields_of(s); }
};

std::string_view to_string(NoticeLevel level) {
    switch (level) {
        case NoticeLevel::info:
            return "info";
        case NoticeLevel::warning:
            return "warning";
        case NoticeLevel::error:
            return "error";
    }
    return "info";
}

struct NamedFields {
    const char* name;
    json fields;
};

struct EventFields {
    const PeerId& self;
    NamedFields operator()(const ProfileChanged& e) const {
        return {"profile", fields_of(e.profile)};
    }
    NamedFields operator()(const PeerChanged& e) const { return {"peer", fields_of(e.peer)}; }
    NamedFields operator()(const PeerRemoved& e) const {
        return {"peer_removed", {{"peer", to_hex(e.peer)}}};
    }
    NamedFields operator()(const RequestReceived& e) const {
        return {"request", fields_of(e.request)};
    }
    NamedFields operator()(const RequestGone& e) const {
        return {"request_gone", {{"peer", to_hex(e.peer)}}};
    }
    NamedFields operator()(const MessageAdded& e) const {
        return {"message", fields_of(e.message, self)};
    }
    NamedFields operator()(const MessageStateChanged& e) const {
        return {"message_state",
                {{"peer", to_hex(e.peer)},
                 {"message", model::to_string(e.message)},
                 {"state", model::to_string(e.state)},
                 {"waiting_at", waiting_at(e.state)}}};
    }
    NamedFields operator()(const MessageChanged& e) const {
        return {"message_changed", fields_of(e.message, self)};
    }
    NamedFields operator()(const MessagesRemoved& e) const {
        json ids = json::array();
        for (const auto& id : e.messages) ids.push_back(model::to_string(id));
        return {"messages_removed", {{"peer", to_hex(e.peer)}, {"messages", std::move(ids)}}};
    }
    NamedFields operator()(const PeerTyping& e) const {
        return {"typing", {{"peer", to_hex(e.peer)}, {"on", e.on}}};
    }
    NamedFields operator()(const TransferChanged& e) const {
        return {"transfer", transfer_fields(e.transfer)};
    }
    NamedFields operator()(const RelayChanged& e) const { return {"relay", fields_of(e.relay)}; }
    NamedFields operator()(const RelayRemoved& e) const {
        return {"relay_removed", {{"address", e.address}}};
    }
    NamedFields operator()(const SettingsChanged& e) const {
        return {"settings", fields_of(e.settings)};
    }
    NamedFields operator()(const NetworkStatusChanged& e) const {
        return {"network_status", fields_of(e.status)};
    }
    NamedFields operator()(const Notice& e) const {
        return {"notice",
                {{"level", to_string(e.level)}, {"text", e.text}, {"at", to_rfc3339(e.at)}}};
    }
    NamedFields operator()(const Resync&) const { return {"resync", json::object()}; }
};

/// `fields` is an object: its members behind those of `head`, which lacks its closing brace.
std::string joined(std::string head, const json& fields) {
    if (fields.empty()) return head + "}";
    const std::string body = dump(fields);
    head += ',';
    head.append(body, 1);
    return head;
}

}  // namespace

std::string error_line(std::string_view id, const Error& error) {
    return joined("{\"id\":" + std::string(id) + ",\"ok\":false",
                  {{"error", error.text}, {"code", error.code}});
}

std::string reply_line(std::string_view id, const Reply& reply, const PeerId& self) {
    if (!reply) return error_line(id, reply.error());
    return joined("{\"id\":" + std::string(id) + ",\"ok\":true",
                  std::visit(AnswerFields{self}, *reply));
}

std::string event_line(const Event& event, const PeerId& self) {
    const NamedFields named = std::visit(EventFields{self}, event);
    return joined(std::string("{\"event\":\"") + named.name + "\"", named.fields);
}

std::string ready_line(const Profile& profile, const std::string& control_path) {
    return dump({{"event", "ready"},
                 {"fingerprint", to_hex(profile.self)},
                 {"connection_id", profile.connection_id},
                 {"port", profile.port},
                 {"control", control_path}});
}

std::string latest_wins_subject(const Event& event) {
    if (std::holds_alternative<ProfileChanged>(event)) return "profile";
    if (std::holds_alternative<SettingsChanged>(event)) return "settings";
    if (std::holds_alternative<NetworkStatusChanged>(event)) return "network_status";
    if (const auto* changed = std::get_if<PeerChanged>(&event))
        return peer_subject(changed->peer.id);
    if (const auto* typing = std::get_if<PeerTyping>(&event)) return typing_subject(typing->peer);
    if (const auto* changed = std::get_if<TransferChanged>(&event))
        return "transfer " + model::to_string(changed->transfer.id);
    if (const auto* changed = std::get_if<RelayChanged>(&event))
        return relay_subject(changed->relay.address);
    return {};
}

std::string peer_subject(const PeerId& peer) { return to_hex(peer); }

std::string typing_subject(const PeerId& peer) { return "typing " + to_hex(peer); }

std::string relay_subject(const std::string& address) { return "relay " + address; }

}  // namespace kith::control
