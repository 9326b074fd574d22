// SPDX-License-Identifier: MIT
//
// The desktop's file chooser, through org.freedesktop.portal.FileChooser on the session bus
// (https://flatpak.github.io/xdg-desktop-portal): one method call, then a signal with what was
// chosen. Everything on the bus happens on threads of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "gui/file_chooser.hpp"
#include "gui/portal/worker.hpp"

namespace kith::gui {

class PortalChooser final : public FileChooser {
public:
    /// `wake`, on any thread: next() or next_unshown() has something.
    explicit PortalChooser(std::function<void()> wake);
    /// Takes a dialog that is still open from the screen.
    ~PortalChooser() override;

    void choose(const ChoosePaths& wanted, const std::string& title) override;
    void show_in_folder(const std::string& path) override;
    [[nodiscard]] std::optional<ChooserAnswer> next() override;
    [[nodiscard]] std::optional<std::string> next_unshown() override;

private:
    [[nodiscard]] ChooserAnswer ask(const ChoosePaths& wanted, const std::string& title);
    void answer(ChooserAnswer answer);

    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ending_ = false, asking_ = false;
    std::deque<ChooserAnswer> answers_;
    std::deque<std::string> unshown_;
    Worker asks_, shows_;  ///< the last: they use the rest
};

}  // namespace kith::gui
