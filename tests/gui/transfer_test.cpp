// SPDX-License-Identifier: MIT
//
// Files in the window: cards in the chat, the drawer, what is looked through before it is accepted,
// dropping, pasting, choosing.
#include <imgui_internal.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "gui/panels/panels.hpp"
#include "gui/transfer_text.hpp"
#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

model::Transfer transfer(std::uint64_t n, model::TransferState state, bool outgoing = false) {
    model::Transfer t;
    t.id = message_id(n);
    t.peer = peer_id(1);
    t.outgoing = outgoing;
    t.name = "Holiday";
    t.files = 12;
    t.total = 3'400'000'000;
    t.state = state;
    t.at = 1'760'000'000'000 + static_cast<model::Timestamp>(n);
    return t;
}

model::Message offer(const model::Transfer& t) {
    model::Message m = message(1, number_of(t.id), t.name, t.outgoing);
    m.transfer = t;
    return m;
}

std::string label(std::uint64_t n, std::string_view part) {
    return gui::transfer_label(message_id(n), part);
}

/// Alice's conversation, open, with these transfers in it.
void open_with(Harness& app, std::vector<model::Transfer> transfers) {
    app.node = [transfers](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::ListTransfers>(command))
            return model::Transfers{transfers};
        if (std::holds_alternative<model::ResumeTransfer>(command)) return model::Done{};
        const auto* list = std::get_if<model::ListMessages>(&command);
        if (!list) return std::nullopt;
        model::Messages page{.peer = list->peer, .messages = {}};
        if (list->peer == peer_id(1))
            for (const auto& t : transfers) page.messages.push_back(offer(t));
        return page;
    };
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
    app.click(label_of("conversation", peer_id(1)));
}

template <class T>
T asked_errand(Harness& app) {
    for (auto& errand : app.desk.take_requests().errands)
        if (auto* wanted = std::get_if<T>(&errand)) return *wanted;
    FAIL("nothing was asked of the disk");
    return {};
}

gui::Measured measured(std::uint64_t ticket, std::vector<std::string> paths, std::uint64_t files,
                       std::uint64_t bytes) {
    gui::Measured sum;
    sum.ticket = ticket;
    sum.paths = std::move(paths);
    sum.files = files;
    sum.bytes = bytes;
    return sum;
}

}  // namespace

TEST_CASE("an offer can be accepted, declined, put elsewhere and looked through") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered)});
    app.click(label(1, "accept"));
    REQUIRE(app.sent<model::AcceptTransfer>().size() == 1);
    CHECK(app.sent<model::AcceptTransfer>()[0].transfer == message_id(1));
    CHECK(app.sent<model::AcceptTransfer>()[0].folder.empty());
    CHECK_FALSE(app.sent<model::AcceptTransfer>()[0].selected);
    // Until that is answered, nothing else can be decided.
    app.click(label(1, "decline"));
    CHECK(app.sent<model::DeclineTransfer>().empty());
}

TEST_CASE("an offer is declined") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered)});
    app.click(label(1, "decline"));
    CHECK(app.sent<model::DeclineTransfer>().size() == 1);
}

TEST_CASE("an offer whose list is not here yet cannot be accepted") {
    Harness app;
    auto t = transfer(1, model::TransferState::offered);
    t.listed = false;
    open_with(app, {t});
    CHECK_FALSE(app.sees(label(1, "accept")));
    CHECK(app.sees(label(1, "decline")));
}

TEST_CASE("a card follows its transfer") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::active)});
    CHECK(app.sees(label(1, "pause")));
    app.arrive(model::Event{model::TransferChanged{transfer(1, model::TransferState::paused)}});
    app.frames();
    CHECK_FALSE(app.sees(label(1, "pause")));
    app.click(label(1, "resume"));
    CHECK(app.sent<model::ResumeTransfer>().size() == 1);
    auto failed = transfer(1, model::TransferState::failed);
    failed.error = "The disk is full.";
    failed.files_failed = 3;
    app.arrive(model::Event{model::TransferChanged{failed}});
    app.frames();
    CHECK(app.sees(label(1, "retry")));
    auto done = transfer(1, model::TransferState::done);
    done.path = "/home/ada/Downloads/Kith/Alice/Holiday";
    app.arrive(model::Event{model::TransferChanged{done}});
    app.frames();
    CHECK(app.sees(label(1, "open")));
    app.click(label(1, "copy"));
    CHECK(app.context.clipboard == done.path);
    app.click(label(1, "open"));
    CHECK(app.desk.take_requests().show_in_folder == std::vector{done.path});
}

TEST_CASE("numbers that run do not lay out the conversation anew") {
    Harness app;
    auto t = transfer(1, model::TransferState::active);
    open_with(app, {t});
    const auto before = app.desk.view().conversations.at(peer_id(1)).revision();
    t.bytes = 1'000'000;
    t.rate = 5'000'000;
    t.eta_s = 40;
    app.arrive(model::Event{model::TransferChanged{t}});
    app.frames();
    CHECK(app.desk.view().conversations.at(peer_id(1)).revision() == before);
    CHECK(app.desk.view().transfers.find(t.id)->rate == 5'000'000);
}

TEST_CASE("a file message cannot be edited") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered, true)});
    app.press({ImGuiKey_UpArrow});
    CHECK_FALSE(app.desk.ui().chats[peer_id(1)].edit);
}

TEST_CASE("the keyboard reaches what a card offers through the message's menu") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered)});
    app.press({ImGuiMod_Ctrl, ImGuiKey_UpArrow});
    app.press({ImGuiKey_Enter});
    app.click("message-menu/accept");
    CHECK(app.sent<model::AcceptTransfer>().size() == 1);
}

TEST_CASE("the drawer shows all transfers and leads to their conversation") {
    Harness app;
    auto other = transfer(2, model::TransferState::failed, true);
    other.peer = peer_id(2);
    open_with(app, {transfer(1, model::TransferState::active), other});
    CHECK(app.desk.view().transfers.busy() == 1);
    app.click("toolbar/transfers");
    CHECK(app.sees("transfers/list"));
    app.click(label(2, "row"));
    CHECK(app.desk.ui().selected == peer_id(2));
    app.click(label(2, "retry"));
    REQUIRE(app.sent<model::RetryTransfer>().size() == 1);
    CHECK(app.sent<model::RetryTransfer>()[0].transfer == message_id(2));
    app.click("transfers/retry-all");
    REQUIRE(app.sent<model::RetryTransfer>().size() == 2);
    CHECK_FALSE(app.sent<model::RetryTransfer>()[1].transfer);
    app.click("transfers/close");
    CHECK_FALSE(app.sees("transfers/list"));
}

TEST_CASE("the drawer draws only the rows in view") {
    Harness app;
    std::vector<model::Transfer> many;
    for (std::uint64_t n = 1; n <= 1000; ++n)
        many.push_back(transfer(n, model::TransferState::done));
    open_with(app, many);
    app.press({ImGuiMod_Ctrl, ImGuiKey_J});
    CHECK(app.sees(label(1000, "row")));
    CHECK_FALSE(app.sees(label(900, "row")));
}

TEST_CASE("what is accepted can be chosen, folder by folder") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered)});
    const auto rest = app.node;
    app.click(label(1, "review"));
    REQUIRE(app.sent<model::ListTransferFiles>().size() == 1);
    const auto reply = [](std::string path, bool folder, std::uint64_t size) {
        model::TransferFile file;
        file.path = std::move(path);
        file.folder = folder;
        file.size = size;
        return file;
    };
    model::TransferFiles files;
    files.transfer = message_id(1);
    files.files = {reply("a", true, 0), reply("a/one", false, 100), reply("a/two", false, 200),
                   reply("three", false, 400)};
    files.entries = 4;
    files.folder = "/home/me/Downloads/Kith";
    files.free_bytes = 500;
    std::uint64_t ticket = 0;
    for (const auto& item : app.port.from_window)
        if (const auto* execute = std::get_if<model::Execute>(&item))
            if (std::holds_alternative<model::ListTransferFiles>(execute->command))
                ticket = execute->ticket;
    app.arrive(model::ToWindow{model::Completed{ticket, files}});
    app.frames();
    REQUIRE(app.desk.view().review.complete());
    CHECK(app.desk.view().review.bytes_selected() == 700);
    // 700 bytes do not fit into 500.
    app.click("review/accept");
    CHECK(app.sent<model::AcceptTransfer>().empty());
    app.click("review/entry/0");  // the folder and what is in it
    CHECK(app.desk.view().review.bytes_selected() == 400);
    app.click("review/entry/1");  // one of it after all, with the folder around it
    CHECK(app.desk.view().review.bytes_selected() == 500);
    app.click("review/accept");
    REQUIRE(app.sent<model::AcceptTransfer>().size() == 1);
    CHECK(app.sent<model::AcceptTransfer>()[0].selected == std::vector<std::uint32_t>{0, 1, 3});
    CHECK(app.sent<model::AcceptTransfer>()[0].folder.empty());
    CHECK(app.desk.ui().dialog == gui::Dialog::none);
}

TEST_CASE("a list of 200,000 entries is read in pages and drawn in part") {
    gui::ReviewList list;
    list.open(message_id(1));
    std::size_t asked = 0;
    while (const auto question = list.next_question()) {
        ++asked;
        model::TransferFiles page;
        page.transfer = message_id(1);
        page.entries = 200'000;
        for (std::uint32_t i = question->first; i < question->first + question->limit; ++i) {
            model::TransferFile file;
            file.index = i;
            file.folder = i % 1000 == 0;
            file.path = "folder " + std::to_string(i / 1000);
            if (!file.folder) file.path += "/file " + std::to_string(i);
            file.size = 10;
            page.files.push_back(file);
        }
        list.take(*question, page);
    }
    CHECK(asked == 200);
    CHECK(list.complete());
    CHECK(list.files() == 199'800);
    list.select(1000, false);
    CHECK(list.files_selected() == 199'800 - 999);
    CHECK(list.selection()->size() == 200'000 - 1000);
    list.select_all(true);
    CHECK_FALSE(list.selection());
}

TEST_CASE("files dropped on somebody are sent to them") {
    Harness app;
    open_with(app, {});
    const auto row = app.recorder.find(label_of("conversation", peer_id(2)));
    REQUIRE(row);
    app.desk.drop({{"/home/me/a.txt"}, ImVec2{row->x + 5, row->y + 5}}, app.now, 0);
    const auto wanted = asked_errand<gui::MeasurePaths>(app);
    app.desk.take(measured(wanted.ticket, wanted.paths, 1, 10), app.now);
    REQUIRE(app.sent<model::SendFiles>().size() == 1);
    CHECK(app.sent<model::SendFiles>()[0].peer == peer_id(2));
    CHECK(app.sent<model::SendFiles>()[0].paths == std::vector<std::string>{"/home/me/a.txt"});
    CHECK(app.desk.ui().selected == peer_id(2));
}

TEST_CASE("where the desktop does not say where, the open conversation gets what is dropped") {
    Harness app;
    open_with(app, {});
    app.desk.drop({{"/home/me/a.txt"}, std::nullopt}, app.now, 0);
    const auto wanted = asked_errand<gui::MeasurePaths>(app);
    app.desk.take(measured(wanted.ticket, wanted.paths, 1, 10), app.now);
    REQUIRE(app.sent<model::SendFiles>().size() == 1);
    CHECK(app.sent<model::SendFiles>()[0].peer == peer_id(1));
}

TEST_CASE("files dropped beside everybody go nowhere") {
    Harness app;
    open_with(app, {});
    app.desk.drop({{"/home/me/a.txt"}, ImVec2{5, 5}}, app.now, 0);
    CHECK(app.desk.take_requests().errands.empty());
    CHECK(app.desk.view().notices.size() == 1);
}

TEST_CASE("much is asked about before it is sent") {
    Harness app;
    open_with(app, {});
    app.desk.drop({{"/home/me/all"}, std::nullopt}, app.now, 0);
    const auto wanted = asked_errand<gui::MeasurePaths>(app);
    const bool by_size = GENERATE(false, true);
    app.desk.take(by_size ? measured(wanted.ticket, wanted.paths, 1, 2ULL << 30)
                          : measured(wanted.ticket, wanted.paths, 101, 10),
                  app.now);
    app.frames();
    CHECK(app.sent<model::SendFiles>().empty());
    app.click("confirm/yes");
    CHECK(app.sent<model::SendFiles>().size() == 1);
}

TEST_CASE("a pasted path is offered as a file") {
    Harness app;
    open_with(app, {});
    app.context.clipboard = "file:///home/me/my%20photo.jpg";
    app.press({ImGuiMod_Ctrl, ImGuiKey_V});
    const auto wanted = asked_errand<gui::MeasurePaths>(app);
    CHECK(wanted.paths == std::vector<std::string>{"/home/me/my photo.jpg"});
    CHECK_FALSE(app.sees("composer/send-file"));
    app.desk.take(measured(wanted.ticket, wanted.paths, 1, 10), app.now);
    app.frames();
    app.click("composer/send-file");
    CHECK(app.desk.ui().chats[peer_id(1)].draft.empty());
    const auto again = asked_errand<gui::MeasurePaths>(app);
    app.desk.take(measured(again.ticket, again.paths, 1, 10), app.now);
    CHECK(app.sent<model::SendFiles>().size() == 1);
    CHECK(app.sent<model::SendText>().empty());
}

TEST_CASE("a path that is not there stays a text") {
    Harness app;
    open_with(app, {});
    app.context.clipboard = "/nowhere/at/all";
    app.press({ImGuiMod_Ctrl, ImGuiKey_V});
    const auto wanted = asked_errand<gui::MeasurePaths>(app);
    app.desk.take(measured(wanted.ticket, {}, 0, 0), app.now);
    app.frames();
    CHECK_FALSE(app.sees("composer/send-file"));
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::SendText>().size() == 1);
}

TEST_CASE("the paper clip asks the desktop for files, or in the window where it cannot") {
    Harness app;
    open_with(app, {});
    app.click("composer/attach");
    const auto wanted = app.desk.take_requests().choose;
    REQUIRE(wanted);
    CHECK(wanted->what == gui::PathsFor::send_files);
    app.desk.take(gui::ChooserAnswer{*wanted, {}, true});
    app.frames();
    CHECK(app.sees("paths/text"));
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("/home/me/a.txt");
    app.click("paths/choose");
    const auto look = asked_errand<gui::MeasurePaths>(app);
    CHECK(look.paths == std::vector<std::string>{"/home/me/a.txt"});
    app.desk.take(measured(look.ticket, look.paths, 1, 10), app.now);
    CHECK(app.sent<model::SendFiles>().size() == 1);
}

TEST_CASE("an offer can be accepted into a folder that is chosen") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered)});
    app.click(label(1, "accept-to"));
    const auto wanted = app.desk.take_requests().choose;
    REQUIRE(wanted);
    app.desk.take(gui::ChooserAnswer{*wanted, {}, false});  // left without choosing
    CHECK(app.sent<model::AcceptTransfer>().empty());
    app.desk.take(gui::ChooserAnswer{*wanted, {"/mnt/big"}, false});
    REQUIRE(app.sent<model::AcceptTransfer>().size() == 1);
    CHECK(app.sent<model::AcceptTransfer>()[0].folder == "/mnt/big");
}

TEST_CASE("pictures are read once they have landed, shown, and let go") {
    Harness app;
    int alive = 0;
    app.desk.set_textures({[&](const gui::Pixels&) { return std::uint64_t(100 + ++alive); },
                           [&](std::uint64_t) { --alive; }});
    auto t = transfer(1, model::TransferState::active);
    t.files = 1;
    t.name = "photo.jpg";
    t.path = "/home/me/photo.jpg";
    open_with(app, {t});
    CHECK(app.desk.take_requests().errands.empty());
    t.state = model::TransferState::done;
    app.arrive(model::Event{model::TransferChanged{t}});
    app.frames();
    const auto wanted = asked_errand<gui::LoadPicture>(app);
    CHECK(wanted.path == "/home/me/photo.jpg");
    app.frames();
    CHECK(app.desk.take_requests().errands.empty());  // once is enough
    app.desk.take(gui::PictureLoaded{t.id, gui::Pixels{40, 20, std::vector<std::uint8_t>(3200)}},
                  app.now);
    app.frames();
    CHECK(alive == 1);
    app.click(label(1, "picture"));
    CHECK(app.desk.ui().dialog == gui::Dialog::picture);
    app.press({ImGuiKey_Escape});
    CHECK(app.desk.ui().dialog == gui::Dialog::none);
}

TEST_CASE("a picture that cannot be read is not read again") {
    gui::PictureShelf shelf;
    CHECK(shelf.see(message_id(1)));
    CHECK_FALSE(shelf.loaded(message_id(1), false));
    CHECK_FALSE(shelf.see(message_id(1)));
}

TEST_CASE("at most 32 pictures are kept, those seen last") {
    gui::PictureShelf shelf;
    for (std::uint64_t n = 1; n <= 32; ++n) {
        CHECK(shelf.see(message_id(n)));
        CHECK_FALSE(shelf.loaded(message_id(n), true));
    }
    CHECK_FALSE(shelf.see(message_id(1)));  // now 2 is the one seen longest ago
    CHECK(shelf.see(message_id(33)));
    CHECK(shelf.loaded(message_id(33), true) == message_id(2));
}

TEST_CASE("what is accepted without asking is set for each person") {
    Harness app;
    open_with(app, {});
    app.press({ImGuiMod_Ctrl, ImGuiKey_I});
    app.click("details/files/2");
    REQUIRE(app.sent<model::SetAutoAccept>().size() == 1);
    CHECK(app.sent<model::SetAutoAccept>()[0].peer == peer_id(1));
    CHECK(app.sent<model::SetAutoAccept>()[0].rule.rule == model::AutoAccept::Rule::always);
}

TEST_CASE("the settings of files are saved") {
    Harness app;
    open_with(app, {});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    app.click("settings/files");
    app.click("files/downloads");
    app.type("/mnt/big");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::ChangeSettings>().size() == 1);
    CHECK(app.sent<model::ChangeSettings>()[0].downloads == "/mnt/big");
    app.click("files/naming");
    app.type("{date}/{name}");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::ChangeSettings>().size() == 2);
    CHECK(app.sent<model::ChangeSettings>()[1].naming == "{date}/{name}");
    CHECK(gui::naming_example("{date}/{name}") == "20260303/photo.jpg");
}

TEST_CASE("rates are typed in megabytes") {
    CHECK(gui::bytes_of_megabytes("") == 0);
    CHECK(gui::bytes_of_megabytes(" 0.5 ") == 500'000);
    CHECK(gui::bytes_of_megabytes("2") == 2'000'000);
    CHECK_FALSE(gui::bytes_of_megabytes("-1"));
    CHECK_FALSE(gui::bytes_of_megabytes("nan"));
    CHECK_FALSE(gui::bytes_of_megabytes("two"));
    CHECK(gui::megabytes_of_bytes(1'500'000) == "1.5");
}

TEST_CASE("where a transfer stands is said in words") {
    model::Peer bob = contact(2, "Bob");
    auto t = transfer(1, model::TransferState::offered, true);
    CHECK(gui::state_text(t, &bob) == "Waiting for Bob");
    bob.presence = model::Presence::offline;
    CHECK(gui::state_text(t, &bob) == "Bob is offline: sent once you are both online");
    t.at_relay = true;
    CHECK(gui::state_text(t, &bob) == "Waiting at the relay of Bob");
    bob.presence = model::Presence::connecting;  // again and again, while somebody is away
    CHECK(gui::state_text(t, &bob) == "Waiting at the relay of Bob");
    t.outgoing = false;
    CHECK(gui::state_text(t, &bob) == "Waiting for your answer · at your relay");
    t.at_relay = false;
    CHECK(gui::state_text(t, &bob) == "Waiting for your answer · Bob is offline");
    t.state = model::TransferState::waiting;
    CHECK(gui::state_text(t, &bob) == "Bob is offline: goes on once you are both online");
    t.outgoing = t.at_relay = true;
    t.state = model::TransferState::waiting;
    CHECK(gui::state_text(t, &bob) == "Waiting at the relay of Bob");
    t.outgoing = false;
    CHECK(gui::state_text(t, &bob) == "Waiting at your relay");
    t.outgoing = true;
    t.at_relay = false;
    t.state = model::TransferState::active;
    t.bytes = 1'200'000'000;
    t.rate = 3'200'000;
    t.eta_s = 40;
    CHECK(gui::state_text(t, &bob) == "1.2 GB of 3.4 GB · 3.2 MB/s · 40 s left");
    CHECK(gui::amount_of(t) == "12 files, 3.4 GB");
    t.state = model::TransferState::paused;
    CHECK(gui::state_text(t, &bob) == "Paused · 1.2 GB of 3.4 GB");
    t.state = model::TransferState::done;
    t.files_failed = 3;
    CHECK(gui::state_text(t, &bob) == "Done, except 3 of 12 files");
    CHECK(gui::left_text(7500) == "2 h 5 min left");
}

TEST_CASE("what was accepted in part is said to be a part") {
    auto t = transfer(1, model::TransferState::done);
    t.files_done = 12;
    CHECK(gui::amount_of(t) == "12 files, 3.4 GB");
    t.files_done = 2;
    t.files_failed = 1;
    CHECK(gui::amount_of(t) == "3 of 12 files, 3.4 GB");
}

TEST_CASE("the time of a message does not cover the buttons of its card") {
    Harness app;
    open_with(app, {transfer(1, model::TransferState::offered)});
    const auto says_something = [] {
        const ImGuiWindow* tip = ImGui::FindWindowByName("##Tooltip_00");
        return tip && tip->WasActive;
    };
    app.move_to(label(1, "accept"));
    app.pass(3);
    app.frames(120);
    CHECK_FALSE(says_something());
    const auto button = app.recorder.find(label(1, "accept"));
    REQUIRE(button);
    ImGui::GetIO().AddMousePosEvent(button->x + button->width / 2, button->y - 20);
    app.frames(120);
    CHECK(says_something());
}

TEST_CASE("the rates of the last minute are kept") {
    gui::TransferFeed feed;
    auto t = transfer(1, model::TransferState::active);
    t.rate = 7;
    feed.put(t);
    feed.sample(10.2);
    t.rate = 9;
    feed.put(t);
    feed.sample(10.9);  // the same second
    REQUIRE(feed.history(t.id));
    CHECK(feed.history(t.id)->rates()[59] == 7);
    feed.sample(12.1);
    CHECK(feed.history(t.id)->rates()[57] == 7);
    CHECK(feed.history(t.id)->rates()[58] == 9);
    CHECK(feed.history(t.id)->rates()[59] == 9);
    t.state = model::TransferState::done;
    feed.put(t);
    CHECK_FALSE(feed.history(t.id));
}
