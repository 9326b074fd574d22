// SPDX-License-Identifier: MIT
#include "app/store/schema.hpp"

#include <array>

#include "app/store/search_schema.hpp"

namespace kith::store {
namespace {

// messages.position orders all conversations together. messages_id has the id first: UUIDv7 ids
// rise with time, so inserts into any number of conversations go to its end. State codes are in
// codes.hpp. Indices over few rows (outbox, unread) are partial, which makes them exact counters as
// well.
constexpr const char* version_1 = R"sql(
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peers (
    id         BLOB PRIMARY KEY CHECK (length(id) = 32),
    relation   INTEGER NOT NULL,
    blocked    INTEGER NOT NULL,
    verified   INTEGER NOT NULL,
    own_name   TEXT NOT NULL,
    alias      TEXT NOT NULL,
    greeting   TEXT NOT NULL,
    dial_token BLOB NOT NULL,
    door_token BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_addresses (
    peer    BLOB NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
    rank    INTEGER NOT NULL,
    address BLOB NOT NULL,
    port    INTEGER NOT NULL,
    PRIMARY KEY (peer, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    ref  INTEGER PRIMARY KEY,
    peer BLOB NOT NULL UNIQUE CHECK (length(peer) = 32)
) STRICT;

CREATE TABLE messages (
    position     INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    id           BLOB NOT NULL CHECK (length(id) = 16),
    outgoing     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    unread       INTEGER NOT NULL,
    edited       INTEGER NOT NULL,
    deleted      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    reply_to     BLOB,
    text         TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX messages_id ON messages (id, conversation);
CREATE INDEX messages_conversation ON messages (conversation);
CREATE INDEX messages_outbox ON messages (conversation) WHERE state <= 2;
CREATE INDEX messages_unread ON messages (conversation) WHERE unread = 1;
)sql";

// Rows are removed from now on, so messages.position and outbox.sequence become AUTOINCREMENT: a
// number is never given twice, and "after this one" or "read up to here" keep their meaning. The
// text comes last in its row, because what lies behind a long one costs further pages to read.
//
//   conversations  read_up_to: what the peer has read, a position. timer_*: how long each side
//                  wishes texts to be kept after reading, in seconds, with the revision of the
//                  wish.
//   messages       state 1 and a text in the outbox are the same thing. revision and edit_id belong
//                  to the newest edit. timer: seconds, expires_at: 0 while not counting down.
//   outbox         kinds are in job.hpp. A text's content is its row in messages.
//   reactions      the newest set of each side for each message; an empty one is kept for its
//                  revision. emojis: see emojis.hpp.
//   early          a peer's amendments of messages that have not come yet.
//   forgotten      what was removed here, so that nothing brings it back.
//   clock          the highest revision given here.
constexpr const char* version_2 = R"sql(
ALTER TABLE conversations ADD COLUMN read_up_to            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN timer_mine            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN timer_mine_revision   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN timer_mine_id         BLOB;
ALTER TABLE conversations ADD COLUMN timer_theirs          INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN timer_theirs_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN timer_theirs_id       BLOB;

CREATE TABLE messages_2 (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    id           BLOB NOT NULL CHECK (length(id) = 16),
    outgoing     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    unread       INTEGER NOT NULL,
    edited       INTEGER NOT NULL,
    deleted      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    stored_at    INTEGER NOT NULL,
    timer        INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    edit_id      BLOB,
    reply_to     BLOB,
    text         TEXT NOT NULL
) STRICT;
INSERT INTO messages_2
    SELECT position, conversation, id, outgoing, iif(state = 2, 1, state), unread, edited, deleted,
           at, at, 0, 0, 0, NULL, reply_to, text
    FROM messages ORDER BY position;
DROP TABLE messages;
ALTER TABLE messages_2 RENAME TO messages;

CREATE UNIQUE INDEX messages_id ON messages (id, conversation);
CREATE INDEX messages_conversation ON messages (conversation);
CREATE INDEX messages_waiting ON messages (conversation) WHERE state = 1;
CREATE INDEX messages_unread ON messages (conversation) WHERE unread = 1;
CREATE INDEX messages_expiry ON messages (expires_at) WHERE expires_at > 0;
CREATE INDEX messages_stored ON messages (stored_at) WHERE unread = 0 AND state <> 1;

CREATE TABLE outbox (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    kind         INTEGER NOT NULL,
    id           BLOB NOT NULL CHECK (length(id) = 16),
    target       BLOB,
    revision     INTEGER NOT NULL,
    seconds      INTEGER NOT NULL,
    body         BLOB
) STRICT;
CREATE INDEX outbox_conversation ON outbox (conversation);
CREATE UNIQUE INDEX outbox_id ON outbox (id, conversation);
CREATE UNIQUE INDEX outbox_subject ON outbox (conversation, kind, target) WHERE kind > 1;
INSERT INTO outbox (conversation, kind, id, revision, seconds)
    SELECT conversation, 1, id, 0, 0 FROM messages WHERE state = 1 ORDER BY position;

CREATE TABLE reactions (
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    target       BLOB NOT NULL,
    mine         INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    id           BLOB NOT NULL,
    emojis       BLOB NOT NULL,
    PRIMARY KEY (conversation, target, mine)
) STRICT, WITHOUT ROWID;

CREATE TABLE early (
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    arrival      INTEGER NOT NULL,
    target       BLOB NOT NULL,
    kind         INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    id           BLOB NOT NULL,
    body         BLOB
) STRICT;
CREATE UNIQUE INDEX early_arrival ON early (conversation, arrival);
CREATE UNIQUE INDEX early_target ON early (conversation, target, kind);

CREATE TABLE forgotten (
    id           BLOB NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    position     INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (id, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_at ON forgotten (at);

CREATE TABLE clock (
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO clock VALUES (0);
)sql";

// signer: the Ed25519 key of their bundle, empty until a session has shown it.
constexpr const char* version_4 = R"sql(
ALTER TABLE peers ADD COLUMN signer BLOB NOT NULL DEFAULT x'';
)sql";

// What is still to be removed of conversations that were deleted (emptying.hpp).
constexpr const char* version_5 = R"sql(
CREATE TABLE emptying (
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    PRIMARY KEY (conversation, first)
) STRICT, WITHOUT ROWID;
)sql";

// Files that were offered, each beside its message. over: nothing more is to come, so it may go
// with its message. plan and landed are the node's (app/node/transfers). auto_accept: 0 ask, 1 up
// to so many bytes, 2 always.
constexpr const char* version_6 = R"sql(
ALTER TABLE peers ADD COLUMN auto_accept       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE peers ADD COLUMN auto_accept_bytes INTEGER NOT NULL DEFAULT 0;

CREATE TABLE transfers (
    conversation  INTEGER NOT NULL REFERENCES conversations (ref),
    id            BLOB NOT NULL CHECK (length(id) = 16),
    outgoing      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    files         INTEGER NOT NULL,
    bytes         INTEGER NOT NULL,
    manifest_hash BLOB NOT NULL,
    manifest_size INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    over          INTEGER NOT NULL,
    listed        INTEGER NOT NULL,
    total         INTEGER NOT NULL,
    moved         INTEGER NOT NULL,
    files_done    INTEGER NOT NULL,
    files_failed  INTEGER NOT NULL,
    paused_here   INTEGER NOT NULL,
    paused_there  INTEGER NOT NULL,
    error         TEXT NOT NULL,
    path          TEXT NOT NULL,
    plan          BLOB NOT NULL,
    landed        BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX transfers_id ON transfers (id, conversation);
CREATE INDEX transfers_going ON transfers (conversation) WHERE over = 0;
CREATE INDEX transfers_over ON transfers (at) WHERE over = 1;

CREATE TABLE manifests (
    conversation INTEGER NOT NULL REFERENCES conversations (ref),
    id           BLOB NOT NULL CHECK (length(id) = 16),
    manifest     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX manifests_id ON manifests (id, conversation);
)sql";

// Keys for sealed messages: of ours with their secrets, of others as they gave them to us. A key of
// ours without a peer is for whoever has no other. opened_mail: hashes of what was opened, so that
// a relay cannot show it twice. at_relay: since when a relay keeps it, too.
constexpr const char* version_7 = R"sql(
CREATE TABLE own_prekeys (
    id      INTEGER PRIMARY KEY,
    peer    BLOB,
    seed    BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX own_prekeys_peer ON own_prekeys (peer, made_at);

CREATE TABLE their_prekeys (
    peer       BLOB NOT NULL,
    id         INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    PRIMARY KEY (peer, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE opened_mail (
    hash BLOB PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX opened_mail_at ON opened_mail (at);

ALTER TABLE messages ADD COLUMN at_relay INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN at_relay INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array steps{version_1, version_2, search_schema, version_4,
                           version_5, version_6, version_7};

}  // namespace

std::span<const char* const> schema_steps() { return steps; }

}  // namespace kith::store
