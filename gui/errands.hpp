// SPDX-License-Identifier: MIT
//
// What the window needs from the disk: looking at files that are to be sent, at folders, and
// reading pictures. One thread, one errand at a time, so that no panel ever waits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "app/model/types.hpp"
#include "gui/picture_file.hpp"

namespace kith::gui {

// clang-format off
/// How many files there are, and their bytes, in folders too. Links are not followed.
struct MeasurePaths { std::uint64_t ticket = 0; std::vector<std::string> paths; };
/// What a path that is being typed may become. `files`: not only folders.
struct LookIntoFolder { std::string text; bool files = false; };
struct LoadPicture { model::TransferId transfer; std::string path; };
// clang-format on
using Errand = std::variant<MeasurePaths, LookIntoFolder, LoadPicture>;

struct Measured {
    std::uint64_t ticket = 0;
    std::vector<std::string> paths;  ///< those that are there
    std::uint64_t files = 0, folders = 0, bytes = 0;
    bool more = false;  ///< counting was given up: there are more
};
struct FolderSeen {
    std::string text;  ///< as it was asked for
    bool there = false;
    std::optional<std::uint64_t> free_bytes;  ///< of it, or of the folder it would be in
    std::vector<std::string> names;           ///< whole paths, folders end in "/"; at most 50
};
struct PictureLoaded {
    model::TransferId transfer;
    std::optional<Pixels> pixels;
};
using ErrandDone = std::variant<Measured, FolderSeen, PictureLoaded>;

/// Carries one out. Any thread; blocks. A picture is left alone when `give_up` says so.
[[nodiscard]] ErrandDone run(const Errand& errand, const GiveUp& give_up = {});

class Errands {
public:
    static constexpr std::size_t waiting_max = 256;     ///< more are dropped: nobody is that quick
    static constexpr std::uint64_t count_max = 50'000;  ///< files looked at for one MeasurePaths

    /// `wake` is called on the thread of the errands when next() has something.
    explicit Errands(std::function<void()> wake);
    ~Errands();
    Errands(const Errands&) = delete;
    Errands& operator=(const Errands&) = delete;

    // UI thread.
    void give(Errand errand);
    [[nodiscard]] std::optional<ErrandDone> next();

private:
    void work();

    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Errand> waiting_;
    std::deque<ErrandDone> done_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;  ///< the last: starts when the rest is there
};

}  // namespace kith::gui
