// SPDX-License-Identifier: MIT
//
// Starting and ending the program: the ready line, exit codes, the profile's lock and password.
#include <signal.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fstream>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

TEST_CASE("a headless node prints what scripts need and ends on request") {
    Instance alice("Alice");
    const Json& ready = alice.ready();
    CHECK(ready.at("event") == "ready");
    CHECK(ready.at("fingerprint").get<std::string>().size() == 64);
    CHECK(ready.at("connection_id").get<std::string>().starts_with("kith1"));
    CHECK(ready.at("port").get<int>() > 0);
    CHECK(ready.at("control") == (alice.profile() / "control.sock").string());
    const Json me = alice.ask({{"cmd", "whoami"}});
    CHECK(me.at("fingerprint") == ready.at("fingerprint"));
    CHECK(me.at("connection_id") == ready.at("connection_id"));
    CHECK(me.at("port") == ready.at("port"));
    CHECK(me.at("name") == "Alice");
    CHECK(me.at("addresses") == Json::array({"127.0.0.1:" + ready.at("port").dump()}));
    CHECK(alice.quit() == 0);
    CHECK_FALSE(fs::exists(alice.profile() / "control.sock"));
}

TEST_CASE("SIGTERM and SIGINT end it cleanly") {
    const int number = GENERATE(SIGTERM, SIGINT);
    Instance alice("Alice");
    alice.process().signal(number);
    CHECK(alice.process().wait() == 0);
}

TEST_CASE("identity, name and port outlive the process") {
    Instance alice("Alice");
    const Json before = alice.ready();
    CHECK(alice.quit() == 0);
    alice.start();
    CHECK(alice.ready().at("fingerprint") == before.at("fingerprint"));
    CHECK(alice.ready().at("port") == before.at("port"));
    CHECK(alice.ready().at("connection_id") == before.at("connection_id"));
    CHECK(alice.ask({{"cmd", "whoami"}}).at("name") == "Alice");
    alice.kill();
    alice.start();
    CHECK(alice.ready().at("fingerprint") == before.at("fingerprint"));
}

TEST_CASE("only the owner can read a profile") {
    Instance alice("Alice");
    for (const auto& entry : fs::recursive_directory_iterator(alice.profile())) {
        INFO(entry.path());
        CHECK((entry.status().permissions() & fs::perms(0077)) == fs::perms::none);
    }
    CHECK((fs::status(alice.profile()).permissions() & fs::perms(0077)) == fs::perms::none);
}

TEST_CASE("a profile runs once") {
    Instance alice("Alice");
    const auto second = run(kith_program(), alice.arguments());
    CHECK(second.code == 3);
    CHECK(second.out.empty());
    CHECK_FALSE(second.err.empty());
    CHECK(alice.ask({{"cmd", "whoami"}}).at("ok") == true);
}

TEST_CASE("a protected profile opens with its password only") {
    Instance alice(Instance::Options{"Alice", "correct horse", {}});
    const std::string fingerprint = alice.fingerprint();
    CHECK(alice.quit() == 0);
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "wrong") << "correct donkey\n";
    auto words = alice.arguments();
    *(std::find(words.begin(), words.end(), "--password-file") + 1) =
        (folder.path() / "wrong").string();
    const auto wrong = run(kith_program(), words);
    CHECK(wrong.code == 4);
    CHECK(wrong.out.empty());
    CHECK_FALSE(wrong.err.empty());
    const auto none =
        run(kith_program(), {"--headless", "--profile-dir", alice.profile().string()});
    CHECK(none.code == 4);
    alice.start();
    CHECK(alice.fingerprint() == fingerprint);
}

TEST_CASE("bad arguments exit with 2 and a sentence") {
    const auto line = GENERATE(std::vector<std::string>{"--nonsense"},
                               std::vector<std::string>{"--headless", "--port", "x"},
                               std::vector<std::string>{"--headless", "--listen", "nowhere"},
                               std::vector<std::string>{"send", "bob"});
    const auto refused = run(kith_program(), line);
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK_FALSE(refused.err.empty());
}

TEST_CASE("a port that is taken is an error, not a silence") {
    Instance alice("Alice");
    const TemporaryFolder folder;
    const auto refused = run(
        kith_program(), {"--headless", "--profile-dir", (folder.path() / "p").string(), "--listen",
                         "127.0.0.1", "--no-discovery", "--port", alice.ready().at("port").dump()});
    CHECK(refused.code == 1);
    CHECK(refused.err.find(alice.ready().at("port").dump()) != std::string::npos);
}
