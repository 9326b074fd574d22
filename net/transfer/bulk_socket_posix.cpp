// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "net/transfer/bulk_runner.hpp"

namespace kith::net {

BulkSocket& BulkSocket::operator=(BulkSocket&& from) noexcept {
    if (this == &from) return *this;
    if (file_ >= 0) ::close(file_);
    file_ = std::exchange(from.file_, -1);
    early_ = std::move(from.early_);
    return *this;
}

BulkSocket::~BulkSocket() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace kith::net
