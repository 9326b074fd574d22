// SPDX-License-Identifier: MIT
#include "app/host/services.hpp"

#include "app/host/backup_key.hpp"
#include "app/host/conversation_export.hpp"
#include "app/host/file_errors.hpp"
#include "app/profile/key_store.hpp"

namespace kith::host {
namespace {

tl::unexpected<model::Error> busy() {
    return tl::unexpected(
        model::Error{"busy", "This is being done already. Try again when it has ended."});
}

/// Moves a password into memory that is wiped.
crypto::SecretBytes take(std::string& password) {
    crypto::SecretBytes secret(password.begin(), password.end());
    crypto::wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
    password.clear();
    return secret;
}

std::string_view text(const crypto::SecretBytes& secret) {
    return {reinterpret_cast<const char*>(secret.data()), secret.size()};
}

/// Carried from the worker's thread; wiped with its last copy.
struct DerivedKey {
    BackupKey key{};
    BackupSalt salt{};
    ~DerivedKey() { crypto::wipe(key); }
};

}  // namespace

Services::Services(model::NodePort& node, store::Store& store, Worker& worker,
                   const net::Clock& clock, Options options)
    : node_(node), store_(store), worker_(worker), clock_(clock), options_(std::move(options)) {}

void Services::execute(model::Command command, std::function<void(model::Reply)> done) {
    std::visit([&](auto& one) { run(std::move(one), std::move(done)); }, command);
}

void Services::run(model::SetPassword command, Done done) {
    if (command.password.size() > model::password_max) {
        return done(tl::unexpected(model::Error{
            "bad_password", "A password has at most 1024 bytes. Nothing was changed."}));
    }
    auto task = [this, current = take(command.current), next = take(command.password), done] {
        crypto::SystemRandom random;
        const auto changed = profile::change_password(options_.paths, text(current), text(next),
                                                      random, options_.cost);
        // A failure may come behind the point of no return: the file says what is in force.
        const auto needed = profile::key_needs_password(options_.paths);
        return [this, changed, needed, done] {
            if (needed) options_.password_changed(*needed);
            if (!changed) return done(tl::unexpected(to_model(changed.error())));
            done(model::Done{});
        };
    };
    if (!worker_.submit(std::move(task))) done(busy());
}

void Services::run(model::CreateBackup command, Done done) {
    if (backing_up_) return done(busy());
    if (auto usable = check_backup_password(command.password); !usable)
        return done(tl::unexpected(usable.error()));
    if (auto usable = check_new_file(command.path); !usable)
        return done(tl::unexpected(usable.error()));
    auto task = [this, password = take(command.password), file = std::move(command.path), done] {
        const auto made = std::make_shared<DerivedKey>();
        crypto::SystemRandom{}.fill(made->salt);
        auto key = derive_backup_key(text(password), made->salt, options_.cost);
        if (key) made->key = *key;
        return [this, made, key = std::move(key), file, done]() -> void {
            if (key) return back_up(file, {file, made->key, made->salt, {}}, done);
            backing_up_ = false;
            done(tl::unexpected(key.error()));
        };
    };
    backing_up_ = worker_.submit(std::move(task));
    if (!backing_up_) done(busy());
}

void Services::back_up(std::string file, const store::Backup& order, Done done) {
    store::Backup whole = order;
    whole.secrets.assign(options_.secrets.begin(), options_.secrets.end());
    store_.back_up(std::move(whole), [this, file = std::move(file),
                                      done = std::move(done)](const store::BackedUp& result) {
        backing_up_ = false;
        if (result) return done(model::BackedUp{file, *result});
        done(tl::unexpected(to_model(result.error())));
    });
}

void Services::run(model::SetTeam command, Done done) {
    auto to_reply = [done](tl::expected<void, model::Error> set) {
        if (!set) return done(tl::unexpected(std::move(set.error())));
        done(model::Done{});
    };
    if (command.passphrase.empty()) return options_.set_team(std::nullopt, to_reply);
    if (command.passphrase.size() > model::passphrase_max) {
        return done(tl::unexpected(
            model::Error{"bad_passphrase", "The passphrase of a team has at most 256 bytes."}));
    }
    auto task = [this, passphrase = take(command.passphrase), done, to_reply] {
        const auto key = crypto::derive_team_key(text(passphrase));
        return [this, key, done, to_reply] {
            if (key) return options_.set_team(*key, to_reply);
            done(tl::unexpected(model::Error{"limits", key.error().text}));
        };
    };
    if (!worker_.submit(std::move(task))) done(busy());
}

void Services::run(model::ExportHistory command, Done done) {
    if (exporting_ >= exports_max) return done(busy());
    ++exporting_;
    ConversationExport::start(node_, worker_, std::move(command), clock_.wall().count(),
                              [this, done = std::move(done)](model::Reply reply) {
                                  --exporting_;
                                  done(std::move(reply));
                              });
}

}  // namespace kith::host
