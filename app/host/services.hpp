// SPDX-License-Identifier: MIT
//
// Stands before the node and answers what is slow or about files of the profile: SetPassword,
// CreateBackup, ExportHistory, SetTeam. Everything else goes on to the node. Network thread only.
#pragma once

#include "app/host/worker.hpp"
#include "app/model/node_port.hpp"
#include "app/profile/profile_paths.hpp"
#include "app/store/store.hpp"
#include "crypto/beacon.hpp"
#include "crypto/key_file.hpp"
#include "net/transport.hpp"

namespace kith::host {

class Services final : public model::NodePort {
public:
    struct Options {
        profile::ProfilePaths paths;
        /// The content of a key file without a password: goes into backups.
        crypto::SecretBytes secrets;
        crypto::PasswordCost cost{};
        /// The key file has changed: whether it needs a password now.
        std::function<void(bool)> password_changed;
        /// The node takes a team's key; none: everybody in the local network.
        std::function<void(std::optional<crypto::TeamKey>,
                           std::function<void(tl::expected<void, model::Error>)>)>
            set_team;
    };
    /// Conversations that are written to files at the same time; each holds a page of messages.
    static constexpr int exports_max = 4;

    /// All outlive the services; the worker has stopped before they go.
    Services(model::NodePort& node, store::Store& store, Worker& worker, const net::Clock& clock,
             Options options);

    /// Error codes of SetPassword: wrong_password, bad_password, and those of the key file. Of
    /// SetTeam: bad_passphrase, busy, limits.
    /// Of CreateBackup: bad_password, and as ExportHistory. Of ExportHistory: bad_path, exists,
    /// no_such_folder, disk_full, read_only, busy, io, no_such_peer.
    void execute(model::Command command, std::function<void(model::Reply)> done) override;
    [[nodiscard]] tl::expected<model::PeerId, model::Error> resolve(
        std::string_view peer) const override {
        return node_.resolve(peer);
    }
    void subscribe(model::EventSink& sink) override { node_.subscribe(sink); }
    void unsubscribe(model::EventSink& sink) override { node_.unsubscribe(sink); }

private:
    using Done = std::function<void(model::Reply)>;
    void run(model::SetPassword command, Done done);
    void run(model::CreateBackup command, Done done);
    void run(model::ExportHistory command, Done done);
    void run(model::SetTeam command, Done done);
    template <typename Other>
    void run(Other command, Done done) {
        node_.execute(std::move(command), std::move(done));
    }
    void back_up(std::string file, const store::Backup& order, Done done);

    model::NodePort& node_;
    store::Store& store_;
    Worker& worker_;
    const net::Clock& clock_;
    const Options options_;
    bool backing_up_ = false;
    int exporting_ = 0;
};

}  // namespace kith::host
