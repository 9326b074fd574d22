// SPDX-License-Identifier: MIT
//
// The search index as a step of the schema. Inside app/store only.
#pragma once

namespace kith::store {

// An inverted index (SQLite's FTS5) over messages that are there. It holds no text of its own:
// `searchable` shows it what was indexed. In front of each text stands the scope of its
// conversation, one code point for private use (fts_script.hpp), so that a search in one
// conversation is an intersection like any other and one in a small one is quick.
//
// Messages above search_state.done are not in the index yet (search_index.hpp): many at once cost
// less than half of what each by itself does, and no acknowledgement waits for it. Of those below,
// triggers take away what was changed or removed; the new text of an edit goes in at once.
//
//   columnsize=0   ranking by length is not used: hits come newest first
//   prefix         lists of their own for the first letters, read from the newest end; without
//                  them every word that begins so would be merged first
//   secure-delete  a removed message leaves no words in the file
//   pgsz           one leaf of the index fits in one page of the file
constexpr const char* search_schema = R"sql(
CREATE TABLE search_state (
    done INTEGER NOT NULL
) STRICT;
INSERT INTO search_state SELECT coalesce(max(position), 0) FROM messages;

CREATE VIEW searchable AS
    SELECT position, char(983040 + conversation % 65521) || text AS words
    FROM messages WHERE deleted = 0;

CREATE VIRTUAL TABLE search USING fts5 (
    words,
    content = 'searchable', content_rowid = 'position', columnsize = 0,
    tokenize = 'kith', prefix = '2 3 4'
);
INSERT INTO search (search, rank) VALUES ('pgsz', 3900);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT INTO search (search) VALUES ('rebuild');

CREATE TRIGGER search_delete AFTER DELETE ON messages
    WHEN old.deleted = 0 AND old.position <= (SELECT done FROM search_state)
BEGIN
    INSERT INTO search (search, rowid, words)
        VALUES ('delete', old.position, char(983040 + old.conversation % 65521) || old.text);
END;
CREATE TRIGGER search_update AFTER UPDATE OF text, deleted ON messages
    WHEN (old.deleted <> new.deleted OR old.text <> new.text)
        AND old.position <= (SELECT done FROM search_state)
BEGIN
    INSERT INTO search (search, rowid, words)
        SELECT 'delete', old.position, char(983040 + old.conversation % 65521) || old.text
        WHERE old.deleted = 0;
    INSERT INTO search (rowid, words)
        SELECT new.position, char(983040 + new.conversation % 65521) || new.text
        WHERE new.deleted = 0;
END;
)sql";

}  // namespace kith::store
