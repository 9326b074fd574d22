// SPDX-License-Identifier: MIT
//
// One conversation into one new file: pages of it from the node on the network thread, pieces of
// text and writing on the worker's, one page on its way at a time. Lives until it has answered.
//
//   node: ListMessages{after} -> page -> worker: text, append -> next page … -> worker: commit ->
//   done
#pragma once

#include <memory>

#include "app/control/history_export.hpp"
#include "app/host/worker.hpp"
#include "app/model/node_port.hpp"
#include "app/profile/durable_file.hpp"

namespace kith::host {

class ConversationExport : public std::enable_shared_from_this<ConversationExport> {
public:
    using Done = std::function<void(model::Reply)>;

    /// Network thread. Node and worker outlive it. `done` is called once, on the network thread:
    /// with Exported when the file is durable, otherwise nothing of it is left. Error codes: those
    /// of file_error() and of the node.
    static void start(model::NodePort& node, Worker& worker, model::ExportHistory command,
                      model::Timestamp now, Done done);

private:
    using Outcome = tl::expected<void, model::Error>;

    ConversationExport(model::NodePort& node, Worker& worker, model::ExportHistory command,
                       model::Timestamp now, Done done);
    void ask_who_we_are();
    void ask_who_they_are();
    void open();
    void ask_for_page();
    void take(model::Messages page);
    void go_on(const Outcome& written, bool more);
    void try_earlier_anchor(model::Error error);
    void commit();
    void finish(model::Reply reply);
    /// Runs `work` on the worker's thread, then `then` on ours.
    void on_worker(std::function<Outcome()> work, std::function<void(const Outcome&)> then);

    // Worker's thread.
    Outcome create_file();
    Outcome append(std::string_view text);
    Outcome write_page(const std::vector<model::Message>& messages);

    model::NodePort& node_;
    Worker& worker_;
    const model::ExportHistory command_;
    Done done_;
    control::ExportHead head_;
    /// Where the next page begins: behind the last of these that is still there.
    std::vector<model::MessageId> anchors_;
    std::uint64_t last_position_ = 0;
    bool started_ = false;  ///< something was written, so last_position_ counts
    std::uint64_t count_ = 0;
    std::unique_ptr<profile::DurableFile> file_;  ///< the worker's while a task runs
};

}  // namespace kith::host
