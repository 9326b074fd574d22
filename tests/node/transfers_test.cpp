// SPDX-License-Identifier: MIT
//
// Files between two whole nodes on a simulated network: offered, answered, moved through the
// session, cut off, paused, cancelled, tried again.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;
using model::TransferState;

namespace {

struct Senders : Friends {
    explicit Senders(std::uint64_t seed = 1) : Friends(seed), random(seed) {
        a.files.own["/home/a/one.jpg"] = random_bytes(random, 300'000);
        a.files.own["/home/a/two.txt"] = random_bytes(random, 1'000);
        a.files.own["/home/a/empty"] = {};
    }
    std::vector<std::string> all() const {
        std::vector<std::string> paths;
        for (const auto& [path, bytes] : a.files.own) paths.push_back(path);
        return paths;
    }
    model::TransferId offer(std::vector<std::string> paths) {
        const auto reply = a.call(model::SendFiles{b.id(), std::move(paths)});
        INFO((reply ? std::string() : reply.error().code));
        REQUIRE(reply);
        return std::get<model::Offered>(reply.value()).transfer;
    }
    /// Offered by a, and known to b.
    model::TransferId offered() {
        const auto id = offer(all());
        if (!until([&] { return at(b, id).has_value() && at(b, id)->listed; }))
            throw std::runtime_error("the offer did not arrive");
        return id;
    }
    std::string accept(const model::TransferId& id) {
        return std::get<model::Landed>(b.call(model::AcceptTransfer{id, {}, {}}).value()).path;
    }
    static std::optional<model::Transfer> at(sim::SimNode& node, const model::TransferId& id) {
        const auto reply = node.call(model::ListTransfers{});
        for (const auto& one : std::get<model::Transfers>(reply.value()).transfers) {
            if (one.id == id) return one;
        }
        return std::nullopt;
    }
    bool reaches(sim::SimNode& node, const model::TransferId& id, TransferState state) {
        return until([&] { return at(node, id).has_value() && at(node, id)->state == state; });
    }
    bool both_reach(const model::TransferId& id, TransferState state) {
        return reaches(b, id, state) && reaches(a, id, state);
    }
    void check_received(const std::string& folder = "/downloads/alice") {
        const auto came = b.files.received();
        CHECK(came.size() == a.files.own.size());
        for (const auto& [path, bytes] : a.files.own) {
            const auto found = came.find(folder + path.substr(path.rfind('/')));
            REQUIRE(found != came.end());
            CHECK(found->second == bytes);
        }
    }
    std::mt19937_64 random;
};

}  // namespace

TEST_CASE("files are offered, seen, accepted, and land") {
    Senders two;
    const auto id = two.offered();
    const auto here = two.at(two.a, id).value();
    CHECK(here.outgoing);
    CHECK(here.state == TransferState::offered);
    CHECK(here.files == 3);
    CHECK(here.total == 301'000);
    CHECK(here.path == "/home/a/empty");
    // It is a message, too.
    const auto message = two.there(id).value();
    REQUIRE(message.transfer);
    CHECK(message.transfer->name == here.name);
    CHECK(message.text == here.name);
    CHECK(two.until([&] { return two.here(id)->state == model::MessageState::delivered; }));

    const auto reply = two.b.call(model::ListTransferFiles{id, 0, 1000});
    const auto& list = std::get<model::TransferFiles>(reply.value());
    CHECK(list.entries == 3);
    REQUIRE(list.files.size() == 3);
    CHECK(list.files[1].path == "one.jpg");
    CHECK(list.files[1].size == 300'000);
    CHECK(list.folder == "/downloads/alice");
    CHECK(list.free_bytes);

    CHECK(two.accept(id) == "/downloads/alice");
    const auto begun = two.network.clock().monotonic();
    REQUIRE(two.both_reach(id, TransferState::done));
    CHECK(two.network.clock().monotonic() - begun < 5s);  // nobody waits for anybody
    two.check_received();
    CHECK(two.b.files.finished == 1);
    for (auto* node : {&two.a, &two.b}) {
        const auto done = two.at(*node, id).value();
        CHECK(done.bytes == 301'000);
        CHECK(done.files_failed == 0);
        CHECK(done.error.empty());
    }
    CHECK(two.at(two.b, id)->files_done == 3);
    CHECK(two.there(id)->transfer->state == TransferState::done);
    CHECK(two.b.count<model::TransferChanged>() > 2);
}

TEST_CASE("a part of an offer can be taken") {
    Senders two;
    const auto id = two.offered();
    CHECK(code(two.b.call(model::AcceptTransfer{id, {}, std::vector<std::uint32_t>{}})) ==
          "bad_selection");
    CHECK(code(two.b.call(model::AcceptTransfer{id, {}, std::vector<std::uint32_t>{3}})) ==
          "bad_selection");
    CHECK(code(two.b.call(model::AcceptTransfer{id, {}, std::vector<std::uint32_t>{2, 1}})) ==
          "bad_selection");
    REQUIRE(two.b.call(model::AcceptTransfer{id, "/srv", std::vector<std::uint32_t>{0, 2}}));
    REQUIRE(two.both_reach(id, TransferState::done));
    const auto came = two.b.files.received();
    CHECK(came.size() == 2);
    CHECK(came.contains("/srv/two.txt"));
    CHECK(two.at(two.a, id)->total == 1'000);
    CHECK(code(two.b.call(model::AcceptTransfer{id, {}, {}})) == "too_late");
}

TEST_CASE("an offer is declined, or taken back") {
    Senders two;
    const auto id = two.offered();
    SECTION("declined") {
        CHECK(code(two.a.call(model::DeclineTransfer{id})) == "too_late");
        REQUIRE(two.b.call(model::DeclineTransfer{id}));
        REQUIRE(two.both_reach(id, TransferState::declined));
        CHECK(code(two.b.call(model::AcceptTransfer{id, {}, {}})) == "too_late");
    }
    SECTION("taken back") {
        REQUIRE(two.a.call(model::CancelTransfer{id}));
        REQUIRE(two.both_reach(id, TransferState::cancelled));
        CHECK(code(two.a.call(model::CancelTransfer{id})) == "too_late");
    }
    SECTION("deleted with its message") {
        REQUIRE(two.a.call(model::DeleteMessage{id, model::DeleteFor::both}));
        REQUIRE(two.both_reach(id, TransferState::cancelled));
        CHECK(two.there(id)->deleted);
    }
    CHECK(two.b.files.received().empty());
}

TEST_CASE("what cannot be done with files is refused with a sentence") {
    Senders two;
    const auto refused = [&](sim::SimNode& node, model::Command command) {
        const auto reply = node.call(std::move(command));
        REQUIRE_FALSE(reply);
        CHECK(reply.error().text.back() == '.');
        return reply.error().code;
    };
    CHECK(refused(two.a, model::SendFiles{two.b.id(), {}}) == "empty");
    CHECK(refused(two.a, model::SendFiles{two.b.id(), {"relative"}}) == "bad_path");
    CHECK(refused(two.a, model::SendFiles{two.b.id(), {"/nothing/there"}}) == "no_such_file");
    CHECK(refused(two.a, model::SendFiles{two.b.id(), std::vector<std::string>(
                                                          1001, "/home/a/empty")}) == "too_many");
    CHECK(refused(two.a, model::SendFiles{{}, {"/home/a/empty"}}) == "no_such_peer");
    CHECK(refused(two.a, model::PauseTransfer{{}}) == "no_such_transfer");
    const auto id = two.offered();
    CHECK(refused(two.a, model::AcceptTransfer{id, {}, {}}) == "not_yours");
    CHECK(refused(two.b, model::PauseTransfer{id}) == "too_late");
    CHECK(refused(two.b, model::RetryTransfer{id}) == "too_late");
    CHECK(refused(two.b, model::AcceptTransfer{id, "relative", {}}) == "bad_path");
    two.b.files.folder_missing = true;
    CHECK(refused(two.b, model::AcceptTransfer{id, {}, {}}) == "bad_path");
    two.b.files.folder_missing = false;
    two.accept(id);
    REQUIRE(two.both_reach(id, TransferState::done));
}

TEST_CASE("files wait for somebody who is offline, and for their answer") {
    Senders two;
    two.b.crash();
    const auto id = two.offer(two.all());
    two.a.crash();
    two.a.start();
    two.b.start();
    REQUIRE(two.until([&] { return two.at(two.b, id).has_value(); }));
    two.a.crash();  // the answer waits in its turn
    two.accept(id);
    two.b.crash();
    two.b.start();
    two.a.start();
    REQUIRE(two.both_reach(id, TransferState::done));
    two.check_received();
}

TEST_CASE("a transfer goes on after cuts and crashes of either side") {
    const auto seed = GENERATE(range(1U, 21U));
    INFO("seed " << seed);
    Senders two(seed);
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 3'000'000);
    const auto id = two.offered();
    two.accept(id);
    for (int blow = 0; blow < 6; ++blow) {
        two.network.run_for(std::chrono::milliseconds(two.random() % 400));
        switch (two.random() % 4) {
            case 0:
                two.network.cut(two.a.host(), two.b.host());
                break;
            case 1:
                two.a.crash(two.random() % 2 == 0);
                two.a.start();
                break;
            case 2:
                two.b.crash(two.random() % 2 == 0);
                two.b.start();
                break;
            default:
                two.network.set_partitioned(two.a.host(), two.b.host(), true);
                two.network.run_for(std::chrono::seconds(two.random() % 40));
                two.network.set_partitioned(two.a.host(), two.b.host(), false);
        }
    }
    REQUIRE(two.both_reach(id, TransferState::done));
    two.check_received();
}

TEST_CASE("a recipient that dies before it stored the end has everything still") {
    Senders two;
    two.network.set_latency(std::chrono::milliseconds{0}, std::chrono::milliseconds{0});
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.a, id, TransferState::done));
    two.b.crash();
    two.b.start();
    REQUIRE(two.at(two.b, id)->state == TransferState::waiting);
    REQUIRE(two.both_reach(id, TransferState::done));
    two.check_received();
}

TEST_CASE("a recipient that has forgotten what it got is told, and may ask for it anew") {
    Senders two;
    two.network.set_latency(std::chrono::milliseconds{0}, std::chrono::milliseconds{0});
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.a, id, TransferState::done));
    two.b.crash();
    two.b.files.forget();
    two.b.start();
    REQUIRE(two.reaches(two.b, id, TransferState::cancelled));
    CHECK(two.at(two.b, id)->error.find("already") != std::string::npos);
    CHECK(two.at(two.a, id)->state == TransferState::done);
}

TEST_CASE("either side pauses, resumes and cancels") {
    Senders two;
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 8'000'000);
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.b, id, TransferState::active));
    auto& one = GENERATE(false, true) ? two.a : two.b;
    auto& other = &one == &two.a ? two.b : two.a;
    REQUIRE(one.call(model::PauseTransfer{id}));
    REQUIRE(two.both_reach(id, TransferState::paused));
    CHECK(two.at(other, id)->paused_by_peer);
    two.network.run_for(60s);
    CHECK(two.b.files.received().size() < 4);

    SECTION("resumed") {
        REQUIRE(one.call(model::ResumeTransfer{id}));
        REQUIRE(two.both_reach(id, TransferState::done));
        two.check_received();
    }
    SECTION("paused over a restart") {
        one.crash();
        one.start();
        two.network.run_for(60s);
        REQUIRE(two.both_reach(id, TransferState::paused));
        REQUIRE(one.call(model::ResumeTransfer{id}));
        REQUIRE(two.both_reach(id, TransferState::done));
    }
    SECTION("cancelled by who paused") {
        REQUIRE(one.call(model::CancelTransfer{id}));
        REQUIRE(two.both_reach(id, TransferState::cancelled));
        CHECK(two.until([&] { return two.b.files.discarded == 1; }));
    }
    SECTION("cancelled by the other") {
        REQUIRE(other.call(model::CancelTransfer{id}));
        REQUIRE(two.both_reach(id, TransferState::cancelled));
        CHECK(two.until([&] { return two.b.files.discarded == 1; }));
    }
}

TEST_CASE("a run is cancelled in its midst, and what did not land goes") {
    Senders two;
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 8'000'000);
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.a, id, TransferState::active));
    REQUIRE(two.a.call(model::CancelTransfer{id}));
    REQUIRE(two.both_reach(id, TransferState::cancelled));
    REQUIRE(two.until([&] { return two.b.files.discarded == 1; }));
    two.network.run_for(5min);
    CHECK(two.at(two.b, id)->state == TransferState::cancelled);
    CHECK(two.a.runner.running() == 0);
    CHECK(two.b.runner.running() == 0);
}

TEST_CASE("a full disk fails what does not fit, and it can be tried again") {
    Senders two;
    const auto id = two.offered();
    two.b.files.space = 100'000;
    two.accept(id);
    REQUIRE(two.both_reach(id, TransferState::failed));
    CHECK(two.at(two.b, id)->files_failed == 1);
    CHECK(two.at(two.b, id)->files_done == 2);
    CHECK_FALSE(two.at(two.a, id)->error.empty());
    const auto reply = two.b.call(model::ListTransferFiles{id, 0, 1000});
    CHECK_FALSE(std::get<model::TransferFiles>(reply.value()).files[1].error.empty());
    two.b.files.space = ~std::uint64_t{0};
    SECTION("by the receiver") { REQUIRE(two.b.call(model::RetryTransfer{id})); }
    SECTION("by the sender") { REQUIRE(two.a.call(model::RetryTransfer{std::nullopt})); }
    REQUIRE(two.both_reach(id, TransferState::done));
    two.check_received();
}

TEST_CASE("a long list is fetched before it can be accepted") {
    Senders two;
    two.a.files.own.clear();
    for (int i = 0; i < 3000; ++i)
        two.a.files.own["/home/a/" + std::string(200, 'x') + std::to_string(i)] = {1};
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : two.a.files.own) paths.push_back(path);
    paths.resize(1000);
    const auto id = two.offer(paths);
    REQUIRE(two.until([&] { return two.at(two.b, id).has_value(); }));
    if (!two.at(two.b, id)->listed) {
        CHECK(code(two.b.call(model::AcceptTransfer{id, {}, {}})) == "not_listed");
        CHECK(code(two.b.call(model::ListTransferFiles{id, 0, 10})) == "not_listed");
    }
    two.network.cut(two.a.host(), two.b.host());
    REQUIRE(two.until([&] { return two.at(two.b, id)->listed; }));
    const auto reply = two.b.call(model::ListTransferFiles{id, 990, 1000});
    CHECK(std::get<model::TransferFiles>(reply.value()).files.size() == 10);
    two.accept(id);
    REQUIRE(two.both_reach(id, TransferState::done));
    CHECK(two.b.files.received().size() == 1000);
}

TEST_CASE("a contact's rule accepts by itself, and only theirs") {
    Senders two;
    using Rule = model::AutoAccept::Rule;
    REQUIRE(two.b.call(model::SetAutoAccept{two.a.id(), {Rule::up_to, 2'000}}));
    CHECK(two.b.peer(two.a)->auto_accept.rule == Rule::up_to);
    two.b.crash();
    two.b.start();
    const auto small = two.offer({"/home/a/two.txt"});
    REQUIRE(two.both_reach(small, TransferState::done));
    const auto large = two.offer({"/home/a/one.jpg"});
    REQUIRE(two.until([&] { return two.at(two.b, large).has_value(); }));
    two.network.run_for(30s);
    CHECK(two.at(two.b, large)->state == TransferState::offered);
    REQUIRE(two.b.call(model::SetAutoAccept{two.a.id(), {Rule::always, 0}}));
    REQUIRE(two.both_reach(two.offer({"/home/a/one.jpg"}), TransferState::done));
}

TEST_CASE("a rule goes with the contact and does not come back with them") {
    Senders two;
    using Rule = model::AutoAccept::Rule;
    REQUIRE(two.b.call(model::SetAutoAccept{two.a.id(), {Rule::always, 0}}));
    REQUIRE(two.b.call(model::RemoveContact{two.a.id()}));
    two.network.run_for(5s);
    REQUIRE(two.a.call(model::RemoveContact{two.b.id()}));
    REQUIRE(sim::befriend(two.network, two.b, two.a));
    CHECK(two.b.peer(two.a)->auto_accept.rule == Rule::ask);
    const auto id = two.offered();
    two.network.run_for(30s);
    CHECK(two.at(two.b, id)->state == TransferState::offered);
}

TEST_CASE("offers wait for a peer that understands them, texts do not") {
    Senders two;
    two.network.run_for(1s);  // that they are contacts is stored
    two.a.crash();
    two.a.only_old_peers = true;
    two.a.start();
    const auto id = two.offer(two.all());
    const auto text = two.write("hello");
    REQUIRE(two.until([&] { return two.there(text).has_value(); }));
    CHECK_FALSE(two.at(two.b, id));
    two.a.crash();
    two.a.only_old_peers = false;
    two.a.start();
    REQUIRE(two.until([&] { return two.at(two.b, id).has_value(); }));
}

TEST_CASE("more transfers than run at a time all come to their end") {
    Senders two;
    std::vector<model::TransferId> ids;
    for (int i = 0; i < 20; ++i) ids.push_back(two.offer({"/home/a/one.jpg"}));
    for (const auto& id : ids) {
        REQUIRE(two.until([&] { return two.at(two.b, id).has_value(); }));
        two.accept(id);
    }
    for (const auto& id : ids) REQUIRE(two.both_reach(id, TransferState::done));
}

TEST_CASE("files beside texts do not hold them up") {
    Senders two;
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 20'000'000);
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.a, id, TransferState::active));
    const auto before = two.network.clock().monotonic();
    two.deliver("still here");
    CHECK(two.network.clock().monotonic() - before < 1s);
    CHECK(two.at(two.a, id)->state == TransferState::active);
}

TEST_CASE("however often a recipient asks, runs begin about once a second") {
    Senders two;
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 30'000'000);
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.a, id, TransferState::active));
    const auto before = two.a.runner.started;
    const auto begun = two.network.clock().monotonic();
    for (int i = 0; i < 200; ++i) {
        two.b.host().endpoint().send(net::Fingerprint{two.a.id().bytes}, net::FileReady{id.bytes});
        two.network.run_for(10ms);
    }
    const auto seconds = (two.network.clock().monotonic() - begun).count() / 1000 + 1;
    CHECK(two.a.runner.started - before <= static_cast<std::size_t>(seconds) + 1);
    two.network.cut(two.a.host(), two.b.host());
    REQUIRE(two.both_reach(id, TransferState::done));
}

TEST_CASE("an offer that was deleted before it came is none") {
    Senders two;
    two.network.set_partitioned(two.a.host(), two.b.host(), true);
    const auto id = two.offer(two.all());
    const auto text = two.write("later");
    REQUIRE(two.a.call(model::DeleteMessage{id, model::DeleteFor::both}));
    two.network.set_partitioned(two.a.host(), two.b.host(), false);
    REQUIRE(two.until([&] { return two.there(text).has_value(); }));
    two.network.run_for(10s);
    CHECK((!two.at(two.b, id) || two.at(two.b, id)->state == TransferState::cancelled));
    CHECK(two.a.runner.running() == 0);
}

TEST_CASE("what is cancelled goes once that is stored") {
    Senders two;
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 8'000'000);
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.b, id, TransferState::active));
    two.b.fail_writes(true);
    SECTION("by the recipient") { CHECK_FALSE(two.b.call(model::CancelTransfer{id})); }
    SECTION("by the sender") { CHECK(two.a.call(model::CancelTransfer{id})); }
    two.network.run_for(5s);
    CHECK(two.b.runner.running() == 0);
    CHECK(two.b.files.discarded == 0);
    two.b.fail_writes(false);
}

TEST_CASE("a side that cannot go on with a run tells the other at once") {
    Senders two;
    auto* broken = GENERATE(&Senders::a, &Senders::b) == &Senders::a ? &two.a : &two.b;
    auto* other = broken == &two.a ? &two.b : &two.a;
    broken->files.job_broken = true;
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(*broken, id, TransferState::failed));
    two.network.run_for(1s);
    CHECK(other->runner.running() == 0);
    CHECK(two.at(*other, id)->state == TransferState::paused);
    CHECK(two.at(*other, id)->paused_by_peer);
    // Nobody goes on trying.
    const auto tried = broken->runner.started;
    two.network.run_for(120s);
    CHECK(broken->runner.started == tried);
    broken->files.job_broken = false;
    REQUIRE(broken->call(model::RetryTransfer{id}));
    REQUIRE(two.both_reach(id, TransferState::done));
    two.check_received();
}

TEST_CASE("what was never agreed on cannot be tried again") {
    Senders two;
    const auto id = two.offered();
    net::FileAnswer wrong{wire_id(1), id.bytes, true, {}, {{0, 3}}};  // of other files
    two.b.host().endpoint().send(two.a.host().fingerprint(), wrong);
    REQUIRE(two.reaches(two.a, id, TransferState::failed));
    CHECK(code(two.a.call(model::RetryTransfer{id})) == "too_late");
    CHECK(code(two.a.call(model::ResumeTransfer{id})) == "too_late");
}

TEST_CASE("an offer that was called off while nobody was there is seen as that") {
    Senders two;
    two.b.quit();
    const auto id = two.offer(two.all());
    REQUIRE(two.a.call(model::CancelTransfer{id}));
    two.b.start();
    REQUIRE(two.until([&] { return two.at(two.b, id).has_value(); }));
    CHECK(two.reaches(two.b, id, TransferState::cancelled));
}

TEST_CASE("what is over is cleaned up, also by the next start") {
    Senders two;
    two.a.files.own["/home/a/long"] = random_bytes(two.random, 8'000'000);
    const auto id = two.offered();
    two.accept(id);
    REQUIRE(two.reaches(two.b, id, TransferState::active));
    SECTION("cancelled, and the process dies at once") {
        REQUIRE(two.b.call(model::CancelTransfer{id}));
        two.b.crash();
        two.b.start();
        REQUIRE(two.until([&] { return two.b.files.discarded == 1; }));
    }
    SECTION("complete") {
        REQUIRE(two.both_reach(id, TransferState::done));
        REQUIRE(two.until([&] { return two.b.files.cleaned == 1; }));
        CHECK(two.b.files.discarded == 0);
        two.check_received();
    }
    const auto cleaned = two.b.files.cleaned;
    two.network.run_for(5s);  // that it is clean is stored
    two.b.crash();
    two.b.start();
    two.network.run_for(60s);
    CHECK(two.b.files.cleaned == cleaned);
}
