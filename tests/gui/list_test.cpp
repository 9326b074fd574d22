// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

TEST_CASE("running asks for everything the window shows") {
    Harness app;
    app.run_with({});
    CHECK(app.sent<model::WhoAmI>().size() == 1);
    CHECK(app.sent<model::ListPeers>().size() == 1);
    CHECK(app.sent<model::ListRequests>().size() == 1);
    CHECK(app.sent<model::GetSettings>().size() == 1);
    CHECK(app.sent<model::GetNetworkStatus>().size() == 1);
    app.arrive(model::Event{model::Resync{}});
    app.frames();
    CHECK(app.sent<model::ListPeers>().size() == 2);
}

TEST_CASE("a click opens a conversation, Alt with arrows moves on") {
    Harness app;
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
    app.click(label_of("conversation", peer_id(1)));
    CHECK(app.desk.ui().selected == peer_id(1));
    REQUIRE(app.sent<model::ListMessages>().size() == 1);
    CHECK(app.sent<model::ListMessages>()[0].peer == peer_id(1));
    app.press({ImGuiMod_Alt, ImGuiKey_DownArrow});
    CHECK(app.desk.ui().selected == peer_id(2));
    app.press({ImGuiMod_Alt, ImGuiKey_UpArrow});
    CHECK(app.desk.ui().selected == peer_id(1));
    app.press({ImGuiKey_Escape});  // leaves the text field
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.desk.ui().selected.has_value());
}

TEST_CASE("the search box narrows the list") {
    Harness app;
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
    app.click("list/search");
    app.type("bO");
    CHECK(app.sees(label_of("conversation", peer_id(2))));
    CHECK_FALSE(app.sees(label_of("conversation", peer_id(1))));
}

TEST_CASE("Ctrl+K goes to whoever is typed") {
    Harness app;
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
    app.press({ImGuiMod_Ctrl, ImGuiKey_K});
    CHECK(app.sees("switcher/filter"));
    app.type("bob");
    app.press({ImGuiKey_Enter});
    CHECK(app.desk.ui().selected == peer_id(2));
    CHECK(app.desk.ui().dialog == gui::Dialog::none);
    CHECK(app.sees("toolbar/add-contact"));
}

TEST_CASE("each request is answered once") {
    const model::Request request{peer_id(9), "Stranger", "hello", 1};
    const auto decide = [&](std::string_view part) {
        auto app = std::make_unique<Harness>();
        app->run_with({}, {request});
        app->click(label_of("request", peer_id(9), part));
        app->click(label_of("request", peer_id(9), part));
        return app;
    };
    CHECK(decide("accept")->sent<model::AcceptRequest>().size() == 1);
    CHECK(decide("deny")->sent<model::DenyRequest>().size() == 1);
    CHECK(decide("block")->sent<model::BlockPeer>().size() == 1);
}

TEST_CASE("an accepted request opens its conversation") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::AcceptRequest>(command)) return model::Done{};
        return model::Messages{};
    };
    app.run_with({contact(1, "Alice")}, {{peer_id(9), "Stranger", "hello", 1}});
    app.click(label_of("request", peer_id(9), "accept"));
    app.arrive(model::Event{model::PeerChanged{contact(9, "Stranger")}});
    app.frames();
    CHECK(app.desk.ui().selected == peer_id(9));
    app.type("welcome");
    CHECK(app.desk.ui().chats[peer_id(9)].draft == "welcome");
}

TEST_CASE("with a request waiting nobody is told to be alone") {
    Harness app;
    app.run_with({}, {{peer_id(9), "Stranger", "hello", 1}});
    CHECK_FALSE(app.sees("empty/add-contact"));
    app.arrive(model::Event{model::RequestGone{peer_id(9)}});
    app.frames();
    CHECK(app.sees("empty/add-contact"));
}

TEST_CASE("a request that is gone is no longer shown") {
    Harness app;
    app.run_with({}, {{peer_id(9), "Stranger", "hello", 1}});
    CHECK(app.sees(label_of("request", peer_id(9), "accept")));
    app.arrive(model::Event{model::RequestGone{peer_id(9)}});
    app.frames();
    CHECK_FALSE(app.sees(label_of("request", peer_id(9), "accept")));
}

TEST_CASE("of ten thousand people only those in view are drawn") {
    std::vector<model::Peer> many;
    for (int i = 0; i < 10'000; ++i) {
        model::Peer peer = contact(1, "Person " + std::to_string(i));
        peer.id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
        peer.id.bytes[1] = static_cast<std::uint8_t>(i);
        many.push_back(peer);
    }
    Harness app;
    app.run_with(many);
    std::size_t rows = 0;
    for (const auto& [label, rect] : app.recorder.items())
        rows += label.starts_with("conversation/");
    CHECK(rows > 3);
    CHECK(rows < 20);
}
