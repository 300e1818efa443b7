-- For how many days a room keeps its messages, where its owner says so; NULL: as long as the site.

ALTER TABLE rooms ADD COLUMN retention_days INTEGER CHECK (retention_days > 0);
