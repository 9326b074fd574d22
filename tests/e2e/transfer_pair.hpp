// SPDX-License-Identifier: MIT
//
// Alice and Bob, who are contacts, with a folder of Alice's to send from and one of Bob's where
// things land.
#pragma once

#include "tests/e2e/file_trees.hpp"
#include "tests/e2e/instance.hpp"

namespace kith::e2e {

struct TransferPair {
    TransferPair() : alice(options("Alice", out)), bob(options("Bob", in)) { befriend(alice, bob); }
    /// Wherever they are; not contacts yet.
    TransferPair(Instance::Options a, Instance::Options b)
        : alice(landing(std::move(a), out)), bob(landing(std::move(b), in)) {}
    static Instance::Options landing(Instance::Options made, const TemporaryFolder& downloads) {
        made.more.insert(made.more.end(), {"--downloads", downloads.path().string()});
        return made;
    }
    static Instance::Options options(const std::string& name, const TemporaryFolder& downloads) {
        Instance::Options made;
        made.name = name;
        return landing(std::move(made), downloads);
    }

    std::string offer(const std::vector<std::filesystem::path>& paths) {
        Json list = Json::array();
        for (const auto& path : paths) list.push_back(path.string());
        return alice.ask({{"cmd", "send_files"}, {"peer", bob.fingerprint()}, {"paths", list}})
            .at("transfer");
    }
    /// The entry of `transfers`, or null.
    static Json transfer(Instance& who, const std::string& id) {
        const Json reply = who.ask({{"cmd", "transfers"}});
        for (const auto& one : reply.at("transfers")) {
            if (one.at("transfer") == id) return one;
        }
        return nullptr;
    }
    static std::string state(Instance& who, const std::string& id) {
        const Json one = transfer(who, id);
        return one.is_object() ? one.at("state").get<std::string>() : "unknown";
    }
    static void wait_for(Instance& who, const std::string& id, const std::string& wanted,
                         Clock::duration timeout = patience) {
        who.wait_until(
            "the transfer to be " + wanted, [&] { return state(who, id) == wanted; }, timeout);
    }
    /// Offered, arrived, accepted; gives the path.
    std::string accept(const std::string& id) {
        wait_for(bob, id, "offered");
        bob.wait_until("the list", [&] {
            return bob.request({{"cmd", "transfer_files"}, {"transfer", id}}).at("ok") == true;
        });
        return bob.ask({{"cmd", "accept_transfer"}, {"transfer", id}}).at("path");
    }
    std::string send(const std::vector<std::filesystem::path>& paths) {
        const auto id = offer(paths);
        auto path = accept(id);
        wait_for(bob, id, "done");
        wait_for(alice, id, "done");
        return path;
    }

    TemporaryFolder out, in;
    Instance alice, bob;
};

}  // namespace kith::e2e
