// SPDX-License-Identifier: MIT
//
// Searching while typing: what is wanted, what was asked for, what was found. At most one question
// is on its way and at most one waits, the latest; an answer to anything else than what is wanted
// now is dropped. Plain data; UI thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/model/event.hpp"

namespace kith::gui {

class SearchFeed {
public:
    static constexpr std::size_t page_size = 50;
    static constexpr std::size_t held_max = 1000;  ///< hits; whoever wants more narrows the search

    /// What stands in the field now. Blank: nothing is searched for and nothing is found.
    void want(std::string_view text, const std::optional<model::PeerId>& peer);
    /// The hits behind the last one.
    void want_more();
    /// What has to be asked now, if anything; it counts as asked.
    [[nodiscard]] std::optional<model::Search> next_question();

    void take(const model::Search& asked, const model::Hits& answer);
    void failed(const model::Search& asked, const model::Error& error);
    /// Found messages follow what happens to them.
    void apply(const model::Event& event);
    /// Asks again for what is shown.
    void refresh();

    [[nodiscard]] const std::vector<model::Hit>& hits() const { return hits_; }
    [[nodiscard]] bool more() const { return more_; }
    [[nodiscard]] bool waiting() const { return asked_ || wanted_; }
    [[nodiscard]] bool blank() const { return text_.empty(); }
    [[nodiscard]] const std::string& error() const { return error_; }
    /// Changes with every other search: what was chosen among the hits is void then.
    [[nodiscard]] std::uint64_t number() const { return number_; }

private:
    [[nodiscard]] bool current(const model::Search& asked) const;
    void forget(const model::PeerId& peer, const std::vector<model::MessageId>& ids);

    std::string text_;
    std::optional<model::PeerId> peer_;
    std::optional<model::Search> wanted_;
    std::optional<model::Search> asked_;
    std::vector<model::Hit> hits_;
    bool more_ = false;
    std::string error_;
    std::uint64_t number_ = 0;
};

}  // namespace kith::gui
