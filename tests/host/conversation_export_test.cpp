// SPDX-License-Identifier: MIT
#include "app/host/conversation_export.hpp"

#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "tests/host/support.hpp"

using namespace kith;
using namespace kith::host;
namespace fs = std::filesystem;

namespace {

constexpr model::Timestamp now = 1'767'323'045'678;

struct Fixture {
    test::TempFolder folder;
    fs::path file = folder.path() / "chat.txt";
    std::optional<model::Reply> reply;

    /// Exports what `node` has and waits for the answer.
    void run(test::FakeNode& node, model::ExportFormat format = model::ExportFormat::text) {
        reply.reset();
        test::Pump pump;
        ConversationExport::start(node, pump.worker, {node.peer, file.string(), format}, now,
                                  [this](model::Reply r) {
                                      REQUIRE_FALSE(reply);
                                      reply = std::move(r);
                                  });
        pump.until([this] { return reply.has_value(); });
    }
    /// The file as it must be for these messages.
    [[nodiscard]] static std::string expected(const test::FakeNode& node,
                                              const std::vector<model::Message>& messages,
                                              model::ExportFormat format) {
        const control::ExportHead head{node.peer, "Ada", {}, "Ben", now};
        std::string text = control::export_begin(format, head);
        bool first = true;
        for (const auto& message : messages)
            text += control::export_message(format, head, message, std::exchange(first, false));
        return text + control::export_end(format);
    }
    void check_error(const std::string& code) {
        REQUIRE(reply);
        REQUIRE_FALSE(*reply);
        INFO(reply->error().text);
        CHECK(reply->error().code == code);
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "every message is in the file once, in order, page after page") {
    for (const std::size_t size : {0U, 1U, 999U, 1000U, 1001U, 2500U}) {
        for (const auto format : {model::ExportFormat::json, model::ExportFormat::text}) {
            INFO(size << " messages");
            test::FakeNode node(size);
            file = folder.path() / ("chat-" + std::to_string(size) +
                                    (format == model::ExportFormat::json ? ".json" : ".txt"));
            run(node, format);
            REQUIRE(*reply);
            CHECK(std::get<model::Exported>(**reply).count == size);
            CHECK(std::get<model::Exported>(**reply).path == file.string());
            CHECK((test::contents(file) == expected(node, node.messages, format)));
            CHECK(profile::test::mode(file) == 0600);
            CHECK(node.pages_asked.size() <= size / model::page_max + 1);
            CHECK_FALSE(fs::exists(file.string() + ".part"));
        }
    }
}

TEST_CASE_METHOD(Fixture, "messages that vanish meanwhile do no harm") {
    test::FakeNode node(2500);
    const auto before = node.messages;
    // Behind the first page its end is removed, with the first message after it; behind the second
    // the whole of it, so that only the beginning is left to go on from.
    node.before_page = [&] {
        auto& all = node.messages;
        const auto after = node.pages_asked.back().after;
        if (after == test::message_id(1000) && all.size() == 2500)
            all.erase(all.begin() + 990, all.begin() + 1001);
        if (after == test::message_id(2001) && all.size() == 2489)
            all.erase(all.begin() + 990, all.begin() + 1990);
    };
    run(node);
    REQUIRE(*reply);
    REQUIRE(node.messages.size() == 1489);
    auto kept = before;
    kept.erase(kept.begin() + 1000);
    CHECK(std::get<model::Exported>(**reply).count == 2499);
    CHECK((test::contents(file) == expected(node, kept, model::ExportFormat::text)));
}

TEST_CASE_METHOD(Fixture, "a file that is there stays as it is, also when it comes in between") {
    test::FakeNode node(3);
    test::write_contents(file, "precious");
    run(node);
    check_error("exists");
    CHECK(node.pages_asked.empty());
    fs::remove(file);
    node.before_page = [&] { test::write_contents(file, "precious"); };
    run(node);
    check_error("exists");
    CHECK(test::contents(file) == "precious");
    CHECK(test::names_in(folder.path()) == std::vector<std::string>{"chat.txt"});
}

TEST_CASE_METHOD(Fixture, "what could be somebody else's is not written over") {
    test::FakeNode node(3);
    test::write_contents(file.string() + ".part", "somebody else's");
    run(node);
    check_error("exists");
    CHECK(reply->error().text.find(".part") != std::string::npos);
    CHECK(test::contents(file.string() + ".part") == "somebody else's");
}

TEST_CASE_METHOD(Fixture, "a failure leaves nothing behind") {
    test::FakeNode node(3);
    SECTION("of the node, in between") {
        node.page_error = model::Error{"storage", "The history cannot be read."};
        run(node);
        check_error("storage");
    }
    SECTION("of a conversation that is not there") {
        node.peer.bytes[0] ^= 1;
        run(node);
        node.peer.bytes[0] ^= 1;
        check_error("no_such_peer");
    }
    SECTION("of the folder") {
        file = folder.path() / "missing" / "chat.txt";
        run(node);
        check_error("no_such_folder");
    }
    SECTION("of the worker, which has stopped") {
        test::Pump pump;
        pump.worker.stop_and_join();
        ConversationExport::start(node, pump.worker,
                                  {node.peer, file.string(), model::ExportFormat::json}, now,
                                  [this](model::Reply r) { reply = std::move(r); });
        check_error("busy");
    }
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE_METHOD(Fixture, "a disk that fills up is named, and nothing is left on it") {
    test::FakeNode node(2500);
    const int code = profile::test::in_another_process([&] {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit small{20'000, 20'000};  // the first page is larger
        if (setrlimit(RLIMIT_FSIZE, &small) != 0) return false;
        run(node);
        return !*reply && reply->error().code == "io" &&
               reply->error().text.find("chat.txt") != std::string::npos;
    });
    CHECK(code == 0);
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE_METHOD(Fixture, "an export whose node ends before it leaves nothing behind") {
    {
        test::Pump pump;
        test::FakeNode node(3);
        std::vector<std::function<void(model::Reply)>> held;
        node.hold = &held;
        ConversationExport::start(node, pump.worker,
                                  {node.peer, file.string(), model::ExportFormat::json}, now,
                                  [](model::Reply) {});
        pump.until([&] { return !held.empty(); });
        CHECK(fs::exists(file.string() + ".part"));
    }
    CHECK(fs::is_empty(folder.path()));
}
