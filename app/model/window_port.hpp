// SPDX-License-Identifier: MIT
//
// The seam between the window and the rest: values in, values out, never blocking. The window's
// thread calls everything here; app/ implements it over bounded lock-free queues, tests over plain
// vectors.
#pragma once

#include "app/model/event.hpp"

namespace kith::model {

/// Where the program stands before and while a node runs.
enum class Stage {
    first_run,  ///< no profile yet: ask for a name and, if wanted, a password
    locked,     ///< a password is needed
    working,    ///< keys are generated or unlocked; `text` says what is going on
    running,
    failed,  ///< cannot continue; `text` says why and what to do
};

// clang-format off
/// From the window.
struct CreateProfile { std::string name; std::string password; };
struct Unlock { std::string password; };
/// At the first run: a profile from a backup instead of a new one.
struct RestoreBackup { std::string path; std::string password; };
/// Stage::failed with `can_set_aside`: the damaged history is renamed, never deleted, and what can
/// still be read of it is taken over into a new one.
struct SetHistoryAside {};
struct Execute { std::uint64_t ticket = 0; Command command; };  ///< answered by Completed
struct NewInstance {};                                          ///< another process, fresh profile
struct ScreenshotDone { std::uint64_t ticket = 0; std::string error; };  ///< empty: written
struct Quit {};
using FromWindow = std::variant<CreateProfile, Unlock, RestoreBackup, SetHistoryAside, Execute, NewInstance, ScreenshotDone, Quit>;

/// To the window.
struct StageChanged { Stage stage = Stage::working; std::string text; bool wrong_password = false; bool can_set_aside = false; };
struct Completed { std::uint64_t ticket = 0; Reply reply; };
struct TakeScreenshot { std::uint64_t ticket = 0; std::string path; };
struct Raise {};      ///< somebody started this profile again: come to the front
struct Close {};      ///< leave the event loop
using ToWindow = std::variant<StageChanged, Event, Completed, TakeScreenshot, Raise, Close>;
// clang-format on

class WindowPort {
public:
    virtual ~WindowPort() = default;
    /// The oldest waiting item, if any. Called until empty once per frame.
    virtual std::optional<ToWindow> next() = 0;
    /// False when the queue is full (1,024 waiting): keep the item and try in the next frame.
    virtual bool send(FromWindow item) = 0;
};

}  // namespace kith::model
