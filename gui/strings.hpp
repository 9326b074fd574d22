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

inline constexpr Text restore_link = "Restore from a backup";
inline constexpr Text restore_title = "Restore a backup";
inline constexpr Text restore_text =
    "Your keys, contacts and history come back as they were when the backup was made. Afterwards "
    "the password of the backup opens this profile.";
inline constexpr const char* backup_path_hint = "Path of the backup file";
inline constexpr const char* backup_password_hint = "Password of the backup";
inline constexpr Text restore_button = "Restore";
inline constexpr Text back_button = "Back";

// Unlock, working, failed.
inline constexpr Text unlock_title = "Welcome back";
inline constexpr Text unlock_text = "This profile is protected by a password.";
inline constexpr const char* unlock_hint = "Password";
inline constexpr Text unlock = "Unlock";
inline constexpr Text wrong_password = "That is not the password. Check Caps Lock and try again.";
inline constexpr Text working = "One moment…";
inline constexpr Text failed_title = "Kith cannot start";
inline constexpr Text quit = "Quit";
inline constexpr Text set_aside = "Set the damaged history aside";
inline constexpr Text set_aside_text =
    "The damaged file is renamed and kept, never deleted. What can still be read of it goes into a "
    "new history, and Kith starts with that.";

// Toolbar.
inline constexpr Text copy_id = "Copy connection ID";
inline constexpr Text copied_id = "Copied";
inline constexpr Text add_contact = "Add contact";
inline constexpr Text new_instance_tip = "New instance: a second Kith with its own profile";
inline constexpr Text light_tip = "Switch to the light theme";
inline constexpr Text dark_tip = "Switch to the dark theme";
inline constexpr Text diagnosis_tip = "Connection and log";
inline constexpr Text shortcuts_tip = "Keyboard shortcuts (F1)";
inline constexpr Text settings_tip = "Settings (Ctrl+,)";
inline constexpr Text show_id_tip = "Your connection ID as a QR code";
inline constexpr Text self_tip = "Your name and status";
inline constexpr Text reachable = "Listening";
inline constexpr Text not_reachable = "Not listening";

// List.
inline constexpr const char* search_hint = "Search";
inline constexpr Text empty_list_title = "Nobody here yet";
inline constexpr Text empty_list_text =
    "Copy your connection ID and give it to a friend, or add a friend by theirs.";
inline constexpr Text nothing_found = "Nobody by that name";
inline constexpr Text request_waits_title = "Somebody wants to talk to you";
inline constexpr Text request_waits_text = "Accept the request below and you can write.";
inline constexpr Text request_waits_choose =
    "Their request is on the left. Nothing else reaches you before you accept.";
inline constexpr Text nearby = "Nearby";
inline constexpr Text add_nearby = "Add";
inline constexpr Text asking_nearby = "Asking…";
inline constexpr Text quiet = "Away";
inline constexpr Text nobody_near =
    "Nobody new is near. People in your network who run Kith appear here.";
inline constexpr Text nobody_near_team =
    "Nobody of your team is near. Only people with the same passphrase appear here.";
inline constexpr Text by_address = "Connect by address…";
inline constexpr Text hidden_here = "You are hidden: people near you do not see you.";
inline constexpr Text lookalike =
    "Somebody else has this name or one that looks like it. Compare the fingerprint: ";
inline constexpr Text search_messages = "Search in messages";
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
inline constexpr Text path_relay_tip =
    "You two cannot connect directly yet, so a relay passes on what you say.\n"
    "It cannot read it. Kith goes on looking for a direct way.";
inline constexpr Text in_local_network = "In your local network";
inline constexpr Text direct_short = "direct";
inline constexpr Text relay_short = "by relay", through_relay = "through ";

// Chat.
inline constexpr Text choose_title = "Choose a conversation";
inline constexpr Text choose_text = "Pick someone on the left, or press Ctrl+K and type a name.";
inline constexpr Text first_title = "You are alone so far";
inline constexpr Text near_title = "Somebody is near";
inline constexpr Text near_text =
    "Add them under “Nearby” on the left. Whoever is somewhere else needs your connection ID, or "
    "you theirs.";
inline constexpr Text chat_empty = "Say hello. Only the two of you can read what is written here.";
inline constexpr Text chat_asked = "They see your name and your greeting, and decide.";
inline constexpr const char* write_hint = "Write a message";
inline constexpr Text send_tip = "Send (Enter)";
inline constexpr Text details_tip = "Details";
inline constexpr Text back_tip = "Back to the list";
inline constexpr Text newest_tip = "To the newest message";
inline constexpr Text new_messages = "New messages";
inline constexpr Text copied_text = "Text copied";
inline constexpr Text message_deleted = "This message was deleted";
inline constexpr Text typing = "typing…";
inline constexpr Text you = "You";
inline constexpr Text quote = "Reply";
inline constexpr Text quote_gone = "The message is no longer here";
inline constexpr Text search_chat_tip = "Search in this conversation (Ctrl+F)";
inline constexpr Text message_menu_tip = "Reply, react and more";
inline constexpr Text menu_reply = "Reply";
inline constexpr Text menu_copy = "Copy text";
inline constexpr Text menu_edit = "Edit";
inline constexpr Text menu_cancel = "Cancel sending";
inline constexpr Text menu_delete = "Delete…";
inline constexpr Text more_emoji_tip = "More";
inline constexpr Text reply_to = "Reply to ";
inline constexpr Text reply_to_self = "Reply to yourself";
inline constexpr Text editing = "Edit the message";
inline constexpr Text leave_tip = "Leave (Esc)";
inline constexpr Text save_tip = "Save (Enter)";
inline constexpr Text disappearing_on = "Messages disappear after ";
inline constexpr Text suggests = " suggests that messages disappear after ";
inline constexpr Text waiting_for = "Waiting for ";
inline constexpr Text to_agree = " to agree to disappearing messages";
inline constexpr Text edited = "edited";
inline constexpr Text failed_message = "not sent";
inline constexpr Text text_too_long = "This message is too long by ";
inline constexpr Text text_too_long_unit = " bytes: shorten it or send it in parts.";
inline constexpr Text pending_out_composer = "You can write once they accept your request.";
inline constexpr Text blocked_composer = "You have blocked this person. Unblock them to write.";
inline constexpr Text stranger_composer = "Accept the request to write.";

// Deleting a message.
inline constexpr Text delete_title = "Delete this message?";
inline constexpr Text delete_own_text =
    "For both: it vanishes on both sides and a note stays that something was deleted. Whoever has "
    "read it may remember it. For you: only this computer forgets it.";
inline constexpr Text delete_other_text =
    "This computer forgets it. Whoever wrote it keeps their copy.";
inline constexpr Text delete_for_both = "Delete for both";
inline constexpr Text delete_for_me = "Delete for me";

// Searching messages.
inline constexpr const char* search_words_hint = "Words or a \"phrase\"";
inline constexpr Text search_everywhere = "In all conversations";
inline constexpr Text search_in = "In: ";
inline constexpr Text search_explained =
    "Type the beginning of words, or a phrase in \"quotation marks\". The newest messages come "
    "first.";
inline constexpr Text search_none = "No message with these words";
inline constexpr Text close_search_tip = "Close the search (Esc)";
inline constexpr Text widen = "Everywhere";

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
inline constexpr Text disappearing = "Disappearing messages";
inline constexpr Text disappearing_text =
    "New messages vanish on both sides that long after they were read. They do so once both of you "
    "have chosen a time; the longer one counts.";
inline constexpr Text timer_off = "Off";
inline constexpr Text suggests_short = " suggests ";
inline constexpr Text agree = "Agree";
inline constexpr Text on_for_both = "On for both of you: ";
inline constexpr Text conversation = "Conversation";
inline constexpr Text export_history = "Export history…";
inline constexpr Text delete_conversation = "Delete conversation";
inline constexpr Text delete_conversation_title = "Delete the conversation with ";
inline constexpr Text delete_conversation_text =
    "All its messages are removed from this computer. The other side keeps theirs. The contact "
    "stays, and messages that still wait to be sent are kept and sent.";
inline constexpr Text delete_button = "Delete";
inline constexpr Text removed_done = " removed.";

// Export.
inline constexpr Text export_title = "Export the history";
inline constexpr Text export_text =
    "Every message of this conversation goes into a new file, readable for anybody who has the "
    "file. An existing file is never overwritten.";
inline constexpr const char* export_path_hint = "Path of the new file";
inline constexpr std::array<Text, 2> formats{"Text", "JSON"};
inline constexpr Text export_button = "Export";
inline constexpr Text exporting = "Writing…";
inline constexpr Text export_done = " written to ";

// Where a message of one's own has got to.
inline constexpr Text state_queued = "Waiting here: delivered once you are both online";
inline constexpr Text state_at_relay =
    "Waiting at their relay: they get it even when you are offline";
inline constexpr Text state_offer_at_relay =
    "The offer waits at their relay; the files come once you are both online";
inline constexpr Text state_sent = "Sent";
inline constexpr Text state_delivered = "Delivered";
inline constexpr Text state_read = "Read";
inline constexpr Text state_failed = "Not delivered";

// Files.
inline constexpr Text one_file = " file", some_files = " files";
inline constexpr Text of_amount = " of ";
inline constexpr Text a_second = "/s";
inline constexpr Text short_seconds = " s", short_minutes = " min", short_hours = " h";
inline constexpr Text left = " left", days_left = "more than two days left";
inline constexpr Text asks_you = "Waiting for your answer";
inline constexpr Text list_on_its_way = "The list of files is on its way…";
inline constexpr Text waiting_for_answer = "Waiting for ";
inline constexpr Text sent_on_return = " is offline: sent once you are both online";
inline constexpr Text goes_on_on_return = " is offline: goes on once you are both online";
inline constexpr Text files_at_relay = "Waiting at the relay of ";
inline constexpr Text files_at_own_relay = "Waiting at your relay";
inline constexpr Text is_at_own_relay = "at your relay", is_offline = " is offline";
inline constexpr Text waits_for_turn = "Waiting for its turn";
inline constexpr Text paused = "Paused", paused_by = "Paused by ";
inline constexpr Text file_received = "Received", file_delivered = "Delivered";
inline constexpr Text done_except = "Done, except ";
inline constexpr Text transfer_failed = "Failed";
inline constexpr Text has_declined = " declined", you_declined = "Declined";
inline constexpr Text transfer_cancelled = "Cancelled";
inline constexpr Text accept_to = "Accept to…";
inline constexpr Text choose_files = "Choose files…";
inline constexpr Text decline = "Decline";
inline constexpr Text pause = "Pause", resume = "Resume", retry = "Retry";
inline constexpr Text open_folder = "Open folder", copy_path = "Copy path";
inline constexpr Text copied_path = "Path copied";
inline constexpr Text picture_tip = "Click to enlarge";
inline constexpr Text transfers = "Transfers";
inline constexpr Text transfers_tip = "Transfers (Ctrl+J)";
inline constexpr Text retry_all = "Retry all";
inline constexpr Text no_transfers = "No files yet";
inline constexpr Text no_transfers_text =
    "Drop files or folders on somebody, or use the paper clip beside the message field.";
inline constexpr Text to_person = "To ", from_person = "From ";
inline constexpr Text attach_tip = "Send files (Ctrl+O), or a folder (Ctrl+Shift+O)";
inline constexpr Text attach_files = "Files…", attach_folder = "Folder…";
inline constexpr Text send_file_title = "Send ";
inline constexpr Text send_file_to = " to ";
inline constexpr Text send_file_button = "Send";
inline constexpr Text send_file_offer = "Send file";
inline constexpr Text send_files_offer = "Send files";
inline constexpr Text at_least = "at least ";
inline constexpr Text nothing_there = "There is nothing to send: what was named is not there.";
inline constexpr Text too_many_paths =
    "These are more than 1,000 files and folders in one go. Put them in one folder and send that.";
inline constexpr Text cannot_send =
    "Files can be sent to contacts: drop them on somebody in the list, or on an open conversation.";
inline constexpr Text one_skipped = " file was left out. ", some_skipped = " files were left out. ";
inline constexpr Text drop_here = "Drop files here to send them";
inline constexpr Text choose_send_title = "Choose files to send";
inline constexpr Text choose_send_folder_title = "Choose a folder to send";
inline constexpr Text choose_folder_title = "Choose where received files go";
inline constexpr Text choose = "Choose";
inline constexpr Text send_paths = "Send";
inline constexpr Text type_path =
    "The desktop offers no file chooser here. Type the path; folders are completed with Tab.";
inline constexpr const char* path_hint = "/home/…";
inline constexpr Text no_such_folder = "This folder is not there.";
inline constexpr Text absolute_folder = "Give the whole path, from the first slash on.";
inline constexpr Text cannot_show =
    "No file manager could be opened. The path is in the clipboard: ";

// What is looked through before files are accepted.
inline constexpr Text review_title = "Choose what to accept";
inline constexpr Text review_from = "From ";
inline constexpr Text reading_list = "Reading the list: ";
inline constexpr Text review_all = "All";
inline constexpr Text review_none = "None";
inline constexpr Text review_destination = "Into this folder";
inline constexpr Text browse = "Browse…";
inline constexpr Text selected_of = " of ";
inline constexpr Text free_space = " free";
inline constexpr Text does_not_fit =
    "This does not fit: choose fewer files or another folder. Only ";
inline constexpr Text accept_selected = "Accept";
inline constexpr Text nothing_selected = "Nothing is chosen.";
inline constexpr Text no_picture = "The picture is no longer there.";

// Files in the details and in the settings.
inline constexpr Text files_from = "Files from ";
inline constexpr std::array<Text, 3> accept_rules{"Ask", "Up to", "Always"};
inline constexpr Text rule_ask = "You are asked about every file.";
inline constexpr Text rule_up_to = "Accepted without asking if all of it has at most ";
inline constexpr Text rule_always = "Accepted without asking, whatever the size.";
inline constexpr Text rule_bound =
    "This holds for their key, not for their name: somebody else with the same name is asked "
    "about.";
inline constexpr Text megabytes = "MB";
inline constexpr Text downloads_title = "Received files";
inline constexpr Text downloads_text =
    "The folder received files go to. Empty: the folder “Kith” among your downloads.";
inline constexpr const char* downloads_hint = "The usual folder";
inline constexpr Text naming_title = "Names";
inline constexpr Text naming_text =
    "How received files are named: {person}, {date}, {time}, {name}, {stem} and {ext} stand for "
    "what they say, a slash makes a folder.";
inline constexpr Text naming_default = "{person}/{name}";
inline constexpr const char* naming_hint = "{person}/{name}";
inline constexpr Text naming_too_long = "This is too long: at most 256 bytes.";
inline constexpr Text naming_for_example = "For example: ";
inline constexpr Text rates_title = "Limits";
inline constexpr Text rates_text =
    "In MB a second, for each direction; empty: as fast as the network allows.";
inline constexpr const char* rate_total_hint = "All transfers together";
inline constexpr const char* rate_each_hint = "Each transfer";
inline constexpr Text rate_wrong = "Give a number, such as 2 or 0.5.";

// Settings.
inline constexpr Text settings_title = "Settings";
inline constexpr std::array<Text, 8> settings_pages{"Profile", "Privacy",  "Network", "Relays",
                                                    "Files",   "Password", "Backup",  "Appearance"};
inline constexpr Text your_name = "Your name";
inline constexpr Text your_name_text =
    "Your contacts see this name, unless they have given you another.";
inline constexpr Text saved = "Saved.";
inline constexpr Text saving = "Saving…";
inline constexpr Text status_title = "Your status";
inline constexpr const char* status_hint = "Nothing";
inline constexpr Text status_text = "A few words your contacts see beside your name.";
inline constexpr Text status_too_long = "This status is too long.";
inline constexpr Text new_id = "Connection ID";
inline constexpr Text new_id_text =
    "With a new one, the ID you gave out stops working for strangers. Your contacts are not "
    "affected.";
inline constexpr Text new_id_title = "Make a new connection ID?";
inline constexpr Text new_id_confirm =
    "Nobody can ask to become your contact with the old one any more. Give the new one to whoever "
    "has not asked yet.";
inline constexpr Text new_id_button = "Make a new one";
inline constexpr Text new_id_done = "Your new connection ID is ready to be copied.";
inline constexpr Text read_receipts = "Read receipts";
inline constexpr Text read_receipts_text = "Others learn when you have read what they wrote.";
inline constexpr Text typing_signal = "Typing";
inline constexpr Text typing_signal_text = "Others see when you are writing to them.";
inline constexpr Text keep_history = "Keep messages";
inline constexpr Text keep_history_text =
    "Older messages that you have read are removed from this computer. Others keep theirs.";
inline constexpr Text shorten_title = "Remove older messages?";
inline constexpr Text shorten_text =
    "Messages older than that are removed from this computer, now and from now on. They cannot be "
    "brought back. Those you have not read yet, and those that wait to be sent, stay.";
inline constexpr Text shorten_button = "Remove them";
inline constexpr Text visible_title = "Visible in the local network";
inline constexpr Text visible_text =
    "People in your network who run Kith see your name and can ask to become a contact. Your "
    "contacts find you in either case.";
inline constexpr Text team_title = "Private team";
inline constexpr Text team_off =
    "With a passphrase, only people near you who have entered the same one see you, and you see "
    "only them.";
inline constexpr Text team_on =
    "On: only people near you with the same passphrase see you. It is not shown here again.";
inline constexpr const char* team_hint = "New passphrase";
inline constexpr Text team_too_long = "This passphrase is too long.";
inline constexpr Text team_set = "Set passphrase";
inline constexpr Text team_leave = "Leave the team";
inline constexpr Text team_working = "One moment: the key is made…";
inline constexpr Text mapping_title = "Ask the router for a port";
inline constexpr Text mapping_text =
    "People outside of your network can then connect with your connection ID. The router is told "
    "to stop when Kith ends.";
inline constexpr Text forwarded_title = "Address forwarded by hand";
inline constexpr Text forwarded_text =
    "If you have set up a port at the router yourself, enter how it is reached from outside. It "
    "goes into your connection ID.";
inline constexpr const char* forwarded_hint = "None, or such as 203.0.113.5:4711";
inline constexpr Text not_an_address =
    "Enter an address and a port, such as 203.0.113.5:4711 or home.example.org:4711.";
inline constexpr Text address_without_port =
    "The port is missing: add it behind a colon, as in 192.168.1.20:4711 or [2001:db8::1]:4711.";
inline constexpr Text address_bad_port = "A port is a number from 1 to 65535.";
inline constexpr Text address_too_long = "This address is too long.";
inline constexpr Text relays_text =
    "A relay connects people who cannot reach each other directly, and keeps what your contacts "
    "send you while you are away. It sees who talks with whom and when, but reads nothing: "
    "everything is encrypted from end to end. Yours stand in your connection ID.";
inline constexpr Text relays_title = "Your relays";
inline constexpr Text no_relays =
    "None. People reach you only directly, and only while Kith runs here.";
inline constexpr Text relay_online = "Connected", relay_offline = "Not connected",
                      relay_connecting = "Connecting…";
inline constexpr Text relay_this_run = "until Kith ends";
inline constexpr Text relay_no_mail = "keeps nothing for when you are away";
inline constexpr Text add_relay_title = "Add a relay";
inline constexpr const char* relay_hint = "Address of a relay (kith-relay1…)";
inline constexpr Text add_relay_text = "Paste the address you got from whoever runs the relay.";
inline constexpr Text add_relay = "Add relay";
inline constexpr Text relay_known = "This relay is one of yours already.";
inline constexpr Text relay_not_id =
    "This is somebody's connection ID: “Add contact” takes it. The address of a relay begins with "
    "kith-relay1.";
inline constexpr Text relays_full = "Four are the most. Remove one to add another.";
inline constexpr Text remove_relay_tip = "Remove";
inline constexpr Text remove_relay_text =
    "Whoever reaches you only through this relay can no longer do so. Your connection ID changes; "
    "contacts who are connected learn it by themselves. A name you have there is given back. What "
    "others leave for you there stays there: they send it again when you meet.";
inline constexpr Text choose_name = "Choose a name here…";
inline constexpr Text change_name = "Change…", give_name_back = "Give back";
inline constexpr const char* relay_name_hint = "Name, such as anna.b";
inline constexpr Text claim_name = "Take this name", claiming_name = "Asking the relay…";
inline constexpr Text relay_name_text =
    "People can then add you by a short name instead of your connection ID.";
inline constexpr Text relay_name_tip =
    "The relay learns this name and your connection ID with the addresses in it,\n"
    "and tells both to whoever asks for the name: anybody who may use the relay.\n"
    "They can then ask to become your contact, and nothing more. It cannot read\n"
    "your messages, but could answer with somebody else's ID: let people compare\n"
    "your fingerprint.";
inline constexpr Text copy_name_tip = "Copy";
inline constexpr Text name_copied = "Copied. Give it to whoever is to find you.";
inline constexpr Text name_not_told = "The relay is told as soon as it is connected.";
inline constexpr Text give_back_title = "Give back ";
inline constexpr Text give_back_text =
    "Whoever asks for this name finds nobody then, and somebody else may take it. Your contacts "
    "stay.";
inline constexpr Text password_none = "This profile has no password.";
inline constexpr Text password_some = "A password protects this profile.";
inline constexpr Text password_text =
    "It encrypts your keys and history on this computer. It cannot be recovered if you forget it.";
inline constexpr const char* current_password_hint = "Current password";
inline constexpr const char* new_password_hint = "New password";
inline constexpr const char* repeat_new_hint = "Repeat the new password";
inline constexpr Text set_password = "Set password";
inline constexpr Text change_password = "Change password";
inline constexpr Text remove_password = "Remove password";
inline constexpr Text remove_password_link = "Remove the password instead";
inline constexpr Text keep_password_link = "Change the password instead";
inline constexpr Text remove_password_text =
    "Whoever gets at this computer can then read everything and write in your name.";
inline constexpr Text password_working = "One moment: the key is made…";
inline constexpr Text password_done = "Done. It counts from now on.";
inline constexpr Text backup_text =
    "Keys, contacts and history go into one new file, encrypted with a password of its own. Keep "
    "it on another disk. Without its password nobody can open it, not even you.";
inline constexpr const char* backup_file_hint = "Path of the new file";
inline constexpr const char* backup_new_password_hint = "Password for the backup";
inline constexpr const char* backup_repeat_hint = "Repeat the password";
inline constexpr Text backup_button = "Create backup";
inline constexpr Text backing_up = "Writing the backup…";
inline constexpr Text backup_done = "The backup is complete: ";
inline constexpr Text theme_caption = "Colours";
inline constexpr Text theme_text = "System shows the dark colours.";
inline constexpr std::array<Text, 3> themes{"System", "Dark", "Light"};
inline constexpr Text zoom = "Size";
inline constexpr Text zoom_text = "Of everything in the window, on top of the desktop's own scale.";
inline constexpr Text zoom_less_tip = "Smaller";
inline constexpr Text zoom_more_tip = "Larger";

// Amounts.
inline constexpr std::array<Text, 5> size_units{"bytes", "kB", "MB", "GB", "TB"};
inline constexpr Text one_message = " message", some_messages = " messages";
inline constexpr Text one_waits = " message still waits to be sent.";
inline constexpr Text some_wait = " messages still wait to be sent.";
inline constexpr Text one_week = " week", some_weeks = " weeks";
inline constexpr Text one_day = " day", some_days = " days";
inline constexpr Text one_hour = " hour", some_hours = " hours";
inline constexpr Text one_minute = " minute", some_minutes = " minutes";
inline constexpr Text one_second = " second", some_seconds = " seconds";
inline constexpr Text for_ever = "For ever";
inline constexpr Text one_year = "1 year";

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
    "Paste the connection ID someone gave you, or enter their name at a relay, or the address of "
    "their computer. They see your name and the greeting and decide.";
inline constexpr const char* id_hint = "Connection ID (kith1…), name@relay or host:port";
inline constexpr Text name_at_relay_text =
    "Kith asks that relay whose name this is, and shows you the fingerprint. Nothing is sent to "
    "them before you agree.";
inline constexpr Text address_text =
    "Kith asks who is at this address. An address proves nothing: compare the fingerprint, or "
    "paste "
    "it here if you have it.";
inline constexpr const char* fingerprint_hint = "Their fingerprint, if you have it";
inline constexpr Text bad_fingerprint =
    "A fingerprint has 64 digits from 0 to 9 and a to f. Paste all of it, or leave it out.";
inline constexpr Text look_button = "Who is there?";
inline constexpr Text looking = "Asking…";
inline constexpr Text found_title = "Is this who you mean?";
inline constexpr Text compare_text =
    "Anybody could answer at an address. Call them and let them read you their fingerprint: they "
    "find it in Kith under “Connection and log”. Send the request only if all groups are the same.";
inline constexpr Text compare_name_text =
    "That this is their name says the relay, and a name can change hands. Call them and let them "
    "read you their fingerprint: they find it in Kith under “Connection and log”. Send the request "
    "only if all groups are the same.";
inline constexpr Text found_self = "This address leads to yourself.";
inline constexpr Text found_own_name = "This name is your own.";
inline constexpr Text approve_button = "They match: send request";
inline constexpr const char* greeting_hint = "Greeting (optional)";
inline constexpr Text add_button = "Send request";
inline constexpr Text adding = "Sending…";
inline constexpr Text own_id =
    "This is your own connection ID. Paste the one you got from someone else.";
inline constexpr Text greeting_too_long = "The greeting is too long: at most 256 characters.";
inline constexpr Text added = "Request sent";

// One's own connection ID.
inline constexpr Text connection_id_title = "Your connection ID";
inline constexpr Text connection_id_text =
    "Let somebody scan it, or send them the text. With it they can ask to become your contact.";
inline constexpr Text copy = "Copy";
inline constexpr Text outside_yes = "It works from outside of your network.";
inline constexpr Text outside_no =
    "It works only in your own network: no port at your router leads here.";
inline constexpr Text outside_unknown =
    "It works in your own network. Whether it does from outside is not known yet.";

// Diagnosis.
inline constexpr Text diagnosis_title = "Connection and log";
inline constexpr Text reaching = "From outside";
inline constexpr Text known_from = ", known from: ";
inline constexpr Text public_address_is = "Public address: ";
inline constexpr Text public_address_unknown = "Public address: unknown";
inline constexpr Text not_mapped = "No port at a router leads here.";
inline constexpr Text mapped_port = "port ";
inline constexpr Text mapped_at = ", router ";
inline constexpr Text mapped_for = ", for ";
inline constexpr Text discovery = "Local network";
inline constexpr Text discovery_off = "Nobody is looked for in the local network.";
inline constexpr Text one_near = " person is heard", some_near = " people are heard";
inline constexpr Text datagrams_sent = " sent", datagrams_heard = " heard",
                      datagrams_ignored = " ignored";
inline constexpr Text heard_nothing = "nothing heard yet";
inline constexpr Text last_heard = "last heard ", ago = " ago";
inline constexpr Text report_head =
    "Report of Kith. Connection IDs and the names of people are left out; addresses are in it.\n";
inline constexpr Text report_contact = "contact ", report_self = "me";
inline constexpr Text listening = "Listening on";
inline constexpr Text not_listening = "Nothing: nobody can connect to you. See the errors below.";
inline constexpr Text addresses = "Addresses in your connection ID";
inline constexpr Text no_addresses = "None";
inline constexpr Text mapping = "Port mapping";
inline constexpr Text relays = "Relays";
inline constexpr Text last_errors = "Last errors";
inline constexpr Text no_errors = "None";
inline constexpr Text log = "Log";
inline constexpr Text log_empty = "Nothing has happened yet.";
inline constexpr Text copy_report = "Copy report";
inline constexpr Text report_copied =
    "Report copied, without names and connection ID. It holds your addresses: look before you pass "
    "it on.";
inline constexpr Text close = "Close";
inline constexpr Text version = "Version";
inline constexpr Text own_fingerprint = "Your fingerprint";

// Shortcuts and switcher.
inline constexpr Text shortcuts_title = "Keyboard shortcuts";
inline constexpr std::array<std::array<Text, 2>, 18> shortcuts{
    {{"Ctrl+K", "Go to a conversation"},
     {"Ctrl+N", "Add a contact"},
     {"Ctrl+F", "Search in this conversation"},
     {"Ctrl+Shift+F", "Search in all messages"},
     {"Ctrl+,", "Settings"},
     {"Alt+Up / Alt+Down", "Previous or next conversation"},
     {"Enter", "Send the message"},
     {"Shift+Enter", "New line"},
     {"Up", "Edit what you wrote last"},
     {"Ctrl+Up / Ctrl+Down", "Choose a message"},
     {"Enter, on a message", "Reply, react and more"},
     {"Page Up / Page Down", "Scroll the messages"},
     {"Ctrl+I", "Show or hide details"},
     {"Ctrl+O", "Send files"},
     {"Ctrl+Shift+O", "Send a folder"},
     {"Ctrl+J", "Show or hide the transfers"},
     {"Esc", "Close what is open"},
     {"F1", "This list"}}};
inline constexpr const char* switcher_hint = "Go to…";

// Times.
inline constexpr Text today = "Today";
inline constexpr Text yesterday = "Yesterday";
inline constexpr Text today_at = "today at ";
inline constexpr Text last_seen = "Last seen ";
inline constexpr Text just_now = "just now", minutes_ago = " min ago";
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
