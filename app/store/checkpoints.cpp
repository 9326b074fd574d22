// SPDX-License-Identifier: MIT
#include "app/store/checkpoints.hpp"

#include <sqlcipher/sqlite3.h>

#include "app/store/settings.hpp"

namespace kith::store {
namespace {

int note_log_length(void* pages, sqlite3*, const char*, int length) {
    *static_cast<int*>(pages) = length;
    return SQLITE_OK;
}

}  // namespace

Checkpoints::Checkpoints(Connection& connection)
    : connection_(&connection), log_pages_(std::make_unique<int>(0)) {
    sqlite3_wal_hook(connection.handle(), note_log_length, log_pages_.get());
}

void Checkpoints::make_if_due() {
    if (*log_pages_ < checkpoint_pages) return;
    sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
    *log_pages_ = 0;
}

Expected<void> Checkpoints::make_in_full() {
    const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(connection_->error());
    *log_pages_ = 0;
    return {};
}

}  // namespace kith::store
