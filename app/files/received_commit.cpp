// SPDX-License-Identifier: MIT
//
// commit(), in the order that makes each step true before the next one relies on it:
//
//   bytes flushed -> "about to be named" recorded -> renamed -> folders flushed -> "done" recorded
//
// The record before the renaming tells a file that has its name from one that has yet to come, when
// the process or the power ends between the two.
#include <algorithm>
#include <cerrno>

#include "app/files/received_state.hpp"
#include "app/files/safe_name.hpp"
#include "app/files/write_error.hpp"

namespace kith::files {
namespace {

using State = ReceivedFiles::State;
using Kind = Journal::Kind;

constexpr int naming_rounds_max = 16;  // others take each name at the last moment

class Commit {
public:
    explicit Commit(State& state) : s_(state), files_(std::exchange(state.waiting, {})) {
        for (const auto& file : files_) s_.entries[file.entry].step = State::Step::wanted;
    }

    std::vector<net::FileSink::Progress> run() {
        flush_files();
        flush_current();
        give_names();
        const auto lost = flush_folders();
        record(lost);
        return std::move(progress_);
    }

private:
    using Files = std::vector<const IncomingFile*>;

    void fail(std::uint32_t entry, net::FileError error) {
        progress_.push_back({entry, {s_.entries[entry].durable, false}, std::move(error)});
    }
    void fail(std::uint32_t entry, int result) {
        fail(entry, write_error(result, s_.places.path(entry)));
    }

    /// It has to begin from nothing.
    void fail_changed(std::uint32_t entry) {
        (void)s_.forget_progress(entry);  // its failure shows when it is opened again
        fail(entry, {net::FileProblem::vanished,
                     s_.places.path(entry) +
                         " was changed or removed by another program while it was received."});
    }

    // --- bytes ---

    void flush_files() {
        const bool many = std::ranges::any_of(files_, [](const auto& one) { return !one.file; });
        const bool flushed = many && flush_disks();
        for (const auto& file : files_) {
            const int result = flushed ? 0 : flush_file(file);
            if (result < 0)
                fail(file.entry, result);
            else
                (file.whole ? whole_ : partial_).push_back(&file);
        }
    }

    /// A folder the naming template has chosen may be another disk than the one above it.
    bool flush_disks() {
        std::set<std::string_view> bases;
        for (const auto& file : files_) bases.insert(s_.places.base(file.entry));
        return std::ranges::all_of(bases, [this](std::string_view base) {
            const int folder = s_.folders.get(std::string(base));
            return folder >= 0 && s_.calls.flush_disk(folder) == 0;
        });
    }

    int flush_file(const IncomingFile& file) {
        if (file.file) return s_.calls.flush_data(file.file.get());
        const int folder = s_.folders.get(s_.places.folder(file.entry));
        if (folder < 0) return folder;
        const Descriptor again(
            s_.calls, s_.calls.open_at(folder, s_.part_name(file.entry).c_str(), Opening::write));
        return again ? s_.calls.flush_data(again.get()) : again.get();
    }

    void flush_current() {
        if (!s_.current) return;
        const int late = s_.settle_current();
        if (late == 0 && s_.current->written <= s_.entries[s_.current->entry].durable) return;
        const int result = late < 0 ? late : s_.calls.flush_data(s_.current->file.get());
        if (result == 0) return partial_.push_back(&*s_.current);
        fail(s_.current->entry, result);
        s_.current.reset();
    }

    // --- names ---

    void give_names() {
        Files files = whole_;
        for (int round = 0; round < naming_rounds_max && !files.empty(); ++round) {
            if (!announce(files)) return;
            Files again;
            for (const auto* file : files) {
                const int result = give_name(*file);
                if (result == -EEXIST && next_number(*file))
                    again.push_back(file);
                else if (result == -ESTALE)
                    fail_changed(file->entry);
                else if (result < 0)
                    fail(file->entry, result);
            }
            files = std::move(again);
        }
        for (const auto* file : files) fail(file->entry, -EEXIST);
    }

    bool announce(const Files& files) {
        std::vector<Journal::Record> records;
        records.reserve(files.size());
        for (const auto* file : files) {
            const auto number = s_.entries[file->entry].number;
            records.push_back(
                {Kind::naming, file->entry, Journal::naming_value({number, file->inode})});
        }
        if (const auto told = s_.journal.append(records); !told) {
            for (const auto* file : files) fail(file->entry, told.error());
            return false;
        }
        for (const auto* file : files) {
            s_.entries[file->entry].durable = file->written;
            s_.entries[file->entry].recorded = true;
        }
        return true;
    }

    int give_name(const IncomingFile& file) {
        const int folder = s_.folders.get(s_.places.folder(file.entry));
        if (folder < 0) return folder;
        const std::string part = s_.part_name(file.entry);
        State::Entry& entry = s_.entries[file.entry];
        const std::string name = s_.places.name(file.entry, entry.number);
        const int renamed = s_.calls.rename_without_replacing(folder, part.c_str(), name.c_str());
        if (renamed < 0) return renamed == -ENOENT ? -ESTALE : renamed;
        // Somebody may have put a link into its place since it was written, or cut it.
        FileStatus status;
        const int found = s_.calls.status_at(folder, name.c_str(), status);
        const bool ours = status.kind == FileStatus::Kind::file && status.links <= 1 &&
                          status.size == file.written;
        if (found == -ENOENT || (found == 0 && !ours)) return -ESTALE;
        entry.step = State::Step::named;
        s_.touched.insert(s_.places.folder(file.entry));
        s_.unrecorded.push_back(file.entry);
        return 0;
    }

    /// The next one that is free at the moment.
    bool next_number(const IncomingFile& file) {
        const int folder = s_.folders.get(s_.places.folder(file.entry));
        auto& number = s_.entries[file.entry].number;
        auto& tried = s_.numbers_tried[join(s_.places.folder(file.entry),
                                            numbering_of(s_.places.name(file.entry)))];
        for (number = std::max(number, tried); folder >= 0 && number < number_max;) {
            tried = ++number;
            const std::string name = s_.places.name(file.entry, number);
            FileStatus status;
            if (s_.calls.status_at(folder, name.c_str(), status) == -ENOENT) return true;
        }
        return false;
    }

    // --- what survives ---

    /// Those that could not be; they are tried again with the next commit.
    std::set<std::string> flush_folders() {
        std::set<std::string> lost;
        for (const auto& path : s_.touched) {
            const int folder = s_.folders.get(path);
            const int result = folder < 0 ? folder : s_.calls.flush(folder);
            if (result < 0 && result != -EINVAL) lost.insert(path);  // EINVAL: nothing to flush
        }
        s_.touched = lost;
        return lost;
    }

    void record(const std::set<std::string>& lost) {
        std::vector<std::uint32_t> named, left;
        for (const auto entry : s_.unrecorded) {
            const bool is_lost = lost.contains(s_.places.folder(entry));
            (is_lost ? left : named).push_back(entry);
            if (is_lost) fail(entry, -EIO);
        }
        std::vector<Journal::Record> records;
        records.reserve(named.size() + partial_.size());
        for (const auto entry : named)
            records.push_back({Kind::done, entry, s_.entries[entry].number});
        for (const auto* file : partial_)
            records.push_back({Kind::durable, file->entry, file->written});
        if (const auto told = s_.journal.append(records); !told) {
            for (const auto& one : records) fail(one.entry, told.error());
            return;
        }
        s_.unrecorded = std::move(left);
        for (const auto entry : named) landed(entry);
        for (const auto* file : partial_) progressed(*file);
        if (s_.journal.large() && s_.unrecorded.empty())
            (void)s_.journal.rewrite(s_.live_records());  // tried again with the next commit
    }

    void landed(std::uint32_t entry) {
        s_.entries[entry].step = State::Step::done;
        if (s_.manifest.entries[entry].folder) return;
        progress_.push_back({entry, {s_.manifest.entries[entry].size, true}, std::nullopt});
    }

    void progressed(const IncomingFile& file) {
        s_.entries[file.entry].durable = file.written;
        s_.entries[file.entry].recorded = true;
        progress_.push_back({file.entry, {file.written, false}, std::nullopt});
    }

    State& s_;
    const std::vector<IncomingFile> files_;
    Files whole_{}, partial_{};  // flushed
    std::vector<net::FileSink::Progress> progress_{};
};

}  // namespace

std::vector<net::FileSink::Progress> ReceivedFiles::State::commit() { return Commit(*this).run(); }

}  // namespace kith::files
