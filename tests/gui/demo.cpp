// SPDX-License-Identifier: MIT
//
// kith_gui_demo SCENE [light] [zoom]: the window on made-up data, to look at and to take pictures
// of. Scenes: first-run, locked, working, failed, empty, chat,
// files (KITH_DEMO_PICTURE=FILE.png is one of them). KITH_DEMO_SHOT=FILE.png takes a
// picture after KITH_DEMO_AFTER milliseconds and ends; KITH_DEMO_LAYOUT=FILE is the layout file.
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "gui/time_text.hpp"
#include "gui/window.hpp"
#include "tests/gui/script.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

constexpr model::Timestamp minute = 60'000, hour = 60 * minute, day = 24 * hour;

struct Line {
    const char* text;
    bool out;
    model::Timestamp ago;
    model::MessageState state;
    std::uint64_t answers = 0;  ///< number of an earlier line
    const char* reaction = nullptr;
    bool mine = false, edited = false, deleted = false;
};

constexpr auto received = model::MessageState::received, read = model::MessageState::read;

const Line talk[] = {
    {"Morning! Are we still on for the lake on Sunday?", false, day + 3 * hour, received},
    {"Yes! I'll bring the small boat 🛶 and something to eat.", true, day + 3 * hour - minute,
     read, 1},
    {"Forecast says 24° and no wind ☀️", true, day + 3 * hour - 2 * minute, read, 0, "❤️"},
    {"Perfect 😀👍", false, day + 2 * hour, received},
    {"Приедет и Оля. 田中さんも来ます。 שלום, مرحبا, नमस्ते, สวัสดี, γειά σου", false, 3 * hour,
     received, 0, "😮", true},
    {"The whole world in one boat then. Let me think about what that means for the seating: two in "
     "front, two in the "
     "middle, and whoever can row best sits in the back.\n\nWe also need life jackets for "
     "everybody.",
     true, 2 * hour, read, 5, nullptr, false, true},
    {"I have three of them", false, 50 * minute, received},
    {"and my neighbour has two more", false, 49 * minute, received, 0, "👍", true},
    {"", false, 48 * minute, received, 0, nullptr, false, false, true},
    {"He wants them back on Monday though.", false, 47 * minute, received},
    {"Fine.", true, 12 * minute, model::MessageState::delivered, 10},
    {"https://example.org/map?lake=7&view=north is where we meet", true, 11 * minute,
     model::MessageState::sent},
    {"Ten o'clock?", true, 1 * minute, model::MessageState::queued},
};

model::Message line_of(std::uint64_t n, model::Timestamp now) {
    const Line& line = talk[n - 1];
    model::Message m = message(1, n, line.text, line.out);
    m.at = now - line.ago;
    m.state = line.state;
    m.edited = line.edited;
    m.deleted = line.deleted;
    if (n > 7) m.timer = 24 * 3600;
    if (line.reaction) m.reactions.push_back({line.reaction, line.mine});
    if (line.answers == 0) return m;
    m.reply_to = message_id(line.answers);
    m.quote = model::Quote{talk[line.answers - 1].text, talk[line.answers - 1].out, false};
    return m;
}

std::vector<model::Peer> people(model::Timestamp now) {
    const char* names[] = {
        "Alice Lindgren", "Tomáš Novák",     "Оля", "田中 さくら", "Dad", "Book club Maria",
        "Jean-Luc",       "Priya Natarajan", "Noor"};
    const char* last[] = {"Ten o'clock?",
                          "The parcel arrived, thank you!",
                          "Спокойной ночи 🌙",
                          "写真をありがとう",
                          "Call me when you can",
                          "Chapter seven by Thursday, please",
                          "",
                          "😂😂😂",
                          ""};
    std::vector<model::Peer> out;
    for (std::uint8_t i = 0; i < 9; ++i) {
        model::Peer peer = contact(static_cast<std::uint8_t>(i + 1), names[i]);
        peer.last_text = last[i];
        peer.last_activity = i == 6 || i == 8 ? 0 : now - minute - i * 7 * hour;
        peer.last_seen = now - i * 5 * hour;
        if (i == 1) peer.unread = 3;
        if (i == 4) peer.unread = 128;
        if (i % 3 == 2) peer.presence = model::Presence::offline, peer.path = model::PathKind::none;
        if (i == 3)
            peer.presence = model::Presence::idle, peer.path = model::PathKind::relay,
            peer.address = "relay.example.org:4720";
        if (i == 8)
            peer.presence = model::Presence::pending_out, peer.contact = false,
            peer.path = model::PathKind::none;
        if (i == 0) peer.verified = true, peer.timer_mine = peer.timer_theirs = 24 * 3600;
        if (i == 2) peer.timer_theirs = 7 * 24 * 3600;
        if (i == 1) peer.typing = true;
        out.push_back(peer);
    }
    return out;
}

model::Transfer transfer(std::uint64_t n, std::string name, model::TransferState state, bool out,
                         std::uint32_t files, std::uint64_t total) {
    model::Transfer t;
    t.id = message_id(n);
    t.peer = peer_id(1);
    t.name = std::move(name);
    t.state = state;
    t.outgoing = out;
    t.files = files;
    t.total = total;
    t.at = static_cast<model::Timestamp>(n);
    return t;
}

// One of each kind, the newest last.
std::vector<model::Transfer> transfers() {
    using State = model::TransferState;
    const char* picture = std::getenv("KITH_DEMO_PICTURE");
    auto done = transfer(101, "sunset.png", State::done, false, 1, 2'345'678);
    done.path = picture ? picture : "/home/robin/Downloads/Kith/Alice/sunset.png";
    auto failed = transfer(102, "Seating plans", State::failed, true, 12, 48'000'000);
    failed.files_failed = 3;
    failed.files_done = 9;
    failed.error = "The other side has no space left on the disk.";
    auto paused = transfer(103, "boat-race.mkv", State::paused, true, 1, 1'900'000'000);
    paused.bytes = 700'000'000;
    auto active = transfer(104, "Holiday at the lake", State::active, false, 812, 3'400'000'000);
    active.bytes = 1'200'000'000;
    active.rate = 31'200'000;
    active.eta_s = 70;
    auto waiting = transfer(105, "notes.pdf", State::offered, true, 1, 88'000);
    waiting.peer = peer_id(3);
    return {done,    failed,
            paused,  active,
            waiting, transfer(106, "Songs for the boat", State::offered, false, 31, 240'000'000)};
}

model::Peer passer_by(std::uint8_t n, std::string name, bool idle = false) {
    model::Peer peer;
    peer.id = peer_id(n);
    peer.name = peer.own_name = std::move(name);
    peer.presence = idle ? model::Presence::idle : model::Presence::discovered;
    peer.nearby = true;
    peer.address = "192.0.2." + std::to_string(n) + ":4711";
    return peer;
}

std::vector<model::Peer> everybody(model::Timestamp now) {
    auto all = people(now);
    all[0].nearby = true;
    all[0].address = "192.0.2.31:4711";
    all[1].status = "Packing";
    all[3].status = "お昼休み";
    for (auto&& peer : {passer_by(61, "Ines"), passer_by(62, "AIice Lindgren"),
                        passer_by(63, "Office printer room"), passer_by(64, "Walter", true)})
        all.push_back(peer);
    return all;
}

std::vector<model::Relay> relays() {
    using State = model::RelayState;
    return {{"kith-relay1AAA", "relay.example.org:4720", State::online, "", false},
            {"kith-relay1BBB", "[2001:db8::5]:4720", State::offline,
             "Nobody is listening at [2001:db8::5]:4720: the relay is not running, or the port is "
             "another one.",
             false},
            {"kith-relay1CCC", "192.0.2.80:4720", State::connecting, "", true}};
}

model::NetworkStatus network() {
    model::NetworkStatus status;
    status.listening = {"0.0.0.0:41337", "[::]:41337"};
    status.addresses = {"192.0.2.17:41337", "[2001:db8::17]:41337", "203.0.113.5:41337"};
    status.mapping = "upnp";
    status.mapped = {{"upnp", "203.0.113.5:41337", 41337, 3600, "192.0.2.1"}};
    status.mapping_words = {"PCP: no answer from 192.0.2.1.", "NAT-PMP: no answer from 192.0.2.1."};
    status.public_address = "203.0.113.5:41337";
    status.public_address_from = "router";
    status.outside = model::Outside::yes;
    status.outside_text = "Your router passes port 41337 on to this computer.";
    status.discovery = true;
    status.interfaces = {{"eth0", {"192.0.2.17", "fe80::17"}, 412, 1630, 2, 800, ""},
                         {"wlan0",
                          {"198.51.100.9"},
                          40,
                          0,
                          0,
                          std::nullopt,
                          "Sending was refused: network is unreachable. Is the cable plugged in?"}};
    status.discovery_words = {"2 datagrams were not of this team."};
    status.nearby = 5;
    status.relays = relays();
    status.last_errors = {
        "Tomáš Novák at 198.51.100.4:4711: connection refused. Kith may not run there."};
    return status;
}

// Answers as a node would, at once.
class DemoPort : public FakePort {
public:
    DemoPort(std::string scene, std::string theme, double zoom) : scene_(std::move(scene)) {
        settings_.theme = std::move(theme);
        settings_.zoom = zoom;
        const auto stage = scene_ == "first-run" ? model::Stage::first_run
                           : scene_ == "locked"  ? model::Stage::locked
                           : scene_ == "working" ? model::Stage::working
                           : scene_ == "failed"  ? model::Stage::failed
                                                 : model::Stage::running;
        const char* text =
            scene_ == "failed" ? "The history on this computer cannot be read: the disk is full. "
                                 "Free some space and start Kith again."
            : scene_ == "working" ? "Making your keys. This takes a few seconds, once."
                                  : "";
        to_window.emplace_back(
            model::StageChanged{stage, text, scene_ == "locked", scene_ == "failed"});
    }

    std::optional<model::ToWindow> next() override {
        const std::lock_guard lock(guard_);
        return FakePort::next();
    }

    void shoot(std::string path) {
        const std::lock_guard lock(guard_);
        to_window.emplace_back(model::TakeScreenshot{1, std::move(path)});
        gui::wake_window();
    }

    bool send(model::FromWindow item) override {
        const std::lock_guard lock(guard_);
        if (const auto* execute = std::get_if<model::Execute>(&item)) {
            to_window.emplace_back(model::Completed{execute->ticket, answer(execute->command)});
        }
        if (std::holds_alternative<model::Quit>(item)) to_window.emplace_back(model::Close{});
        if (const auto* done = std::get_if<model::ScreenshotDone>(&item)) {
            if (!done->error.empty()) std::fprintf(stderr, "%s\n", done->error.c_str());
            to_window.emplace_back(model::Close{});
        }
        if (std::holds_alternative<model::CreateProfile>(item) ||
            std::holds_alternative<model::RestoreBackup>(item) ||
            std::holds_alternative<model::SetHistoryAside>(item) ||
            std::holds_alternative<model::Unlock>(item))
            to_window.emplace_back(model::StageChanged{model::Stage::running, "", false});
        gui::wake_window();
        return true;
    }

private:
    model::Reply answer(const model::Command& command) {
        const model::Timestamp now = gui::wall_clock();
        const bool empty = scene_ == "empty";
        if (std::holds_alternative<model::WhoAmI>(command)) {
            model::Profile me;
            me.self = peer_id(77);
            me.name = "Robin";
            me.connection_id =
                "kith1AXcYt0qk3mC5hJ2Fz8Vw1RbNn7PdE9sLgUo4KyTaZ6xQiWvB-fHjMrD_eSpXcYt0qk3mC5h"
                "J2Fz8Vw1RbNn7PdE9sLgUo4KyTaZ6xQiWvB-fHjMrD_eSp0aQwErTyUiOp1234";
            me.status = "At the lake until four";
            me.outside = model::Outside::yes;
            me.outside_text =
                "It works from outside too: your router passes port 41337 on to this computer.";
            me.port = 41337;
            me.addresses = {"192.0.2.17:41337", "[2001:db8::17]:41337"};
            me.version = "0.1.0";
            return me;
        }
        if (std::holds_alternative<model::ListPeers>(command))
            return model::Peers{empty ? std::vector<model::Peer>{} : everybody(now)};
        if (std::holds_alternative<model::ListRequests>(command)) {
            if (empty) return model::Requests{};
            return model::Requests{{{peer_id(40), "Sam from the gym",
                                     "Hi Robin, it's Sam. We met on Tuesday, you gave me your ID.",
                                     now - 5 * minute}}};
        }
        if (std::holds_alternative<model::ListTransfers>(command))
            return scene_ == "files" ? model::Transfers{transfers()} : model::Transfers{};
        if (const auto* list = std::get_if<model::ListTransferFiles>(&command))
            return entries(*list);
        if (std::holds_alternative<model::GetSettings>(command)) return settings_;
        if (const auto* change = std::get_if<model::ChangeSettings>(&command)) {
            model::apply(*change, settings_);
            return settings_;
        }
        if (std::holds_alternative<model::GetNetworkStatus>(command)) return network();
        if (std::holds_alternative<model::ListRelays>(command))
            return model::Relays{empty ? std::vector<model::Relay>{} : relays()};
        if (const auto* where = std::get_if<model::ConnectAddress>(&command))
            return model::FoundPerson{peer_id(61), "Ines", where->address, false};
        if (const auto* visible = std::get_if<model::SetVisibility>(&command)) {
            settings_.visible = visible->visible;
            to_window.emplace_back(model::Event{model::SettingsChanged{settings_}});
        }
        if (const auto* list = std::get_if<model::ListMessages>(&command))
            return messages(*list, now);
        if (std::holds_alternative<model::GetSafetyNumber>(command))
            return model::SafetyNumber{
                "123456789012345678901234567890123456789012345678901234567890"};
        if (std::holds_alternative<model::AddContact>(command))
            return tl::unexpected(model::Error{"bad_id",
                                               "This is not a connection ID: part of it is "
                                               "missing. Copy it again, from kith1 to the end."});
        if (const auto* search = std::get_if<model::Search>(&command)) return found(*search, now);
        if (const auto* backup = std::get_if<model::CreateBackup>(&command))
            return model::BackedUp{backup->path, 12'345'678};
        if (const auto* text = std::get_if<model::SendText>(&command)) {
            model::Message sent = message(1, ++last_, text->text, true);
            sent.peer = text->peer;
            sent.at = now;
            to_window.emplace_back(model::Event{model::MessageAdded{sent}});
            return model::Accepted{sent.id, now};
        }
        return model::Done{};
    }

    model::Messages messages(const model::ListMessages& list, model::Timestamp now) {
        model::Messages page{.peer = list.peer, .messages = {}};
        if (list.peer != peer_id(1)) return page;
        for (std::uint64_t n = 1; n <= std::size(talk); ++n)
            page.messages.push_back(line_of(n, now));
        last_ = std::size(talk);
        if (scene_ != "files") return page;
        for (const auto& t : transfers()) {
            model::Message offer = message(1, number_of(t.id), t.name, t.outgoing);
            offer.at = now;
            offer.transfer = t;
            if (t.peer == list.peer) page.messages.push_back(offer);
        }
        return page;
    }

    static model::TransferFiles entries(const model::ListTransferFiles& list) {
        model::TransferFiles page;
        page.transfer = list.transfer;
        page.entries = 31;
        page.folder = "/home/robin/Downloads/Kith/Alice Lindgren";
        page.free_bytes = 120'000'000;
        for (std::uint32_t i = 0; i < page.entries; ++i) {
            model::TransferFile file;
            file.index = i;
            file.folder = i % 10 == 0;
            const std::string folder = "Evening " + std::to_string(i / 10 + 1);
            file.path = file.folder ? folder : folder + "/" + std::to_string(i % 10) + " song.flac";
            file.size = file.folder ? 0 : 8'000'000 + i * 12'345;
            page.files.push_back(file);
        }
        return page;
    }

    static model::Hits found(const model::Search& search, model::Timestamp now) {
        model::Hits hits;
        for (std::uint64_t n = std::size(talk); n > 0; --n) {
            const model::Message m = line_of(n, now);
            if (m.text.find(search.text) != std::string::npos)
                hits.hits.push_back(hit(m, search.text));
        }
        return hits;
    }

    std::mutex guard_;
    std::string scene_;
    model::Settings settings_;
    std::uint64_t last_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::string scene = argc > 1 ? argv[1] : "chat";
    DemoPort port(scene, argc > 2 ? argv[2] : "dark", argc > 3 ? std::atof(argv[3]) : 1.0);
    gui::WindowOptions options;
    options.title = "Kith demo";
    if (const char* layout = std::getenv("KITH_DEMO_LAYOUT")) options.layout_file = layout;
    std::jthread photographer([&](const std::stop_token& stop) {
        const char* path = std::getenv("KITH_DEMO_SHOT");
        if (!path) return;
        const char* after = std::getenv("KITH_DEMO_AFTER");
        std::this_thread::sleep_for(std::chrono::milliseconds(after ? std::atoi(after) : 500));
        if (!stop.stop_requested()) port.shoot(path);
    });
    const auto result = gui::run_window(port, options);
    if (!result) std::fprintf(stderr, "%s\n", result.error().text.c_str());
    return result ? 0 : 1;
}
