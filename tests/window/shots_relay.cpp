// SPDX-License-Identifier: MIT
#include "tests/e2e/file_trees.hpp"
#include "tests/e2e/instance.hpp"
#include "tests/window/shots.hpp"

namespace kith::window {
namespace {

using e2e::Instance;

constexpr auto relay_at = "127.0.0.1:4747";

/// As scripts/screenshots starts this program, its name leads here, and no port is taken.
class Relay {
public:
    Relay()
        : process_(KITH_RELAY_PROGRAM,
                   {"--listen", relay_at, "--data", (folder_.path() / "relay").string(),
                    "--public-host", "relay.example.org"},
                   folder_.path() / "stderr") {
        const auto line = process_.read_line();
        if (!line) throw std::runtime_error("no relay: " + process_.errors());
        address_ = Json::parse(*line).at("address");
    }
    [[nodiscard]] const std::string& address() const { return address_; }

private:
    e2e::TemporaryFolder folder_;
    e2e::Process process_;
    std::string address_;
};

void take_settings(Stage& stage, const Relay& relay) {
    KithWindow& ada = stage.ada;
    ada.key("ctrl+comma");
    ada.click("settings/relays");
    ada.ask({{"cmd", "add_relay"}, {"address", relay.address()}});
    ada.wait_until("the relay", [&] {
        return ada.ask({{"cmd", "relays"}}).at("relays").at(0).at("state") == "online";
    });
    ada.wait_for("relays/0");
    stage.camera.take("settings-relays");
    ada.click("settings/close");
    ada.wait_gone("relays/0");
}

void wait_until_at_relay(KithWindow& ada, const std::string& person) {
    ada.wait_until("everything at the relay", [&] {
        const Json transfers = ada.ask({{"cmd", "transfers"}}).at("transfers");
        const auto messages = ada.messages(person);
        return transfers.at(0).at("waiting_at") == "relay" &&
               messages.at(messages.size() - 2).at("waiting_at") == "relay";
    });
}

}  // namespace

void take_relay(Stage& stage) {
    KithWindow& ada = stage.ada;
    const Relay relay;
    take_settings(stage, relay);
    Instance noor({"Noor", {}, {"--relay", relay.address()}});
    noor.wait_until("her relay", [&] {
        return noor.ask({{"cmd", "relays"}}).at("relays").at(0).at("state") == "online";
    });
    befriend(ada, noor);
    ada.click(label_of("conversation", noor.fingerprint()));
    noor.say(ada.fingerprint(), "On the train now, no network until six. Can you send the map?");
    ada.wait_until("a word", [&] { return ada.messages(noor.fingerprint()).size() == 1; });
    noor.quit();

    const e2e::TemporaryFolder folder;
    std::mt19937_64 random(4);
    e2e::write_random(folder.path() / "map of the lake.pdf", 1'840'000, random);
    ada.ask({{"cmd", "send_text"},
             {"peer", noor.fingerprint()},
             {"text", "Here it is. You have it even if I'm asleep by then!"}});
    ada.ask({{"cmd", "send_files"},
             {"peer", noor.fingerprint()},
             {"paths", {(folder.path() / "map of the lake.pdf").string()}}});
    wait_until_at_relay(ada, noor.fingerprint());
    ada.wait_until("away", [&] { return ada.peer(noor.fingerprint()).at("state") == "offline"; });
    stage.camera.take("waiting");
}

}  // namespace kith::window
