// SPDX-License-Identifier: MIT
//
// Where this node can be reached, as it comes and goes: interfaces, router, a name set by hand,
// what contacts say.
#include "app/node/whereabouts.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/sim/sim_network.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith;
using namespace std::chrono_literals;
using model::Outside;
using net::SocketAddress;
using node::Resolved;
using node::Whereabouts;

namespace {

constexpr std::uint16_t port = 4711;
const SocketAddress home{{192, 168, 1, 7}, port, 0};
const SocketAddress elsewhere{{10, 0, 0, 7}, port, 0};
const SocketAddress stranger{{198, 51, 100, 4}, 5000, 0};

/// Nothing is to be stored.
class NoStore final : public store::Store {
public:
    void submit(store::Job, Continuation) override { FAIL("stores something"); }
    void back_up(store::Backup, std::function<void(store::BackedUp)>) override {}
    [[nodiscard]] std::size_t backlog() const override { return 0; }
};

struct Question {
    std::string host;
    std::function<void(Resolved)> done;
};

net::MappingStatus mapped(std::uint16_t external) {
    net::MappingStatus status;
    status.state = net::MappingStatus::State::mapped;
    status.mapping = net::Mapping{net::MappingProtocol::pcp,
                                  {{203, 0, 113, 5}, external, 0},
                                  port,
                                  std::chrono::seconds(7200),
                                  "192.168.1.1"};
    return status;
}

net::SessionInfo visit(const SocketAddress& from, bool initiated_here = false) {
    net::SessionInfo session;
    session.initiated_here = initiated_here;
    session.remote = from;
    return session;
}

model::PeerId contact(std::uint8_t number) {
    model::PeerId id;
    id.bytes[0] = number;
    return id;
}

struct Fixture {
    Fixture() {
        whereabouts.on_changed = [this] { ++changes; };
        whereabouts.configure(true, "");
        whereabouts.listening_on(port);
        changes = 0;
    }
    /// Whether that was told, once.
    template <typename Step>
    bool tells(const Step& step) {
        const int before = changes;
        step();
        return changes == before + 1;
    }
    [[nodiscard]] Outside outside() const { return whereabouts.now().outside; }
    void answer(Resolved resolved) {
        REQUIRE_FALSE(questions.empty());
        std::exchange(questions, {}).back().done(std::move(resolved));
    }

    sim::SimNetwork network{1};
    test::DeterministicRandom random{1};
    NoStore store;
    node::Context context{store, network.clock(), random,
                          net::UuidGenerator(network.clock(), random)};
    std::vector<SocketAddress> listening{{{0, 0, 0, 0}, port, 0}};
    std::vector<SocketAddress> own{home};
    std::vector<std::uint16_t> asked;
    std::vector<Question> questions;
    int changes = 0;
    Whereabouts whereabouts{context,
                            {[this] { return listening; }, [this] { return own; },
                             [this](std::uint16_t wanted) { asked.push_back(wanted); },
                             [this](const std::string& host, std::uint16_t, auto done) {
                                 questions.push_back({host, std::move(done)});
                             }}};
};

}  // namespace

TEST_CASE("the router is asked for the port while that is wanted and of use") {
    Fixture f;
    CHECK(f.asked.back() == port);
    f.whereabouts.configure(false, "");
    CHECK(f.asked.back() == 0);
    f.whereabouts.configure(true, "");
    CHECK(f.asked.back() == port);
    f.listening = {{{127, 0, 0, 1}, port, 0}};
    f.whereabouts.interfaces_changed();
    CHECK(f.asked.back() == 0);
}

TEST_CASE("only what changes the conclusions is told, and once") {
    Fixture f;
    CHECK(f.tells([&] { f.whereabouts.mapping_changed(mapped(51000)); }));
    CHECK_FALSE(f.tells([&] { f.whereabouts.mapping_changed(mapped(51000)); }));
    CHECK_FALSE(f.tells([&] { f.whereabouts.interfaces_changed(); }));
    f.own = {elsewhere};
    CHECK(f.tells([&] { f.whereabouts.interfaces_changed(); }));
    CHECK(f.tells([&] { f.whereabouts.mapping_changed({}); }));
    CHECK(f.outside() == Outside::no);
}

TEST_CASE("a name set by hand is looked up, again after 15 min, and after 1 min if that failed") {
    Fixture f;
    f.whereabouts.configure(true, "home.example:9000");
    REQUIRE(f.questions.size() == 1);
    CHECK(f.questions[0].host == "home.example");
    CHECK(f.whereabouts.tick(f.context.clock.monotonic()) == std::chrono::milliseconds::max());
    f.answer(std::vector<SocketAddress>{{{203, 0, 113, 5}, 9000, 0}});
    CHECK(f.outside() == Outside::yes);
    const auto again = f.context.clock.monotonic() + Whereabouts::resolve_every;
    CHECK(f.whereabouts.tick(again - 1ms) == again);
    CHECK(f.questions.empty());
    (void)f.whereabouts.tick(again);
    f.answer(tl::unexpected(std::string("No name server answers.")));
    CHECK(f.outside() == Outside::yes);  // what was good is kept
    const auto now = f.context.clock.monotonic();
    CHECK(f.whereabouts.tick(now) == now + Whereabouts::resolve_again);
}

TEST_CASE("an answer about a name that is set no more is not heard") {
    Fixture f;
    f.whereabouts.configure(true, "old.example:9000");
    const auto late = f.questions.back().done;
    f.whereabouts.configure(true, "new.example:9000");
    late(std::vector<SocketAddress>{{{203, 0, 113, 5}, 9000, 0}});
    CHECK(f.whereabouts.now().public_address.empty());
    f.whereabouts.configure(true, "");
    f.answer(std::vector<SocketAddress>{{{203, 0, 113, 6}, 9000, 0}});
    CHECK(f.whereabouts.now().public_address.empty());
    CHECK(f.outside() == Outside::no);
}

TEST_CASE("what was seen in another network counts no more") {
    Fixture f;
    f.context.live[contact(1)];
    f.whereabouts.observed(contact(1), {203, 0, 113, 5});
    f.whereabouts.session_up(visit(stranger));
    CHECK(f.whereabouts.now().public_address == "203.0.113.5");
    CHECK(f.outside() == Outside::yes);
    f.own = {elsewhere};
    f.whereabouts.interfaces_changed();
    CHECK(f.whereabouts.now().public_address.empty());
    CHECK(f.outside() == Outside::no);
}

TEST_CASE("contacts who are gone do not say any more where we are") {
    Fixture f;
    for (std::uint8_t i = 1; i <= 2; ++i) {
        f.context.live[contact(i)];
        f.whereabouts.observed(contact(i), {203, 0, 113, 5});
    }
    f.context.live.clear();
    f.context.live[contact(3)];
    f.whereabouts.observed(contact(3), {203, 0, 113, 9});
    CHECK(f.whereabouts.now().public_address == "203.0.113.9");
}

TEST_CASE("only who comes from outside proves that one can") {
    Fixture f;
    CHECK_FALSE(f.tells([&] { f.whereabouts.session_up(visit(stranger, true)); }));
    CHECK_FALSE(f.tells([&] { f.whereabouts.session_up(visit({{192, 168, 1, 9}, 5000, 0})); }));
    auto punched = visit(stranger);
    punched.punched = true;
    CHECK_FALSE(f.tells([&] { f.whereabouts.session_up(punched); }));
    CHECK(f.outside() == Outside::no);
    CHECK(f.tells([&] { f.whereabouts.session_up(visit(stranger)); }));
    CHECK(f.outside() == Outside::yes);
}

TEST_CASE("a visitor proves nothing about a way that is closed since") {
    Fixture f;
    SECTION("the router lets nobody in any more") {
        f.whereabouts.mapping_changed(mapped(51000));
        f.whereabouts.session_up(visit(stranger));
        f.whereabouts.mapping_changed({});
    }
    SECTION("it passes on another port") {
        f.whereabouts.mapping_changed(mapped(51000));
        f.whereabouts.session_up(visit(stranger));
        f.whereabouts.mapping_changed(mapped(51001));
        CHECK(f.whereabouts.now().outside_text.starts_with("Your router passes port 51001"));
        f.whereabouts.mapping_changed({});
    }
    CHECK(f.outside() == Outside::no);
}

TEST_CASE("a visitor who came without the router's help proves it whatever the router says") {
    Fixture f;
    f.whereabouts.session_up(visit(stranger));
    net::MappingStatus failed;
    failed.state = net::MappingStatus::State::failed;
    f.whereabouts.mapping_changed(failed);
    CHECK(f.outside() == Outside::yes);
}
