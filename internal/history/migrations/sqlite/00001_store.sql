-- +goose Up

-- A tenant, and the end of its chain.
CREATE TABLE tenants (
  tenant_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  links INTEGER NOT NULL DEFAULT 0,
  head TEXT NOT NULL DEFAULT ''
);

-- The headers of entries. Points are hundredths, times are microseconds since 1970.
CREATE TABLE entries (
  entry_key INTEGER PRIMARY KEY,
  tenant_key INTEGER NOT NULL REFERENCES tenants,
  seq INTEGER NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  evaluated_at INTEGER NOT NULL,
  evidence TEXT NOT NULL,
  catalog TEXT NOT NULL,
  parameters TEXT NOT NULL,
  register TEXT NOT NULL,
  engine TEXT NOT NULL,
  records TEXT NOT NULL,
  content TEXT NOT NULL,
  achieved INTEGER NOT NULL,
  total INTEGER NOT NULL,
  assessed_total INTEGER NOT NULL,
  percent INTEGER NOT NULL,
  planned INTEGER NOT NULL,
  planned_percent INTEGER NOT NULL,
  licensed INTEGER NOT NULL,
  licensed_percent INTEGER NOT NULL,
  achievable INTEGER NOT NULL,
  achievable_percent INTEGER NOT NULL,
  UNIQUE (tenant_key, seq),
  UNIQUE (tenant_key, origin, content)
);
CREATE INDEX entries_by_time ON entries (tenant_key, origin, evaluated_at, seq);

-- Links that name the entries whose assessments were dropped, as a JSON list of their numbers.
CREATE TABLE checkpoints (
  tenant_key INTEGER NOT NULL REFERENCES tenants,
  seq INTEGER NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  dropped TEXT NOT NULL,
  PRIMARY KEY (tenant_key, seq)
) WITHOUT ROWID;

-- The assessments, compressed.
CREATE TABLE contents (
  entry_key INTEGER PRIMARY KEY REFERENCES entries,
  assessment BLOB NOT NULL
);

-- What results refer to. A control that moves to another category is another row.
CREATE TABLE actions (
  action_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  category TEXT NOT NULL,
  product TEXT NOT NULL,
  UNIQUE (id, category, product)
);

-- What queries ask of the actions of an assessment.
CREATE TABLE results (
  entry_key INTEGER NOT NULL REFERENCES entries,
  action_key INTEGER NOT NULL REFERENCES actions,
  outcome INTEGER NOT NULL,
  status INTEGER NOT NULL,
  preview INTEGER NOT NULL,
  achieved INTEGER NOT NULL,
  max INTEGER NOT NULL,
  compliant INTEGER,
  in_scope INTEGER,
  records INTEGER,
  PRIMARY KEY (entry_key, action_key)
) WITHOUT ROWID;
CREATE INDEX results_by_action ON results (action_key, entry_key);

-- Sums of the results that count, by category, product and status: a year of results is too much to sum up while somebody waits.
CREATE TABLE sums (
  entry_key INTEGER NOT NULL REFERENCES entries,
  category TEXT NOT NULL,
  product TEXT NOT NULL,
  status INTEGER NOT NULL,
  actions INTEGER NOT NULL,
  achieved INTEGER NOT NULL,
  total INTEGER NOT NULL,
  PRIMARY KEY (entry_key, category, product, status)
) WITHOUT ROWID;

-- Verdicts record by record, as changes against those of another entry, if there is one; depth says how many are to be read.
CREATE TABLE verdicts (
  entry_key INTEGER PRIMARY KEY REFERENCES entries,
  base_key INTEGER REFERENCES entries,
  depth INTEGER NOT NULL,
  verdicts BLOB NOT NULL
);

-- Why the score of an entry differs from the one before it in time, compressed. It can be computed anew: version says by which rules
-- it was.
CREATE TABLE changes (
  entry_key INTEGER PRIMARY KEY REFERENCES entries,
  before_key INTEGER NOT NULL REFERENCES entries,
  version INTEGER NOT NULL,
  attribution BLOB NOT NULL
);

-- +goose Down
DROP TABLE changes;
DROP TABLE verdicts;
DROP TABLE sums;
DROP TABLE results;
DROP TABLE actions;
DROP TABLE contents;
DROP TABLE checkpoints;
DROP TABLE entries;
DROP TABLE tenants;
