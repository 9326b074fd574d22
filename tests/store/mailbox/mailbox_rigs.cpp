// SPDX-License-Identifier: MIT
#include "tests/store/mailbox/mailbox_rigs.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

namespace kith::store::test {

using namespace std::chrono_literals;

std::filesystem::path quick_folder() {
    const std::filesystem::path memory = "/dev/shm";
    return access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::path{};
}

mailbox::MailboxDatabase open_mailbox(const std::string& file) {
    kith::test::DeterministicRandom random(11);
    auto database = file.empty() ? mailbox::MailboxDatabase::open_in_memory(random)
                                 : mailbox::MailboxDatabase::open(file, random);
    if (!database) give_up(database.error());
    return std::move(*database);
}

DirectRig::DirectRig(const net::MailboxLimits& limits, const std::string& file,
                     std::chrono::milliseconds wrong)
    : database(open_mailbox(file)), direct(database, (clock.jump_wall(wrong), clock)) {
    direct.set_limits(limits);
}

ThreadRig::ThreadRig(const net::MailboxLimits& limits, const std::string& file)
    : thread(open_mailbox(file.empty() ? folder.file("mailbox.db") : file), clock,
             {[this] { woken.set(); },
              [this](const std::string& text) {
                  const std::lock_guard lock(said_mutex);
                  said.push_back(text);
              }}) {
    thread.set_limits(limits);
    thread.start();
}

void ThreadRig::wait_until(const std::function<bool()>& enough) {
    for (thread.drain(); !enough(); thread.drain()) REQUIRE(woken.wait_for(30s));
}

/// What is too old goes before the next question is answered.
void ThreadRig::settle() {
    bool answered = false;
    thread.find_name({}, [&](auto, const auto&) { answered = true; });
    wait_until([&] { return answered; });
}

}  // namespace kith::store::test

std::vector<kith::test::MailboxRigKind> kith::test::mailbox_rigs() {
    using namespace kith::store::test;
    return {{"direct", [](const auto& limits) { return std::make_unique<DirectRig>(limits); }},
            {"thread", [](const auto& limits) { return std::make_unique<ThreadRig>(limits); }}};
}
