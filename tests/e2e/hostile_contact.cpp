// SPDX-License-Identifier: MIT
#include "tests/e2e/hostile_contact.hpp"

namespace kith::e2e {
namespace {

/// Reliable messages of the victim are acknowledged, or they would come again and again.
std::optional<net::MessageId> id_of(const net::Message& message) {
    if (const auto* offer = std::get_if<net::FileOffer>(&message)) return offer->id;
    if (const auto* answer = std::get_if<net::FileAnswer>(&message)) return answer->id;
    if (const auto* stop = std::get_if<net::FileStop>(&message)) return stop->id;
    return std::nullopt;
}

/// The selected files, with what is in them.
class HonestJob final : public net::BulkJob {
public:
    HonestJob(const net::Manifest& manifest, const std::vector<net::Bytes>& files,
              std::function<bool()> cancelled)
        : source_(files), sender_(manifest, files_of(manifest), source_, std::move(cancelled)) {}
    [[nodiscard]] net::BulkPump& pump() override { return sender_; }

private:
    static std::vector<std::uint32_t> files_of(const net::Manifest& manifest) {
        auto entries = test::all_entries(manifest);
        std::erase_if(entries, [&](auto entry) { return manifest.entries[entry].folder; });
        return entries;
    }
    test::MemorySource source_;
    net::BulkSender sender_;
};

}  // namespace

tl::expected<std::size_t, std::string> Script::produce(crypto::MutableByteView into,
                                                       net::Milliseconds) {
    if ((plan_.after_start && !started_) || said_ == plan_.payloads.size()) return 0;
    const net::Bytes& payload = plan_.payloads[said_];
    if (payload.size() > into.size()) return 0;
    std::copy(payload.begin(), payload.end(), into.begin());
    ++said_;
    return payload.size();
}

net::BulkResult Script::on_payload(net::ByteView payload, net::Milliseconds) {
    net::bulk::ItemReader items(payload);
    while (const auto item = items.next())
        started_ = started_ || std::holds_alternative<net::bulk::Start>(*item);
    return {};
}

net::MakeBulkJob Script::job(Plan plan) {
    return [plan = std::move(plan)](
               const std::function<bool()>&) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
        return std::make_unique<Script>(plan);
    };
}

net::Bytes payload_of(const std::vector<net::bulk::Item>& items) {
    net::Bytes payload(net::bulk::payload_max);
    net::bulk::ItemWriter out(payload);
    for (const auto& item : items) {
        if (const auto* data = std::get_if<net::bulk::Data>(&item)) {
            const auto room = out.data_room(data->bytes.size());
            std::copy_n(data->bytes.begin(), room.size(), room.begin());
            out.put_data(room.size());
        } else {
            out.put(item);
        }
    }
    payload.resize(out.size());
    return payload;
}

net::MakeBulkJob honest_sender(const net::Manifest& manifest,
                               const std::vector<net::Bytes>& files) {
    return [&](std::function<bool()> cancelled) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
        return std::make_unique<HonestJob>(manifest, files, std::move(cancelled));
    };
}

std::string text_of(const net::MessageId& id) {
    std::string text = crypto::to_hex(id);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, "-");
    return text;
}

HostileContact::HostileContact(Instance& victim, const std::string& identity)
    : node(identity), victim_(victim) {
    node.listen();
    node.run([&] {
        node.listener.when_message = [this](const auto& peer, const net::Message& message) {
            if (const auto id = id_of(message)) node.endpoint->send(peer, net::Ack{{*id}});
        };
    });
    become_contact(victim.connection_id());
}

void HostileContact::become_contact(const std::string& connection_id) {
    const auto parsed = crypto::parse_connection_id(connection_id).value();
    victim_id_ = parsed.fingerprint;
    net::ContactToken token{};
    token.fill(0xB2);
    net::Route route{victim_id_, {parsed.token.begin(), parsed.token.end()}, token, {}, true};
    for (const auto& candidate : parsed.candidates)
        route.addresses.push_back({candidate.address, candidate.port, 0});
    node.run([&] { node.endpoint->set_route(route); });
    if (!node.wait_until([&] { return node.listener.up.contains(victim_id_); },
                         std::chrono::milliseconds(patience)))
        throw std::runtime_error("no session with the victim");
    say(net::ContactRequest{"Mallory", "It is me", token, {}});
    (void)heard<net::RequestReceipt>();
    victim_.ask({{"cmd", "accept"}, {"peer", fingerprint()}});
    const auto card = heard<net::ContactCard>();
    route.dial_token = {card.token.begin(), card.token.end()};
    say(net::ContactCard{"Mallory", token, {}});
    node.run([&] { node.endpoint->set_route(route); });
}

std::string HostileContact::fingerprint() const { return crypto::to_hex(node.id()); }

void HostileContact::say(const net::Message& message) {
    node.run([&] { node.endpoint->send(victim_id_, message); });
}

net::MessageId HostileContact::next_id() {
    net::MessageId id{};
    id.fill(++last_id_ & 0xFF);
    id[14] = static_cast<std::uint8_t>(last_id_ >> 8);
    id[6] = 0x70;
    id[8] = 0x80;
    return id;
}

net::MessageId HostileContact::offer(const net::Manifest& manifest) {
    const auto list = net::encode(manifest);
    net::FileOffer made;
    made.id = next_id();
    made.sent_at = 1'700'000'000'000;
    made.title = manifest.title();
    made.files = manifest.files();
    made.bytes = manifest.bytes();
    made.manifest_hash = net::manifest_hash(list);
    made.manifest_size = static_cast<std::uint32_t>(list.size());
    if (list.size() <= net::manifest_inline_max) made.manifest = list;
    say(made);
    for (std::uint32_t at = 0; made.manifest.empty() && at < list.size();) {
        const auto asked = heard<net::ManifestRequest>();
        const auto end = std::min<std::size_t>(asked.offset + net::manifest_part_max, list.size());
        say(net::ManifestPart{
            made.id,
            asked.offset,
            {list.begin() + asked.offset, list.begin() + static_cast<std::ptrdiff_t>(end)}});
        at = static_cast<std::uint32_t>(end);
    }
    return made.id;
}

net::RunId HostileContact::name_run(const net::MessageId& transfer) {
    (void)heard<net::FileReady>([&](const auto& ready) { return ready.transfer == transfer; });
    const net::RunId run = next_id();
    say(net::FileRun{transfer, run, false});
    return run;
}

net::RunId HostileContact::accept(const net::FileOffer& offer,
                                  std::vector<net::EntryRange> selected) {
    say(net::FileAnswer{next_id(), offer.id, true, offer.manifest_hash, std::move(selected)});
    say(net::FileReady{offer.id});
    return heard<net::FileRun>([&](const auto& run) { return run.transfer == offer.id; }).run;
}

net::BulkLink HostileContact::link(const net::RunId& run) {
    node.run([&] { node.endpoint->open_bulk(victim_id_, run); });
    const auto there = [&] { return node.listener.bulk.contains(run); };
    if (!node.wait_until(there, std::chrono::milliseconds(patience)))
        throw std::runtime_error("no connection for the run");
    net::BulkLink made;
    node.run([&] { made = std::move(node.listener.bulk.extract(run).mapped()); });
    return made;
}

test::LaneHost::Ended HostileContact::carry(const net::RunId& run, net::MakeBulkJob job) {
    lanes_.start(run, link(run), std::move(job));
    return lanes_.wait_for_end(run);
}

}  // namespace kith::e2e
