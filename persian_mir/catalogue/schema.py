"""The tables of a catalogue, version by version. A version that was landed is never changed: a new one follows it."""

from __future__ import annotations

APPLICATION = 0x504D4952  # "PMIR": by it SQLite and `file` know a catalogue

_FIRST = """
CREATE TABLE collections (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, holder TEXT NOT NULL, series TEXT NOT NULL, source TEXT NOT NULL,
  rights TEXT NOT NULL, access TEXT NOT NULL, mode_priors TEXT NOT NULL);
CREATE TABLE recordings (
  id INTEGER PRIMARY KEY, content_hash TEXT NOT NULL UNIQUE, path BLOB NOT NULL, rate INTEGER NOT NULL,
  frames INTEGER NOT NULL, channels INTEGER NOT NULL DEFAULT 0, format TEXT NOT NULL DEFAULT '',
  decoder TEXT NOT NULL DEFAULT '', file_hash TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '{}',
  added TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0,
  -- what follows is worked out from the rest, for sorting and filtering (derived.py)
  title TEXT NOT NULL DEFAULT '', title_key TEXT NOT NULL DEFAULT '', date TEXT NOT NULL DEFAULT '',
  duration_s REAL NOT NULL DEFAULT 0, mode TEXT NOT NULL DEFAULT '', confidence REAL NOT NULL DEFAULT 0,
  tag_disagrees INTEGER NOT NULL DEFAULT 0, predictors_disagree INTEGER NOT NULL DEFAULT 0);
CREATE INDEX recordings_path ON recordings (removed, path, id);
CREATE INDEX recordings_title ON recordings (removed, title_key, id);
CREATE INDEX recordings_date ON recordings (removed, date, id);
CREATE INDEX recordings_added ON recordings (removed, added, id);
CREATE INDEX recordings_duration ON recordings (removed, duration_s, id);
CREATE INDEX recordings_mode ON recordings (removed, mode, id);
CREATE INDEX recordings_confidence ON recordings (removed, confidence, id);
CREATE INDEX recordings_tag_disagrees ON recordings (id) WHERE tag_disagrees = 1;
CREATE INDEX recordings_predictors_disagree ON recordings (id) WHERE predictors_disagree = 1;
CREATE TABLE hashes (hash TEXT PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings) WITHOUT ROWID;
CREATE TABLE files (
  path BLOB PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings, file_hash TEXT NOT NULL DEFAULT '',
  seen TEXT NOT NULL, missing INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX files_recording ON files (recording);
CREATE TABLE members (
  id INTEGER PRIMARY KEY, collection INTEGER NOT NULL REFERENCES collections,
  recording INTEGER NOT NULL REFERENCES recordings, UNIQUE (collection, recording));
CREATE INDEX members_recording ON members (recording);
CREATE TABLE carriers (
  recording INTEGER PRIMARY KEY REFERENCES recordings, type TEXT, label TEXT, catalogue_number TEXT,
  matrix_number TEXT, side TEXT, speed TEXT, transfer_date TEXT, transfer_operator TEXT, transfer_equipment TEXT,
  condition TEXT);
CREATE TABLE programmes (
  recording INTEGER PRIMARY KEY REFERENCES recordings, number TEXT, title_fa TEXT, title_latin TEXT, date_jalali TEXT,
  date_gregorian TEXT, place TEXT, modes TEXT, orchestra TEXT, leader TEXT, language TEXT);
CREATE TABLE persons (
  id INTEGER PRIMARY KEY, name_fa TEXT NOT NULL, name_latin TEXT NOT NULL, other_names TEXT NOT NULL,
  dates TEXT NOT NULL, unknown INTEGER, key_fa TEXT NOT NULL, key_latin TEXT NOT NULL);
CREATE INDEX persons_fa ON persons (key_fa);
CREATE INDEX persons_latin ON persons (key_latin);
CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, recording INTEGER NOT NULL REFERENCES recordings, start INTEGER NOT NULL,
  stop INTEGER NOT NULL, kind TEXT, modes TEXT, gushehs TEXT, version TEXT, shahed_hz REAL, tuning TEXT, metre TEXT,
  note TEXT, CHECK (0 <= start AND start < stop));
CREATE INDEX items_recording ON items (recording, start);
CREATE TABLE credits (
  id INTEGER PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings, item INTEGER, person INTEGER NOT NULL
  REFERENCES persons, role TEXT NOT NULL, instrument TEXT NOT NULL, form TEXT NOT NULL, certainty TEXT NOT NULL);
CREATE INDEX credits_recording ON credits (recording, item);
CREATE INDEX credits_person ON credits (person);
CREATE TABLE texts (
  id INTEGER PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings, item INTEGER NOT NULL, poet INTEGER
  REFERENCES persons, form TEXT NOT NULL, first_line TEXT NOT NULL, verses TEXT NOT NULL, link TEXT NOT NULL);
CREATE INDEX texts_recording ON texts (recording, item);
CREATE TABLE notes (
  id INTEGER PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings, text TEXT NOT NULL);
CREATE INDEX notes_recording ON notes (recording);
CREATE TABLE saved_searches (name TEXT PRIMARY KEY, text TEXT NOT NULL, filter TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE terms (id INTEGER PRIMARY KEY, task TEXT NOT NULL, label TEXT NOT NULL, UNIQUE (task, label));
CREATE TABLE makers (
  id INTEGER PRIMARY KEY, machine INTEGER NOT NULL, who TEXT NOT NULL, version TEXT NOT NULL, program TEXT NOT NULL,
  models TEXT NOT NULL, parameters TEXT NOT NULL,
  UNIQUE (machine, who, version, program, models, parameters));
CREATE TABLE runs ( -- what one maker said of one task of a recording, at one time; `live` until the maker says it anew
  id INTEGER PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings, task TEXT NOT NULL, maker INTEGER NOT NULL
  REFERENCES makers, time TEXT NOT NULL, live INTEGER NOT NULL DEFAULT 1, summary TEXT NOT NULL);
CREATE INDEX runs_recording ON runs (recording);
CREATE TABLE statements (
  id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES runs, start INTEGER NOT NULL,
  stop INTEGER NOT NULL, term INTEGER NOT NULL, status INTEGER NOT NULL, probability REAL, name TEXT, supersedes TEXT);
CREATE INDEX statements_run ON statements (run);
CREATE INDEX statements_term ON statements (term, run);
CREATE UNIQUE INDEX statements_name ON statements (name) WHERE name IS NOT NULL;
CREATE TRIGGER statements_stay BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'statements are added only'); END;
CREATE TRIGGER statements_kept BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'statements are added only'); END;

CREATE TABLE holds ( -- which terms hold of a recording: labels, people, collections, statuses
  term INTEGER NOT NULL REFERENCES terms, recording INTEGER NOT NULL REFERENCES recordings, status INTEGER NOT NULL,
  probability REAL, PRIMARY KEY (term, recording)) WITHOUT ROWID;
CREATE INDEX holds_recording ON holds (recording);
CREATE TABLE counters (term INTEGER PRIMARY KEY, recordings INTEGER NOT NULL);
CREATE TRIGGER holds_more AFTER INSERT ON holds BEGIN
  INSERT INTO counters VALUES (NEW.term, 1) ON CONFLICT (term) DO UPDATE SET recordings = recordings + 1; END;
CREATE TRIGGER holds_less AFTER DELETE ON holds BEGIN
  UPDATE counters SET recordings = recordings - 1 WHERE term = OLD.term; END;
CREATE VIRTUAL TABLE words USING fts5 (
  title, people, labels, notes, verses, joined, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'");

CREATE TABLE steps ( -- the journal; state: 0 done, 1 undone, 2 given up for a later step
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, time TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0);
CREATE INDEX steps_state ON steps (state, id);
CREATE TABLE edits ( -- what a step did to one recording
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL REFERENCES steps, recording INTEGER NOT NULL REFERENCES recordings,
  before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX edits_step ON edits (step);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_QUEUE = """
CREATE TABLE queue ( -- of batches; state: 0 waiting, 1 running, 2 done, 3 failed, 4 skipped
  id INTEGER PRIMARY KEY, work TEXT NOT NULL, batch INTEGER NOT NULL, path BLOB NOT NULL, kind TEXT NOT NULL,
  state INTEGER NOT NULL, priority INTEGER NOT NULL, place REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  seconds REAL NOT NULL DEFAULT 0, took REAL NOT NULL DEFAULT 0, recording INTEGER REFERENCES recordings,
  owner TEXT NOT NULL DEFAULT '', lease REAL NOT NULL DEFAULT 0,
  finished TEXT NOT NULL DEFAULT '', UNIQUE (work, path));
CREATE INDEX queue_next ON queue (work, batch, state, priority DESC, place);
CREATE INDEX queue_place ON queue (place);
"""

_SHOWN = """
ALTER TABLE recordings ADD COLUMN labels TEXT NOT NULL DEFAULT '[]'; -- those in force, the surest first, as JSON
UPDATE recordings SET labels = (
  SELECT json_group_array(json_array(task, label, status, probability)) FROM (
    SELECT t.task, t.label, probability, CASE h.status WHEN 0 THEN 'machine' WHEN 1 THEN 'attributed'
      WHEN 2 THEN 'accepted' WHEN 3 THEN 'corrected' WHEN 4 THEN 'rejected' ELSE 'undone' END AS status
    FROM holds h CROSS JOIN terms t ON t.id = h.term WHERE h.recording = recordings.id
    AND t.task IN ('dastgah', 'mode', 'instrument', 'artist') ORDER BY h.probability DESC));
"""

_LIKED = """
CREATE TABLE liked ( -- sets of recordings that somebody likes, for which others are recommended
  name TEXT NOT NULL, recording INTEGER NOT NULL REFERENCES recordings, PRIMARY KEY (name, recording)) WITHOUT ROWID;
CREATE INDEX liked_recording ON liked (recording);
"""

_COUNTED = """
ALTER TABLE recordings ADD COLUMN path_key TEXT NOT NULL DEFAULT ''; -- paths as people count them, for sorting
UPDATE recordings SET path_key = path_key(path), title_key = natural_key(title);
CREATE INDEX recordings_path_key ON recordings (removed, path_key, id);
"""

_COLLECTION_STEPS = """
CREATE TABLE collection_edits ( -- what a step did to what is told of a collection
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL REFERENCES steps, collection INTEGER NOT NULL REFERENCES collections,
  before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX collection_edits_step ON collection_edits (step);
"""

_DOUBTED = """
ALTER TABLE recordings ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0; -- whether one of the labels shown has a `?`
ALTER TABLE holds ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0; -- whether this one has
CREATE TEMP TABLE doubted AS SELECT r.id AS recording, t.id AS term FROM recordings r, json_each(r.labels) l
  JOIN terms t ON t.task = json_extract(l.value, '$[0]') AND t.label = json_extract(l.value, '$[1]')
  WHERE coalesce(json_extract(l.value, '$[4]'), json_extract(l.value, '$[3]') < 0.9);
UPDATE recordings SET doubtful = 1 WHERE id IN (SELECT recording FROM doubted);
UPDATE holds SET doubtful = 1 WHERE (term, recording) IN (SELECT term, recording FROM doubted);
DROP TABLE doubted;
CREATE INDEX recordings_doubtful ON recordings (removed, id) WHERE doubtful = 1;
"""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    _QUEUE,
    _SHOWN,
    _LIKED,
    _COUNTED,
    _COLLECTION_STEPS,
    _DOUBTED,
)  # the n-th leads from version n to n + 1
