// SPDX-License-Identifier: MIT
#include "gui/portal/portal_chooser.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "gui/pasted_paths.hpp"
#include "gui/portal/show_in_folder.hpp"
#include "gui/strings.hpp"

namespace kith::gui {
namespace {

constexpr const char* portal_name = "org.freedesktop.portal.Desktop";
constexpr const char* portal_path = "/org/freedesktop/portal/desktop";
constexpr const char* chooser_interface = "org.freedesktop.portal.FileChooser";
constexpr const char* request_interface = "org.freedesktop.portal.Request";
constexpr const char* token = "kith";
constexpr auto call_timeout = std::chrono::seconds(25);

using Options = std::map<std::string, sdbus::Variant>;

bool wants_folder(PathsFor what) { return what != PathsFor::send_files; }

// Known before the call, so that no answer comes too early to be heard.
std::string request_path(std::string sender) {
    sender.erase(0, 1);
    std::replace(sender.begin(), sender.end(), '.', '_');
    return std::string(portal_path) + "/request/" + sender + "/" + token;
}

// An answer that is none counts as leaving the dialog.
std::vector<std::string> chosen_paths(sdbus::Signal& signal) {
    std::vector<std::string> paths;
    try {
        std::uint32_t response = 0;
        Options results;
        signal >> response >> results;
        const auto uris = results.find("uris");
        if (response != 0 || uris == results.end()) return paths;
        for (const auto& uri : uris->second.get<std::vector<std::string>>()) {
            const auto path = pasted_paths(uri);
            if (path.size() == 1 && paths.size() < model::paths_max) paths.push_back(path.front());
        }
    } catch (const sdbus::Error&) {
        paths.clear();
    }
    return paths;
}

Options options_for(PathsFor what) {
    Options options;
    options["handle_token"] = sdbus::Variant(std::string(token));
    options["modal"] = sdbus::Variant(true);
    options["multiple"] = sdbus::Variant(what == PathsFor::send_files);
    options["directory"] = sdbus::Variant(wants_folder(what));
    return options;
}

// One dialog, from the call to its answer.
class Request {
public:
    Request(std::mutex& mutex, std::condition_variable& changed)
        : mutex_(mutex),
          changed_(changed),
          connection_(sdbus::createSessionBusConnection()),
          request_(sdbus::createProxy(*connection_, portal_name,
                                      request_path(connection_->getUniqueName()))),
          bus_(sdbus::createProxy(*connection_, "org.freedesktop.DBus", "/org/freedesktop/DBus")) {
        request_->registerSignalHandler(request_interface, "Response",
                                        [this](sdbus::Signal& s) { finish(chosen_paths(s)); });
        request_->finishRegistration();
        // A portal that dies with its dialog never answers.
        bus_->uponSignal("NameOwnerChanged")
            .onInterface("org.freedesktop.DBus")
            .call([this](const std::string& name, const std::string&, const std::string& owner) {
                if (name == portal_name && owner.empty()) finish({});
            });
        bus_->finishRegistration();
        connection_->enterEventLoopAsync();
    }
    ~Request() { connection_->leaveEventLoop(); }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    void start(PathsFor what, const std::string& title) {
        auto portal = sdbus::createProxy(*connection_, portal_name, portal_path);
        sdbus::ObjectPath handle;
        portal->callMethod("OpenFile")
            .onInterface(chooser_interface)
            .withTimeout(call_timeout)
            .withArguments(std::string(), title, options_for(what))
            .storeResultsTo(handle);
    }

    /// Until there is an answer, or `ending`.
    std::vector<std::string> wait(const bool& ending) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ending || done_; });
        if (done_) return paths_;
        lock.unlock();
        close();
        return {};
    }

private:
    void finish(std::vector<std::string> paths) {
        {
            const std::lock_guard lock(mutex_);
            if (std::exchange(done_, true)) return;
            paths_ = std::move(paths);
        }
        changed_.notify_all();
    }

    void close() {
        try {
            request_->callMethod("Close")
                .onInterface(request_interface)
                .withTimeout(std::chrono::seconds(1));
        } catch (const sdbus::Error&) {
            // It is gone already.
        }
    }

    std::mutex& mutex_;
    std::condition_variable& changed_;
    bool done_ = false;
    std::vector<std::string> paths_;
    std::unique_ptr<sdbus::IConnection> connection_;
    std::unique_ptr<sdbus::IProxy> request_, bus_;
};

}  // namespace

std::string title_of(const ChoosePaths& wanted) {
    if (wanted.what == PathsFor::send_files) return std::string(strings::choose_send_title);
    if (wanted.what == PathsFor::send_folder) return std::string(strings::choose_send_folder_title);
    return std::string(strings::choose_folder_title);
}

PortalChooser::PortalChooser(std::function<void()> wake) : wake_(std::move(wake)) {}

PortalChooser::~PortalChooser() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
}

void PortalChooser::choose(const ChoosePaths& wanted, const std::string& title) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(asking_, true)) return;
    }
    asks_.give([this, wanted, title] { answer(ask(wanted, title)); });
}

ChooserAnswer PortalChooser::ask(const ChoosePaths& wanted, const std::string& title) {
    ChooserAnswer result;
    result.asked = wanted;
    try {
        Request request(mutex_, changed_);
        request.start(wanted.what, title);
        result.paths = request.wait(ending_);
    } catch (const sdbus::Error&) {
        result.unavailable = true;
    }
    return result;
}

void PortalChooser::answer(ChooserAnswer answer) {
    {
        const std::lock_guard lock(mutex_);
        asking_ = false;
        answers_.push_back(std::move(answer));
    }
    wake_();
}

void PortalChooser::show_in_folder(const std::string& path) {
    shows_.give([this, path] {
        if (show_in_file_manager(path)) return;
        {
            const std::lock_guard lock(mutex_);
            unshown_.push_back(path);
        }
        wake_();
    });
}

std::optional<ChooserAnswer> PortalChooser::next() {
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) return std::nullopt;
    ChooserAnswer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
}

std::optional<std::string> PortalChooser::next_unshown() {
    const std::lock_guard lock(mutex_);
    if (unshown_.empty()) return std::nullopt;
    std::string path = std::move(unshown_.front());
    unshown_.pop_front();
    return path;
}

}  // namespace kith::gui
