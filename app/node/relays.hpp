// SPDX-License-Identifier: MIT
//
// The relays of one's own: which they are, how they do, and which of them others are told. Network
// thread only.
#pragma once

#include <map>

#include "app/node/addresses.hpp"
#include "app/node/context.hpp"
#include "app/node/convert.hpp"
#include "net/message.hpp"
#include "net/relay/relay_status.hpp"

namespace kith::node {

/// Error code: bad_relay_address.
[[nodiscard]] tl::expected<crypto::RelayAddress, model::Error> parse_relay(std::string_view text);

class Relays {
public:
    using List = std::vector<crypto::RelayAddress>;
    using Use = std::function<void(List)>;

    /// `use` gets all of them whenever they change; may be empty. `this_run` are not stored.
    Relays(Context& context, List this_run, Use use)
        : context_(context), this_run_(std::move(this_run)), use_(std::move(use)) {}

    /// As of an earlier run: to_text(). What is damaged is left out.
    void load(std::string_view text);
    /// Everything is there: they are used from now on.
    void start();

    [[nodiscard]] model::Relays list() const;
    /// Those of this run come first: somebody wants them now.
    [[nodiscard]] List all() const;
    struct Standing {
        model::RelayState state = model::RelayState::connecting;
        std::string error;
        bool no_mail = false;
    };
    /// Nothing: it is none of one's own.
    [[nodiscard]] std::optional<Standing> standing_at(const crypto::Fingerprint& relay) const;
    /// One's own with that key, if it is online.
    [[nodiscard]] std::optional<crypto::RelayAddress> online_at(
        const crypto::Fingerprint& relay) const;
    /// Best first, at most relays_told_max.
    [[nodiscard]] std::vector<crypto::Candidate> candidates() const;
    /// The first that is online, as name_of(); empty: none.
    [[nodiscard]] std::string online() const;

    /// A change that is to be stored before it is made.
    struct Change {
        List kept;
        List this_run;
    };
    /// Error codes: bad_relay_address, too_many.
    [[nodiscard]] tl::expected<Change, model::Error> with(std::string_view address) const;
    /// Error codes: bad_relay_address, no_such_relay.
    [[nodiscard]] tl::expected<Change, model::Error> without(std::string_view address) const;
    /// What the next change starts from, though it is not stored yet.
    void propose(const Change& change) { proposed_ = change; }
    /// It is stored.
    void make(Change change);
    /// It could not be stored.
    void withdraw() { proposed_.reset(); }
    [[nodiscard]] static std::string to_text(const List& relays);

    void heard(const net::RelayStatus& status);
    /// What it said when it was asked to keep mail for us.
    void mailbox_heard(const crypto::RelayAddress& relay, net::MailboxOutcome outcome);

    std::function<void()> on_changed;  ///< candidates() or online() may differ

    /// The name one has there; see model::Relay.
    struct NameThere {
        std::string name{};
        bool registered = false;
        std::string error{};
    };
    std::function<NameThere(const crypto::Fingerprint&)> name_at;  ///< may be empty
    /// What name_at() says of this one may differ.
    void name_changed(const crypto::Fingerprint& relay) const;

private:
    [[nodiscard]] Change present() const { return proposed_.value_or(Change{kept_, this_run_}); }
    [[nodiscard]] model::Relay to_model(const crypto::RelayAddress& relay) const;
    [[nodiscard]] Standing standing_of(const crypto::RelayAddress& relay) const;
    void publish_changes(const model::Relays& before) const;

    Context& context_;
    List kept_;
    List this_run_;
    Use use_;
    std::optional<Change> proposed_;
    std::map<crypto::Fingerprint, Standing> standing_;
};

}  // namespace kith::node
