-- +goose Up

-- Where each tenant stands: its last entry of posture's whose assessment is kept, and what differs from the one before it. It follows from the
-- other tables, and is here since a list of thousands of tenants is sorted and searched by it. The next migration fills it. Without a change
-- before_key is NULL.
CREATE TABLE standings (
  tenant_key INTEGER PRIMARY KEY,
  entry_key INTEGER NOT NULL,
  before_key INTEGER,
  name TEXT NOT NULL,
  search TEXT NOT NULL,
  evaluated_at INTEGER NOT NULL,
  collected_at INTEGER,
  percent INTEGER NOT NULL,
  change_points INTEGER NOT NULL,
  change_total INTEGER NOT NULL,
  change_percent INTEGER NOT NULL
);
CREATE INDEX standings_by_name ON standings (name, tenant_key);
CREATE INDEX standings_by_score ON standings (percent, tenant_key);
CREATE INDEX standings_by_change ON standings (change_points, tenant_key);
CREATE INDEX standings_by_time ON standings (evaluated_at, tenant_key);

-- +goose Down
DROP TABLE standings;
