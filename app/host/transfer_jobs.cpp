// SPDX-License-Identifier: MIT
#include "app/host/transfer_jobs.hpp"

#include "app/files/received_files.hpp"
#include "app/files/source_files.hpp"
#include "net/transfer/bulk_receiver.hpp"
#include "net/transfer/bulk_sender.hpp"

namespace kith::host {
namespace {

std::vector<std::uint32_t> only_files(const net::Manifest& manifest,
                                      const std::vector<std::uint32_t>& entries) {
    std::vector<std::uint32_t> found;
    for (const auto entry : entries) {
        if (!manifest.entries[entry].folder) found.push_back(entry);
    }
    return found;
}

class SendingJob final : public net::BulkJob {
public:
    SendingJob(node::SendingFiles files, std::function<bool()> cancelled,
               const files::FileCalls& calls)
        : files_(std::move(files)),
          source_(files::open_source(*files_.manifest, files_.roots, calls)),
          sender_(*files_.manifest, only_files(*files_.manifest, files_.entries), *source_,
                  std::move(cancelled)) {}
    net::BulkPump& pump() override { return sender_; }

private:
    const node::SendingFiles files_;
    std::unique_ptr<net::FileSource> source_;
    net::BulkSender sender_;
};

class ReceivingJob final : public net::BulkJob {
public:
    ReceivingJob(node::ReceivingFiles files, std::unique_ptr<files::ReceivedFiles> sink,
                 std::function<bool()> cancelled)
        : files_(std::move(files)),
          sink_(std::move(sink)),
          selected_(what_is_there(*sink_)),
          receiver_(*files_.manifest, selected_, *sink_, std::move(cancelled)) {}
    net::BulkPump& pump() override { return receiver_; }

private:
    using Selected = std::vector<net::BulkReceiver::Selected>;
    static Selected what_is_there(const files::ReceivedFiles& sink) {
        Selected selected;
        for (const auto& have : sink.have()) selected.push_back({have.entry, have.landed});
        return selected;
    }

    const node::ReceivingFiles files_;
    std::unique_ptr<files::ReceivedFiles> sink_;
    const Selected selected_;
    net::BulkReceiver receiver_;
};

using Made = net::FileResult<std::unique_ptr<net::BulkJob>>;

}  // namespace

std::string tag_of(const model::TransferId& transfer) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tag;
    for (auto at = transfer.bytes.end() - 4; at != transfer.bytes.end(); ++at) {
        tag += digits[*at >> 4];
        tag += digits[*at & 15];
    }
    return tag;
}

net::MakeBulkJob make_sending(node::SendingFiles files, const files::FileCalls& calls) {
    return [files = std::move(files), &calls](std::function<bool()> cancelled) -> Made {
        return std::make_unique<SendingJob>(files, std::move(cancelled), calls);
    };
}

net::MakeBulkJob make_receiving(node::ReceivingFiles files, std::string journal,
                                const files::FileCalls& calls) {
    return [files = std::move(files), journal = std::move(journal),
            &calls](std::function<bool()> cancelled) -> Made {
        auto sink = files::ReceivedFiles::open(*files.manifest, files.entries, files.landing,
                                               journal, tag_of(files.transfer), calls);
        if (!sink) return tl::unexpected(sink.error());
        return std::make_unique<ReceivingJob>(files, std::move(*sink), std::move(cancelled));
    };
}

}  // namespace kith::host
