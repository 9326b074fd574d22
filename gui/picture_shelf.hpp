// SPDX-License-Identifier: MIT
//
// Which previews are on the graphics card: at most 32, the ones seen last. Says what to read and
// what to let go; holds no pixels. UI thread.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_set>
#include <vector>

#include "app/model/types.hpp"

namespace kith::gui {

class PictureShelf {
public:
    static constexpr std::size_t held_max = 32;
    static constexpr std::size_t hopeless_max = 4096;  ///< remembered as unreadable

    /// It is in view. True when it has to be read; until loaded() it is not asked for again.
    [[nodiscard]] bool see(const model::TransferId& id);
    /// It was read, or cannot be. Returns what is to be dropped to make room.
    [[nodiscard]] std::optional<model::TransferId> loaded(const model::TransferId& id, bool good);

private:
    std::list<model::TransferId> held_;  ///< seen last in front
    std::unordered_set<model::TransferId> reading_, hopeless_;
};

}  // namespace kith::gui
