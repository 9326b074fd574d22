// SPDX-License-Identifier: MIT
#include "app/files/received_files.hpp"

#include <algorithm>
#include <cerrno>

#include "app/files/received_state.hpp"
#include "app/files/write_error.hpp"
#include "crypto/running_hash.hpp"

namespace kith::files {

using net::FileProblem;

namespace {

constexpr std::size_t hash_step = 1 << 20;  // bytes read at a time

}  // namespace

// --- what its parts share ---

int ReceivedFiles::State::folder_of(std::uint32_t entry) {
    return folders.get_or_make(places.folder(entry),
                               [this](const std::string& in) { touched.insert(in); });
}

int ReceivedFiles::State::create(IncomingFile& file) {
    const int folder = folder_of(file.entry);
    if (folder < 0) return folder;
    const std::string name = part_name(file.entry);
    const bool executable = manifest.entries[file.entry].executable;
    const int made = create_part(calls, folder, name, executable, file);
    if (made != -EEXIST) return made;
    // A disk that does not tell "a" from "A" may hold another file of this transfer there.
    FileStatus there;
    const int found = calls.status_at(folder, name.c_str(), there);
    const auto is_there = [&](const IncomingFile& one) { return one.inode == there.inode; };
    if (found == 0 && std::ranges::any_of(waiting, is_there)) return made;
    calls.remove(folder, name.c_str());
    return create_part(calls, folder, name, executable, file);
}

int ReceivedFiles::State::append_current(net::ByteView bytes) {
    if (manifest.entries[current->entry].size < behind_from) return append(calls, *current, bytes);
    if (!behind) behind = std::make_unique<WriteBehind>(calls);
    if (behind->failed()) return settle_current();
    behind->write(current->file.get(), bytes, current->written);
    current->written += bytes.size();
    return 0;
}

int ReceivedFiles::State::settle_current() {
    if (!behind || !current) return 0;
    const auto result = behind->drain();
    if (result.error < 0) current->written = std::min(current->written, result.good);
    return result.error;
}

void ReceivedFiles::State::set_aside() {
    if (!current) return;
    settle_current();
    IncomingFile file = std::move(*current);
    current.reset();
    Entry& entry = entries[file.entry];
    if (!file.whole && file.written <= entry.durable) return;
    entry.step = Step::closed;
    waiting.push_back(std::move(file));
    if (waiting.size() <= waiting_open_max) return;
    const auto first_open =
        waiting.size() == waiting_open_max + 1 ? waiting.begin() : std::prev(waiting.end());
    std::for_each(first_open, waiting.end(), [](auto& one) { one.file.reset(); });
}

net::FileResult<void> ReceivedFiles::State::forget_progress(std::uint32_t entry) {
    Entry& state = entries[entry];
    if (state.recorded) {
        auto told = journal.append({{Journal::Kind::durable, entry, 0}});
        if (!told) return told;
    }
    state.durable = 0;
    state.recorded = false;
    return {};
}

std::vector<Journal::Record> ReceivedFiles::State::live_records() const {
    std::vector<Journal::Record> out;
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        if (entry.step == Step::done)
            out.push_back({Journal::Kind::done, i, entry.number});
        else if (entry.recorded)
            out.push_back({Journal::Kind::durable, i, entry.durable});
    }
    return out;
}

// --- seen from outside ---

ReceivedFiles::ReceivedFiles(std::unique_ptr<State> state) : state_(std::move(state)) {}

ReceivedFiles::~ReceivedFiles() = default;

std::vector<ReceivedFiles::Have> ReceivedFiles::have() const {
    std::vector<Have> out;
    for (std::uint32_t i = 0; i < state_->entries.size(); ++i) {
        const auto& entry = state_->entries[i];
        if (!entry.selected || state_->manifest.entries[i].folder) continue;
        const bool done = entry.step == State::Step::done;
        out.push_back({i, {done ? state_->manifest.entries[i].size : entry.durable, done}});
    }
    return out;
}

std::string ReceivedFiles::path_of(std::uint32_t entry) const {
    if (entry >= state_->entries.size()) return {};
    return join(state_->destination, state_->places.path(entry, state_->entries[entry].number));
}

const std::vector<net::FileError>& ReceivedFiles::missing_folders() const {
    return state_->missing_folders;
}

net::FileResult<std::uint64_t> ReceivedFiles::open(std::uint32_t entry) {
    State& s = *state_;
    s.set_aside();
    if (entry >= s.entries.size()) return tl::unexpected(net::FileError{});
    if (!s.entries[entry].selected || s.manifest.entries[entry].folder ||
        s.entries[entry].step != State::Step::wanted)
        return s.problem(FileProblem::other, entry, "is not to be received now.");
    const auto cannot = [&](int result) { return cannot_write(result, s.places.path(entry)); };
    IncomingFile file;
    file.entry = entry;
    if (s.entries[entry].durable > 0) {
        const int folder = s.folder_of(entry);
        if (folder < 0) return cannot(folder);
        const int result =
            reopen_part(s.calls, folder, s.part_name(entry), s.entries[entry].durable, file);
        if (result < 0 && result != -ESTALE) return cannot(result);
    }
    if (!file.file) {
        if (const auto forgotten = s.forget_progress(entry); !forgotten)
            return tl::unexpected(forgotten.error());
        int result = s.create(file);
        if (result == -ENOENT) {  // the folder was removed since
            s.folders.forget(s.places.folder(entry));
            result = s.create(file);
        }
        if (result < 0) return cannot(result);
    }
    const std::uint64_t offset = file.written;
    if (const int full = make_room(s.calls, file, s.manifest.entries[entry].size); full < 0) {
        (void)s.calls.cut(file.file.get(), offset);  // gives back what was set aside
        file.file.reset();
        if (offset == 0) s.calls.remove(s.folder_of(entry), s.part_name(entry).c_str());
        return cannot(full);
    }
    s.current = std::move(file);
    return offset;
}

net::FileResult<void> ReceivedFiles::write(net::ByteView bytes) {
    State& s = *state_;
    if (!s.current || s.current->whole)
        return tl::unexpected(net::FileError{FileProblem::other, "No file is being received."});
    const std::uint32_t entry = s.current->entry;
    if (bytes.size() > s.manifest.entries[entry].size - s.current->written)
        return s.problem(FileProblem::changed, entry, "is longer than it was said to be.");
    const int result = s.append_current(bytes);
    if (result < 0) return cannot_write(result, s.places.path(entry));
    return {};
}

net::FileResult<void> ReceivedFiles::close() {
    State& s = *state_;
    if (!s.current)
        return tl::unexpected(net::FileError{FileProblem::other, "No file is being received."});
    const auto& offered = s.manifest.entries[s.current->entry];
    if (const int late = s.settle_current(); late < 0)
        return cannot_write(late, s.places.path(s.current->entry));
    if (s.current->written != offered.size)
        return s.problem(FileProblem::changed, s.current->entry,
                         "is shorter than it was said to be.");
    if (offered.modified_ms != 0) s.calls.set_modified(s.current->file.get(), offered.modified_ms);
    s.current->whole = true;
    s.set_aside();
    return {};
}

std::vector<net::FileSink::Progress> ReceivedFiles::commit() { return state_->commit(); }

net::FileResult<crypto::Digest256> ReceivedFiles::hash(std::uint32_t entry, std::uint64_t size,
                                                       const std::function<bool()>& cancelled) {
    State& s = *state_;
    if (entry >= s.entries.size()) return tl::unexpected(net::FileError{});
    const auto differs = [&] {
        return s.problem(FileProblem::differs, entry, "is not there as far as it was.");
    };
    const int folder = s.folders.get(s.places.folder(entry));
    if (folder < 0 || size > s.entries[entry].durable) return differs();
    const Descriptor file(s.calls,
                          s.calls.open_at(folder, s.part_name(entry).c_str(), Opening::read));
    FileStatus status;
    if (!file || s.calls.status(file.get(), status) < 0 || !is_part(status, size)) return differs();
    s.calls.read_ahead(file.get());
    crypto::RunningSha256 running;
    crypto::Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, hash_step)));
    for (std::uint64_t at = 0; at < size;) {
        if (cancelled()) return s.problem(FileProblem::other, entry, "was not read to its end.");
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(size - at, hash_step));
        const auto got = s.calls.read(file.get(), crypto::MutableByteView(buffer).first(step), at);
        if (got == -EINTR) continue;
        if (got <= 0) return differs();
        running.update(net::ByteView(buffer).first(static_cast<std::size_t>(got)));
        at += static_cast<std::uint64_t>(got);
    }
    return running.finish();
}

net::FileResult<void> ReceivedFiles::discard(std::uint32_t entry) {
    State& s = *state_;
    if (entry >= s.entries.size()) return tl::unexpected(net::FileError{});
    State::Entry& state = s.entries[entry];
    if (state.step == State::Step::named || state.step == State::Step::done)
        return s.problem(FileProblem::other, entry, "has been received already.");
    if (s.current && s.current->entry == entry) {
        s.settle_current();
        s.current.reset();
    }
    std::erase_if(s.waiting, [&](const IncomingFile& one) { return one.entry == entry; });
    state.step = State::Step::wanted;
    if (auto forgotten = s.forget_progress(entry); !forgotten) return forgotten;
    const int folder = s.folders.get(s.places.folder(entry));
    if (folder >= 0) s.calls.remove(folder, s.part_name(entry).c_str());
    return {};
}

}  // namespace kith::files
