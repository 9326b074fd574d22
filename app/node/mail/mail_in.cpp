// SPDX-License-Identifier: MIT
#include "app/node/mail/mail_in.hpp"

#include <algorithm>

#include "app/node/convert.hpp"
#include "crypto/kdf.hpp"
#include "net/message_codec.hpp"

namespace kith::node {
namespace {

constexpr std::chrono::milliseconds lane_pause{50};

/// Said in mail; everything else needs a session.
template <typename T>
constexpr bool may_wait =
    std::is_same_v<T, net::Text> || std::is_same_v<T, net::Edit> || std::is_same_v<T, net::Erase> ||
    std::is_same_v<T, net::Reactions> || std::is_same_v<T, net::ReadUpTo> ||
    std::is_same_v<T, net::Disappearing> || std::is_same_v<T, net::FileOffer> ||
    std::is_same_v<T, net::FileAnswer> || std::is_same_v<T, net::FileStop> ||
    std::is_same_v<T, net::FileWaits> || std::is_same_v<T, net::ContactCard> ||
    std::is_same_v<T, net::Ack>;

bool may_be_mailed(const net::Message& message) {
    return std::visit([](const auto& m) { return may_wait<std::decay_t<decltype(m)>>; }, message);
}

}  // namespace

/// The sender says when: any number.
bool MailIn::is_timely(std::int64_t sealed_at, std::int64_t now) {
    constexpr auto most = std::chrono::milliseconds(age_max).count();
    return sealed_at >= now - most && sealed_at <= now + most;
}

void MailIn::arrived(const crypto::RelayAddress& relay, std::uint64_t number,
                     std::optional<model::PeerId> contact, Bytes token, Bytes sealed) {
    // Whoever has a token may leave anything; what is no mail takes no place here.
    if (!crypto::parse_sealed(sealed, ports_.self.modulus_size()))
        return ports_.mailbox.taken(relay, number);
    const auto from_there = std::ranges::count(waiting_, relay, &Piece::relay);
    if (from_there >= waiting_of_relay || waiting_.size() >= waiting_max) return;
    waiting_.push_back({relay, number, contact, std::move(token), std::move(sealed), {}, {}, {}});
    next();
}

void MailIn::next() {
    if (busy_ || waiting_.empty()) return;
    busy_ = true;
    Piece& piece = waiting_.front();
    auto header = crypto::parse_sealed(piece.sealed, ports_.self.modulus_size());
    if (!header) return finish(true);
    const auto hash = crypto::sha256({piece.sealed});
    piece.hash.assign(hash.begin(), hash.end());
    piece.ciphertext = std::move(header->oaep_ciphertext);
    context_.store.submit(store::FindPrekey{header->prekey_id, piece.hash},
                          [this](store::Result result) { found(std::move(result)); });
}

/// What was opened before, or is sealed to a key that is gone, cannot be read (again): an honest
/// relay shows it when we died between storing and saying so, another whenever it likes.
void MailIn::found(store::Result result) {
    if (!result) return finish(false);
    Piece& piece = waiting_.front();
    piece.prekey = std::move(std::get<store::PrekeyFound>(*result));
    if (piece.prekey.opened || !piece.prekey.key) return finish(true);
    ask_lane();
}

void MailIn::ask_lane() {
    lane_again_ = std::chrono::milliseconds::max();
    const bool asked =
        openings_.try_take(context_.clock.monotonic()) &&
        ports_.mailbox.decrypt(waiting_.front().ciphertext,
                               [this](const crypto::SecretBytes& secret) { decrypted(secret); });
    if (asked) return;
    lane_again_ = context_.clock.monotonic() + lane_pause;
    context_.events.wake_up();
}

bool MailIn::may_come_from(const crypto::OpenedMessage& opened) const {
    const Piece& piece = waiting_.front();
    const auto from = peer_id(opened.sender.fingerprint());
    const bool whose = !piece.contact || *piece.contact == from;
    const bool key = !piece.prekey.peer || *piece.prekey.peer == from;
    return whose && key && is_timely(opened.sealed_at, context_.now()) &&
           from != peer_id(ports_.self.fingerprint());
}

void MailIn::decrypted(const crypto::SecretBytes& secret) {
    const Piece& piece = waiting_.front();
    const auto opened = crypto::open_sealed(
        piece.sealed, {ports_.self, piece.prekey.key->seed, secret, piece.token});
    if (!opened || !may_come_from(*opened)) return finish(true);
    hand_over(*opened);
}

void MailIn::hand_over(const crypto::OpenedMessage& opened) {
    const auto from = peer_id(opened.sender.fingerprint());
    const bool stranger = !waiting_.front().contact;
    inbox_.open_mail();
    net::RecordReader reader(opened.payload);
    while (auto message = reader.next()) {
        const bool request = std::holds_alternative<net::ContactRequest>(*message);
        if (stranger ? request : may_be_mailed(*message)) ports_.deliver(from, std::move(*message));
        if (stranger) break;  // one request, and nothing else
    }
    inbox_.close_mail(
        [this](bool all, std::function<void()> show) { stored(all, std::move(show)); });
}

/// The key goes before anything is shown.
void MailIn::stored(bool all, std::function<void()> show) {
    const Piece& piece = waiting_.front();
    if (!all) {
        show();
        return finish(false);
    }
    context_.store.submit(store::UsePrekey{piece.prekey.key->id, piece.hash, context_.now()},
                          [this, show = std::move(show)](const store::Result& result) {
                              if (result) ++opened_;
                              if (!result)
                                  context_.report(model::NoticeLevel::error, result.error().text);
                              show();
                              finish(result.has_value());
                          });
}

void MailIn::finish(bool taken) {
    const Piece piece = std::move(waiting_.front());
    waiting_.pop_front();
    busy_ = false;
    if (taken) ports_.mailbox.taken(piece.relay, piece.number);
    context_.events.wake_up();
    next();
}

std::chrono::milliseconds MailIn::tick(std::chrono::milliseconds now) {
    if (lane_again_ <= now) ask_lane();
    return lane_again_;
}

}  // namespace kith::node
