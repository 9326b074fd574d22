// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "gui/amount_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/menu.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr std::array<std::uint32_t, 6> timers{0,         5 * 60,        3600,
                                              24 * 3600, 7 * 24 * 3600, 28 * 24 * 3600};

std::string timer_text(std::uint32_t seconds) {
    return seconds == 0 ? std::string(strings::timer_off) : duration_text(seconds);
}

// A time that was set elsewhere, by the command line, is a choice too.
std::vector<std::uint32_t> timer_choices(std::uint32_t current) {
    std::vector<std::uint32_t> choices(timers.begin(), timers.end());
    if (std::find(choices.begin(), choices.end(), current) == choices.end())
        choices.push_back(current);
    return choices;
}

void draw_timer_state(Frame& frame, const model::Peer& peer) {
    const std::string name = safe_name(peer.name);
    if (peer.timer_mine > 0 && peer.timer_theirs > 0)
        return paragraph(coloured(small_dim(frame), frame.theme.colour.success),
                         std::string(strings::on_for_both) +
                             duration_text(std::max(peer.timer_mine, peer.timer_theirs)));
    if (peer.timer_mine > 0)
        return paragraph(coloured(small_dim(frame), frame.theme.colour.warning),
                         std::string(strings::waiting_for) + name + std::string(strings::to_agree));
    if (peer.timer_theirs == 0) return;
    paragraph(coloured(small_dim(frame), frame.theme.colour.warning),
              name + std::string(strings::suggests_short) + duration_text(peer.timer_theirs));
    if (button(frame, "details/agree-timer", strings::agree, ButtonKind::primary, -1))
        frame.ask(model::Command{model::SetDisappearing{peer.id, peer.timer_theirs}});
}

void draw_timer(Frame& frame, const model::Peer& peer) {
    const auto choices = timer_choices(peer.timer_mine);
    std::vector<std::string> texts;
    for (const std::uint32_t seconds : choices) texts.push_back(timer_text(seconds));
    const auto current = std::find(choices.begin(), choices.end(), peer.timer_mine);
    const auto chosen = dropdown(frame, "details/timer", texts,
                                 static_cast<std::size_t>(current - choices.begin()));
    if (chosen) frame.ask(model::Command{model::SetDisappearing{peer.id, choices[*chosen]}});
    draw_timer_state(frame, peer);
    paragraph(small_dim(frame), strings::disappearing_text);
}

}  // namespace

void draw_conversation_settings(Frame& frame, const model::Peer& peer) {
    const Palette& colour = frame.theme.colour;
    vertical_gap(frame.theme.size.l);
    line(coloured(bold(frame), colour.accent), strings::disappearing);
    draw_timer(frame, peer);
    vertical_gap(frame.theme.size.l);
    line(coloured(bold(frame), colour.accent), strings::conversation);
    if (row_button(frame, "details/export", Icon::save, strings::export_history, colour.text))
        frame.ask(OpenDialog{Dialog::export_history});
    if (row_button(frame, "details/delete-conversation", Icon::trash, strings::delete_conversation,
                   colour.danger))
        frame.ask(Confirm{
            {.title = std::string(strings::delete_conversation_title) + safe_name(peer.name) + "?",
             .text = std::string(strings::delete_conversation_text),
             .button = std::string(strings::delete_button),
             .command = model::DeleteConversation{peer.id}}});
}

}  // namespace kith::gui
