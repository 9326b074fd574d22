// SPDX-License-Identifier: MIT
#include "app/host/history.hpp"

#include "app/host/file_errors.hpp"
#include "app/profile/durable_file.hpp"
#include "app/profile/leftovers.hpp"
#include "app/store/salvage.hpp"

namespace kith::host {
namespace {

namespace fs = std::filesystem;
using profile::quoted;

constexpr std::size_t marker_max = 256;  ///< bytes of a file name
constexpr std::string_view prefix = "history-damaged-";

bool there(const fs::path& file) {
    std::error_code error;
    return fs::exists(fs::symlink_status(file, error));
}

/// "2026-01-02T03:04:05.678Z" as it may stand in a file name: "20260102T030405Z".
std::string stamp(model::Timestamp now) {
    std::string text = model::to_rfc3339(now);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text.substr(0, text.find('.')) + "Z";
}

/// A name nothing in the folder has; several within a second are numbered.
std::string free_name(const fs::path& folder, model::Timestamp now) {
    const std::string name = std::string(prefix) + stamp(now);
    std::string free = name;
    for (int number = 2; there(folder / (free + ".db")) || there(folder / (free + ".db-wal"));
         ++number)
        free = name + "-" + std::to_string(number);
    return free + ".db";
}

/// The file and what SQLite keeps beside it, from one name to another.
class Renaming {
public:
    Renaming(const fs::path& from, const fs::path& to, const profile::FileCalls& calls)
        : from_(profile::database_files(from)), to_(profile::database_files(to)), calls_(calls) {}

    /// The database itself goes last: where it is tells whether all is done.
    [[nodiscard]] profile::Expected<void> run() const {
        for (std::size_t i = from_.size(); i-- > 0;) {
            if (!there(from_[i])) continue;
            if (const int done = calls_.rename_without_replacing(from_[i], to_[i]); done < 0)
                return tl::unexpected(profile::system_error("rename", from_[i], -done));
        }
        const auto folder = from_[0].parent_path();
        if (const int done = calls_.flush_folder(folder); done < 0)
            return tl::unexpected(profile::system_error("save the folder", folder, -done));
        return {};
    }

private:
    std::vector<fs::path> from_, to_;
    const profile::FileCalls& calls_;
};

std::string kept_sentence(const fs::path& aside, const store::SalvageReport& report) {
    std::string text =
        "The damaged history was set aside as " + quoted(aside) +
        ". What could be read of it was taken over: " + std::to_string(report.messages) +
        " messages, " + std::to_string(report.peers) + " people.";
    if (report.gaps > 0) text += " Parts of it could not be read and are missing.";
    return text;
}

std::string lost_sentence(const fs::path& aside) {
    return "The damaged history was set aside as " + quoted(aside) +
           ". Nothing in it could be read: the history begins anew, and contacts have to be added "
           "again.";
}

std::string earlier_sentence(const fs::path& aside) {
    return "The damaged history was set aside as " + quoted(aside) +
           ", and what could be read of it was taken over.";
}

bool nothing_readable(store::Errc code) {
    return code == store::Errc::damaged || code == store::Errc::wrong_key;
}

struct Aside {
    const profile::ProfilePaths& paths;
    DatabaseKey key;
    const profile::FileCalls& calls;

    [[nodiscard]] profile::Expected<std::string> name(model::Timestamp now) const;
    [[nodiscard]] tl::expected<std::string, model::Error> to(const fs::path& aside) const;
    [[nodiscard]] tl::expected<std::string, model::Error> salvage(const fs::path& aside) const;
};

/// Of an interrupted attempt, or a new one that is durable at return.
profile::Expected<std::string> Aside::name(model::Timestamp now) const {
    if (const auto begun = profile::read_bounded(paths.aside_marker(), marker_max)) {
        std::string text(begun->begin(), begun->end());
        if (text.starts_with(prefix) && text.find('/') == std::string::npos) return text;
    }
    const auto text = free_name(paths.folder, now);
    return profile::write_durably(paths.aside_marker(), crypto::view(text),
                                  profile::Existing::replace, calls)
        .map([&] { return text; });
}

tl::expected<std::string, model::Error> Aside::salvage(const fs::path& aside) const {
    const auto report = store::salvage({aside.string(), key, paths.database().string()});
    if (report) return kept_sentence(aside, *report);
    if (nothing_readable(report.error().code)) return lost_sentence(aside);
    // Full disk, newer version: as if nobody had asked.
    if (auto back = Renaming(aside, paths.database(), calls).run(); !back)
        return tl::unexpected(to_model(back.error()));
    calls.remove(paths.aside_marker());
    return tl::unexpected(to_model(report.error()));
}

tl::expected<std::string, model::Error> Aside::to(const fs::path& aside) const {
    if (!there(aside)) {
        if (auto renamed = Renaming(paths.database(), aside, calls).run(); !renamed)
            return tl::unexpected(to_model(renamed.error()));
    }
    if (!there(aside)) return std::string();  // somebody has moved it away meanwhile
    if (there(paths.database())) return earlier_sentence(aside);
    return salvage(aside);
}

}  // namespace

tl::expected<std::string, model::Error> set_history_aside(const profile::ProfilePaths& paths,
                                                          DatabaseKey key, model::Timestamp now,
                                                          const profile::FileCalls& calls) {
    if (!there(paths.database()) && !there(paths.aside_marker())) return std::string();
    const Aside work{paths, key, calls};
    const auto name = work.name(now);
    if (!name) return tl::unexpected(to_model(name.error()));
    auto kept = work.to(paths.folder / *name);
    if (kept) calls.remove(paths.aside_marker());
    return kept;
}

tl::expected<OpenedHistory, model::Error> open_history(const HistoryOptions& options,
                                                       DatabaseKey key) {
    std::vector<std::string> notices;
    const auto file = options.paths.database();
    if (options.set_aside || there(options.paths.aside_marker())) {
        auto kept = set_history_aside(options.paths, key, options.now);
        if (!kept) return tl::unexpected(kept.error());
        if (!kept->empty()) notices.push_back(std::move(*kept));
    }
    if (notices.empty() && !options.fresh && !there(file))
        notices.push_back("The history of this profile was not found and begins anew: " +
                          quoted(file) + ". Contacts have to be added again.");
    auto database = store::Database::open({file.string(), key, true});
    if (!database) return tl::unexpected(to_model(database.error()));
    return OpenedHistory{std::move(*database), std::move(notices)};
}

}  // namespace kith::host
