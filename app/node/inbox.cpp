// SPDX-License-Identifier: MIT
#include "app/node/inbox.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

bool takes_no_room(const store::Result& result) {
    if (!result) return true;
    const auto* inserted = std::get_if<store::Inserted>(&*result);
    return inserted != nullptr && inserted->duplicate;
}

}  // namespace

store::SessionNumber Inbox::session_of(const model::PeerId& peer) const {
    const auto found = context_.live.find(peer);
    return found == context_.live.end() ? 0 : found->second.number;
}

bool Inbox::has_room(const model::PeerId& peer) const {
    const auto found = waiting_.find(peer);
    return found == waiting_.end() ||
           (found->second.messages < waiting_messages && found->second.bytes < waiting_bytes);
}

bool Inbox::receive_as(const Person& from, const net::MessageId& id, std::size_t bytes,
                       store::Job job, Then then) {
    const bool taken = has_room(from.row.id) && budget.spend(from, bytes);
    // Mail that finds no room is gone from the relay, so that it holds back nobody else's; its
    // sender keeps what was not acknowledged, and says it again.
    if (!taken) return false;
    const auto session = session_of(from.row.id);
    if (auto* offer = std::get_if<store::InsertIncoming>(&job)) offer->session = session;
    if (auto* change = std::get_if<store::PutTransfer>(&job)) change->session = session;
    wait({from.row.id, session, id, bytes, mail_ != nullptr}, std::move(job), std::move(then));
    return true;
}

void Inbox::wait(const Received& received, store::Job job, Then then) {
    Waiting& waiting = waiting_[received.peer];
    ++waiting.messages;
    waiting.bytes += received.bytes;
    if (mail_) return keep_for_mail(received, std::move(job), std::move(then));
    context_.store.submit(std::move(job),
                          [this, received, then = std::move(then)](store::Result result) {
                              if (then) then(result);
                              stored(received, std::move(result));
                          });
}

void Inbox::open_mail() { mail_ = std::make_shared<Mail>(); }

void Inbox::close_mail(MailDone done) {
    const auto mail = std::move(mail_);
    mail->closed = true;
    mail->done = std::move(done);
    settle(mail);
}

void Inbox::keep_for_mail(const Received& received, store::Job job, Then then) {
    ++mail_->waiting;
    context_.store.submit(std::move(job),
                          [this, mail = mail_, received, then = std::move(then)](auto result) {
                              --mail->waiting;
                              mail->failed = mail->failed || !result;
                              mail->shows.push_back([this, received, then, result]() mutable {
                                  if (then) then(result);
                                  stored(received, std::move(result));
                              });
                              settle(mail);
                          });
}

void Inbox::settle(const std::shared_ptr<Mail>& mail) {
    if (!mail->closed || mail->waiting > 0) return;
    mail->done(!mail->failed, [mail] {
        for (const auto& show : std::exchange(mail->shows, {})) show();
    });
}

void Inbox::stored(const Received& received, store::Result result) {
    const auto waiting = waiting_.find(received.peer);
    waiting->second.bytes -= received.bytes;
    if (--waiting->second.messages == 0) waiting_.erase(waiting);
    if (takes_no_room(result)) budget.give_back(received.peer, received.bytes);
    if (!result) return failed(received, result.error());
    if (received.mailed && !context_.endpoint->has_session(fingerprint(received.peer))) {
        if (on_mail_stored) on_mail_stored(received.peer, {received.id});
    } else {
        committed_[received.peer].push_back(received.id);
    }
    show(received.peer, std::move(*result));
}

/// Not acknowledged: it comes again, in order, with the next session. What came with it in the same
/// session fails, too, and needs no words of its own.
void Inbox::failed(const Received& received, const store::Error& error) {
    if (session_of(received.peer) != received.session) return;
    context_.report(model::NoticeLevel::error, error.text);
    context_.endpoint->drop_session(fingerprint(received.peer));
}

void Inbox::show(const model::PeerId& peer, store::Answer answer) {
    if (auto* inserted = std::get_if<store::Inserted>(&answer)) {
        if (!inserted->duplicate) conversations_.added(std::move(inserted->message));
    } else if (auto* changed = std::get_if<store::Changed>(&answer)) {
        conversations_.changed(std::move(*changed));
    } else if (const auto* read = std::get_if<store::ReadByPeer>(&answer)) {
        conversations_.read_there(peer, *read);
    } else if (auto* timers = std::get_if<store::Timers>(&answer)) {
        conversations_.timers(peer, std::move(*timers));
    }
}

void Inbox::flush() {
    for (auto& [peer, ids] : std::exchange(committed_, {})) {
        if (!context_.endpoint->has_session(fingerprint(peer))) continue;
        for (std::size_t at = 0; at < ids.size(); at += net::ack_ids_max) {
            const auto end = std::min(ids.size(), at + net::ack_ids_max);
            context_.endpoint->send(fingerprint(peer),
                                    net::Ack{{ids.begin() + static_cast<std::ptrdiff_t>(at),
                                              ids.begin() + static_cast<std::ptrdiff_t>(end)}});
        }
    }
}

}  // namespace kith::node
