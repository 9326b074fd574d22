// SPDX-License-Identifier: MIT
//
// Commands and messages about files.
#include "app/node/ask.hpp"
#include "app/node/convert.hpp"

namespace kith::node {

void Node::run(model::SendFiles command, Done done) {
    if (refused(paths_problem(command.paths), done) || overloaded(done)) return;
    if (correspondent(command.peer, done) == nullptr) return;
    transfers_.send(command.peer, std::move(command.paths), std::move(done));
}

void Node::run(const model::ListTransfers& command, Done done) { transfers_.run(command, done); }

void Node::run(const model::ListTransferFiles& command, Done done) {
    if (refused(limit_problem(command.limit, model::page_max), done)) return;
    transfers_.run(command, std::move(done));
}

void Node::run(model::AcceptTransfer command, Done done) {
    if (!command.folder.empty() && refused(paths_problem({command.folder}), done)) return;
    if (!overloaded(done)) transfers_.run(std::move(command), std::move(done));
}

void Node::run(const model::DeclineTransfer& command, Done done) {
    transfers_.run(command, std::move(done));
}

void Node::run(const model::PauseTransfer& command, Done done) {
    transfers_.run(command, std::move(done));
}

void Node::run(const model::ResumeTransfer& command, Done done) {
    transfers_.run(command, std::move(done));
}

void Node::run(const model::CancelTransfer& command, Done done) {
    transfers_.run(command, std::move(done));
}

void Node::run(const model::RetryTransfer& command, Done done) {
    transfers_.run(command, std::move(done));
}

void Node::run(const model::SetAutoAccept& command, Done done) {
    Person* person = correspondent(command.peer, done);
    if (person == nullptr) return;
    person->row.auto_accept = command.rule;
    context_.events.person_changed(command.peer);
    context_.save(*person, [done = std::move(done)](auto saved) {
        done(saved ? model::Reply(model::Done{}) : tl::unexpected(saved.error()));
    });
}

void Node::on_bulk(const net::Fingerprint& peer, const net::RunId& run, net::BulkLink link) {
    transfers_.runs().on_bulk(peer_id(peer), run, std::move(link));
}

void Node::on_bulk_failed(const net::Fingerprint& peer, const net::RunId& run,
                          const net::Ending& ending) {
    on_log(net::LogLevel::debug, "No connection of its own for files: " + ending.text);
    transfers_.runs().on_bulk_failed(peer_id(peer), run);
}

/// Offers, answers, stops: reliable.
template <typename Reliable>
void Node::receive_files(const model::PeerId& from, Reliable&& message) {
    const Person* person = context_.people.find(from);
    if (person != nullptr && person->is_contact() &&
        transfers_.receive(*person, std::forward<Reliable>(message)))
        return;
    not_taken(from, person);
}

template <typename AboutFiles>
void Node::hear(const model::PeerId& from, AboutFiles&& message) {
    const Person* person = context_.people.find(from);
    if (person != nullptr && person->is_contact())
        transfers_.heard(from, std::forward<AboutFiles>(message));
}

void Node::handle(const model::PeerId& from, net::FileOffer message) {
    receive_files(from, std::move(message));
}

void Node::handle(const model::PeerId& from, net::FileAnswer message) {
    receive_files(from, std::move(message));
}

void Node::handle(const model::PeerId& from, const net::FileStop& message) {
    receive_files(from, message);
}

void Node::handle(const model::PeerId& from, net::FileWaits message) {
    receive_files(from, std::move(message));
}

void Node::handle(const model::PeerId& from, const net::ManifestRequest& message) {
    hear(from, message);
}

void Node::handle(const model::PeerId& from, net::ManifestPart message) {
    hear(from, std::move(message));
}

void Node::handle(const model::PeerId& from, const net::FileState& message) { hear(from, message); }

void Node::handle(const model::PeerId& from, const net::FileRun& message) { hear(from, message); }

void Node::handle(const model::PeerId& from, const net::FileReady& message) { hear(from, message); }

void Node::handle(const model::PeerId& from, net::BulkData message) {
    hear(from, std::move(message));
}

void Node::handle(const model::PeerId& from, const net::BulkCredit& message) {
    hear(from, message);
}

}  // namespace kith::node
