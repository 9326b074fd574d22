// SPDX-License-Identifier: MIT
//
// Random mixes of files, in either direction or both, while programs are killed or frozen,
// connections cut, transfers paused or cancelled, disks slow, folders gone. In the end every
// transfer is over at both sides, what landed is what was sent, byte by byte and once, and nothing
// unfinished lies about.
//
//   KITH_E2E_SEED=n          replays the choices of a run (the moments of the kernel are its own)
//   KITH_E2E_ROUNDS=n        instead of 12
//   KITH_E2E_SOAK_SECONDS=n  for so long instead, without kills; memory and descriptors each 30 s
#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "tests/e2e/cut_connections.hpp"
#include "tests/e2e/transfer_pair.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

namespace {

constexpr double size_max = 64 << 20;
constexpr std::size_t round_bytes_max = 64 << 20;  ///< of one mix
/// A limit holds for what comes, too: what the other side sends at the same time may be large.
constexpr std::size_t rate_least = 4 << 20;
constexpr std::size_t descriptors_more_max = 8;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

void sleep_ms(std::uint64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

bool is_over(const std::string& state) {
    return state == "done" || state == "declined" || state == "cancelled";
}

/// One of the two programs, what it has to send, and where things land.
struct Side {
    explicit Side(const std::string& name) : self(TransferPair::options(name, landing)) {}
    TemporaryFolder out, landing;
    Instance self;

    /// Nothing of transfers that are over: notes about their progress are gone.
    [[nodiscard]] bool tidy() const {
        const auto journals = self.profile() / "transfers";
        return !fs::exists(journals) || fs::is_empty(journals);
    }
};

/// What one side sends to the other in one round.
class Mix {
public:
    Mix(Side& from, Side& to, std::string sender, std::mt19937_64& random)
        : from_(from),
          to_(to),
          random_(random),
          folder_(to.landing.path() / sender),
          whole_(draw(4) == 0) {
        const auto count = 1 + draw(8);
        for (std::uint64_t i = 0; i < count; ++i) add_file(i);
        if (draw(3) == 0) fs::create_directories(from_.out.path() / "folder" / ".nothing here");
        Json paths = Json::array();
        for (const auto& entry : fs::directory_iterator(from_.out.path()))
            paths.push_back(entry.path().string());
        const std::size_t rate = draw(3) == 0 ? 0 : std::max<std::size_t>(bytes_, rate_least);
        from_.self.ask({{"cmd", "set_settings"}, {"settings", {{"rate_each", rate}}}});
        id_ = from_.self
                  .ask({{"cmd", "send_files"}, {"peer", to_.self.fingerprint()}, {"paths", paths}})
                  .at("transfer");
        TransferPair::wait_for(to_.self, id_, "offered");
        to_.self.wait_until("the list", [&] {
            return to_.self.request({{"cmd", "transfer_files"}, {"transfer", id_}}).at("ok") ==
                   true;
        });
        to_.self.ask({{"cmd", "accept_transfer"}, {"transfer", id_}});
    }

    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const fs::path& folder() const { return folder_; }
    [[nodiscard]] Side& from() { return from_; }
    [[nodiscard]] Side& to() { return to_; }
    [[nodiscard]] std::string words() {
        return id_ + " sender: " + TransferPair::transfer(from_.self, id_).dump() +
               " receiver: " + TransferPair::transfer(to_.self, id_).dump();
    }

    void cancel(Instance& who) {
        cancelled_ |= who.request({{"cmd", "cancel_transfer"}, {"transfer", id_}}).at("ok") == true;
    }
    /// As a person would who sees that it has failed.
    bool over() {
        const auto here = TransferPair::state(from_.self, id_),
                   there = TransferPair::state(to_.self, id_);
        if (there == "failed") {
            to_.self.request({{"cmd", "retry_transfer"}, {"transfer", id_}});
        } else if (here == "failed") {
            from_.self.request({{"cmd", "retry_transfer"}, {"transfer", id_}});
        }
        return is_over(here) && is_over(there);
    }
    void check() {
        const auto here = TransferPair::state(from_.self, id_),
                   there = TransferPair::state(to_.self, id_);
        INFO(words());
        if (!cancelled_) {
            CHECK(here == "done");
            CHECK(there == "done");
        }
        const auto sent = tree_of(from_.out.path());
        if (there == "done") return check_same(sent, tree_of(folder_));
        // What had landed before it was cancelled stays; nothing unfinished does.
        to_.self.wait_until("the unfinished to go", [&] {
            const auto came = tree_of(folder_);
            return std::all_of(came.begin(), came.end(), [&](const auto& entry) {
                const auto original = sent.find(entry.first);
                return original != sent.end() && original->second == entry.second;
            });
        });
    }
    void clear() {
        for (const auto& folder : {from_.out.path(), folder_}) {
            std::vector<fs::path> all;
            for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path());
            for (const auto& path : all) fs::remove_all(path);
        }
    }

private:
    std::uint64_t draw(std::uint64_t below) { return random_() % below; }

    void add_file(std::uint64_t number) {
        static const std::vector<std::string> places{"",          "folder/",       "folder/a/",
                                                     "folder/b/", "folder/.deep/", "folder/休日/"};
        static const std::vector<std::string> names{"file", ".hidden", "фото", "with space.tar"};
        const auto part = static_cast<double>(draw(1 << 20)) / (1 << 20);
        auto size = draw(10) == 0 ? 0 : static_cast<std::size_t>(std::pow(size_max, part));
        if (draw(100) == 0) size = static_cast<std::size_t>(size_max);
        size = std::min(size, round_bytes_max - bytes_);
        bytes_ += size;
        const auto& place =
            whole_ ? places[1 + draw(places.size() - 1)] : places[draw(places.size())];
        const auto name = names[draw(names.size())] + std::to_string(number);
        write_random(from_.out.path() / (place + name), size, random_);
    }
    /// Names only: what differs may be large.
    static void check_same(const std::map<std::string, std::string>& sent,
                           const std::map<std::string, std::string>& came) {
        std::string wrong;
        for (const auto& [name, bytes] : sent) {
            const auto found = came.find(name);
            if (found == came.end()) wrong += " missing: " + name;
            if (found != came.end() && found->second != bytes) wrong += " different: " + name;
        }
        for (const auto& [name, bytes] : came) {
            if (!sent.contains(name)) wrong += " more: " + name;
        }
        CHECK(wrong.empty());
        if (!wrong.empty()) std::cout << "file rounds:" << wrong << std::endl;
    }

    Side& from_;
    Side& to_;
    std::mt19937_64& random_;
    fs::path folder_;
    bool whole_;  ///< one folder at the top, nothing beside it
    std::size_t bytes_ = 0;
    std::string id_;
    bool cancelled_ = false;
};

/// What befalls them.
class Mischief {
public:
    Mischief(Side& a, Side& b, std::mt19937_64& random, bool kills)
        : a_(a), b_(b), random_(random), kills_(kills) {}

    void happen(Mix& mix) {
        sleep_ms(draw(500));
        Side& who = draw(2) == 0 ? a_ : b_;
        switch (draw(kills_ ? 10 : 7)) {
            case 0:
            case 1:
                return cut(who);
            case 2:
                return freeze(who);
            case 3:
                return pause(who, mix);
            case 4:
                return lose(mix.folder());
            case 5:
                return lose(mix.from().out.path());
            case 6:
                if (draw(2) == 0) return mix.cancel(who.self);
                return cut(who);
            case 7:
                return kill(a_, &b_);
            default:
                return kill(who, nullptr);
        }
    }
    [[nodiscard]] const std::string& story() const { return story_; }
    [[nodiscard]] std::size_t cuts() const { return cuts_; }
    void forget() { story_.clear(); }

private:
    std::uint64_t draw(std::uint64_t below) { return random_() % below; }

    void cut(Side& who) {
        const bool all = draw(2) == 0;
        const auto count =
            cut_connections(who.self.process().pid(), [&] { return all || draw(2) == 0; });
        cuts_ += count;
        story_ += " cut " + std::to_string(count);
    }
    void freeze(Side& who) {
        story_ += " frozen";
        who.self.process().signal(SIGSTOP);
        sleep_ms(draw(800));
        who.self.process().signal(SIGCONT);
    }
    void pause(Side& who, const Mix& mix) {
        story_ += " paused";
        // Too late when it is over already.
        who.self.request({{"cmd", "pause_transfer"}, {"transfer", mix.id()}});
        sleep_ms(draw(300));
        who.self.request({{"cmd", "resume_transfer"}, {"transfer", mix.id()}});
    }
    /// A disk that is taken out, and another thing found in its place: at once, so that nobody
    /// makes the folder anew in between.
    void lose(const fs::path& folder) {
        story_ += " lost " + folder.filename().string();
        const fs::path away = folder.string() + ".away";
        if (!fs::exists(folder)) return;
        write_file(away, "not a folder");
        exchange(folder, away);
        sleep_ms(draw(800));
        exchange(folder, away);
        fs::remove(away);
    }
    static void exchange(const fs::path& one, const fs::path& other) {
        const auto result =
            ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
        if (result != 0) throw std::runtime_error("cannot exchange " + one.string());
    }
    void kill(Side& who, Side* other) {
        story_ += other == nullptr ? " killed" : " both killed";
        who.self.kill();
        if (other != nullptr) other->self.kill();
        sleep_ms(draw(100));
        who.self.start();
        if (other != nullptr) other->self.start();
    }

    Side& a_;
    Side& b_;
    std::mt19937_64& random_;
    bool kills_;
    std::string story_;
    std::size_t cuts_ = 0;
};

class Rounds {
public:
    Rounds(std::uint64_t seed, bool kills)
        : random_(seed), alice_("Alice"), bob_("Bob"), mischief_(alice_, bob_, random_, kills) {
        befriend(alice_.self, bob_.self);
    }

    void run(std::uint64_t round) {
        wait_until_online(alice_.self, bob_.self);
        mischief_.forget();
        const bool both = random_() % 4 == 0, first = random_() % 2 == 0;
        std::vector<std::unique_ptr<Mix>> mixes;
        if (both || first) mixes.push_back(std::make_unique<Mix>(alice_, bob_, "Alice", random_));
        if (both || !first) mixes.push_back(std::make_unique<Mix>(bob_, alice_, "Bob", random_));
        for (auto times = random_() % 4; times > 0; --times)
            mischief_.happen(*mixes[random_() % mixes.size()]);
        const auto over = [&] {
            return std::all_of(mixes.begin(), mixes.end(), [](auto& mix) { return mix->over(); });
        };
        try {
            alice_.self.wait_until("everything to be over", over, std::chrono::seconds(180));
        } catch (const std::runtime_error&) {
            for (auto& mix : mixes) std::cout << mix->words() << "\n";
            std::cout << "file rounds: round " << round << mischief_.story() << std::endl;
            throw;
        }
        INFO(mischief_.story());
        for (auto& mix : mixes) mix->check();
        alice_.self.wait_until("notes about progress to go",
                               [&] { return alice_.tidy() && bob_.tidy(); });
        for (auto& mix : mixes) {
            bytes_ += mix->bytes();
            mix->clear();
        }
    }
    [[nodiscard]] std::size_t descriptors() {
        return std::max(descriptors_of(alice_.self.process().pid()),
                        descriptors_of(bob_.self.process().pid()));
    }
    [[nodiscard]] std::string figures() {
        std::string words;
        for (Side* side : {&alice_, &bob_}) {
            const auto rss = side->self.ask({{"cmd", "stats"}}).at("rss").get<std::uint64_t>();
            words += " rss " + std::to_string(rss >> 10) + " KiB, descriptors " +
                     std::to_string(descriptors_of(side->self.process().pid())) + ";";
        }
        return words + " " + std::to_string(bytes_ >> 20) + " MiB moved, " +
               std::to_string(mischief_.cuts()) + " connections cut";
    }
    /// Connections and files of the last round may be about to be closed.
    void check_descriptors(std::size_t at_first) {
        alice_.self.wait_until("no more descriptors than at first",
                               [&] { return descriptors() <= at_first + descriptors_more_max; });
    }

private:
    std::mt19937_64 random_;
    Side alice_, bob_;
    Mischief mischief_;
    std::uint64_t bytes_ = 0;
};

void soak(Rounds& rounds, std::chrono::seconds time) {
    const auto end = Clock::now() + time;
    auto report_at = Clock::now();
    std::size_t at_first = 0;
    for (std::uint64_t round = 0; Clock::now() < end; ++round) {
        CAPTURE(round);
        rounds.run(round);
        if (round == 0) at_first = rounds.descriptors();
        if (Clock::now() < report_at) continue;
        std::cout << "soak: round " << round << rounds.figures() << std::endl;
        report_at = Clock::now() + std::chrono::seconds(30);
    }
    rounds.check_descriptors(at_first);
    std::cout << "soak: end" << rounds.figures() << std::endl;
}

}  // namespace

TEST_CASE("random mixes of files arrive whole and once, whatever happens on the way") {
    const auto seed = from_environment("KITH_E2E_SEED", std::random_device{}());
    const auto count = from_environment("KITH_E2E_ROUNDS", 12);
    const auto seconds = from_environment("KITH_E2E_SOAK_SECONDS", 0);
    std::cout << "file rounds: KITH_E2E_SEED=" << seed << " KITH_E2E_ROUNDS=" << count
              << " KITH_E2E_SOAK_SECONDS=" << seconds << std::endl;
    CAPTURE(seed);
    Rounds rounds(seed, seconds == 0);
    if (seconds > 0) return soak(rounds, std::chrono::seconds(seconds));
    std::size_t at_first = 0;
    for (std::uint64_t round = 0; round < count; ++round) {
        CAPTURE(round);
        rounds.run(round);
        if (round == 0) at_first = rounds.descriptors();
    }
    rounds.check_descriptors(at_first);
    std::cout << "file rounds:" << rounds.figures() << std::endl;
}
