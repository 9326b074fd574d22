// SPDX-License-Identifier: MIT
//
// How a command asks the store and replies. Internal to the node's files of commands.
#pragma once

#include "app/node/node.hpp"

namespace kith::node {

template <typename Answer, typename Then>
void Node::ask(store::Job&& job, Done done, Then then) {
    context_.store.submit(std::move(job), [done = std::move(done),
                                           then = std::move(then)](store::Result result) mutable {
        if (!result) return done(tl::unexpected(to_model(result.error())));
        done(then(std::move(std::get<Answer>(*result))));
    });
}

}  // namespace kith::node
