// SPDX-License-Identifier: MIT
#include "gui/view_state.hpp"

#include <algorithm>
#include <string>

#include "gui/amount_text.hpp"
#include "gui/name_skeleton.hpp"
#include "gui/strings.hpp"

namespace kith::gui {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

void sort_peers(ViewState& view) {
    view.order.clear();
    for (const auto& [id, peer] : view.peers)
        if (!is_nearby_stranger(peer)) view.order.push_back(id);
    std::sort(view.order.begin(), view.order.end(), [&](const auto& a, const auto& b) {
        const auto& first = view.peers.at(a);
        const auto& second = view.peers.at(b);
        if (first.last_activity != second.last_activity)
            return first.last_activity > second.last_activity;
        return std::tie(first.name, a) < std::tie(second.name, b);
    });
}

// Names under which somebody is shown; the warning about lookalikes counts them.
void count_names(ViewState& view, const model::Peer& peer, bool more) {
    const auto count = [&](NameCounts& names, std::string_view name) {
        const auto at = names.try_emplace(name_skeleton(name)).first;
        more ? ++at->second : --at->second;
        if (at->second == 0) names.erase(at);
    };
    if (is_nearby_stranger(peer)) return count(view.nearby_names, peer.name);
    count(view.known_names, peer.name);
    if (peer.own_name != peer.name) count(view.known_names, peer.own_name);
}

void place_nearby(ViewState& view, const model::Peer& peer) {
    const auto before = [&](const model::PeerId& a, const model::Peer& b) {
        const model::Peer& first = view.peers.at(a);
        return std::tie(first.name, a) < std::tie(b.name, b.id);
    };
    view.nearby.insert(std::lower_bound(view.nearby.begin(), view.nearby.end(), peer, before),
                       peer.id);
}

// Takes everything that is kept about them besides the person itself.
void unlist(ViewState& view, const model::Peer& peer) {
    count_names(view, peer, false);
    std::erase(is_nearby_stranger(peer) ? view.nearby : view.order, peer.id);
}

// Only what moves is sorted: people nearby come and change many at a time.
void put_peer(ViewState& view, const model::Peer& peer) {
    const bool near = is_nearby_stranger(peer);
    const auto at = view.peers.find(peer.id);
    if (at != view.peers.end()) {
        const model::Peer& held = at->second;
        const bool stays = near == is_nearby_stranger(held) && held.name == peer.name &&
                           held.own_name == peer.own_name &&
                           (near || held.last_activity == peer.last_activity);
        if (stays) {
            at->second = peer;
            return;
        }
        unlist(view, held);
    }
    view.peers.insert_or_assign(peer.id, peer);
    count_names(view, peer, true);
    near ? place_nearby(view, peer) : sort_peers(view);
}

void put_request(ViewState& view, const model::Request& request) {
    const auto at = std::find_if(view.requests.begin(), view.requests.end(),
                                 [&](const auto& held) { return held.peer == request.peer; });
    if (at != view.requests.end())
        *at = request;
    else if (view.requests.size() < model::requests_max)
        view.requests.push_back(request);
}

void drop_request(ViewState& view, const model::PeerId& peer) {
    std::erase_if(view.requests, [&](const auto& held) { return held.peer == peer; });
    view.answered.erase(peer);
}

void put_message(ViewState& view, const model::Message& message) {
    const auto at = view.conversations.find(message.peer);
    if (at != view.conversations.end()) at->second.add(message);
    if (message.transfer) view.transfers.put(*message.transfer);
}

void put_transfer(ViewState& view, const model::Transfer& transfer) {
    view.transfers.put(transfer);
    const auto at = view.conversations.find(transfer.peer);
    if (at != view.conversations.end()) at->second.set_transfer(transfer);
}

void take(ViewState& view, const model::Transfers& list) {
    view.transfers.take(list);
    for (const auto& transfer : view.transfers.all()) {
        const auto at = view.conversations.find(transfer.peer);
        if (at != view.conversations.end()) at->second.set_transfer(transfer);
    }
}

void put_state(ViewState& view, const model::MessageStateChanged& change) {
    const auto at = view.conversations.find(change.peer);
    if (at != view.conversations.end()) at->second.set_state(change.message, change.state);
}

void change_message(ViewState& view, const model::Message& message) {
    const auto at = view.conversations.find(message.peer);
    if (at != view.conversations.end()) at->second.change(message);
}

void remove_messages(ViewState& view, const model::MessagesRemoved& gone) {
    const auto at = view.conversations.find(gone.peer);
    if (at == view.conversations.end()) return;
    gone.messages.empty() ? at->second.reset() : at->second.remove(gone.messages);
}

void put_typing(ViewState& view, const model::PeerTyping& typing) {
    const auto at = view.peers.find(typing.peer);
    if (at != view.peers.end()) at->second.typing = typing.on;
}

// The conversation is emptied and kept: were it made anew, its revisions would start again and
// what the panels remember of it would look right.
void forget_peer(ViewState& view, const model::PeerId& peer) {
    if (const auto at = view.peers.find(peer); at != view.peers.end()) {
        unlist(view, at->second);
        view.peers.erase(at);
    }
    view.asking.erase(peer);
    if (const auto at = view.conversations.find(peer); at != view.conversations.end())
        at->second.reset();
    view.safety_numbers.erase(peer);
}

// Conversations are read anew when they are shown next; peers and requests come in whole lists.
void start_over(ViewState& view) {
    for (auto& [peer, conversation] : view.conversations) conversation.reset();
    view.answered.clear();
}

void put_relay(ViewState& view, const model::Relay& relay) {
    const auto at = std::find_if(view.relays.begin(), view.relays.end(),
                                 [&](const auto& held) { return held.address == relay.address; });
    at == view.relays.end() ? view.relays.push_back(relay) : void(*at = relay);
}

void take(ViewState& view, const model::Peers& list) {
    view.peers.clear();
    view.nearby.clear();
    view.nearby_names.clear();
    view.known_names.clear();
    for (const auto& peer : list.peers) {
        if (!view.peers.emplace(peer.id, peer).second) continue;
        count_names(view, peer, true);
        if (is_nearby_stranger(peer)) place_nearby(view, peer);
    }
    sort_peers(view);
}

void take_answer(ViewState& view, const model::Command& asked, const model::Answer& answer) {
    if (const auto* profile = std::get_if<model::Profile>(&answer)) view.profile = *profile;
    if (const auto* peers = std::get_if<model::Peers>(&answer)) take(view, *peers);
    if (const auto* list = std::get_if<model::Requests>(&answer)) view.requests = list->requests;
    if (const auto* network = std::get_if<model::NetworkStatus>(&answer)) view.network = *network;
    if (const auto* relays = std::get_if<model::Relays>(&answer)) view.relays = relays->relays;
    if (const auto* settings = std::get_if<model::Settings>(&answer)) {
        view.settings = *settings;
        view.settings_known = true;
    }
    const auto* page = std::get_if<model::Messages>(&answer);
    const auto* list = std::get_if<model::ListMessages>(&asked);
    if (page && list) view.conversations[list->peer].take_page(*list, *page);
    const auto* hits = std::get_if<model::Hits>(&answer);
    const auto* search = std::get_if<model::Search>(&asked);
    if (hits && search) view.search.take(*search, *hits);
    if (const auto* transfers = std::get_if<model::Transfers>(&answer)) take(view, *transfers);
    const auto* files = std::get_if<model::TransferFiles>(&answer);
    const auto* part = std::get_if<model::ListTransferFiles>(&asked);
    if (files && part) view.review.take(*part, *files);
    const auto* found = std::get_if<model::FoundPerson>(&answer);
    const auto* where = std::get_if<model::ConnectAddress>(&asked);
    if (found && where && !found->added) view.answered_at = {where->address, *found};
    const auto* named = std::get_if<model::FoundName>(&answer);
    const auto* name = std::get_if<model::FindName>(&asked);
    if (named && name)
        view.answered_at = {
            name->name, {named->peer, named->name, named->relay, false}, named->connection_id};
    const auto* number = std::get_if<model::SafetyNumber>(&answer);
    const auto* whose = std::get_if<model::GetSafetyNumber>(&asked);
    if (number && whose) view.safety_numbers[whose->peer] = number->digits;
}

// What a task has to show for itself.
std::string result_of(const model::Answer& answer) {
    if (const auto* backup = std::get_if<model::BackedUp>(&answer))
        return std::string(strings::backup_done) + backup->path + " (" + size_text(backup->bytes) +
               ").";
    if (const auto* written = std::get_if<model::Exported>(&answer))
        return count_text(written->count, strings::one_message, strings::some_messages) +
               std::string(strings::export_done) + written->path;
    return {};
}

// Files that could not be offered: the first of them is named.
void report_skipped(ViewState& view, const model::Answer& answer, model::Timestamp now) {
    const auto* offered = std::get_if<model::Offered>(&answer);
    if (!offered || offered->skipped_count == 0) return;
    std::string text =
        count_text(offered->skipped_count, strings::one_skipped, strings::some_skipped);
    if (!offered->skipped.empty()) text += offered->skipped.front();
    add_notice(view, model::NoticeLevel::warning, std::move(text), now);
}

// A conversation that was deleted says what became of it.
void report_removed(ViewState& view, const model::Answer& answer, model::Timestamp now) {
    const auto* removed = std::get_if<model::Removed>(&answer);
    if (!removed) return;
    std::string text = count_text(removed->removed, strings::one_message, strings::some_messages) +
                       std::string(strings::removed_done);
    if (removed->kept > 0)
        text += " " + count_text(removed->kept, strings::one_waits, strings::some_wait);
    add_notice(view, model::NoticeLevel::info, std::move(text), now);
}

// What was typed for a refused command is kept for another try.
void take_error(ViewState& view, const model::Command& asked, const model::Error& error,
                model::Timestamp now) {
    if (const auto* search = std::get_if<model::Search>(&asked))
        return view.search.failed(*search, error);
    if (const auto* list = std::get_if<model::ListMessages>(&asked)) {
        view.conversations[list->peer].page_failed(*list);
        if (list->around) view.missed = list->around;
    }
    if (const auto* part = std::get_if<model::ListTransferFiles>(&asked))
        return view.review.failed(*part, error.text);
    if (const auto* text = std::get_if<model::SendText>(&asked)) view.unsent.push_back(*text);
    if (const auto* edit = std::get_if<model::EditMessage>(&asked)) view.unmade.push_back(*edit);
    if (std::holds_alternative<model::ChangeSettings>(asked) ||
        std::holds_alternative<model::SetVisibility>(asked))
        view.settings_in_doubt = true;
    // Nobody misses these.
    if (std::holds_alternative<model::SetTyping>(asked)) return;
    if (std::holds_alternative<model::SetActivity>(asked)) return;
    if (!task_of(asked)) add_notice(view, model::NoticeLevel::error, error.text, now);
}

const model::PeerId* decided_request(const model::Command& command) {
    if (const auto* accept = std::get_if<model::AcceptRequest>(&command)) return &accept->peer;
    if (const auto* deny = std::get_if<model::DenyRequest>(&command)) return &deny->peer;
    if (const auto* block = std::get_if<model::BlockPeer>(&command)) return &block->peer;
    return nullptr;
}

// A contact that was just asked or accepted: their conversation is opened.
std::optional<model::PeerId> contact_of(const model::Command& asked, const model::Answer& answer) {
    if (const auto* accept = std::get_if<model::AcceptRequest>(&asked)) return accept->peer;
    if (const auto* near = std::get_if<model::AddNearby>(&asked)) return near->peer;
    if (const auto* found = std::get_if<model::FoundPerson>(&answer))
        return found->added ? std::optional(found->peer) : std::nullopt;
    const auto* added = std::get_if<model::PeerReply>(&answer);
    if (added && std::holds_alternative<model::AddContact>(asked)) return added->peer;
    return std::nullopt;
}

}  // namespace

bool is_nearby_stranger(const model::Peer& peer) {
    return !peer.contact && peer.nearby &&
           (peer.presence == model::Presence::discovered || peer.presence == model::Presence::idle);
}

bool ViewState::looks_like_another(const model::Peer& stranger) const {
    const std::string name = name_skeleton(stranger.name);
    const auto near = nearby_names.find(name);
    return known_names.contains(name) || (near != nearby_names.end() && near->second > 1);
}

const model::Peer* ViewState::find(const model::PeerId& peer) const {
    const auto at = peers.find(peer);
    return at == peers.end() ? nullptr : &at->second;
}

std::uint32_t ViewState::unread_total() const {
    std::uint32_t total = 0;
    for (const auto& [id, peer] : peers) total += peer.unread;
    return total;
}

void apply(ViewState& view, const model::StageChanged& change) {
    view.stage = change.stage;
    view.stage_text = change.text;
    view.wrong_password = change.wrong_password;
    view.can_set_aside = change.can_set_aside;
}

void apply(ViewState& view, const model::Event& event) {
    view.search.apply(event);
    std::visit(Overloaded{
                   [&](const model::ProfileChanged& e) { view.profile = e.profile; },
                   [&](const model::PeerChanged& e) { put_peer(view, e.peer); },
                   [&](const model::PeerRemoved& e) { forget_peer(view, e.peer); },
                   [&](const model::RequestReceived& e) { put_request(view, e.request); },
                   [&](const model::RequestGone& e) { drop_request(view, e.peer); },
                   [&](const model::MessageAdded& e) { put_message(view, e.message); },
                   [&](const model::MessageStateChanged& e) { put_state(view, e); },
                   [&](const model::MessageChanged& e) { change_message(view, e.message); },
                   [&](const model::MessagesRemoved& e) { remove_messages(view, e); },
                   [&](const model::PeerTyping& e) { put_typing(view, e); },
                   [&](const model::TransferChanged& e) { put_transfer(view, e.transfer); },
                   [&](const model::RelayChanged& e) { put_relay(view, e.relay); },
                   [&](const model::RelayRemoved& e) {
                       std::erase_if(view.relays,
                                     [&](const auto& relay) { return relay.address == e.address; });
                   },
                   [&](const model::SettingsChanged& e) { view.settings = e.settings; },
                   [&](const model::NetworkStatusChanged& e) { view.network = e.status; },
                   [&](const model::Notice& e) { add_notice(view, e.level, e.text, e.at); },
                   [&](const model::Resync&) { start_over(view); },
               },
               event);
}

void apply(ViewState& view, const model::Command& asked, const model::Reply& reply,
           model::Timestamp now) {
    if (const auto* peer = decided_request(asked)) view.answered.erase(*peer);
    if (const auto* near = std::get_if<model::AddNearby>(&asked)) view.asking.erase(near->peer);
    if (const auto* id = decided_transfer(asked)) view.transfers.decide(*id, false);
    if (const auto task = task_of(asked))
        view.task(*task) = {.waiting = false,
                            .done = reply.has_value(),
                            .error = reply ? "" : reply.error().text,
                            .result = reply ? result_of(*reply) : ""};
    if (!reply) return take_error(view, asked, reply.error(), now);
    take_answer(view, asked, *reply);
    report_removed(view, *reply, now);
    report_skipped(view, *reply, now);
    if (const auto contact = contact_of(asked, *reply)) view.opening = contact;
    if (const auto* peer = decided_request(asked)) drop_request(view, *peer);
}

void note_asked(ViewState& view, const model::Command& command) {
    if (const auto* peer = decided_request(command)) view.answered.insert(*peer);
    if (const auto* near = std::get_if<model::AddNearby>(&command)) view.asking.insert(near->peer);
    if (const auto* id = decided_transfer(command)) view.transfers.decide(*id, true);
    if (const auto task = task_of(command))
        view.task(*task) = {.waiting = true, .done = false, .error = {}, .result = {}};
    if (const auto* change = std::get_if<model::ChangeSettings>(&command))
        model::apply(*change, view.settings);
    if (const auto* change = std::get_if<model::SetVisibility>(&command))
        view.settings.visible = change->visible;
}

std::optional<Task> task_of(const model::Command& command) {
    if (std::holds_alternative<model::AddContact>(command)) return Task::add_contact;
    if (std::holds_alternative<model::SetName>(command)) return Task::set_name;
    if (std::holds_alternative<model::SetPassword>(command)) return Task::set_password;
    if (std::holds_alternative<model::CreateBackup>(command)) return Task::backup;
    if (std::holds_alternative<model::ExportHistory>(command)) return Task::export_history;
    if (std::holds_alternative<model::NewConnectionId>(command)) return Task::new_id;
    if (std::holds_alternative<model::ConnectAddress>(command)) return Task::add_contact;
    if (std::holds_alternative<model::SetStatus>(command)) return Task::set_status;
    if (std::holds_alternative<model::SetTeam>(command)) return Task::set_team;
    if (std::holds_alternative<model::AddRelay>(command)) return Task::relays;
    if (std::holds_alternative<model::RemoveRelay>(command)) return Task::relays;
    if (std::holds_alternative<model::ClaimName>(command)) return Task::relay_name;
    if (std::holds_alternative<model::FindName>(command)) return Task::add_contact;
    if (std::holds_alternative<model::GetNetworkStatus>(command)) return Task::network_status;
    return std::nullopt;
}

std::vector<model::Command> initial_questions() {
    return {model::GetSettings{},  model::WhoAmI{},           model::ListPeers{},
            model::ListRequests{}, model::GetNetworkStatus{}, model::ListTransfers{},
            model::ListRelays{}};
}

void add_notice(ViewState& view, model::NoticeLevel level, std::string text, model::Timestamp at) {
    view.notices.push_back({level, std::move(text), at});
    if (view.notices.size() > notices_max) view.notices.pop_front();
    ++view.notices_seen;
}

}  // namespace kith::gui
