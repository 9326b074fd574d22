// SPDX-License-Identifier: MIT
#include "app/model/command.hpp"

namespace kith::model {

void apply(const ChangeSettings& change, Settings& settings) {
    const auto take = [](const auto& wanted, auto& setting) {
        if (wanted) setting = *wanted;
    };
    take(change.theme, settings.theme);
    take(change.zoom, settings.zoom);
    take(change.read_receipts, settings.read_receipts);
    take(change.typing, settings.typing);
    take(change.history_days, settings.history_days);
    take(change.visible, settings.visible);
    take(change.mapping, settings.mapping);
    take(change.public_address, settings.public_address);
    take(change.downloads, settings.downloads);
    take(change.naming, settings.naming);
    take(change.rate_total, settings.rate_total);
    take(change.rate_each, settings.rate_each);
}

}  // namespace kith::model
