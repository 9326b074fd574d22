// SPDX-License-Identifier: MIT
//
// Commands about conversations.
#include "app/node/convert.hpp"
#include "app/node/node.hpp"
#include "net/utf8.hpp"

namespace kith::node {
namespace {

std::optional<model::Error> text_problem(std::string_view text) {
    if (text.empty()) return model::Error{"empty", "The message is empty."};
    if (text.size() > model::text_max) {
        return model::Error{"too_long", "The message is too long: 64 KiB at most. Split it."};
    }
    if (!net::valid_utf8(text))
        return model::Error{"bad_request", "The message is not valid UTF-8."};
    return std::nullopt;
}

}  // namespace

void Node::run(model::SendText command, Done done) {
    const Person* person = known(command.peer, done);
    if (person == nullptr) return;
    if (const auto problem = text_problem(command.text)) return done(tl::unexpected(*problem));
    if (person->row.blocked) {
        return done(tl::unexpected(
            model::Error{"blocked", "You have blocked this person. Unblock them to write."}));
    }
    if (!person->is_contact()) {
        return done(tl::unexpected(model::Error{
            "not_a_contact", "You can write to each other once the request is accepted."}));
    }
    if (context_.store.backlog() > store::store_backlog_high) {
        return done(tl::unexpected(
            model::Error{"busy", "Too much is waiting to be stored. Try again in a moment."}));
    }
    model::Message message;
    message.id.bytes = context_.uuids.next();
    message.peer = command.peer;
    message.outgoing = true;
    message.text = std::move(command.text);
    message.at = context_.now();
    message.reply_to = command.reply_to;
    context_.store.submit(store::InsertOutgoing{message},
                          [this, message, done = std::move(done)](const store::Result& result) {
                              sent(message, result, done);
                          });
}

void Node::sent(const model::Message& stored, const store::Result& result, const Done& done) {
    if (!result) return done(tl::unexpected(to_model(result.error())));
    model::Message message = stored;
    message.position = std::get<store::Inserted>(*result).position;
    done(model::Accepted{message.id, message.at});
    if (Person* person = context_.people.find(message.peer)) {
        person->last_activity = std::max(person->last_activity, message.at);
        person->last_text = preview(message.text);
        context_.events.person_changed(message.peer);
        context_.events.publish(model::MessageAdded{message});
        if (person->is_contact()) outbox(message.peer).committed(message);
    }
}

void Node::run(model::ListMessages command, Done done) {
    if (known(command.peer, done) == nullptr) return;
    if (command.limit == 0 || command.limit > model::page_max) {
        return done(
            tl::unexpected(model::Error{"bad_request", "The limit is a number from 1 to 1000."}));
    }
    store::LoadPage job{command.peer, command.limit, command.before};
    context_.store.submit(job, [this, command, done = std::move(done)](store::Result result) {
        if (!result) return done(tl::unexpected(to_model(result.error())));
        auto& page = std::get<store::Page>(*result);
        const Outbox& sending = outbox(command.peer);
        for (auto& message : page.messages) {
            if (sending.in_flight(message.id)) message.state = model::MessageState::sent;
        }
        done(model::Messages{command.peer, std::move(page.messages), page.more, command.before});
    });
}

void Node::run(model::MarkRead command, Done done) {
    if (known(command.peer, done) == nullptr) return;
    context_.store.submit(store::MarkRead{command.peer, command.message},
                          [this, command, done = std::move(done)](const store::Result& result) {
                              if (!result) return done(tl::unexpected(to_model(result.error())));
                              if (Person* person = context_.people.find(command.peer)) {
                                  person->unread = std::get<store::Unread>(*result).count;
                                  context_.events.person_changed(command.peer);
                              }
                              done(model::Done{});
                          });
}

}  // namespace kith::node
