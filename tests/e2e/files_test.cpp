// SPDX-License-Identifier: MIT
//
// Files and folders between two programs: what lands is what was sent, over every kind of
// interruption.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/transfer_pair.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

namespace {

std::mt19937_64 random_source(7);

}  // namespace

TEST_CASE("a file lands in the folder of who sent it") {
    TransferPair pair;
    const auto file = pair.out.path() / "photo.jpg";
    write_random(file, 3'000'000, random_source);
    fs::permissions(file, fs::perms::owner_exec, fs::perm_options::add);
    const auto time = fs::last_write_time(file) - std::chrono::hours(48);
    fs::last_write_time(file, time);

    const auto path = pair.send({file});
    CHECK(path == (pair.in.path() / "Alice" / "photo.jpg").string());
    CHECK(read_file(path) == read_file(file));
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & S_IXUSR) != 0);
    const auto apart = fs::last_write_time(path) - time;
    CHECK(std::chrono::abs(apart) < std::chrono::seconds(1));
    CHECK(tree_of(pair.in.path()).size() == 2);  // nothing else lies about

    // The same once more overwrites nothing.
    const auto again = pair.offer({file});
    pair.accept(again);
    pair.wait_for(pair.bob, again, "done");
    const auto second = pair.transfer(pair.bob, again).at("path").get<std::string>();
    CHECK(second == (pair.in.path() / "Alice" / "photo (1).jpg").string());
    CHECK(read_file(second) == read_file(file));
}

TEST_CASE("folders come as they are: empty, hidden, in any script; links do not") {
    TransferPair pair;
    const auto folder = pair.out.path() / "Urlaub 休日";
    write_random(folder / "a/b/deep.bin", 100'000, random_source);
    write_file(folder / "empty", "");
    write_file(folder / ".hidden/.file", "hidden");
    write_file(folder / "фото.txt", "text");
    fs::create_directories(folder / "nothing");
    fs::create_symlink("/etc/passwd", folder / "link");
    const auto single = pair.out.path() / "single.txt";
    write_file(single, "single");

    const auto reply = pair.alice.ask(
        {{"cmd", "send_files"}, {"peer", "Bob"}, {"paths", {folder.string(), single.string()}}});
    CHECK(reply.at("skipped_count") == 1);
    const std::string id = reply.at("transfer");
    const auto landed = pair.accept(id);
    pair.wait_for(pair.bob, id, "done");
    pair.wait_for(pair.alice, id, "done");
    fs::remove(folder / "link");
    auto sent = tree_of(pair.out.path());
    auto came = tree_of(pair.in.path() / "Alice");
    CHECK(sent == came);
    CHECK(pair.transfer(pair.alice, id).at("files") == 5);
}

TEST_CASE("ten thousand small files land") {
    TransferPair pair;
    const auto folder = pair.out.path() / "many";
    for (int i = 0; i < 10'000; ++i)
        write_file(folder / std::to_string(i / 100) / std::to_string(i), std::to_string(i));
    pair.send({folder});
    CHECK(tree_of(folder) == tree_of(pair.in.path() / "Alice" / "many"));
}

TEST_CASE("a transfer outlives the death of either side and its messages go on beside it") {
    TransferPair pair;
    const auto file = pair.out.path() / "long.bin";
    write_random(file, 64 << 20, random_source);
    // Slow enough to be caught in the midst.
    pair.alice.ask({{"cmd", "set_settings"}, {"settings", {{"rate_total", 16 << 20}}}});
    const auto id = pair.offer({file});
    const auto path = pair.accept(id);
    for (int round = 0; round < 2; ++round) {
        for (auto* who : {&pair.bob, &pair.alice}) {
            pair.wait_for(*who, id, "active");
            const auto moved = pair.transfer(*who, id).at("bytes").get<std::uint64_t>();
            who->wait_until("progress", [&] {
                return pair.transfer(*who, id).at("bytes").get<std::uint64_t>() > moved + 1'000'000;
            });
            who->restart();
            wait_until_online(pair.alice, pair.bob);
        }
        pair.alice.say(pair.bob.fingerprint(), "still here");
    }
    pair.wait_for(pair.bob, id, "done");
    pair.wait_for(pair.alice, id, "done");
    CHECK(read_file(path) == read_file(file));
}

TEST_CASE("a file that changes while it waits is not mixed with what was offered") {
    TransferPair pair;
    const auto file = pair.out.path() / "draft.txt", other = pair.out.path() / "other.txt";
    write_file(file, "as offered");
    write_file(other, "not changed");
    const auto id = pair.offer({file, other});
    pair.wait_for(pair.bob, id, "offered");
    write_file(file, "as changed later");
    pair.accept(id);
    pair.wait_for(pair.bob, id, "failed");
    pair.wait_for(pair.alice, id, "failed");
    const auto came = tree_of(pair.in.path() / "Alice");
    CHECK(came == std::map<std::string, std::string>{{"other.txt", "not changed"}});
    CHECK(pair.transfer(pair.alice, id).at("error").get<std::string>().find("draft.txt") !=
          std::string::npos);
}

TEST_CASE("what cannot be written fails with words and is tried again") {
    TransferPair pair;
    const auto file = pair.out.path() / "a.bin";
    write_random(file, 10'000, random_source);
    const auto id = pair.offer({file});
    pair.wait_for(pair.bob, id, "offered");
    pair.alice.kill();  // nothing moves before the folder is gone
    const std::string path =
        pair.bob.ask({{"cmd", "accept_transfer"}, {"transfer", id}}).at("path");
    fs::remove_all(pair.in.path() / "Alice");
    write_file(pair.in.path() / "Alice", "somebody else's file");
    pair.alice.start();
    pair.wait_for(pair.bob, id, "failed", std::chrono::seconds(60));
    CHECK_FALSE(pair.transfer(pair.bob, id).at("error").get<std::string>().empty());
    fs::remove(pair.in.path() / "Alice");
    fs::create_directory(pair.in.path() / "Alice");
    pair.bob.ask({{"cmd", "retry_transfer"}, {"transfer", id}});
    pair.wait_for(pair.bob, id, "done");
    CHECK(read_file(path) == read_file(file));
}

TEST_CASE("cancelled files leave nothing behind") {
    TransferPair pair;
    const auto file = pair.out.path() / "long.bin";
    write_random(file, 32 << 20, random_source);
    pair.alice.ask({{"cmd", "set_settings"}, {"settings", {{"rate_each", 4 << 20}}}});
    const auto id = pair.offer({file});
    pair.accept(id);
    pair.wait_for(pair.bob, id, "active");
    pair.bob.ask({{"cmd", "pause_transfer"}, {"transfer", id}});
    pair.wait_for(pair.alice, id, "paused");
    pair.alice.ask({{"cmd", "resume_transfer"}, {"transfer", id}});
    CHECK(pair.state(pair.alice, id) == "paused");  // by Bob
    pair.bob.ask({{"cmd", "resume_transfer"}, {"transfer", id}});
    pair.wait_for(pair.bob, id, "active");
    pair.alice.ask({{"cmd", "cancel_transfer"}, {"transfer", id}});
    pair.wait_for(pair.bob, id, "cancelled");
    pair.bob.wait_until("the unfinished file to go", [&] {
        for (const auto& [name, bytes] : tree_of(pair.in.path())) {
            if (!name.ends_with("/")) return false;
        }
        return true;
    });
}

TEST_CASE("the command line sends a file to its end") {
    TransferPair pair;
    const auto file = pair.out.path() / "report.pdf";
    write_random(file, 100'000, random_source);
    pair.bob.ask({{"cmd", "set_auto_accept"}, {"peer", "Alice"}, {"rule", "always"}});
    const auto finished =
        run(kith_program(),
            {"send-file", "--profile-dir", pair.alice.profile().string(), "Bob", file.string()});
    INFO(finished.out << finished.err);
    CHECK(finished.code == 0);
    CHECK(read_file(pair.in.path() / "Alice" / "report.pdf") == read_file(file));
}
