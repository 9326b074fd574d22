// SPDX-License-Identifier: MIT
#include "gui/picture_shelf.hpp"

#include <algorithm>

namespace kith::gui {

bool PictureShelf::see(const model::TransferId& id) {
    const auto at = std::find(held_.begin(), held_.end(), id);
    if (at != held_.end()) {
        held_.splice(held_.begin(), held_, at);
        return false;
    }
    // More than fit would be read over and over while all of them are in view.
    if (hopeless_.contains(id) || reading_.size() >= held_max) return false;
    return reading_.insert(id).second;
}

std::optional<model::TransferId> PictureShelf::loaded(const model::TransferId& id, bool good) {
    if (reading_.erase(id) == 0) return std::nullopt;
    if (!good) {
        if (hopeless_.size() >= hopeless_max) hopeless_.clear();
        hopeless_.insert(id);
        return std::nullopt;
    }
    held_.push_front(id);
    if (held_.size() <= held_max) return std::nullopt;
    const model::TransferId gone = held_.back();
    held_.pop_back();
    return gone;
}

}  // namespace kith::gui
