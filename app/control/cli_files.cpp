// SPDX-License-Identifier: MIT
#include "app/control/cli_files.hpp"

#include <deque>
#include <ostream>

#include "app/control/json_read.hpp"
#include "app/control/message_fields.hpp"
#include "app/control/transfer_progress.hpp"

namespace kith::control {
namespace {

bool is_there(const Json& peer) {
    const std::string state = string_in(peer, "state");
    return state == "online" || state == "idle";
}

/// One transfer and its recipient as they are known now.
class Follower {
public:
    Follower(const std::string& id, const Instance& instance) : id_(id), instance_(instance) {}

    /// What events say between the question and its answer counts after it.
    bool read_anew() {
        std::deque<Json> between;
        const auto keep = [&](const Json& event) {
            if (concerns(event)) between.push_back(event);
            if (between.size() > kept_max) between.pop_front();
        };
        const auto transfers = instance_.ask(Json{{"cmd", "transfers"}}, keep);
        if (!transfers) return false;
        for (const Json& one : list_in(*transfers, "transfers"))
            if (string_in(one, "transfer") == id_) transfer_ = one;
        const auto peers = instance_.ask(Json{{"cmd", "peers"}}, keep);
        if (!peers) return false;
        for (const Json& one : list_in(*peers, "peers")) take_peer(one);
        for (const Json& event : between) take(event);
        return true;
    }

    /// Whether it is about this transfer or its recipient.
    bool take(const Json& event) {
        if (!concerns(event)) return false;
        const std::string kind = string_in(event, "event");
        if (kind == "transfer") transfer_ = event;
        if (kind == "peer") take_peer(event);
        return true;
    }

    [[nodiscard]] const Json& transfer() const { return transfer_; }
    [[nodiscard]] const Recipient& recipient() const { return recipient_; }

private:
    static constexpr std::size_t kept_max = 100;

    [[nodiscard]] bool concerns(const Json& event) const {
        const std::string kind = string_in(event, "event");
        if (kind == "transfer") return string_in(event, "transfer") == id_;
        return kind == "peer";
    }
    void take_peer(const Json& peer) {
        if (string_in(peer, "peer") != string_in(transfer_, "peer")) return;
        recipient_ = {string_in(peer, "name"), is_there(peer)};
    }

    const std::string& id_;
    const Instance& instance_;
    Json transfer_ = Json::object();
    Recipient recipient_;
};

FollowEnd tell_end(const Follower& follower, std::ostream& out, std::ostream& err, bool json) {
    const bool done = string_in(follower.transfer(), "state") == "done";
    const std::string words = ending_words(follower.transfer(), follower.recipient());
    if (!done) {
        err << "kith: " << words << "\n";
    } else if (!json) {
        out << words << "\n";
    }
    return done ? FollowEnd::done : FollowEnd::not_done;
}

}  // namespace

FollowEnd follow_transfer(const std::string& transfer, const Instance& instance, std::ostream& out,
                          std::ostream& err, std::size_t columns, bool json) {
    Follower follower(transfer, instance);
    TransferProgress progress(out, columns);
    Json printed;
    const auto show = [&] {
        if (json && follower.transfer() != printed)
            out << safe_json(dump(printed = follower.transfer())) << std::endl;
        else if (!json && !is_over(follower.transfer()))
            progress.show(follower.transfer(), follower.recipient());
    };
    if (!follower.read_anew()) return FollowEnd::connection_lost;
    show();
    while (!is_over(follower.transfer())) {
        const auto event = instance.next_event();
        const bool lost =
            !event || (string_in(*event, "event") == "resync" && !follower.read_anew());
        if (lost) {
            progress.end();
            return FollowEnd::connection_lost;
        }
        if (follower.take(*event) || string_in(*event, "event") == "resync") show();
    }
    progress.end();
    return tell_end(follower, out, err, json);
}

tl::expected<std::string, std::string> find_transfer(const Json& transfers,
                                                     const std::optional<std::string>& prefix) {
    constexpr std::size_t whole = 36;
    if (prefix && prefix->size() == whole) return *prefix;
    std::string found;
    for (const Json& one : list_in(transfers, "transfers")) {
        const std::string id = string_in(one, "transfer");
        const bool offer =
            string_in(one, "state") == "offered" && string_in(one, "direction") == "in";
        if (prefix ? !id.starts_with(*prefix) : !offer) continue;
        if (!found.empty())
            return tl::unexpected(std::string(prefix
                                                  ? "The IDs of several transfers begin like this"
                                                  : "Several offers wait; say which") +
                                  "; `kith transfers` lists them.");
        found = id;
    }
    if (!found.empty()) return found;
    return tl::unexpected(prefix ? "No transfer's ID begins like this; `kith transfers` lists them."
                                 : "No offer waits for an answer.");
}

}  // namespace kith::control
