// SPDX-License-Identifier: MIT
//
// Commands that amend what was written. Each is reliable like a text: stored, with an entry in the
// outbox, before it is answered.
#include "app/node/ask.hpp"

namespace kith::node {

void Node::run(model::EditMessage command, Done done) {
    if (refused(text_problem(command.text), done) || overloaded(done)) return;
    ask<store::Changed>(
        store::EditOwn{command.message, new_id(), std::move(command.text), context_.now()},
        std::move(done), [this](store::Changed change) -> model::Reply {
            conversations_.changed(std::move(change));
            return model::Done{};
        });
}

void Node::run(model::DeleteMessage command, Done done) {
    if (overloaded(done)) return;
    if (command.whom == model::DeleteFor::me) {
        return ask<store::Gone>(store::RemoveLocally{command.message, context_.now()},
                                std::move(done), [this, command](store::Gone gone) -> model::Reply {
                                    conversations_.gone(std::move(gone), command.message);
                                    return model::Done{};
                                });
    }
    ask<store::Changed>(store::EraseOwn{command.message, new_id(), context_.now()}, std::move(done),
                        [this](store::Changed change) -> model::Reply {
                            conversations_.changed(std::move(change));
                            return model::Done{};
                        });
}

void Node::run(model::CancelMessage command, Done done) {
    if (overloaded(done)) return;
    const auto text = command.message;
    store::CancelOwn job{text, {}, context_.now()};
    if (outboxes_.hand_over.may_have_left(text)) job.erase = new_id();
    outboxes_.hold(text);  // what has not left by now must not while the store works
    context_.store.submit(job, [this, text, done = std::move(done)](store::Result result) {
        if (!result) {
            outboxes_.kept(text);
            return done(tl::unexpected(to_model(result.error())));
        }
        auto& gone = std::get<store::Gone>(*result);
        outboxes_.taken_back(gone.peer, text);
        conversations_.gone(std::move(gone), text);
        done(model::Done{});
    });
}

void Node::run(model::React command, Done done) {
    if (refused(emoji_problem(command.emoji), done) || overloaded(done)) return;
    ask<store::Changed>(store::ReactOwn{command.message, new_id(), std::move(command.emoji),
                                        command.on, context_.now()},
                        std::move(done), [this](store::Changed change) -> model::Reply {
                            conversations_.changed(std::move(change));
                            return model::Done{};
                        });
}

void Node::run(model::SetDisappearing command, Done done) {
    if (correspondent(command.peer, done) == nullptr) return;
    if (command.seconds > model::timer_max_s) {
        return done(tl::unexpected(model::Error{
            "bad_request", "Messages disappear after at most 31536000 seconds (a year)."}));
    }
    ask<store::Timers>(store::SetTimer{command.peer, new_id(), command.seconds, context_.now()},
                       std::move(done),
                       [this, peer = command.peer](store::Timers timers) -> model::Reply {
                           conversations_.timers(peer, std::move(timers));
                           return model::Done{};
                       });
}

}  // namespace kith::node
