// SPDX-License-Identifier: MIT
//
// kith_window_bench [MESSAGES [SECONDS]]: what the window costs, as markdown tables. Start: from
// just before fork and exec until the first frame was handed to the X server, and until the
// controls of a running profile are in a frame (both seen by the file that KITH_UI_MAP names,
// written right after each frame), next to the same for a bare window. Idle: processor time and
// memory.
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <thread>

#include "tests/e2e/instance.hpp"
#include "tests/window/kith_window.hpp"

using namespace kith::window;
using kith::e2e::Instance;
using Milliseconds = std::chrono::duration<double, std::milli>;

namespace {

constexpr int starts = 7;
constexpr auto look_again = std::chrono::milliseconds(1);
constexpr std::size_t in_flight = 500;

struct Usage {
    double cpu_percent = 0;  ///< of one core
    double memory_mib = 0;   ///< resident
};

/// utime + stime, fields 14 and 15 of proc_pid_stat(5), in clock ticks.
long cpu_ticks(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    long user = 0, system = 0;
    fields >> user >> system;
    return user + system;
}

double resident_mib(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    double size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

Usage watch(pid_t pid, std::chrono::seconds time) {
    const long before = cpu_ticks(pid);
    const auto from = Clock::now();
    std::this_thread::sleep_for(time);  // what is measured is time passing
    const std::chrono::duration<double> passed = Clock::now() - from;
    const double used =
        static_cast<double>(cpu_ticks(pid) - before) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    return {100 * used / passed.count(), resident_mib(pid)};
}

Milliseconds until(Clock::time_point from, const std::function<bool()>& condition) {
    while (!condition()) {
        if (Clock::now() - from > patience) throw std::runtime_error("no frame in time");
        std::this_thread::sleep_for(look_again);
    }
    return Clock::now() - from;
}

double median(std::vector<Milliseconds> times) {
    std::sort(times.begin(), times.end());
    return times.at(times.size() / 2).count();
}

struct StartTimes {
    std::vector<Milliseconds> first_frame, usable;
};

/// One start that is not counted fills the caches of the system.
StartTimes measure_starts(Desktop& desktop, const std::filesystem::path& profile,
                          const std::string& usable_label) {
    StartTimes times;
    for (int i = -1; i < starts; ++i) {
        const auto from = Clock::now();
        KithWindow window(desktop, "bench", profile);
        const auto first = until(from, [&] { return std::filesystem::exists(window.map_file()); });
        const auto usable = until(from, [&] {
            return window.shows("toolbar/copy-id") &&
                   (usable_label.empty() || window.shows(usable_label));
        });
        window.quit();
        if (i < 0) continue;
        times.first_frame.push_back(first);
        times.usable.push_back(usable);
    }
    return times;
}

std::vector<Milliseconds> measure_bare_window(Desktop& desktop) {
    const kith::e2e::TemporaryFolder folder;
    std::vector<Milliseconds> times;
    for (int i = -1; i < starts; ++i) {
        const auto from = Clock::now();
        const auto window = desktop.start({KITH_BARE_WINDOW}, folder.path() / "stderr");
        if (window->read_line() != "shown") throw std::runtime_error("no bare window");
        if (i >= 0) times.push_back(Clock::now() - from);
    }
    return times;
}

void print_start(const std::string& what, const std::vector<Milliseconds>& times,
                 const std::vector<Milliseconds>& bare) {
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    std::cout << "| " << what << " | " << median(times) << " ms | " << least->count() << " … "
              << most->count() << " ms | " << std::setprecision(2) << median(times) / median(bare)
              << std::setprecision(0) << " |\n";
}

void print_usage(const std::string& what, const Usage& usage) {
    std::cout << "| " << what << " | " << std::setprecision(2) << usage.cpu_percent << " % | "
              << std::setprecision(0) << usage.memory_mib << " MiB |\n";
}

/// Replies come as the commands are stored.
void fill(Instance& from, const std::string& to, std::size_t messages) {
    std::size_t sent = 0;
    for (std::size_t answered = 0; answered < messages; ++answered) {
        for (; sent < messages && sent < answered + in_flight; ++sent) {
            from.send({{"cmd", "send_text"},
                       {"peer", to},
                       {"text", "Message " + std::to_string(sent) +
                                    ": as long as people write, now and then a bit longer."}});
        }
        if (!from.receive().value("ok", false)) throw std::runtime_error("a message was refused");
    }
}

/// A profile with `messages` in one conversation, and the other side of it.
struct History {
    Instance owner{"Ada"}, other{"Bob"};
    std::string other_id = other.fingerprint();

    explicit History(std::size_t messages) {
        befriend(owner, other);
        fill(owner, other_id, messages);
        owner.wait_until(
            "everything delivered",
            [&] {
                const Json newest =
                    owner.ask({{"cmd", "messages"}, {"peer", other_id}, {"limit", 1}})
                        .at("messages");
                return newest.at(0).at("state") == "delivered";
            },
            std::chrono::minutes(10));
        owner.quit();
    }
};

void bench_starts(Desktop& desktop, const std::filesystem::path& empty, const History& history,
                  std::size_t messages) {
    const auto bare = measure_bare_window(desktop);
    const auto none = measure_starts(desktop, empty, {});
    const auto full = measure_starts(desktop, history.owner.profile(),
                                     label_of("conversation", history.other_id));
    const std::string with = ", " + std::to_string(messages) + " messages";
    std::cout << "\n### Start: median of " << starts
              << "\n\n| what | median | least … most | to a bare window |\n|---|---|---|---|\n";
    print_start("bare GLFW window, first frame", bare, bare);
    print_start("first frame, empty profile", none.first_frame, bare);
    print_start("first frame" + with, full.first_frame, bare);
    print_start("controls, empty profile", none.usable, bare);
    print_start("controls and conversation list" + with, full.usable, bare);
}

/// Until the frames after the last input are drawn: a window is idle when its processor time
/// stands.
void settle(const KithWindow& window) {
    long last = -1;
    (void)comes_true(
        [&] {
            const long now = cpu_ticks(window.pid());
            std::this_thread::sleep_for(std::chrono::seconds(1));
            return std::exchange(last, now) == now;
        },
        std::chrono::seconds(20));
}

Usage idle(Desktop& desktop, const KithWindow& window, std::chrono::seconds time) {
    desktop.put_mouse_away();
    settle(window);
    return watch(window.pid(), time);
}

void bench_idle(Desktop& desktop, const std::filesystem::path& empty, const History& history,
                std::chrono::seconds time) {
    std::cout << "\n### Idle for " << time.count()
              << " s: processor time of one core, resident memory\n\n"
                 "| what | processor | memory |\n|---|---|---|\n";
    {
        KithWindow window(desktop, "empty", empty);
        window.wait_for("toolbar/copy-id");
        print_usage("empty profile", idle(desktop, window, time));
        window.quit();
    }
    KithWindow window(desktop, "full", history.owner.profile());
    const std::string row = label_of("conversation", history.other_id);
    window.wait_for(row);
    print_usage("list with an online contact, no chat open", idle(desktop, window, time));
    window.click(row);
    window.wait_for_one("message/");
    print_usage("chat open", idle(desktop, window, time));
    window.click_into("composer/text", "A draft");
    print_usage("chat open, caret in the text field", idle(desktop, window, time));
    for (int page = 0; page < 100; ++page) window.key("Page_Up");
    print_usage("after 100 pages up", idle(desktop, window, time));
    window.quit();
}

void bench(std::size_t messages, std::chrono::seconds time) {
    Desktop desktop;
    KithWindow first(desktop, "empty");
    first.create_profile("Ada");
    first.quit();
    const History history(messages);
    std::cout << std::fixed << std::setprecision(0);
    bench_starts(desktop, first.profile(), history, messages);
    bench_idle(desktop, first.profile(), history, time);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        bench(argc > 1 ? std::stoul(argv[1]) : 100'000,
              std::chrono::seconds(argc > 2 ? std::stoul(argv[2]) : 30));
    } catch (const std::exception& error) {
        std::cerr << "kith_window_bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
