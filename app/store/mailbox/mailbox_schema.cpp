// SPDX-License-Identifier: MIT
#include "app/store/mailbox/mailbox_schema.hpp"

#include <array>

namespace kith::store::mailbox {
namespace {

// Everything a limit counts is counted by triggers, in the transaction of what it counts: no sum is
// ever taken over many rows. A slot that is not live any more stays as long as something waits in
// it. Items of open slots are counted apart. Depositors are keyed hashes (mailbox_deposits.cpp).
// items.stored_at and seen_at: milliseconds since 1970 UTC. AUTOINCREMENT: no number comes twice.
constexpr const char* version_1 = R"sql(
CREATE TABLE secret (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    depositor_key BLOB NOT NULL
) STRICT;

CREATE TABLE totals (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    items      INTEGER NOT NULL DEFAULT 0,
    bytes      INTEGER NOT NULL DEFAULT 0,
    open_items INTEGER NOT NULL DEFAULT 0,
    open_bytes INTEGER NOT NULL DEFAULT 0,
    slots      INTEGER NOT NULL DEFAULT 0,
    owners     INTEGER NOT NULL DEFAULT 0,
    names      INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO totals (one) VALUES (1);

CREATE TABLE owners (
    id          INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
    seen_at     INTEGER NOT NULL,
    items       INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0,
    open_items  INTEGER NOT NULL DEFAULT 0,
    open_bytes  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX owners_seen ON owners (seen_at);
CREATE INDEX owners_idle ON owners (seen_at) WHERE items = 0 AND open_items = 0;

-- Apart from the counters, which change with every item.
CREATE TABLE cards (
    owner INTEGER PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    card  BLOB NOT NULL
) STRICT;

CREATE TABLE slots (
    id    INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES owners (id),
    key   BLOB NOT NULL CHECK (length(key) = 32),
    live  INTEGER NOT NULL,
    open  INTEGER NOT NULL,
    items INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (owner, key)
) STRICT;
CREATE UNIQUE INDEX slots_live ON slots (key) WHERE live = 1;

CREATE TABLE depositors (
    id    INTEGER PRIMARY KEY,
    tag   BLOB NOT NULL UNIQUE CHECK (length(tag) = 16),
    items INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE items (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    owner     INTEGER NOT NULL REFERENCES owners (id),
    slot      INTEGER NOT NULL REFERENCES slots (id),
    depositor INTEGER NOT NULL REFERENCES depositors (id),
    open      INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    id        BLOB NOT NULL CHECK (length(id) = 16),
    sealed    BLOB NOT NULL,
    UNIQUE (slot, id, depositor)
) STRICT;
CREATE INDEX items_owner ON items (owner);
CREATE INDEX items_stored ON items (stored_at);
CREATE INDEX items_depositor ON items (depositor, open, owner);

CREATE TABLE names (
    name    TEXT PRIMARY KEY,
    owner   BLOB NOT NULL UNIQUE CHECK (length(owner) = 32),
    seen_at INTEGER NOT NULL,
    card    BLOB NOT NULL
) STRICT;
CREATE INDEX names_seen ON names (seen_at);

CREATE TRIGGER item_came AFTER INSERT ON items BEGIN
    UPDATE slots SET items = items + 1, bytes = bytes + new.size
        WHERE id = new.slot AND new.open = 0;
    UPDATE owners SET items = items + 1 - new.open, open_items = open_items + new.open,
        bytes = bytes + new.size * (1 - new.open), open_bytes = open_bytes + new.size * new.open
        WHERE id = new.owner;
    UPDATE depositors SET items = items + 1, bytes = bytes + new.size WHERE id = new.depositor;
    UPDATE totals SET items = items + 1 - new.open, open_items = open_items + new.open,
        bytes = bytes + new.size * (1 - new.open), open_bytes = open_bytes + new.size * new.open;
END;

CREATE TRIGGER item_went AFTER DELETE ON items BEGIN
    UPDATE slots SET items = items - 1, bytes = bytes - old.size
        WHERE id = old.slot AND old.open = 0;
    UPDATE owners SET items = items - 1 + old.open, open_items = open_items - old.open,
        bytes = bytes - old.size * (1 - old.open), open_bytes = open_bytes - old.size * old.open
        WHERE id = old.owner;
    UPDATE depositors SET items = items - 1, bytes = bytes - old.size WHERE id = old.depositor;
    UPDATE totals SET items = items - 1 + old.open, open_items = open_items - old.open,
        bytes = bytes - old.size * (1 - old.open), open_bytes = open_bytes - old.size * old.open;
    DELETE FROM depositors WHERE id = old.depositor AND items = 0;
    DELETE FROM slots WHERE id = old.slot AND live = 0
        AND NOT EXISTS (SELECT 1 FROM items WHERE slot = old.slot);
    DELETE FROM owners WHERE id = old.owner
        AND NOT EXISTS (SELECT 1 FROM slots WHERE owner = old.owner);
END;

CREATE TRIGGER slot_came AFTER INSERT ON slots BEGIN
    UPDATE totals SET slots = slots + new.live;
END;
CREATE TRIGGER slot_changed AFTER UPDATE OF live ON slots BEGIN
    UPDATE totals SET slots = slots + new.live - old.live;
END;
CREATE TRIGGER slot_went AFTER DELETE ON slots BEGIN
    UPDATE totals SET slots = slots - old.live;
END;
CREATE TRIGGER owner_came AFTER INSERT ON owners BEGIN
    UPDATE totals SET owners = owners + 1;
END;
CREATE TRIGGER owner_went AFTER DELETE ON owners BEGIN
    UPDATE totals SET owners = owners - 1;
END;
CREATE TRIGGER name_came AFTER INSERT ON names BEGIN
    UPDATE totals SET names = names + 1;
END;
CREATE TRIGGER name_went AFTER DELETE ON names BEGIN
    UPDATE totals SET names = names - 1;
END;
)sql";

// items.held: not handed out until it is asked for.
constexpr const char* version_2 = R"sql(
ALTER TABLE items ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
DROP INDEX items_owner;
CREATE INDEX items_owner ON items (owner, held);
)sql";

constexpr std::array steps{version_1, version_2};

}  // namespace

std::span<const char* const> schema_steps() { return steps; }

}  // namespace kith::store::mailbox
