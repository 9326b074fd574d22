// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_receiver.hpp"

#include <algorithm>

namespace kith::net {

BulkReceiver::BulkReceiver(const Manifest& manifest, const std::vector<Selected>& selected,
                           FileSink& sink, std::function<bool()> cancelled,
                           const CommitPolicy& policy)
    : manifest_(manifest), sink_(sink), cancelled_(std::move(cancelled)), policy_(policy) {
    files_.reserve(selected.size());
    for (const Selected& one : selected) {
        const std::uint64_t size = manifest.entries[one.entry].size;
        // More than the whole cannot be a beginning of it: it comes from nothing.
        const std::uint64_t durable = one.have.durable > size ? 0 : one.have.durable;
        const Fate fate = one.have.done ? Fate::landed : Fate::wanted;
        files_.push_back({one.entry, fate, durable});
    }
    next_file();
}

tl::unexpected<std::string> BulkReceiver::fail(std::string why) {
    phase_ = Phase::failed;
    return tl::unexpected("The sender does not keep to the protocol: " + why + ".");
}

BulkReceiver::File* BulkReceiver::find(std::uint32_t entry) {
    const auto found = std::ranges::lower_bound(files_, entry, {}, &File::entry);
    return found == files_.end() || found->entry != entry ? nullptr : &*found;
}

/// To the first that is to come and was not spoken of.
void BulkReceiver::next_file() {
    while (next_ < files_.size() && files_[next_].fate == Fate::landed) ++next_;
}

// --- what is said ---

tl::expected<std::size_t, std::string> BulkReceiver::produce(crypto::MutableByteView into,
                                                             Milliseconds now) {
    bulk::ItemWriter out(into.first(std::min(into.size(), bulk::payload_max)));
    if (phase_ == Phase::greeting) greet(out);
    if (phase_ == Phase::receiving) commit_if_due(now);
    if (phase_ == Phase::receiving || phase_ == Phase::closing) report(out);
    return out.size();
}

void BulkReceiver::greet(bulk::ItemWriter& out) {
    say_wanted(out);
    // Hashing takes its time: what is ready goes first.
    while (out.size() == 0 && said_have_ < files_.size() && !cancelled_()) say_what_is_there(out);
    if (said_wanted_ < files_.size() || said_have_ < files_.size() || out.room() < bulk::item_max)
        return;
    out.put(bulk::Start{});
    phase_ = Phase::receiving;
}

void BulkReceiver::say_wanted(bulk::ItemWriter& out) {
    while (said_wanted_ < files_.size() && out.room() >= bulk::item_max) {
        const std::size_t first = said_wanted_;
        while (said_wanted_ < files_.size() && files_[said_wanted_].fate == Fate::wanted)
            ++said_wanted_;
        const auto count = static_cast<std::uint32_t>(said_wanted_ - first);
        if (count > 0) out.put(bulk::Want{files_[first].entry, count});
        while (said_wanted_ < files_.size() && files_[said_wanted_].fate == Fate::landed)
            ++said_wanted_;
    }
}

void BulkReceiver::say_what_is_there(bulk::ItemWriter& out) {
    File& file = files_[said_have_];
    if (file.fate == Fate::wanted && file.offset > 0) {
        const auto hash = sink_.hash(file.entry, file.offset, cancelled_);
        if (cancelled_()) return;
        if (hash) {
            out.put(bulk::Have{file.entry, file.offset, *hash});
        } else {
            (void)sink_.discard(file.entry);  // its failure shows when the file is opened
            file.offset = 0;
        }
    }
    ++said_have_;
}

void BulkReceiver::report(bulk::ItemWriter& out) {
    while (said_ < to_say_.size() && out.room() >= bulk::item_max) out.put(to_say_[said_++]);
    if (said_ < to_say_.size()) return;
    to_say_.clear();
    said_ = 0;
    if (phase_ != Phase::closing || out.room() < bulk::item_max) return;
    out.put(bulk::Finished{});
    phase_ = Phase::done;
}

// --- what the sender says ---

BulkResult BulkReceiver::on_payload(ByteView payload, Milliseconds now) {
    if (phase_ == Phase::failed) return tl::unexpected<std::string>("The run has failed.");
    bulk::ItemReader items(payload);
    while (const auto item = items.next()) {
        if (auto taken = on_item(*item); !taken) return taken;
        commit_if_due(now);
    }
    if (items.malformed()) return fail("an item that cannot be read");
    return {};
}

BulkResult BulkReceiver::on_item(const bulk::Item& item) {
    if (std::holds_alternative<bulk::Busy>(item)) return {};
    if (phase_ != Phase::receiving) return fail("files outside of a run");
    if (const auto* data = std::get_if<bulk::Data>(&item)) return on_data(data->bytes);
    if (const auto* file = std::get_if<bulk::File>(&item)) return on_file(*file);
    if (std::holds_alternative<bulk::End>(item)) return on_end();
    if (std::holds_alternative<bulk::Stop>(item)) return on_stop();
    if (const auto* discard = std::get_if<bulk::Discard>(&item)) return on_discard(discard->entry);
    if (const auto* problem = std::get_if<bulk::Problem>(&item)) return on_problem(*problem);
    if (std::holds_alternative<bulk::AllSent>(item)) return on_all_sent();
    return fail("an item of the receiver");
}

BulkResult BulkReceiver::on_file(const bulk::File& file) {
    if (open_) return fail("a file within a file");
    if (next_ == files_.size() || files_[next_].entry != file.entry)
        return fail("a file that was not its turn");
    File& next = files_[next_];
    if (next.offset != file.offset) return fail("a file that goes on at another place");
    open_ = true;
    left_ = manifest_.entries[file.entry].size - file.offset;
    const auto offset = sink_.open(file.entry);
    if (!offset) {
        trouble_with(next, offset.error());
    } else if (*offset != file.offset) {
        const std::string& path = manifest_.entries[file.entry].path;
        trouble_with(next, {FileProblem::differs, "What is there of " + path + " has changed."});
    } else {
        news_.resumed += file.offset;
    }
    return {};
}

BulkResult BulkReceiver::on_data(ByteView bytes) {
    if (!open_) return fail("data outside of a file");
    if (bytes.size() > left_) return fail("more of a file than was offered");
    left_ -= bytes.size();
    File& file = files_[next_];
    if (file.fate == Fate::trouble) return {};
    if (const auto written = sink_.write(bytes); !written) {
        trouble_with(file, written.error());
        return {};
    }
    news_.bytes += bytes.size();
    uncommitted_bytes_ += bytes.size();
    return {};
}

BulkResult BulkReceiver::on_end() {
    if (!open_) return fail("the end of no file");
    if (left_ != 0) return fail("less of a file than was offered");
    File& file = files_[next_];
    if (file.fate != Fate::trouble) {
        if (const auto closed = sink_.close()) {
            file.fate = Fate::whole;
            ++uncommitted_files_;
        } else {
            trouble_with(file, closed.error());
        }
    }
    open_ = false;
    ++next_;
    next_file();
    return {};
}

BulkResult BulkReceiver::on_stop() {
    if (!open_ || files_[next_].fate != Fate::trouble) return fail("a file that stops");
    open_ = false;
    ++next_;
    next_file();
    return {};
}

BulkResult BulkReceiver::on_discard(std::uint32_t entry) {
    const bool next = !open_ && next_ < files_.size() && files_[next_].entry == entry;
    if (!next || files_[next_].offset == 0) return fail("nothing is there to be thrown away");
    files_[next_].offset = 0;
    (void)sink_.discard(entry);  // its failure shows when the file is opened
    return {};
}

BulkResult BulkReceiver::on_problem(const bulk::Problem& problem) {
    if (next_ == files_.size() || files_[next_].entry != problem.entry)
        return fail("a problem with a file that was not its turn");
    File& file = files_[next_];
    if (problem.error.problem == FileProblem::changed) (void)sink_.discard(problem.entry);
    if (file.fate != Fate::trouble) {
        file.fate = Fate::trouble;
        news_.troubles.push_back({problem.entry, problem.error, true});
    }
    open_ = false;
    ++next_;
    next_file();
    return {};
}

BulkResult BulkReceiver::on_all_sent() {
    if (open_ || next_ < files_.size()) return fail("files are missing at the end");
    commit();
    for (File& file : files_) {
        if (file.fate != Fate::whole) continue;
        const std::string& path = manifest_.entries[file.entry].path;
        trouble_with(file, {FileProblem::other, path + " could not be put into its place."});
    }
    phase_ = Phase::closing;
    return {};
}

// --- the disk ---

Milliseconds BulkReceiver::next_due() const {
    if (phase_ != Phase::receiving || !uncommitted_since_) return Milliseconds::max();
    return *uncommitted_since_ + policy_.age;
}

void BulkReceiver::commit_if_due(Milliseconds now) {
    if (uncommitted_bytes_ == 0 && uncommitted_files_ == 0) return;
    if (!uncommitted_since_) uncommitted_since_ = now;
    const bool due = uncommitted_bytes_ >= policy_.bytes || uncommitted_files_ >= policy_.files ||
                     now - *uncommitted_since_ >= policy_.age;
    if (due) commit();
}

void BulkReceiver::commit() {
    uncommitted_bytes_ = 0;
    uncommitted_files_ = 0;
    uncommitted_since_.reset();
    for (FileSink::Progress& progress : sink_.commit()) {
        File* file = find(progress.entry);
        if (file == nullptr || file->fate == Fate::landed) continue;
        if (progress.error) {
            trouble_with(*file, std::move(*progress.error));
        } else if (progress.landed.done && file->fate == Fate::whole) {
            file->fate = Fate::landed;
            to_say_.emplace_back(bulk::Landed{file->entry});
            news_.landed.push_back(file->entry);
        }
    }
}

void BulkReceiver::trouble_with(File& file, FileError error) {
    if (std::exchange(file.fate, Fate::trouble) == Fate::trouble) return;
    to_say_.emplace_back(bulk::Problem{file.entry, error});
    news_.troubles.push_back({file.entry, std::move(error), false});
}

}  // namespace kith::net
