// SPDX-License-Identifier: MIT
#include "net/asker.hpp"

#include <algorithm>
#include <utility>

namespace kith::net {
namespace {

using Reason = Ending::Reason;
constexpr std::size_t addresses_tried = 16;

Ending no_answer(const SocketAddress& from) {
    return {Reason::not_admitted,
            "Somebody listens at " + to_string(from) +
                " but did not answer: they are hidden, in another team, busy, or not Kith."};
}

Ending not_kith(const SocketAddress& from) {
    return {Reason::protocol_error, "What listens at " + to_string(from) + " is not Kith."};
}

}  // namespace

void Asker::ask(std::vector<SocketAddress> addresses, Bytes probe, Endpoint::Asked done,
                Milliseconds now) {
    if (addresses.size() > addresses_tried) addresses.resize(addresses_tried);
    const bool full = questions_.size() >= Endpoint::asks_max;
    const bool empty = addresses.empty();
    Question& question = questions_.emplace_back(Question{std::move(addresses),
                                                          std::move(probe),
                                                          std::move(done),
                                                          now + timing_.dial,
                                                          now,
                                                          0,
                                                          {},
                                                          {},
                                                          {}});
    if (empty) question.result = tl::unexpected(Ending{Reason::no_addresses, "No address to ask."});
    if (full) {
        question.result = tl::unexpected(Ending{
            Reason::closed_here, "Too many addresses are being asked at once; try again soon."});
    }
}

void Asker::stop() {
    for (const auto& [id, link] : std::exchange(links_, {})) transport_.close(id, true);
    questions_.clear();
    stopped_ = true;
}

// --- links ---

void Asker::dial_next(Question& question, Milliseconds now) {
    const SocketAddress& to = question.addresses[question.next++];
    question.next_at = now + limits::dial_stagger;
    const LinkId id = transport_.dial(to);
    question.links.push_back(id);
    links_.emplace(id, Link{question, to, false, FrameReader(crypto::beacon_size)});
}

void Asker::on_dialled(LinkId id) {
    Link& link = links_.at(id);
    link.connected = true;
    Bytes frame;
    append_frame(frame, link.question.probe);
    bytes_out_ += frame.size();
    transport_.send(id, std::move(frame));
}

void Asker::on_data(LinkId id, ByteView bytes) {
    Link& link = links_.at(id);
    const auto frame = link.reader.next(bytes);
    if (frame && frame->size() == crypto::beacon_size) {
        return conclude(link.question, Bytes(frame->begin(), frame->end()));
    }
    if (!frame && !link.reader.refused()) return;
    const Ending ending = not_kith(link.to);
    transport_.close(id, true);
    failed(id, ending);
}

void Asker::on_closed(LinkId id, Reason reason) {
    const Link& link = links_.at(id);
    failed(id, link.connected ? no_answer(link.to) : dial_ending(reason, link.to));
}

void Asker::failed(LinkId id, Ending ending) {
    Question& question = links_.at(id).question;
    links_.erase(id);
    std::erase(question.links, id);
    const int rank = explanatory_rank(ending.reason);
    if (!question.best || rank > explanatory_rank(question.best->reason)) {
        question.best = std::move(ending);
    }
    question.next_at = Milliseconds{0};  // the next address, if there is one, at once
}

void Asker::conclude(Question& question, tl::expected<Bytes, Ending> result) {
    for (const LinkId id : std::exchange(question.links, {})) {
        transport_.close(id, true);
        links_.erase(id);
    }
    question.result = std::move(result);
}

// --- time ---

void Asker::time_out(Question& question) {
    for (const LinkId id : std::vector(question.links)) {
        const Link& link = links_.at(id);
        Ending ending =
            link.connected ? no_answer(link.to) : dial_ending(Reason::timed_out, link.to);
        transport_.close(id, true);
        failed(id, std::move(ending));
    }
    conclude(question, tl::unexpected(question.best.value_or(ending_of(Reason::timed_out))));
}

Asker::Milliseconds Asker::tick_question(Question& question, Milliseconds now) {
    if (question.result) return now;
    if (now >= question.deadline) {
        time_out(question);
        return now;
    }
    const bool more = question.next < question.addresses.size();
    if (!more && question.links.empty()) {
        conclude(question, tl::unexpected(question.best.value_or(ending_of(Reason::unreachable))));
        return now;
    }
    if (more && now >= question.next_at) dial_next(question, now);
    const bool still_more = question.next < question.addresses.size();
    return still_more ? std::min(question.next_at, question.deadline) : question.deadline;
}

Asker::Milliseconds Asker::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    std::list<Question> answered;
    for (auto at = questions_.begin(); at != questions_.end();) {
        const auto question = at++;
        const auto due = tick_question(*question, now);
        if (question->result) {
            answered.splice(answered.end(), questions_, question);
        } else {
            next = std::min(next, due);
        }
    }
    // Who is called may ask again, or stop everything.
    for (Question& question : answered) {
        if (!stopped_) question.done(std::move(*question.result));
    }
    return next;
}

}  // namespace kith::net
