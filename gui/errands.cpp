// SPDX-License-Identifier: MIT
#include "gui/errands.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "gui/proposed_path.hpp"

namespace kith::gui {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t names_max = 50;
constexpr std::size_t looked_at_max = 20'000;  // entries of a folder whose names are completed

void count(const fs::directory_entry& entry, Measured& sum) {
    std::error_code error;
    const auto status = entry.symlink_status(error);
    if (fs::is_directory(status)) {
        ++sum.folders;
    } else if (fs::is_regular_file(status)) {
        ++sum.files;
        const auto size = entry.file_size(error);
        if (!error) sum.bytes += size;
    }
}

void measure(const fs::path& path, Measured& sum) {
    std::error_code error;
    const fs::directory_entry root(path, error);
    if (error || !fs::exists(root.symlink_status(error))) return;
    sum.paths.push_back(path.string());
    count(root, sum);
    if (!fs::is_directory(root.symlink_status(error))) return;
    fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        count(*at, sum);
        if (sum.files + sum.folders < Errands::count_max) continue;
        sum.more = true;
        return;
    }
}

Measured carry_out(const MeasurePaths& errand) {
    Measured sum;
    sum.ticket = errand.ticket;
    for (const auto& path : errand.paths)
        if (!sum.more)
            measure(path, sum);
        else
            sum.paths.push_back(path);
    return sum;
}

// The folder whose entries complete what is typed, and the beginning of their names.
std::pair<fs::path, std::string> split(const fs::path& typed) {
    std::error_code error;
    if (typed.has_filename() && !fs::is_directory(typed, error))
        return {typed.parent_path(), typed.filename().string()};
    return {typed, {}};
}

void complete(const LookIntoFolder& errand, const fs::path& typed, FolderSeen& seen) {
    const auto [folder, beginning] = split(typed);
    std::error_code error;
    fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
    for (std::size_t looked = 0; !error && at != fs::directory_iterator() && looked < looked_at_max;
         at.increment(error), ++looked) {
        const std::string name = at->path().filename().string();
        std::error_code ignored;
        const bool is_folder = at->is_directory(ignored);
        const bool hidden = name.starts_with('.') && !beginning.starts_with('.');
        if (hidden || !name.starts_with(beginning) || (!is_folder && !errand.files)) continue;
        seen.names.push_back((folder / name).string() + (is_folder ? "/" : ""));
    }
    std::sort(seen.names.begin(), seen.names.end());
    if (seen.names.size() > names_max) seen.names.resize(names_max);
}

FolderSeen carry_out(const LookIntoFolder& errand) {
    FolderSeen seen;
    seen.text = errand.text;
    const fs::path typed(full_path(errand.text));
    if (!typed.is_absolute()) return seen;
    std::error_code error;
    seen.there = fs::is_directory(typed, error);
    const auto space = fs::space(seen.there ? typed : typed.parent_path(), error);
    if (!error) seen.free_bytes = space.available;
    complete(errand, typed, seen);
    return seen;
}

PictureLoaded carry_out(const LoadPicture& errand, const GiveUp& give_up) {
    return {errand.transfer, read_picture(errand.path, give_up)};
}

}  // namespace

ErrandDone run(const Errand& errand, const GiveUp& give_up) {
    if (const auto* picture = std::get_if<LoadPicture>(&errand))
        return carry_out(*picture, give_up);
    if (const auto* folder = std::get_if<LookIntoFolder>(&errand)) return carry_out(*folder);
    return carry_out(std::get<MeasurePaths>(errand));
}

Errands::Errands(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this] { work(); }) {}

Errands::~Errands() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    more_.notify_one();
    thread_.join();
}

void Errands::give(Errand errand) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= waiting_max) return;
        waiting_.push_back(std::move(errand));
    }
    more_.notify_one();
}

std::optional<ErrandDone> Errands::next() {
    const std::lock_guard lock(mutex_);
    if (done_.empty()) return std::nullopt;
    ErrandDone done = std::move(done_.front());
    done_.pop_front();
    return done;
}

void Errands::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        more_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (ending_) return;
        const Errand errand = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        ErrandDone done = run(errand, [this] { return ending_.load(); });
        lock.lock();
        done_.push_back(std::move(done));
        lock.unlock();
        wake_();
        lock.lock();
    }
}

}  // namespace kith::gui
