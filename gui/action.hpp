// SPDX-License-Identifier: MIT
//
// What a panel asks for. Panels change nothing but their own small state: everything else they hand
// out as actions, which are carried out after the frame is drawn. UI thread.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/model/window_port.hpp"

namespace kith::gui {

enum class Dialog {
    none,
    add_contact,
    diagnosis,
    shortcuts,
    switcher,
    confirm,
    settings,
    delete_message,
    export_history,
    connection_id,
    review,
    paths,
    picture
};

/// What paths are chosen for.
enum class PathsFor { send_files, send_folder, accept_to, review_folder, downloads };

/// A command that is asked about once more before it is given.
struct Confirmation {
    std::string title;
    std::string text;
    std::string button;
    model::Command command;
    Dialog back = Dialog::none;  ///< what is shown again afterwards
};

// clang-format off
struct OpenConversation { model::PeerId peer; };
struct CloseConversation {};
struct OpenDialog { Dialog dialog = Dialog::none; };   ///< none: close the open one
struct Confirm { Confirmation confirmation; };
struct CopyText { std::string text; std::string shown; };  ///< `shown`: what the notice says, may be empty
struct ToggleDetails {};
// Pages of a conversation; which message they end before is known when they are carried out.
struct LoadOlder { model::PeerId peer; };
struct LoadNewer { model::PeerId peer; };
struct LoadNewest { model::PeerId peer; };
/// Opens the conversation at that message, which is highlighted for a moment.
struct JumpTo { model::PeerId peer; model::MessageId message; };
struct AskDelete { model::MessageId message; bool own = false; };
/// Shows the search in place of the list, in one conversation or everywhere.
struct OpenSearch { std::optional<model::PeerId> peer; std::string text; };
struct CloseSearch {};
struct SearchFor { std::string text; std::optional<model::PeerId> peer; };
struct SearchMore {};
/// Asks for paths in the desktop's file chooser, or in a dialog where there is none.
struct ChoosePaths { PathsFor what = PathsFor::send_files; model::PeerId peer{}; model::TransferId transfer{}; };
/// What was chosen, typed or dropped; looked at before anything is done.
struct OfferPaths { model::PeerId peer; std::vector<std::string> paths; };
/// The same for a text that was pasted: it may be a path. Offered in the composer if it is.
struct LookAtPasted { model::PeerId peer; std::string text; std::vector<std::string> paths; };
struct TakePaths { ChoosePaths asked; std::vector<std::string> paths; };   ///< chosen
struct LookAtFolder { std::string text; bool files = false; };   ///< answered by UiState::folder_seen
/// Of the list that is looked through; without `entry` all of them.
struct SelectEntry { std::optional<std::size_t> entry; bool on = false; };
struct OpenReview { model::TransferId transfer; };
struct ShowInFolder { std::string path; };
struct ViewPicture { model::TransferId transfer; };
struct ToggleTransfers {};
// clang-format on

using Action =
    std::variant<model::Command, model::CreateProfile, model::Unlock, model::RestoreBackup,
                 model::SetHistoryAside, model::NewInstance, model::Quit, OpenConversation,
                 CloseConversation, OpenDialog, Confirm, CopyText, ToggleDetails, LoadOlder,
                 LoadNewer, LoadNewest, JumpTo, AskDelete, OpenSearch, CloseSearch, SearchFor,
                 SearchMore, ChoosePaths, OfferPaths, LookAtPasted, TakePaths, LookAtFolder,
                 SelectEntry, OpenReview, ShowInFolder, ViewPicture, ToggleTransfers>;
using Actions = std::vector<Action>;

}  // namespace kith::gui
