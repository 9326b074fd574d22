// SPDX-License-Identifier: MIT
#include "app/host/window_bridge.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;
using host::WindowBridge;

namespace {

/// Keeps what it was asked and answers when the test says so.
class PatientNode final : public model::NodePort {
public:
    void execute(model::Command command, std::function<void(model::Reply)> done) override {
        commands.push_back(std::move(command));
        answers.push_back(std::move(done));
    }
    tl::expected<model::PeerId, model::Error> resolve(std::string_view) const override {
        return model::PeerId{};
    }
    void subscribe(model::EventSink&) override {}
    void unsubscribe(model::EventSink&) override {}

    std::vector<model::Command> commands;
    std::vector<std::function<void(model::Reply)>> answers;
};

struct Fixture {
    int window_wakes = 0;
    int host_wakes = 0;
    int node_wakes = 0;
    WindowBridge bridge{{[this] { ++window_wakes; }, [this] { ++host_wakes; }}};
    PatientNode node{};
};

}  // namespace

TEST_CASE("commands reach the node and answers come back under their ticket") {
    Fixture f;
    f.bridge.connect_node([&] { ++f.node_wakes; });
    REQUIRE(f.bridge.send(model::Execute{7, model::SetName{"Ada"}}));
    CHECK(f.node_wakes == 2);  // once on connecting, once for the command
    f.bridge.run_commands(f.node);
    REQUIRE(f.node.commands.size() == 1);
    CHECK(std::get<model::SetName>(f.node.commands[0]).name == "Ada");

    f.node.answers[0](model::Done{});
    CHECK(f.window_wakes == 1);
    const auto item = f.bridge.next();
    REQUIRE(item);
    CHECK(std::get<model::Completed>(*item).ticket == 7);
    CHECK_FALSE(f.bridge.next());
}

TEST_CASE("commands given before the node exists wait for it") {
    Fixture f;
    REQUIRE(f.bridge.send(model::Execute{1, model::WhoAmI{}}));
    f.bridge.connect_node([&] { ++f.node_wakes; });
    CHECK(f.node_wakes == 1);
    f.bridge.run_commands(f.node);
    CHECK(f.node.commands.size() == 1);
}

TEST_CASE("the host gets what is not for the node") {
    Fixture f;
    REQUIRE(f.bridge.send(model::Unlock{"secret"}));
    CHECK(f.host_wakes == 1);
    const auto item = f.bridge.next_for_host();
    REQUIRE(item);
    CHECK(std::get<model::Unlock>(*item).password == "secret");
}

TEST_CASE("a window that does not answer in time is refused more commands, none is lost") {
    Fixture f;
    std::size_t taken = 0;
    while (f.bridge.send(model::Execute{taken, model::WhoAmI{}})) ++taken;
    CHECK(taken == WindowBridge::executes_max);
    f.bridge.run_commands(f.node);
    CHECK(f.node.commands.size() == taken);
    CHECK_FALSE(f.bridge.send(model::Execute{taken, model::WhoAmI{}}));
    f.node.answers[0](model::Done{});
    REQUIRE(f.bridge.next());
    CHECK(f.bridge.send(model::Execute{taken, model::WhoAmI{}}));
}

TEST_CASE("a full queue drops events, says so once, and keeps room for answers") {
    Fixture f;
    for (std::size_t i = 0; i < WindowBridge::events_max + 500; ++i)
        f.bridge.on_event(model::PeerRemoved{});
    for (std::size_t i = 0; i < WindowBridge::executes_max; ++i) {
        REQUIRE(f.bridge.send(model::Execute{i, model::WhoAmI{}}));
    }
    f.bridge.run_commands(f.node);
    for (auto& answer : f.node.answers) answer(model::Done{});

    std::size_t events = 0, answers = 0, resyncs = 0;
    while (const auto item = f.bridge.next()) {
        if (std::holds_alternative<model::Completed>(*item)) {
            ++answers;
        } else if (std::holds_alternative<model::Resync>(std::get<model::Event>(*item))) {
            ++resyncs;
        } else {
            ++events;
        }
    }
    CHECK(events == WindowBridge::events_max);
    CHECK(answers == WindowBridge::executes_max);
    CHECK(resyncs == 1);
}

TEST_CASE("a screenshot asked for on the network thread is answered by the window") {
    Fixture f;
    std::string error = "not answered";
    f.bridge.screenshot("/tmp/a.png",
                        [&](auto result) { error = result ? "" : result.error().text; });
    const auto item = f.bridge.next();
    REQUIRE(item);
    const auto& asked = std::get<model::TakeScreenshot>(*item);
    CHECK(asked.path == "/tmp/a.png");
    REQUIRE(f.bridge.send(model::ScreenshotDone{asked.ticket, ""}));
    f.bridge.run_commands(f.node);
    CHECK(error.empty());
}

TEST_CASE("screenshots in the making are bounded") {
    Fixture f;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < WindowBridge::screenshots_max + 3; ++i) {
        f.bridge.screenshot("/tmp/a.png", [&](auto result) { refused += result ? 0 : 1; });
    }
    CHECK(refused == 3);
}
