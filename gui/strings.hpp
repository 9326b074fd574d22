// SPDX-License-Identifier: MIT
//
// Every text of the window that a person reads. Errors of commands come with their own text.
#pragma once

#include <array>
#include <string_view>

namespace kith::gui::strings {

using Text = std::string_view;

inline constexpr Text app = "Kith";
inline constexpr Text unnamed = "Unnamed";

// First run.
inline constexpr Text welcome_title = "Welcome to Kith";
inline constexpr Text welcome_text =
    "Private chat, straight between you and the people you know. No account, no server "
    "in between.";
inline constexpr const char* name_hint = "Your name, as others will see it";
inline constexpr const char* password_hint = "Password (optional)";
inline constexpr const char* repeat_hint = "Repeat the password";
inline constexpr Text password_explained =
    "A password encrypts your key and history on this computer. It cannot be recovered if you "
    "forget it.";
inline constexpr Text id_explained =
    "Next you get a connection ID. Give it to someone you trust, by mail, phone or on paper: with "
    "it they can "
    "ask to become your contact. Nobody gets in without your consent.";
inline constexpr Text create = "Create my profile";
inline constexpr Text passwords_differ = "The passwords are not the same.";
inline constexpr Text name_too_long = "This name is too long.";
inline constexpr Text password_too_long = "This password is too long.";
inline constexpr std::array<Text, 4> strengths{"Very weak: easily guessed",
                                               "Weak: a few words are better", "Fair", "Strong"};

// Unlock, working, failed.
inline constexpr Text unlock_title = "Welcome back";
inline constexpr Text unlock_text = "This profile is protected by a password.";
inline constexpr const char* unlock_hint = "Password";
inline constexpr Text unlock = "Unlock";
inline constexpr Text wrong_password = "That is not the password. Check Caps Lock and try again.";
inline constexpr Text working = "One moment…";
inline constexpr Text failed_title = "Kith cannot start";
inline constexpr Text quit = "Quit";

// Toolbar.
inline constexpr Text copy_id = "Copy connection ID";
inline constexpr Text copied_id = "Copied";
inline constexpr Text add_contact = "Add contact";
inline constexpr Text new_instance_tip = "New instance: a second Kith with its own profile";
inline constexpr Text light_tip = "Switch to the light theme";
inline constexpr Text dark_tip = "Switch to the dark theme";
inline constexpr Text diagnosis_tip = "Connection and log";
inline constexpr Text shortcuts_tip = "Keyboard shortcuts (F1)";
inline constexpr Text reachable = "Listening";
inline constexpr Text not_reachable = "Not listening";

// List.
inline constexpr const char* search_hint = "Search";
inline constexpr Text empty_list_title = "Nobody here yet";
inline constexpr Text empty_list_text =
    "Copy your connection ID and give it to a friend, or add a friend by theirs.";
inline constexpr Text nothing_found = "Nobody by that name";
inline constexpr Text requests = "Requests";
inline constexpr Text accept = "Accept";
inline constexpr Text deny = "Deny";
inline constexpr Text block = "Block";
inline constexpr Text no_messages_yet = "No messages yet";

// Presence and path.
inline constexpr Text online = "Online";
inline constexpr Text idle = "Away";
inline constexpr Text offline = "Offline";
inline constexpr Text connecting = "Connecting…";
inline constexpr Text discovered = "Nearby";
inline constexpr Text pending_in = "Wants to be your contact";
inline constexpr Text pending_out = "Waiting for their consent";
inline constexpr Text blocked = "Blocked";
inline constexpr Text path_none = "Not connected";
inline constexpr Text path_direct = "Direct, end-to-end encrypted";
inline constexpr Text path_relay = "Through a relay, end-to-end encrypted";
inline constexpr Text direct_short = "direct";
inline constexpr Text relay_short = "by relay";

// Chat.
inline constexpr Text choose_title = "Choose a conversation";
inline constexpr Text choose_text = "Pick someone on the left, or press Ctrl+K and type a name.";
inline constexpr Text first_title = "You are alone so far";
inline constexpr Text chat_empty = "Say hello. Only the two of you can read what is written here.";
inline constexpr const char* write_hint = "Write a message";
inline constexpr Text send_tip = "Send (Enter)";
inline constexpr Text details_tip = "Details";
inline constexpr Text newest_tip = "To the newest message";
inline constexpr Text new_messages = "New messages";
inline constexpr const char* copy_text = "Copy##message/copy";
inline constexpr Text copied_text = "Text copied";
inline constexpr Text message_deleted = "This message was deleted";
inline constexpr Text edited = "edited";
inline constexpr Text failed_message = "not sent";
inline constexpr Text text_too_long = "This message is too long by ";
inline constexpr Text text_too_long_unit = " bytes: shorten it or send it in parts.";
inline constexpr Text pending_out_composer = "You can write once they accept your request.";
inline constexpr Text blocked_composer = "You have blocked this person. Unblock them to write.";
inline constexpr Text stranger_composer = "Accept the request to write.";

// Details.
inline constexpr Text details = "Details";
inline constexpr Text encryption = "Encryption";
inline constexpr Text encryption_text =
    "X-Wing (ML-KEM-768 with X25519) and RSA-OAEP keys together, AES-256-GCM records. Both sides "
    "prove their identity.";
inline constexpr Text connection = "Connection";
inline constexpr Text safety_number = "Safety number";
inline constexpr Text safety_text =
    "Compare these digits with theirs, by phone or in person. If they are the same, nobody is in "
    "between.";
inline constexpr Text show_safety_number = "Show safety number";
inline constexpr Text mark_verified = "They match";
inline constexpr Text unmark_verified = "Not verified after all";
inline constexpr Text verified = "Verified";
inline constexpr Text not_verified = "Not verified";
inline constexpr Text own_name = "Calls themselves ";
inline constexpr const char* rename_hint = "Name for this contact";
inline constexpr Text rename = "Rename";
inline constexpr Text save = "Save";
inline constexpr Text unblock = "Unblock";
inline constexpr Text remove = "Remove contact";
inline constexpr Text fingerprint = "Fingerprint";
inline constexpr Text connect = "Connect now";
inline constexpr Text disconnect = "Disconnect";

// Confirmations.
inline constexpr Text cancel = "Cancel";
inline constexpr Text block_title = "Block ";
inline constexpr Text block_text =
    "They can no longer connect to you or write to you, and are not told so.";
inline constexpr Text remove_title = "Remove ";
inline constexpr Text remove_text =
    "You can no longer write to each other until one of you asks again.";
inline constexpr Text remove_button = "Remove";

// Add contact.
inline constexpr Text add_title = "Add a contact";
inline constexpr Text add_text =
    "Paste the connection ID someone gave you. They see your name and the greeting and decide.";
inline constexpr const char* id_hint = "Connection ID, kith1…";
inline constexpr const char* greeting_hint = "Greeting (optional)";
inline constexpr Text add_button = "Send request";
inline constexpr Text adding = "Sending…";
inline constexpr Text own_id =
    "This is your own connection ID. Paste the one you got from someone else.";
inline constexpr Text greeting_too_long = "The greeting is too long: at most 256 characters.";
inline constexpr Text added = "Request sent";

// Diagnosis.
inline constexpr Text diagnosis_title = "Connection and log";
inline constexpr Text listening = "Listening on";
inline constexpr Text not_listening = "Nothing: nobody can connect to you. See the errors below.";
inline constexpr Text addresses = "Addresses in your connection ID";
inline constexpr Text no_addresses = "None";
inline constexpr Text mapping = "Port mapping";
inline constexpr Text public_address = "Public address";
inline constexpr Text unknown = "Unknown";
inline constexpr Text last_errors = "Last errors";
inline constexpr Text no_errors = "None";
inline constexpr Text log = "Log";
inline constexpr Text log_empty = "Nothing has happened yet.";
inline constexpr Text copy_report = "Copy report";
inline constexpr Text report_copied =
    "Report copied. It holds your addresses: look before you pass it on.";
inline constexpr Text close = "Close";
inline constexpr Text version = "Version";
inline constexpr Text own_fingerprint = "Your fingerprint";

// Shortcuts and switcher.
inline constexpr Text shortcuts_title = "Keyboard shortcuts";
inline constexpr std::array<std::array<Text, 2>, 9> shortcuts{
    {{"Ctrl+K", "Go to a conversation"},
     {"Ctrl+N", "Add a contact"},
     {"Alt+Up / Alt+Down", "Previous or next conversation"},
     {"Enter", "Send the message"},
     {"Shift+Enter", "New line"},
     {"Page Up / Page Down", "Scroll the messages"},
     {"Ctrl+I", "Show or hide details"},
     {"Esc", "Close what is open"},
     {"F1", "This list"}}};
inline constexpr const char* switcher_hint = "Go to…";

// Times.
inline constexpr Text today = "Today";
inline constexpr Text yesterday = "Yesterday";
inline constexpr Text today_at = "today at ";
inline constexpr Text last_seen = "Last seen ";
inline constexpr Text never_seen = "Not seen yet";
inline constexpr std::array<Text, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};
inline constexpr std::array<Text, 12> months{"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};

// The window itself.
inline constexpr Text no_display = "No window can be opened: ";
inline constexpr Text no_display_advice =
    ". Start Kith in a desktop session, or without a window: kith --headless.";
inline constexpr Text no_opengl = "The graphics driver offers no OpenGL 3.3: ";
inline constexpr Text no_opengl_advice =
    ". Install Mesa's drivers (libgl1-mesa-dri), or start Kith without a window: kith --headless.";
inline constexpr Text not_png = "The file name must end in .png.";
inline constexpr Text png_failed =
    "The picture could not be written: check that the folder exists and may be written to.";

}  // namespace kith::gui::strings
