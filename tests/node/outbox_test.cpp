// SPDX-License-Identifier: MIT
//
// The outbox alone: a store that answers when it is told to, and a real session.
#include "app/node/outbox.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/node/convert.hpp"
#include "app/node/outboxes.hpp"
#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::node;
using namespace std::chrono_literals;

namespace {

class ManualStore final : public store::Store {
public:
    void submit(store::Job job, Continuation done) override {
        jobs.emplace_back(std::move(job), std::move(done));
    }
    void back_up(store::Backup, std::function<void(store::BackedUp)>) override {}
    [[nodiscard]] std::size_t backlog() const override { return jobs.size(); }

    /// The oldest job, which has to be of this kind, is taken out and answered.
    template <typename Job>
    Job answer(store::Result result) {
        auto [job, done] = std::move(jobs.front());
        jobs.pop_front();
        done(std::move(result));
        return std::get<Job>(job);
    }

    std::deque<std::pair<store::Job, Continuation>> jobs;
};

store::Outgoing text(std::uint64_t sequence) {
    store::Outgoing entry;
    entry.sequence = sequence;
    entry.id.bytes[15] = static_cast<std::uint8_t>(sequence);
    entry.id.bytes[14] = static_cast<std::uint8_t>(sequence >> 8);
    entry.text = std::to_string(sequence);
    return entry;
}

struct Fixture {
    Fixture() {
        test::make_contacts(here, there, true, false);
        if (!network.run_until([&] { return here.sees(there) && there.sees(here); }, 5s))
            throw std::runtime_error("no session");
        context.endpoint = &here.endpoint();
        outboxes.on_delivered = [](const auto&, const auto&) {};
        store::PeerRow row;
        row.id = peer;
        row.relation = store::Relation::contact;
        context.people.put(std::move(row));
        outbox().session_up({true, true});
    }
    Outbox& outbox() { return outboxes.of(peer); }
    /// What has arrived, as words.
    std::vector<std::string> arrived() {
        network.run_for(1s);
        std::vector<std::string> words;
        for (const auto& [from, message] : there.listener.messages) {
            if (const auto* one = std::get_if<net::Text>(&message)) words.push_back(one->text);
        }
        return words;
    }
    void load(std::vector<store::Outgoing> entries, bool more = false) {
        loads.push_back(store.answer<store::LoadOutbox>(store::OutboxPage{std::move(entries), more})
                            .after_sequence);
    }

    sim::SimNetwork network{1};
    test::Peer here{network, "alice", 1};
    test::Peer there{network, "bob", 2};
    model::PeerId peer = peer_id(there.id());
    ManualStore store;
    Context context{store, network.clock(), here.host.random(),
                    net::UuidGenerator(network.clock(), here.host.random())};
    Outboxes outboxes{context};
    std::vector<std::uint64_t> loads;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the outbox is read page by page, and what is written meanwhile follows in order") {
    Fixture f;
    f.outbox().committed(text(3));  // while the first page is being read
    f.load({text(1), text(2)}, true);
    f.load({text(3)});
    f.outbox().committed(text(4));
    CHECK(f.store.jobs.empty());
    CHECK(f.loads == std::vector<std::uint64_t>{0, 2});
    CHECK(f.arrived() == Words{"1", "2", "3", "4"});
}

TEST_CASE("the window bounds what is in flight, acknowledgements open it") {
    Fixture f;
    f.load({});
    const std::size_t many = Outbox::window_messages + 10;
    std::vector<net::MessageId> ids;
    for (std::uint64_t i = 1; i <= many; ++i) {
        ids.push_back(text(i).id.bytes);
        f.outbox().committed(text(i));
    }
    CHECK(f.arrived().size() == Outbox::window_messages);
    ids.resize(4);
    f.outbox().acknowledged(ids);
    CHECK(f.arrived().size() == Outbox::window_messages + 4);
    CHECK(f.store.answer<store::Acknowledged>(store::Delivered{}).ids.size() == 4);
    f.outbox().acknowledged(ids);  // again: nothing is in flight under these names
    CHECK(f.store.jobs.empty());
}

TEST_CASE("a page under way does not bring what is being taken back") {
    Fixture f;
    f.outboxes.hold(text(2).id);  // the page was asked for before
    f.load({text(1), text(2), text(3)});
    CHECK(f.arrived() == Words{"1", "3"});
    f.outboxes.taken_back(f.peer, text(2).id);
    CHECK(f.arrived() == Words{"1", "3"});
}

TEST_CASE("what waits for the window is not sent while it is being taken back") {
    Fixture f;
    f.load({});
    const std::uint64_t last = Outbox::window_messages + 1;
    std::vector<net::MessageId> ids;
    for (std::uint64_t i = 1; i <= last; ++i) {
        ids.push_back(text(i).id.bytes);
        f.outbox().committed(text(i));
    }
    REQUIRE(f.arrived().size() == last - 1);
    f.outboxes.hold(text(last).id);
    ids.pop_back();
    f.outbox().acknowledged(ids);
    CHECK(f.arrived().size() == last - 1);
    f.store.answer<store::Acknowledged>(store::Delivered{});
    f.outboxes.kept(text(last).id);  // the store refused: it goes out after all
    f.load({text(last)});
    CHECK(f.arrived().size() == last);
    CHECK(f.loads == std::vector<std::uint64_t>{0, 0});
}

TEST_CASE("reading again from the start sends nothing twice in one session") {
    Fixture f;
    f.outboxes.hold(text(2).id);
    f.load({text(1), text(2)});
    f.outboxes.kept(text(2).id);
    f.load({text(1), text(2)});
    CHECK(f.arrived() == Words{"1", "2"});
    f.outbox().session_up({true, true});  // but in the next one
    f.load({text(1), text(2)});
    CHECK(f.arrived() == Words{"1", "2", "1", "2"});
}

TEST_CASE("an answer to an older reading is not taken for the newer one") {
    Fixture f;
    f.outbox().session_up({true, true});
    f.load({text(1)});  // asked for in the session before
    CHECK(f.arrived().empty());
    f.load({text(1)});
    CHECK(f.arrived() == Words{"1"});
}

TEST_CASE("a newer entry in the place of one that waits in memory replaces it") {
    Fixture f;
    std::vector<store::Outgoing> page;
    for (std::uint64_t i = 1; i <= Outbox::window_messages; ++i) page.push_back(text(i));
    auto edit = text(Outbox::window_messages + 1);
    edit.kind = store::Kind::edit;
    edit.text = "older";
    page.push_back(edit);
    f.load(page);
    edit.id.bytes[0] = 1;
    edit.text = "newer";
    f.outbox().committed(edit);
    f.outbox().acknowledged({text(1).id.bytes, text(2).id.bytes});
    f.arrived();
    std::vector<std::string> edits;
    for (const auto& [from, message] : f.there.listener.messages) {
        if (const auto* one = std::get_if<net::Edit>(&message)) edits.push_back(one->text);
    }
    CHECK(edits == Words{"newer"});
}

TEST_CASE("outbox: what is not taken back after all is looked at for those who are away") {
    Fixture f;
    std::vector<model::PeerId> waiting;
    f.outboxes.on_waiting = [&](const auto& peer) { waiting.push_back(peer); };
    f.outboxes.hold(text(1).id);
    CHECK(waiting.empty());
    f.outboxes.kept(text(1).id);
    CHECK(waiting == std::vector{f.peer});
    f.context.people.find(f.peer)->session = true;
    f.outboxes.kept(text(1).id);
    CHECK(waiting.size() == 1);
}
