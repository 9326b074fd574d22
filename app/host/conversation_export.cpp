// SPDX-License-Identifier: MIT
#include "app/host/conversation_export.hpp"

#include <algorithm>

#include "app/host/file_errors.hpp"

namespace kith::host {
namespace {

constexpr std::size_t piece_max = 256 * 1024;  ///< bytes gathered before they are written

/// The beginning of a conversation, for ListMessages::after.
constexpr model::MessageId beginning{};

}  // namespace

void ConversationExport::start(model::NodePort& node, Worker& worker, model::ExportHistory command,
                               model::Timestamp now, Done done) {
    const std::shared_ptr<ConversationExport> one(
        new ConversationExport(node, worker, std::move(command), now, std::move(done)));
    if (auto usable = check_new_file(one->command_.path); !usable)
        return one->finish(tl::unexpected(usable.error()));
    one->ask_who_we_are();
}

ConversationExport::ConversationExport(model::NodePort& node, Worker& worker,
                                       model::ExportHistory command, model::Timestamp now,
                                       Done done)
    : node_(node), worker_(worker), command_(std::move(command)), done_(std::move(done)) {
    head_.peer = command_.peer;
    head_.exported_at = now;
}

void ConversationExport::ask_who_we_are() {
    node_.execute(model::WhoAmI{}, [self = shared_from_this()](model::Reply reply) {
        if (!reply) return self->finish(std::move(reply));
        const auto& profile = std::get<model::Profile>(*reply);
        self->head_.self = profile.self;
        self->head_.self_name = profile.name;
        self->ask_who_they_are();
    });
}

void ConversationExport::ask_who_they_are() {
    node_.execute(model::ListPeers{}, [self = shared_from_this()](model::Reply reply) {
        if (!reply) return self->finish(std::move(reply));
        const auto& peers = std::get<model::Peers>(*reply).peers;
        const auto found = std::find_if(peers.begin(), peers.end(), [&](const auto& peer) {
            return peer.id == self->head_.peer;
        });
        if (found == peers.end())
            return self->finish(tl::unexpected(
                model::Error{"no_such_peer", "There is no conversation with this person."}));
        self->head_.peer_name = found->name;
        self->open();
    });
}

void ConversationExport::on_worker(std::function<Outcome()> work,
                                   std::function<void(const Outcome&)> then) {
    const bool taken = worker_.submit([work = std::move(work), then = std::move(then)] {
        return [then, outcome = work()] { then(outcome); };
    });
    if (!taken)
        finish(tl::unexpected(
            model::Error{"busy", "Too much is being written. Try again in a moment."}));
}

void ConversationExport::open() {
    on_worker([self = shared_from_this()] { return self->create_file(); },
              [self = shared_from_this()](const Outcome& created) { self->go_on(created, true); });
}

ConversationExport::Outcome ConversationExport::create_file() {
    const std::filesystem::path file(command_.path), part(command_.path + ".part");
    auto made = profile::DurableFile::create(file, part, profile::DurableFile::Leftover::refuse);
    if (!made) return tl::unexpected(file_error(made.error().code, part));
    file_ = std::make_unique<profile::DurableFile>(std::move(*made));
    return append(control::export_begin(command_.format, head_));
}

ConversationExport::Outcome ConversationExport::append(std::string_view text) {
    if (auto done = file_->append(crypto::view(text)); !done)
        return tl::unexpected(file_error(done.error().code, command_.path));
    return {};
}

void ConversationExport::go_on(const Outcome& written, bool more) {
    if (!written) return finish(tl::unexpected(written.error()));
    if (more) return ask_for_page();
    commit();
}

void ConversationExport::ask_for_page() {
    model::ListMessages page{command_.peer, model::page_max, {}, {}, {}};
    page.after = anchors_.empty() ? beginning : anchors_.back();
    node_.execute(std::move(page), [self = shared_from_this()](model::Reply reply) {
        if (!reply) return self->try_earlier_anchor(std::move(reply.error()));
        self->take(std::move(std::get<model::Messages>(*reply)));
    });
}

/// The message the page begins behind was deleted or has expired meanwhile. What is written already
/// is recognised by its position.
void ConversationExport::try_earlier_anchor(model::Error error) {
    if (error.code != "no_such_message" || anchors_.empty())
        return finish(tl::unexpected(std::move(error)));
    anchors_.pop_back();
    ask_for_page();
}

void ConversationExport::take(model::Messages page) {
    const bool more = page.more_newer && !page.messages.empty();
    auto& messages = page.messages;
    if (!messages.empty()) {
        anchors_.clear();
        for (const auto& message : messages) anchors_.push_back(message.id);
    }
    if (started_)
        std::erase_if(messages, [this](const auto& m) { return m.position <= last_position_; });
    if (messages.empty()) return go_on({}, more);
    on_worker(
        [self = shared_from_this(), page = std::move(messages)] { return self->write_page(page); },
        [self = shared_from_this(), more](const Outcome& written) { self->go_on(written, more); });
}

ConversationExport::Outcome ConversationExport::write_page(
    const std::vector<model::Message>& messages) {
    std::string piece;
    for (const auto& message : messages) {
        piece += control::export_message(command_.format, head_, message, !started_);
        started_ = true;
        last_position_ = message.position;
        ++count_;
        if (piece.size() < piece_max) continue;
        if (auto done = append(piece); !done) return done;
        piece.clear();
    }
    return append(piece);
}

void ConversationExport::commit() {
    on_worker(
        [self = shared_from_this()]() -> Outcome {
            if (auto done = self->append(control::export_end(self->command_.format)); !done)
                return done;
            if (auto done = self->file_->commit(profile::Existing::refuse); !done)
                return tl::unexpected(file_error(done.error().code, self->command_.path));
            return {};
        },
        [self = shared_from_this()](const Outcome& committed) {
            if (!committed) return self->finish(tl::unexpected(committed.error()));
            self->finish(model::Exported{self->count_, self->command_.path});
        });
}

void ConversationExport::finish(model::Reply reply) {
    file_.reset();
    std::exchange(done_, nullptr)(std::move(reply));
}

}  // namespace kith::host
