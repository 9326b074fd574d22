// SPDX-License-Identifier: MIT
#include "gui/view_state.hpp"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "gui/amount_text.hpp"
#include "gui/frame_pacer.hpp"
#include "gui/layout_file.hpp"
#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/screenshot.hpp"
#include "gui/strings.hpp"
#include "gui/time_text.hpp"
#include "tests/gui/harness.hpp"
#include "tests/gui/script.hpp"

using namespace kith;
using namespace kith::gui;
using namespace kith::gui::test;

TEST_CASE("the list is ordered by the newest message") {
    ViewState view;
    for (std::uint8_t n = 1; n <= 3; ++n) {
        model::Peer peer = contact(n, "P");
        peer.last_activity = n;
        gui::apply(view, model::Event{model::PeerChanged{peer}});
    }
    CHECK(view.order == std::vector{peer_id(3), peer_id(2), peer_id(1)});
    model::Peer first = contact(1, "P");
    first.last_activity = 10;
    gui::apply(view, model::Event{model::PeerChanged{first}});
    CHECK(view.order.front() == peer_id(1));
    gui::apply(view, model::Event{model::PeerRemoved{peer_id(1)}});
    CHECK(view.order == std::vector{peer_id(3), peer_id(2)});
    CHECK(view.find(peer_id(1)) == nullptr);
}

TEST_CASE("messages come once and change state, wherever the conversation is held") {
    ViewState view;
    Conversation& chat = view.conversations[peer_id(1)];
    const auto asked = chat.ask_newest(peer_id(1));
    REQUIRE(asked);
    // One that arrives while the page is on its way is also in the page.
    gui::apply(view, model::Event{model::MessageAdded{message(1, 3, "c", true)}});
    gui::apply(view, *asked, page_of(1, *asked, 3), 0);
    CHECK(chat.messages().size() == 3);
    gui::apply(view, model::Event{model::MessageStateChanged{peer_id(1), message_id(3),
                                                             model::MessageState::read}});
    CHECK(chat.messages().back().state == model::MessageState::read);
    gui::apply(view, model::Event{model::MessageAdded{message(7, 1, "of someone not shown")}});
    CHECK_FALSE(view.conversations.contains(peer_id(7)));
}

TEST_CASE("a page that could not be read is not asked for over and over") {
    ViewState view;
    Conversation& chat = view.conversations[peer_id(1)];
    const auto asked = chat.ask_newest(peer_id(1));
    gui::apply(view, *asked, tl::unexpected(model::Error{"io", "The disk is broken."}), 5);
    CHECK_FALSE(chat.ask_newest(peer_id(1)));
    CHECK_FALSE(chat.ask_older(peer_id(1)));
    CHECK(view.notices.back().text == "The disk is broken.");
}

TEST_CASE("what a task came to is kept where it was given, not among the notices") {
    ViewState view;
    const model::Command backup = model::CreateBackup{"/tmp/x", "secret"};
    note_asked(view, backup);
    CHECK(view.task(Task::backup).waiting);
    gui::apply(view, backup, tl::unexpected(model::Error{"exists", "The file exists."}), 1);
    CHECK_FALSE(view.task(Task::backup).waiting);
    CHECK(view.task(Task::backup).error == "The file exists.");
    CHECK(view.notices.empty());
    note_asked(view, backup);
    CHECK(view.task(Task::backup).error.empty());
    gui::apply(view, backup, model::Reply{model::BackedUp{"/tmp/x", 1'234'567}}, 1);
    CHECK(view.task(Task::backup).done);
    CHECK(view.task(Task::backup).result.find("/tmp/x (1.2 MB)") != std::string::npos);
}

TEST_CASE("a deleted conversation says what became of it") {
    ViewState view;
    gui::apply(view, model::DeleteConversation{peer_id(1)}, model::Reply{model::Removed{12, 1}}, 1);
    REQUIRE(view.notices.size() == 1);
    CHECK(view.notices.back().text == "12 messages removed. 1 message still waits to be sent.");
}

TEST_CASE("who is typing is known until it ends") {
    ViewState view;
    gui::apply(view, model::Event{model::PeerChanged{contact(1, "Alice")}});
    gui::apply(view, model::Event{model::PeerTyping{peer_id(1), true}});
    CHECK(view.find(peer_id(1))->typing);
    gui::apply(view, model::Event{model::PeerTyping{peer_id(1), false}});
    CHECK_FALSE(view.find(peer_id(1))->typing);
    gui::apply(view, model::Event{model::PeerTyping{peer_id(9), true}});
    CHECK(view.find(peer_id(9)) == nullptr);
}

TEST_CASE("amounts are told in units that people use") {
    CHECK(size_text(0) == "0 bytes");
    CHECK(size_text(999) == "999 bytes");
    CHECK(size_text(1000) == "1.0 kB");
    CHECK(size_text(12'345'678) == "12.3 MB");
    CHECK(size_text(UINT64_MAX / 10).ends_with(" TB"));
    CHECK(duration_text(300) == "5 minutes");
    CHECK(duration_text(3600) == "1 hour");
    CHECK(duration_text(28 * 24 * 3600) == "4 weeks");
    CHECK(duration_text(90) == "90 seconds");
    CHECK(duration_text(0) == "0 seconds");
}

TEST_CASE("a proposed file has a harmless name, and a tilde is the home folder") {
    CHECK(proposed_export("../../etc/passwd\n:x").find("..") == std::string::npos);
    const std::string file = std::filesystem::path(proposed_export("a/b\\c")).filename().string();
    CHECK(file.starts_with("Kith a b c "));
    CHECK(file.ends_with(".txt"));
    CHECK(with_ending("/x/y.z.txt", ".json") == "/x/y.z.json");
    CHECK(full_path("  /a b/c ") == "/a b/c");
    CHECK(full_path("   ").empty());
    CHECK(full_path("~/x").ends_with("/x"));
    CHECK_FALSE(full_path("~/x").starts_with("~"));
}

TEST_CASE("notices are bounded") {
    ViewState view;
    for (int i = 0; i < 1000; ++i)
        gui::apply(view, model::Event{model::Notice{model::NoticeLevel::info, "x", i}});
    CHECK(view.notices.size() == notices_max);
    CHECK(view.notices_seen == 1000);
}

TEST_CASE("a notice that comes again does not pile up") {
    Harness app;
    app.run_with({});
    for (const char* text : {"The disk is full.", "Other news.", "The disk is full."})
        app.arrive(model::Event{model::Notice{model::NoticeLevel::error, text, 1}});
    app.frames();
    const auto& toasts = app.desk.ui().toasts.toasts;
    REQUIRE(toasts.size() == 2);
    CHECK(toasts.back().text == "The disk is full.");
}

TEST_CASE("an empty conversation invites to write only when one can") {
    model::Peer peer = contact(1, "Alice");
    CHECK(empty_chat_text(peer) == strings::chat_empty);
    peer.presence = model::Presence::blocked;
    CHECK(empty_chat_text(peer).empty());
    peer.contact = false;
    peer.presence = model::Presence::pending_out;
    CHECK(empty_chat_text(peer) == strings::chat_asked);
}

TEST_CASE("frames are drawn only while something is owed") {
    FramePacer pacer;
    int drawn = 0;
    for (; pacer.due(0) && drawn < 100; ++drawn) pacer.drawn(0, FramePacer::forever);
    CHECK(drawn == FramePacer::settle_frames);
    CHECK(pacer.sleep(1e9) == FramePacer::forever);
    pacer.poke();
    CHECK(pacer.sleep(0) == 0);
    while (pacer.due(0)) pacer.drawn(0, 2.0);
    CHECK(pacer.sleep(0.5) == 1.5);
    CHECK(pacer.due(2.0));
}

TEST_CASE("a layout survives being written and read") {
    const WindowLayout layout{.x = -5,
                              .y = 30,
                              .width = 900,
                              .height = 800,
                              .maximized = true,
                              .sidebar = 333,
                              .details = 0,
                              .details_open = true,
                              .dark = false};
    CHECK(parse_layout(format_layout(layout)) == layout);
}

TEST_CASE("a layout that makes no sense is ignored") {
    CHECK(parse_layout("") == WindowLayout{});
    CHECK(
        parse_layout("width 12\nheight 99999999999\nx\n\n y 5\nsidebar -3\ndark maybe\n\xff\xfe") ==
        WindowLayout{});
}

TEST_CASE("pictures are only written under names that end in .png") {
    const std::vector<std::uint8_t> pixels(2 * 2 * 3, 128);
    const auto folder = std::filesystem::temp_directory_path();
    const auto good = folder / "kith_gui_screenshot_test.png";
    CHECK(write_png(good.string(), 2, 2, pixels).empty());
    CHECK(std::filesystem::file_size(good) > 8);
    std::filesystem::remove(good);
    CHECK_FALSE(write_png((folder / "kith_gui_screenshot_test.sh").string(), 2, 2, pixels).empty());
    CHECK_FALSE(std::filesystem::exists(folder / "kith_gui_screenshot_test.sh"));
    CHECK_FALSE(write_png("/nonexistent-folder/x.png", 2, 2, pixels).empty());
}

TEST_CASE("days are named as people name them") {
    const model::Timestamp now = 1'760'100'000'000;
    constexpr model::Timestamp day = 24 * 3600 * 1000;
    CHECK(day_text(now, now) == "Today");
    CHECK(day_text(now - day, now) == "Yesterday");
    CHECK(day_text(now - 400 * day, now).find("2024") != std::string::npos);
    CHECK(last_seen_text(0, now) == "Not seen yet");
}
