-- +goose Up

-- Of changes in which many records moved: all that are named, compressed. The attribution names the first few of each kind, so that a year of
-- changes is read quickly. It is NULL where the attribution has all.
ALTER TABLE changes ADD COLUMN records BLOB;

-- +goose Down
ALTER TABLE changes DROP COLUMN records;
