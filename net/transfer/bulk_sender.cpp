// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_sender.hpp"

#include <algorithm>

namespace kith::net {

BulkSender::BulkSender(const Manifest& manifest, std::vector<std::uint32_t> selected,
                       FileSource& source, std::function<bool()> cancelled)
    : manifest_(manifest),
      selected_(std::move(selected)),
      source_(source),
      cancelled_(std::move(cancelled)),
      fates_(selected_.size(), Fate::not_wanted) {}

tl::unexpected<std::string> BulkSender::fail(std::string why) {
    phase_ = Phase::failed;
    return tl::unexpected("The receiver does not keep to the protocol: " + why + ".");
}

BulkSender::Fate* BulkSender::fate_of(std::uint32_t entry) {
    const auto found = std::ranges::lower_bound(selected_, entry);
    if (found == selected_.end() || *found != entry) return nullptr;
    return &fates_[static_cast<std::size_t>(found - selected_.begin())];
}

// --- what the receiver says ---

BulkResult BulkSender::on_payload(ByteView payload, Milliseconds) {
    if (phase_ == Phase::failed) return tl::unexpected<std::string>("The run has failed.");
    bulk::ItemReader items(payload);
    while (const auto item = items.next()) {
        if (auto taken = on_item(*item); !taken) return taken;
    }
    if (items.malformed()) return fail("an item that cannot be read");
    return {};
}

BulkResult BulkSender::on_item(const bulk::Item& item) {
    if (phase_ == Phase::done) return fail("something behind the end");
    if (std::holds_alternative<bulk::Busy>(item)) return {};
    if (const auto* want = std::get_if<bulk::Want>(&item)) return on_want(*want);
    if (const auto* have = std::get_if<bulk::Have>(&item)) return on_have(*have);
    if (std::holds_alternative<bulk::Start>(item)) return on_start();
    if (const auto* landed = std::get_if<bulk::Landed>(&item)) return on_landed(landed->entry);
    if (const auto* problem = std::get_if<bulk::Problem>(&item)) return on_problem(*problem);
    if (std::holds_alternative<bulk::Finished>(item)) return on_finished();
    return fail("an item of the sender");
}

BulkResult BulkSender::on_want(const bulk::Want& want) {
    if (phase_ != Phase::greeting) return fail("wishes after the start");
    const auto rest = std::ranges::subrange(
        selected_.begin() + static_cast<std::ptrdiff_t>(wanted_up_to_), selected_.end());
    const auto found = std::ranges::lower_bound(rest, want.first);
    const auto left = static_cast<std::size_t>(selected_.end() - found);
    if (want.count == 0 || want.count > left) return fail("it wants what was not agreed on");
    const auto at = static_cast<std::size_t>(found - selected_.begin());
    // Consecutive among what was selected, so first and last say it all.
    if (selected_[at] != want.first) return fail("it wants what was not agreed on");
    std::fill_n(fates_.begin() + static_cast<std::ptrdiff_t>(at), want.count, Fate::wanted);
    wanted_up_to_ = at + want.count;
    unsettled_ += want.count;
    return {};
}

BulkResult BulkSender::on_have(const bulk::Have& have) {
    if (phase_ != Phase::greeting) return fail("a beginning of a file after the start");
    const Fate* fate = fate_of(have.entry);
    if (fate == nullptr || *fate != Fate::wanted) return fail("it has what it does not want");
    if (have.durable == 0 || have.durable > manifest_.entries[have.entry].size)
        return fail("it has more of a file than there is");
    if (!resumes_.try_emplace(have.entry, Resume{have.durable, have.hash}).second)
        return fail("two beginnings of one file");
    return {};
}

BulkResult BulkSender::on_start() {
    if (phase_ != Phase::greeting) return fail("it starts twice");
    phase_ = Phase::sending;
    // What is not wanted any more is there: it came in an earlier run.
    for (std::size_t i = 0; i < selected_.size(); ++i) {
        if (fates_[i] != Fate::not_wanted) continue;
        fates_[i] = Fate::landed;
        news_.landed.push_back(selected_[i]);
    }
    return {};
}

BulkResult BulkSender::on_landed(std::uint32_t entry) {
    Fate* fate = fate_of(entry);
    if (fate == nullptr || *fate != Fate::sent) return fail("a file landed that was not sent");
    *fate = Fate::landed;
    --unsettled_;
    news_.landed.push_back(entry);
    return {};
}

BulkResult BulkSender::on_problem(const bulk::Problem& problem) {
    Fate* fate = fate_of(problem.entry);
    const bool possible = phase_ != Phase::greeting && fate != nullptr;
    // Both sides may have trouble with the same file at the same time: the first word counts.
    if (possible && *fate == Fate::trouble) return {};
    if (!possible || (*fate != Fate::wanted && *fate != Fate::sent))
        return fail("a problem with a file that does not come");
    *fate = Fate::trouble;
    --unsettled_;
    news_.troubles.push_back({problem.entry, problem.error, true});
    return {};
}

BulkResult BulkSender::on_finished() {
    if (phase_ != Phase::waiting || unsettled_ != 0) return fail("it ends too early");
    phase_ = Phase::done;
    return {};
}

// --- what is sent ---

tl::expected<std::size_t, std::string> BulkSender::produce(crypto::MutableByteView into,
                                                           Milliseconds) {
    bulk::ItemWriter out(into.first(std::min(into.size(), bulk::payload_max)));
    // Hashing takes its time: what is ready goes first.
    while (phase_ == Phase::sending && out.room() >= 3 * bulk::item_max && !cancelled_()) {
        if (open_) {
            send_data(out);
        } else if (next_ == selected_.size()) {
            out.put(bulk::AllSent{});
            phase_ = Phase::waiting;
        } else if (fates_[next_] != Fate::wanted) {
            ++next_;
        } else if (out.size() > 0 && resumes_.contains(selected_[next_])) {
            break;
        } else {
            begin_file(out);
        }
    }
    return out.size();
}

FileResult<std::uint64_t> BulkSender::offset_of(std::uint32_t entry, bulk::ItemWriter& out) {
    const auto resume = resumes_.find(entry);
    if (resume == resumes_.end()) return 0;
    const Resume theirs = resume->second;
    resumes_.erase(resume);
    const auto ours = source_.hash(entry, theirs.durable, cancelled_);
    if (!ours) return tl::unexpected(ours.error());
    if (crypto::equal_constant_time(*ours, theirs.hash)) return theirs.durable;
    out.put(bulk::Discard{entry});
    return 0;
}

void BulkSender::begin_file(bulk::ItemWriter& out) {
    const std::uint32_t entry = selected_[next_];
    const auto offset = offset_of(entry, out);
    if (cancelled_()) return;  // the hash is of nothing; the run is over
    if (!offset) return give_up(out, offset.error());
    if (const auto opened = source_.open(entry, *offset); !opened)
        return give_up(out, opened.error());
    out.put(bulk::File{entry, *offset});
    news_.resumed += *offset;
    left_ = manifest_.entries[entry].size - *offset;
    open_ = true;
    if (left_ == 0) end_file(out);
}

void BulkSender::send_data(bulk::ItemWriter& out) {
    if (fates_[next_] == Fate::trouble) {
        open_ = false;
        ++next_;
        (void)source_.close();
        return out.put(bulk::Stop{});
    }
    // Room for whatever ends the file stays.
    const std::size_t room = out.room() - bulk::item_max - bulk::data_header_size;
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, room));
    const auto into = out.data_room(most);
    const auto read = source_.read(into);
    if (!read) return give_up(out, read.error());
    if (*read != into.size()) {
        const auto& path = manifest_.entries[selected_[next_]].path;
        return give_up(out, {FileProblem::changed, path + " became shorter while it was sent."});
    }
    out.put_data(into.size());
    news_.bytes += into.size();
    left_ -= into.size();
    if (left_ == 0) end_file(out);
}

void BulkSender::end_file(bulk::ItemWriter& out) {
    if (const auto closed = source_.close(); !closed) return give_up(out, closed.error());
    out.put(bulk::End{});
    if (fates_[next_] == Fate::wanted) fates_[next_] = Fate::sent;
    open_ = false;
    ++next_;
}

/// The receiver throws away what it has of a file that changed, and keeps the rest.
void BulkSender::give_up(bulk::ItemWriter& out, FileError error) {
    const std::uint32_t entry = selected_[next_];
    out.put(bulk::Problem{entry, error});
    if (open_) (void)source_.close();
    if (fates_[next_] == Fate::wanted) {
        fates_[next_] = Fate::trouble;
        --unsettled_;
        news_.troubles.push_back({entry, std::move(error), false});
    }
    open_ = false;
    ++next_;
}

}  // namespace kith::net
