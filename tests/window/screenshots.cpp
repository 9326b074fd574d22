// SPDX-License-Identifier: MIT
//
// kith_screenshots FOLDER ADDRESS: plays scenes between instances and takes the pictures of the
// documentation. ADDRESS, of this machine, is where the photographed window listens: it is in the
// pictures. See scripts/screenshots.
#include <exception>
#include <iostream>
#include <utility>
#include <vector>

#include "tests/e2e/instance.hpp"
#include "tests/window/shots.hpp"

using namespace kith::window;
using kith::e2e::Instance;

void kith::window::set_theme(Stage& stage, const std::string& theme) {
    stage.ada.ask({{"cmd", "set_settings"}, {"theme", theme}});
}

namespace {

constexpr int picture_width = 1000, picture_height = 700;
constexpr std::uint16_t discovery_port = 52'310;     // nothing else listens there
constexpr auto public_address = "203.0.113.5:4711";  // of RFC 5737, for documentation

struct Line {
    bool mine;
    const char* text;
    int answers = 0;  ///< how many lines above; 0: none
    const char* reaction = nullptr;
};

constexpr Line talk[] = {
    {false, "Morning Ada! Did the boat survive the storm?"},
    {true, "It did! A bit of water inside, nothing broken."},
    {false, "Great, then Sunday at the lake it is", 0, "👍"},
    {true, "Sunday it is. I'll bring the small boat and something to eat."},
    {false, "Оля приедет тоже, она привезёт пирог"},
    {true, "Tell her: спасибо большое!"},
    {false, "田中さんも来ます。お茶を持ってきてくれます。", 0, "🎉"},
    {false,
     "The whole world in one boat, then. Let me think about the seats: two in front, two in the "
     "middle, and whoever rows best sits in the back."},
    {true, "That's Olga, no question.", 1},
    {false, "Forecast says 24° and hardly any wind"},
    {true, "Perfect. Ten o'clock at the bridge?", 0, "❤️"},
    {false, "Ten o'clock. See you there!", 1},
};

void tell(Instance& from, const std::string& to, const std::string& text) { from.say(to, text); }

/// A contact who says something, as one of several in the list.
void add_friend(KithWindow& ada, Instance& person, const std::string& last) {
    befriend(ada, person);
    if (!last.empty()) tell(person, ada.fingerprint(), last);
}

/// Whoever did not write it reacts.
void react(KithWindow& ada, Instance& bob, const Line& line, const std::string& id) {
    const Json order{{"cmd", "react"}, {"message", id}, {"emoji", line.reaction}, {"on", true}};
    line.mine ? bob.ask(order) : ada.ask(order);
    ada.wait_until(line.reaction, [&] {
        return !ada.find_message(bob.fingerprint(), line.text)->at("reactions").empty();
    });
}

void play(KithWindow& ada, Instance& bob) {
    const std::string me = ada.fingerprint(), you = bob.fingerprint();
    std::vector<std::string> ids;
    for (const Line& line : talk) {
        Json order{{"cmd", "send_text"}, {"peer", line.mine ? you : me}, {"text", line.text}};
        if (line.answers > 0)
            order["reply_to"] = ids.at(ids.size() - static_cast<std::size_t>(line.answers));
        ids.push_back((line.mine ? ada.ask(order) : bob.ask(order)).at("message"));
        ada.wait_until(line.text, [&] {
            const auto message = ada.find_message(you, line.text);
            return message && message->at("state") == (line.mine ? "delivered" : "received");
        });
        if (line.reaction) react(ada, bob, line, ids.back());
    }
    bob.ask({{"cmd", "mark_read"}, {"peer", me}, {"message", ids.at(ids.size() - 2)}});
    ada.wait_until("read", [&] {
        return ada.find_message(you, talk[std::size(talk) - 2].text)->at("state") == "read";
    });
}

void take_first_run(KithWindow& ada, Camera& camera) {
    ada.resize(picture_width, picture_height);
    ada.click_into("welcome/name", "Ada");
    ada.click_into("welcome/password", "a few good words");
    ada.click_into("welcome/repeat", "a few good words");
    ada.wait_for("welcome/create");
    camera.take_from_screen("first-run");
    ada.click("welcome/create");
    ada.wait_for("toolbar/copy-id");
}

void take_message_menu(Stage& stage) {
    KithWindow& ada = stage.ada;
    ada.click("composer/text");
    ada.key("ctrl+Up");
    ada.key("Up");
    ada.key("Return");
    ada.wait_for("message-menu/reply");
    stage.camera.take("message-menu");
    ada.key("Escape");
    ada.wait_gone("message-menu/reply");
    ada.key("Escape");
}

void take_search(Stage& stage) {
    KithWindow& ada = stage.ada;
    ada.key("ctrl+shift+f");
    ada.wait_for("search/text");
    ada.type("sunday");
    ada.wait_for("search/hit/0");
    stage.camera.take("search");
    ada.click("search/close");
    ada.wait_for("list/search");
}

struct Friends {
    Instance olga{"Оля"}, maria{"Maria, book club"}, tanaka{"田中 さくら"}, bob{"Bob Lindgren"};
};

void take_chat(Stage& stage, Friends& friends) {
    KithWindow& ada = stage.ada;
    auto& [olga, maria, tanaka, bob] = friends;
    add_friend(ada, olga, "Пирог уже в духовке!");
    add_friend(ada, maria, "Chapter seven by Thursday, please");
    add_friend(ada, tanaka, "写真をありがとう");
    add_friend(ada, bob, {});
    ada.click(label_of("conversation", bob.fingerprint()));
    play(ada, bob);
    ada.activate();
    stage.desktop.put_mouse_away();
    ada.wait_until("everything read",
                   [&] { return ada.peer(bob.fingerprint()).at("unread") == 0; });
    tanaka.quit();
    ada.wait_until("somebody away",
                   [&] { return ada.peer(tanaka.fingerprint()).at("state") == "offline"; });
    ada.wait_gone("toast");
    stage.camera.take("chat-dark");
    set_theme(stage, "light");
    stage.camera.take("chat-light");
}

void take_settings(Stage& stage) {
    stage.ada.key("ctrl+comma");
    stage.ada.click("settings/privacy");
    stage.ada.wait_for("settings/keep");
    stage.camera.take("settings");
    stage.ada.click("settings/close");
    set_theme(stage, "dark");
}

void take_request(Stage& stage) {
    KithWindow& ada = stage.ada;
    Instance sam("Sam from the gym");
    sam.ask({{"cmd", "add_contact"},
             {"connection_id", ada.ask({{"cmd", "whoami"}}).at("connection_id")},
             {"greeting", "Hi Ada, it's Sam. We met on Tuesday and you gave me your ID."}});
    const std::string answer = label_of("request", sam.fingerprint()) + "/accept";
    ada.wait_for(answer);
    stage.camera.take("request");
    ada.click(answer);
    ada.wait_gone(answer);
}

void take_details(Stage& stage, Instance& bob) {
    KithWindow& ada = stage.ada;
    ada.click(label_of("conversation", bob.fingerprint()));
    ada.wait_for_one("message/");
    ada.click("chat/details");
    ada.click("details/safety-number");
    ada.wait_gone("details/safety-number");
    stage.desktop.xdotool({"click", "--repeat", "4", "5"});  // the wheel, downwards
    ada.click("details/verify");
    ada.wait_until("verified", [&] { return ada.peer(bob.fingerprint()).at("verified") == true; });
    stage.camera.take("details");
    ada.click("details/close");
}

void take_add_contact(Stage& stage) {
    KithWindow& ada = stage.ada;
    ada.click("toolbar/add-contact");
    Instance noor("Noor");
    ada.click_into("add-contact/id", noor.connection_id());
    ada.click_into("add-contact/greeting", "Hi Noor, Ada here, from the choir");
    stage.camera.take("add-contact");
    ada.click("add-contact/cancel");
}

void take_all(const std::filesystem::path& folder, const std::string& address) {
    Desktop desktop;
    KithWindow ada(desktop, "Ada", {.listen = {address}, .discovery_port = discovery_port});
    Camera camera(desktop, ada, folder);
    Stage stage{desktop, ada, camera, discovery_port};
    take_first_run(ada, camera);
    ada.ask({{"cmd", "set_settings"}, {"public_address", public_address}});
    Friends friends;
    take_chat(stage, friends);
    take_settings(stage);
    take_message_menu(stage);
    take_search(stage);
    take_request(stage);
    take_details(stage, friends.bob);
    take_add_contact(stage);
    take_nearby(stage, "Bob Lindgren");
    take_network(stage);
    take_files(stage, friends.maria);
    take_relay(stage);
    ada.quit();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: kith_screenshots FOLDER ADDRESS\n";
        return 2;
    }
    try {
        take_all(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::cerr << "kith_screenshots: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
