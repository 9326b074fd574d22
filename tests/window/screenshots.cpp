// SPDX-License-Identifier: MIT
//
// kith_screenshots FOLDER: plays a conversation between two instances and takes the pictures of the
// documentation. See scripts/screenshots.
#include <exception>
#include <iostream>
#include <utility>
#include <vector>

#include "tests/e2e/instance.hpp"
#include "tests/window/kith_window.hpp"
#include "tests/window/picture.hpp"

using namespace kith::window;
using kith::e2e::Instance;

namespace {

constexpr int picture_width = 1000, picture_height = 700;

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

class Photographer {
public:
    Photographer(KithWindow& window, std::filesystem::path folder)
        : window_(window), folder_(std::move(folder)) {}

    /// Once everything typed and clicked is on screen: when two pictures in a row are the same.
    void take(const std::string& name) {
        const auto file = folder_ / (name + ".png");
        std::vector<std::uint8_t> last;
        window_.wait_until("a window that stands still", [&] {
            window_.ask({{"cmd", "screenshot"}, {"path", file.string()}});
            const auto before = std::exchange(last, read_png(file).rgb);
            return before == last;
        });
        std::cout << file.string() << "\n";
    }

private:
    KithWindow& window_;
    std::filesystem::path folder_;
};

/// There is no control socket before a profile exists: the picture comes from the screen.
void take_first_run(Desktop& desktop, KithWindow& ada, const std::filesystem::path& folder) {
    ada.resize(picture_width, picture_height);
    ada.click_into("welcome/name", "Ada");
    ada.click_into("welcome/password", "a few good words");
    ada.click_into("welcome/repeat", "a few good words");
    desktop.put_mouse_away();
    ada.wait_for("welcome/create");
    Picture last;
    ada.wait_until("a window that stands still", [&] {
        const Picture before = std::exchange(last, ada.picture());
        return before.rgb == last.rgb;
    });
    write_png(folder / "first-run.png", last);
    std::cout << (folder / "first-run.png").string() << "\n";
}

void take_message_menu(Desktop& desktop, KithWindow& ada, Photographer& camera) {
    ada.click("composer/text");
    ada.key("ctrl+Up");
    ada.key("Up");
    ada.key("Return");
    ada.wait_for("message-menu/reply");
    desktop.put_mouse_away();
    camera.take("message-menu");
    ada.key("Escape");
    ada.wait_gone("message-menu/reply");
    ada.key("Escape");
}

void take_search(Desktop& desktop, KithWindow& ada, Photographer& camera) {
    ada.key("ctrl+shift+f");
    ada.wait_for("search/text");
    ada.type("sunday");
    ada.wait_for("search/hit/0");
    desktop.put_mouse_away();
    camera.take("search");
    ada.click("search/close");
    ada.wait_for("list/search");
}

void take_all(const std::filesystem::path& folder) {
    Desktop desktop;
    KithWindow ada(desktop, "Ada");
    take_first_run(desktop, ada, folder);
    ada.click("welcome/create");
    ada.wait_for("toolbar/copy-id");
    Photographer camera(ada, folder);

    Instance olga("Оля"), maria("Maria, book club"), tanaka("田中 さくら"), bob("Bob Lindgren");
    add_friend(ada, olga, "Пирог уже в духовке!");
    add_friend(ada, maria, "Chapter seven by Thursday, please");
    add_friend(ada, tanaka, "写真をありがとう");
    add_friend(ada, bob, {});
    ada.click(label_of("conversation", bob.fingerprint()));
    play(ada, bob);
    ada.activate();
    desktop.put_mouse_away();
    ada.wait_until("everything read",
                   [&] { return ada.peer(bob.fingerprint()).at("unread") == 0; });
    tanaka.quit();
    ada.wait_until("somebody away",
                   [&] { return ada.peer(tanaka.fingerprint()).at("state") == "offline"; });
    ada.wait_gone("toast");
    camera.take("chat-dark");

    ada.ask({{"cmd", "set_settings"}, {"theme", "light"}});
    camera.take("chat-light");
    ada.key("ctrl+comma");
    ada.click("settings/privacy");
    ada.wait_for("settings/keep");
    desktop.put_mouse_away();
    camera.take("settings");
    ada.click("settings/close");
    ada.ask({{"cmd", "set_settings"}, {"theme", "dark"}});
    take_message_menu(desktop, ada, camera);
    take_search(desktop, ada, camera);

    Instance sam("Sam from the gym");
    sam.ask({{"cmd", "add_contact"},
             {"connection_id", ada.ask({{"cmd", "whoami"}}).at("connection_id")},
             {"greeting", "Hi Ada, it's Sam. We met on Tuesday and you gave me your ID."}});
    ada.wait_for(label_of("request", sam.fingerprint()) + "/accept");
    camera.take("request");
    ada.click(label_of("request", sam.fingerprint()) + "/accept");
    ada.wait_gone(label_of("request", sam.fingerprint()) + "/accept");

    ada.click(label_of("conversation", bob.fingerprint()));
    ada.wait_for_one("message/");
    ada.click("chat/details");
    ada.click("details/safety-number");
    ada.wait_gone("details/safety-number");
    desktop.xdotool({"click", "--repeat", "4", "5"});  // the wheel, downwards
    ada.click("details/verify");
    ada.wait_until("verified", [&] { return ada.peer(bob.fingerprint()).at("verified") == true; });
    desktop.put_mouse_away();
    camera.take("details");
    ada.click("details/close");

    ada.click("toolbar/add-contact");
    Instance noor("Noor");
    ada.click_into("add-contact/id", noor.connection_id());
    ada.click_into("add-contact/greeting", "Hi Noor, Ada here, from the choir");
    desktop.put_mouse_away();
    camera.take("add-contact");
    ada.click("add-contact/cancel");

    ada.click("toolbar/diagnosis");
    ada.wait_for("diagnosis/close");
    desktop.put_mouse_away();
    camera.take("diagnosis");
    ada.quit();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: kith_screenshots FOLDER\n";
        return 2;
    }
    try {
        take_all(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << "kith_screenshots: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
