// SPDX-License-Identifier: MIT
//
// Texts and amendments from contacts: stored first, acknowledged after the commit, shown once.
// Network thread only.
#pragma once

#include <memory>

#include "app/node/conversations.hpp"
#include "app/node/storage_budget.hpp"
#include "app/node/wire.hpp"

namespace kith::node {

class Inbox {
public:
    /// Messages of one peer that wait for their commit: twice what an honest sender has in flight.
    static constexpr std::size_t waiting_messages = 4096;
    static constexpr std::size_t waiting_bytes = 10 << 20;

    Inbox(Context& context, Conversations& conversations)
        : budget(context), context_(context), conversations_(conversations) {}

    /// False when the peer sent more than it may: end the session. `Reliable` is one
    /// of the messages to_job() takes.
    template <typename Reliable>
    [[nodiscard]] bool receive(const Person& from, Reliable message) {
        const net::MessageId id = message.id;
        const std::size_t bytes = weight(message);
        const auto session = session_of(from.row.id);
        return receive_as(
            from, id, bytes,
            to_job({from.row.id, session, context_.now(), from.timer_mine}, std::move(message)),
            nullptr);
    }
    /// The same for a job of InsertIncoming or PutTransfer that is made elsewhere, about `bytes`
    /// that take room here. `then` hears how it ended, before anything is shown.
    using Then = std::function<void(store::Result&)>;
    [[nodiscard]] bool receive_as(const Person& from, const net::MessageId& id, std::size_t bytes,
                                  store::Job job, Then then);
    /// Sends the acknowledgements of all that was committed since the last call.
    void flush();

    // What is received between the two came together in one piece of mail: when all of it is
    // stored, or was refused, `done` hears so; what is to be seen of it is shown by `show`.
    using MailDone = std::function<void(bool all, std::function<void()> show)>;
    void open_mail();
    void close_mail(MailDone done);

    StorageBudget budget;
    /// Came by mail and is stored: there may be no session to say so.
    std::function<void(const model::PeerId&, std::vector<net::MessageId>)> on_mail_stored;

private:
    struct Waiting {
        std::size_t messages = 0;
        std::size_t bytes = 0;
    };
    struct Received {
        model::PeerId peer;
        store::SessionNumber session = 0;
        net::MessageId id{};
        std::size_t bytes = 0;
        bool mailed = false;
    };
    struct Mail {
        std::size_t waiting = 0;
        bool closed = false;
        bool failed = false;
        std::vector<std::function<void()>> shows;
        MailDone done;
    };
    static void settle(const std::shared_ptr<Mail>& mail);
    void keep_for_mail(const Received& received, store::Job job, Then then);
    /// 0: none.
    [[nodiscard]] store::SessionNumber session_of(const model::PeerId& peer) const;
    [[nodiscard]] bool has_room(const model::PeerId& peer) const;
    void wait(const Received& received, store::Job job, Then then);
    void stored(const Received& received, store::Result result);
    void failed(const Received& received, const store::Error& error);
    void show(const model::PeerId& peer, store::Answer answer);

    Context& context_;
    Conversations& conversations_;
    std::map<model::PeerId, Waiting> waiting_;
    std::map<model::PeerId, std::vector<net::MessageId>> committed_;
    std::shared_ptr<Mail> mail_;  ///< open
};

}  // namespace kith::node
