// SPDX-License-Identifier: MIT
//
// Commands about conversations: writing, reading, searching, clearing them.
#include <algorithm>

#include "app/node/ask.hpp"
#include "app/node/reply_size.hpp"

namespace kith::node {
namespace {

model::Reply refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

/// As the store gives it a place in the outbox.
store::Outgoing to_entry(const model::Message& message, std::uint64_t sequence) {
    store::Outgoing entry;
    entry.sequence = sequence;
    entry.kind = store::Kind::text;
    entry.id = message.id;
    entry.at = message.at;
    entry.text = message.text;
    entry.reply_to = message.reply_to;
    entry.timer = message.timer;
    return entry;
}

/// Which of them was asked for; what is left out is far from it.
std::size_t anchor_of(const model::ListMessages& command, const store::Page& page) {
    const auto& messages = page.messages;
    if (command.after || messages.empty()) return 0;
    const auto found = std::find_if(messages.begin(), messages.end(),
                                    [&](const auto& m) { return m.id == command.around; });
    const auto last = messages.end() - 1;
    return static_cast<std::size_t>((found == messages.end() ? last : found) - messages.begin());
}

}  // namespace

bool Node::refused(const Problem& problem, const Done& done) {
    if (problem) done(tl::unexpected(*problem));
    return problem.has_value();
}

bool Node::overloaded(const Done& done) const {
    if (context_.store.backlog() <= store::store_backlog_high) return false;
    done(refuse("busy", "Too much is waiting to be stored. Try again in a moment."));
    return true;
}

Person* Node::correspondent(const model::PeerId& peer, const Done& done) {
    Person* person = known(peer, done);
    if (person == nullptr || person->is_contact()) return person;
    done(
        person->row.blocked
            ? refuse("blocked", "You have blocked this person. Unblock them to write.")
            : refuse("not_a_contact", "You can write to each other once the request is accepted."));
    return nullptr;
}

void Node::run(model::SendText command, Done done) {
    if (known(command.peer, done) == nullptr || refused(text_problem(command.text), done)) return;
    const Person* person = correspondent(command.peer, done);
    if (person == nullptr || overloaded(done)) return;
    model::Message message;
    message.id = new_id();
    message.peer = command.peer;
    message.outgoing = true;
    message.text = std::move(command.text);
    message.at = context_.now();
    message.reply_to = command.reply_to;
    message.timer = agreed_timer(person->timer_mine, person->timer_theirs);
    typing_.written(command.peer);
    // The reply comes before the event, and both before the text is on its way.
    context_.store.submit(store::InsertOutgoing{message, context_.now()},
                          [this, done = std::move(done)](store::Result result) {
                              if (!result) return done(tl::unexpected(to_model(result.error())));
                              auto& inserted = std::get<store::Inserted>(*result);
                              const auto& stored = inserted.message;
                              outboxes_.hand_over.written(stored.id);
                              done(model::Accepted{stored.id, stored.at});
                              auto entry = to_entry(stored, inserted.sequence);
                              conversations_.added(std::move(inserted.message), std::move(entry));
                          });
}

void Node::run(model::ListMessages command, Done done) {
    if (known(command.peer, done) == nullptr ||
        refused(limit_problem(command.limit, model::page_max), done)) {
        return;
    }
    if (command.before.has_value() + command.after.has_value() + command.around.has_value() > 1) {
        return done(refuse("bad_request", "Give one of before, after and around, not more."));
    }
    ask<store::Page>(
        store::LoadPage{command.peer, command.limit, command.before, command.after, command.around},
        std::move(done), [this, command](store::Page page) -> model::Reply {
            for (auto& message : page.messages) message = conversations_.as_now(std::move(message));
            const auto anchor = anchor_of(command, page);
            model::Messages reply{command.peer, std::move(page.messages), page.more,
                                  page.more_newer};
            shorten(reply, anchor);
            return reply;
        });
}

void Node::run(model::MarkRead command, Done done) {
    const Person* person = known(command.peer, done);
    if (person == nullptr) return;
    store::MarkRead job{command.peer, command.message, {}, context_.now()};
    if (settings_.read_receipts && person->is_contact()) job.receipt = new_id();
    ask<store::Unread>(std::move(job), std::move(done),
                       [this, command](store::Unread read) -> model::Reply {
                           conversations_.read_here(command.peer, command.message, std::move(read));
                           return model::Done{};
                       });
}

void Node::run(model::SetTyping command, const Done& done) {
    const Person* person = known(command.peer, done);
    if (person == nullptr) return;
    // Who is not to know, or not there to hear it, is simply not told.
    if (settings_.typing) typing_.writing(*person, command.on);
    done(model::Done{});
}

void Node::run(model::Search command, Done done) {
    if (command.peer && known(*command.peer, done) == nullptr) return;
    if (refused(query_problem(command.text), done) ||
        refused(limit_problem(command.limit, model::hits_max), done) || overloaded(done)) {
        return;
    }
    ask<store::Hits>(
        store::Search{std::move(command.text), command.peer, command.limit, command.before},
        std::move(done), [this](store::Hits found) -> model::Reply {
            for (auto& hit : found.hits)
                hit.message = conversations_.as_now(std::move(hit.message));
            model::Hits reply{std::move(found.hits), found.more};
            shorten(reply);
            return reply;
        });
}

void Node::run(model::DeleteConversation command, Done done) {
    if (known(command.peer, done) == nullptr) return;
    ask<store::Emptied>(store::DeleteConversation{command.peer, context_.now()}, std::move(done),
                        [this, peer = command.peer](const store::Emptied& emptied) -> model::Reply {
                            conversations_.emptied(peer, emptied);
                            return model::Removed{emptied.removed, emptied.kept};
                        });
}

}  // namespace kith::node
