// SPDX-License-Identifier: MIT
#include "app/control/cli.hpp"

#include <fstream>
#include <semaphore>
#include <sstream>

#include "tests/control/running_server.hpp"

using namespace kith;
using namespace kith::control;
using nlohmann::json;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome run(const std::string& path, std::vector<std::string> words, bool machine = false) {
    ClientCommand command;
    command.name = words.at(0);
    command.words.assign(words.begin() + 1, words.end());
    command.json = machine;
    std::ostringstream out, err;
    const int code = run_command_line(command, path, out, err);
    return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("without a running instance the exit code is 5 and a sentence says how to start one") {
    const auto nothing = run("/nowhere/control.sock", {"peers"});
    CHECK(nothing.code == 5);
    CHECK(nothing.out.empty());
    CHECK(nothing.err.find("kith --profile") == std::string::npos);
    CHECK(nothing.err.find("`kith --headless`") != std::string::npos);
    CHECK(run("/nowhere/control.sock", {"watch"}).code == 5);
    CHECK(run("/nowhere/control.sock", {"call", "stats", "x"}).code == 2);
}

TEST_CASE_METHOD(test::RunningServer, "replies for people") {
    node.answer = [](const model::Command& command) -> model::Reply {
        if (std::holds_alternative<model::SendText>(command))
            return model::Accepted{test::message_of(1), 1};
        model::Peer peer;
        peer.id = test::bob;
        peer.name = "B\x1b]0;x\x07";
        return model::Peers{{peer}};
    };
    CHECK(run(path, {"send", "Bob", "hi"}).out == "01010101-0101-0101-0101-010101010101\n");
    const auto peers = run(path, {"peers"});
    CHECK(peers.code == 0);
    CHECK(peers.out ==
          "offline     -     -         " + model::to_hex(test::bob) + "  B<U+001B>]0;x<U+0007>\n");
}

TEST_CASE_METHOD(test::RunningServer, "replies for machines") {
    const auto id = run(path, {"id"}, true);
    CHECK(id.code == 0);
    CHECK(json::parse(id.out)["fingerprint"] == model::to_hex(test::self));
    CHECK(json::parse(run(path, {"call", "whoami"}).out)["name"] == "Alice");
    const auto refused = run(path, {"accept", "Eve"}, true);
    CHECK(refused.code == 1);
    CHECK(json::parse(refused.out)["code"] == "no_such_peer");
}

TEST_CASE_METHOD(test::RunningServer, "what the instance refuses exits 1 with its sentence") {
    const auto refused = run(path, {"accept", "Eve"});
    CHECK(refused.code == 1);
    CHECK(refused.out.empty());
    CHECK(refused.err == "kith: Nobody fits.\n");
    CHECK(run(path, {"call", "groups"}).code == 1);
}

namespace {

model::Transfer some_transfer(model::TransferState state, bool outgoing) {
    model::Transfer transfer;
    transfer.id = test::message_of(1);
    transfer.peer = test::bob;
    transfer.outgoing = outgoing;
    transfer.name = "a.txt";
    transfer.total = 10;
    transfer.state = state;
    return transfer;
}

}  // namespace

TEST_CASE_METHOD(test::RunningServer, "sending a file follows it to its end") {
    auto end = model::TransferState::done;
    node.answer = [&](const model::Command& command) -> model::Reply {
        if (std::holds_alternative<model::SendFiles>(command))
            return model::Offered{test::message_of(1), {"/b: gone"}, 2};
        if (std::holds_alternative<model::ListTransfers>(command))
            return model::Transfers{{some_transfer(model::TransferState::offered, true)}};
        model::Peer peer;
        peer.id = test::bob;
        peer.name = "Bob";
        node.emit(model::TransferChanged{some_transfer(end, true)});
        return model::Peers{{peer}};
    };
    const auto sent = run(path, {"send-file", "Bob", "/a.txt"});
    CHECK(sent.code == 0);
    CHECK(sent.out == "Sent a.txt to Bob (10 B).\n");
    CHECK(sent.err == "kith: left out: /b: gone\nkith: left out: 1 more\n");
    end = model::TransferState::declined;
    const auto declined = run(path, {"send-file", "Bob", "/a.txt"});
    CHECK(declined.code == 1);
    CHECK(declined.err.ends_with("kith: Bob declined the files.\n"));
    CHECK(run(path, {"send-file", "Eve", "/a.txt"}).code == 1);
    ClientCommand detached;
    detached.name = "send-file";
    detached.words = {"Bob", "/a.txt"};
    detached.detach = true;
    std::ostringstream out, err;
    CHECK(run_command_line(detached, path, out, err) == 0);
    CHECK(out.str() == "01010101-0101-0101-0101-010101010101\n");
}

TEST_CASE_METHOD(test::RunningServer, "a file is accepted by the beginning of its ID, or without") {
    node.answer = [](const model::Command& command) -> model::Reply {
        if (std::holds_alternative<model::ListTransfers>(command))
            return model::Transfers{{some_transfer(model::TransferState::offered, false)}};
        if (std::holds_alternative<model::AcceptTransfer>(command))
            return model::Landed{"/d/a.txt"};
        return model::Done{};
    };
    CHECK(run(path, {"accept-file"}).out == "/d/a.txt\n");
    CHECK(run(path, {"accept-file", "0101"}).out == "/d/a.txt\n");
    CHECK(std::get<model::AcceptTransfer>(node.commands.back()).transfer == test::message_of(1));
    CHECK(run(path, {"cancel-file", "01"}).code == 0);
    CHECK(std::get<model::CancelTransfer>(node.commands.back()).transfer == test::message_of(1));
    const auto none = run(path, {"pause-file", "02"});
    CHECK(none.code == 1);
    CHECK(none.err.find("kith transfers") != std::string::npos);
    CHECK(run(path, {"retry-files"}).code == 0);
    CHECK_FALSE(std::get<model::RetryTransfer>(node.commands.back()).transfer);
}

TEST_CASE_METHOD(test::RunningServer, "changing the password") {
    bool is_protected = true;
    node.profile = [&] {
        model::Profile profile;
        profile.password_protected = is_protected;
        return profile;
    };
    node.answer = [](const model::Command& command) -> model::Reply {
        if (std::get<model::SetPassword>(command).current == "wrong")
            return tl::unexpected(model::Error{"wrong_password", "This is not the password."});
        return model::Done{};
    };
    const auto file = [&](const char* name, const char* content) {
        std::ofstream(dir / name) << content << "\n";
        return (dir / name).string();
    };
    const auto run_password = [&](ClientCommand command) {
        command.name = "password";
        std::ostringstream out, err;
        const int code = run_command_line(command, path, out, err);
        return Outcome{code, out.str(), err.str()};
    };
    const auto asked = [&] { return std::get<model::SetPassword>(node.commands.back()); };
    ClientCommand change;
    change.current_file = file("current", "old words");
    change.password_file = file("new", "new words");
    CHECK(run_password(change).code == 0);
    CHECK(asked().current == "old words");
    CHECK(asked().password == "new words");
    ClientCommand remove;
    remove.current_file = change.current_file;
    remove.remove = true;
    CHECK(run_password(remove).code == 0);
    CHECK(asked().password.empty());
    remove.password_file = change.password_file;
    CHECK(run_password(remove).code == 2);
    remove.password_file.reset();
    ClientCommand wrong = change;
    wrong.current_file = file("wrong", "wrong");
    const auto refused = run_password(wrong);
    CHECK(refused.code == 4);
    CHECK(refused.err == "kith: This is not the password.\n");
    wrong.current_file = (dir / "missing").string();
    CHECK(run_password(wrong).code == 2);
    is_protected = false;
    const auto asked_before = node.commands.size();
    CHECK(run_password(remove).code == 2);
    CHECK(node.commands.size() == asked_before);
    change.current_file.reset();
    CHECK(run_password(change).code == 0);
    CHECK(asked().current.empty());
    CHECK(asked().password == "new words");
}

TEST_CASE_METHOD(test::RunningServer, "events between a request and its reply are no reply") {
    node.answer = [this](const model::Command&) -> model::Reply {
        node.emit(model::Notice{model::NoticeLevel::info, "between", 1});
        return model::Done{};
    };
    CHECK(run(path, {"accept", "Bob"}).code == 0);
}

TEST_CASE_METHOD(test::RunningServer, "watch prints events until the instance ends") {
    struct Signalling final : std::stringbuf {
        int sync() override {
            written.release();
            return 0;
        }
        std::counting_semaphore<> written{0};
    } buffer;
    std::ostream out(&buffer);
    std::ostringstream err;
    ClientCommand command;
    command.name = "watch";
    auto watching =
        std::async(std::launch::async, [&] { return run_command_line(command, path, out, err); });
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(test::patience_ms);
    do {  // events before the subscription are not for the watcher
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        reactor.run_and_wait([&] {
            node.emit(model::Notice{model::NoticeLevel::info, "tick\xE2\x80\xAE", 1});
        });
    } while (!buffer.written.try_acquire_for(std::chrono::milliseconds(10)));
    stop();
    CHECK(watching.get() == 1);
    CHECK(buffer.str().starts_with(
        R"({"event":"notice","level":"info","text":"tick\u202e","at":"1970-01-01T00:00:00.001Z"})"
        "\n"));
    CHECK_FALSE(err.str().empty());
}
