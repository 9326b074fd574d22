// SPDX-License-Identifier: MIT
//
// How many deposits a second are durable: kith_mailbox_bench [folder [deposits [bytes]]]. With the
// relay's own thread and settings; as many on their way as given, each acknowledged after its
// flush. Before each figure comes its yardstick: the same bytes appended to a file and flushed, one
// by one.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/store/mailbox/mailbox_thread.hpp"
#include "app/store/signal.hpp"

using namespace kith;
using namespace kith::store;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::uint16_t people = 1000;

class WallClock final : public net::Clock {
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            SteadyClock::now().time_since_epoch());
    }
    [[nodiscard]] std::chrono::milliseconds wall() const override {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now().time_since_epoch());
    }
};

std::array<std::uint8_t, 32> numbered(std::uint32_t number) {
    return {static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8), 1};
}

net::MailboxDeposit deposit(std::uint32_t number, std::size_t size) {
    net::MailboxDeposit deposit{numbered(number % people), {numbered(number % 97)}, {}, {}};
    for (std::size_t i = 0; i < 4; ++i)
        deposit.id[i] = static_cast<std::uint8_t>(number >> (8 * i));
    deposit.sealed.assign(size, 0x5a);
    return deposit;
}

double milliseconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

/// Of all threads.
double processor_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Flushes a second, each after `size` bytes.
double flushes(const std::filesystem::path& folder, std::size_t size, int count) {
    const auto name = (folder / "kith-mailbox-bench.yardstick").string();
    const int file = ::open(name.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    const std::string bytes(size, 'x');
    const auto start = SteadyClock::now();
    for (int i = 0; i < count; ++i)
        if (::write(file, bytes.data(), size) < 0 || ::fdatasync(file) != 0) std::abort();
    const double seconds = milliseconds_since(start) / 1000;
    ::close(file);
    ::unlink(name.c_str());
    return count / seconds;
}

class Bench {
public:
    Bench(mailbox::MailboxDatabase database, std::size_t size)
        : size_(size), thread_(std::move(database), clock_, {[this] { woken_.set(); }, {}}) {
        net::MailboxLimits limits;
        limits.depositor_items = limits.depositor_bytes = limits.total_items = limits.total_bytes =
            1ULL << 40;
        thread_.set_limits(limits);
        thread_.start();
        for (std::uint32_t person = 0; person < people; ++person)
            thread_.set_slots({numbered(person)}, false, {{numbered(person), false}}, {},
                              [this](auto) { ++answered_; });
        wait_for(people);
    }

    /// Never more than `under_way` without an answer.
    void run(std::uint32_t deposits, std::uint32_t under_way) {
        const auto commits = thread_.counts().commits;
        const auto start = SteadyClock::now();
        const auto processor = processor_seconds();
        std::vector<double> took;
        std::uint32_t sent = 0, done = 0;
        while (done < deposits) {
            for (; sent < deposits && sent - done < under_way && !thread_.busy(); ++sent)
                thread_.deposit(deposit(next_++, size_),
                                [&, at = SteadyClock::now()](auto outcome, const auto&) {
                                    if (outcome != net::MailboxOutcome::done) std::abort();
                                    took.push_back(milliseconds_since(at));
                                    ++done;
                                });
            woken_.wait();
            thread_.drain();
        }
        const double seconds = milliseconds_since(start) / 1000;
        std::ranges::sort(took);
        const double count = deposits;
        std::printf(
            "%5u under way: %6.0f deposits/s, %5.1f MB/s, %5.1f a flush, %5.1f us of the "
            "processor each, median %.1f ms, 99%% %.1f ms\n",
            under_way, count / seconds, count * static_cast<double>(size_) / seconds / 1e6,
            count / static_cast<double>(thread_.counts().commits - commits),
            (processor_seconds() - processor) * 1e6 / count, took[took.size() / 2],
            took[took.size() * 99 / 100]);
    }

private:
    void wait_for(std::uint32_t answers) {
        for (thread_.drain(); answered_ < answers; thread_.drain()) woken_.wait();
    }

    const std::size_t size_;
    WallClock clock_;
    Signal woken_;
    std::uint32_t answered_ = 0;
    std::uint32_t next_ = 0;
    mailbox::MailboxThread thread_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder =
        argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
    const auto deposits = static_cast<std::uint32_t>(argc > 2 ? std::atoi(argv[2]) : 4000);
    const auto size = static_cast<std::size_t>(argc > 3 ? std::atoi(argv[3]) : 17 * 1024);
    const auto file = (folder / "kith-mailbox-bench.db").string();
    std::filesystem::remove(file);
    crypto::SystemRandom random;
    auto database = mailbox::MailboxDatabase::open(file, random);
    if (!database) {
        std::fprintf(stderr, "%s\n", database.error().text.c_str());
        return 1;
    }
    {
        Bench bench(std::move(*database), size);
        std::printf("deposits of %zu bytes in %s\n", size, folder.c_str());
        for (const std::uint32_t under_way : {1U, 16U, 128U, 1024U}) {
            std::printf("%8.0f flushes/s; ", flushes(folder, size, 200));
            bench.run(under_way == 1 ? std::min(deposits, 500U) : deposits, under_way);
        }
    }
    std::filesystem::remove(file);
    return 0;
}
